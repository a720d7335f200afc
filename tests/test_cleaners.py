"""The contract of every cleaner, and the cases collected for each (``cases/<cleaner>.jsonl``)."""

import json
import pkgutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

import winnow.cleaners
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Block, Cleaner, Document, Metadata, Removal, clean
from winnow.corpus.lines import split_lines
from winnow.corpus.taxonomy import KINDS, LAYOUT

CASES_FOLDER = Path(__file__).parent / "cases"
NAMES = [cleaner.__name__ for cleaner in CLEANERS]
NEGATIVE_SHARE = 1 / 3
SECONDS = 5.0  # for one line of a million characters; a regular expression gone wrong takes hours
HOSTILE = (
    "a" * 10**6,
    "a" + " " * 10**6 + "a",
    "a " * 500_000,
    "[" * 10**6,
    "." * 10**6,
    "1 " * 500_000,
    "word[1] " * 125_000,
    "share " * 160_000,
    "Ab. " * 250_000,
)
SCRAPS = (
    "By Ada Moss", "ADVERTISEMENT", "Comments", "Table of Contents", "1. ", "[1]", "[ii]", "\n", "\n\n", " ",
    "2025-03-14158 view", "Share this:", "Rain fell on the hills for the third night in a row.", "字", "Source: ",
    "https://a.example/b", "Photo: ", "Read more:", "|", "•", "Related", "© 2024", "About the author", "\xa0",
)  # fmt: skip


def cases() -> Iterator[ParameterSet]:
    """The cases of a file, one per line; a known failure must keep failing until its case is edited."""
    for name in NAMES:
        for line in (CASES_FOLDER / f"{name}.jsonl").read_text(encoding="utf8").splitlines():
            case = json.loads(line)
            marks = [pytest.mark.xfail(strict=True)] if case.get("fails") else []
            yield pytest.param(name, case, marks=marks, id=f"{name}: {case['label']}")


CASES = list(cases())


def document_of(
    text: str, site_name: str = "", left_out: Iterable[int] = (), authors: Iterable[str] = ()
) -> Document:
    """A document with a block per line; the lines of the given numbers (from 0) are not content."""
    blocks = [Block(a, b, content=float(i not in left_out)) for i, (a, b) in enumerate(split_lines(text))]
    return Document(text, tuple(blocks), Metadata(site_name=site_name, authors=tuple(authors)))


def assert_sound(removal: Removal, document: Document) -> None:
    """Assert that a removal lies in the text and names a kind and a rule."""
    assert 0 <= removal.start < removal.end <= len(document.text)
    assert removal.kind in KINDS
    assert removal.rule
    assert 0 < removal.score <= 1


def assert_only_removes(document: Document) -> None:
    """Assert that putting sound removals back gives the text, in whatever order the cleaners run."""
    cleaned = clean(document, CLEANERS)
    for removal in cleaned.removals:
        if removal.kind != LAYOUT:
            assert_sound(removal, document)
    removed_offsets = {i for removal in cleaned.removals for i in range(removal.start, removal.end)}
    text = document.text
    assert cleaned.text == "".join(c for i, c in enumerate(text) if i not in removed_offsets)
    assert clean(document, reversed(CLEANERS)) == cleaned


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name: str, case: dict[str, Any]) -> None:
    [cleaner] = [c for c in CLEANERS if c.__name__ == name]
    document = document_of(
        case["text"], case.get("site_name", ""), case.get("left_out", ()), case.get("authors", ())
    )
    cleaned = clean(document, [cleaner])
    assert cleaned.text == case["clean"]
    assert {r.kind for r in cleaned.removals} - {"layout"} == set(case.get("kinds", []))


def test_every_cleaner_module_is_listed_once() -> None:
    modules = [m.name for m in pkgutil.iter_modules(winnow.cleaners.__path__) if not m.name.startswith("_")]
    assert sorted(c.__module__.removeprefix("winnow.cleaners.") for c in CLEANERS) == sorted(modules)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_third_of_the_cases_are_texts_that_stay(name: str) -> None:
    mine = [param.values[1] for param in CASES if param.values[0] == name]
    stay = [case for case in mine if isinstance(case, dict) and case["text"] == case["clean"]]
    assert len(stay) >= NEGATIVE_SHARE * len(mine)


@pytest.mark.parametrize("cleaner", CLEANERS)
@settings(max_examples=60)
@given(text=st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join))
def test_removals_lie_in_the_text_and_name_a_kind_and_a_rule(cleaner: Cleaner, text: str) -> None:
    document = document_of(text)
    for removal in cleaner(document):
        assert_sound(removal, document)


@settings(max_examples=100)
@given(text=st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join))
def test_putting_the_removals_back_gives_the_text(text: str) -> None:
    assert_only_removes(document_of(text))


@pytest.mark.parametrize("cleaner", CLEANERS)
@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: repr(line[:8]))
def test_a_line_of_a_million_characters_takes_no_time(cleaner: Cleaner, line: str) -> None:
    document = document_of(f"A title\n{line}\nThe end\n")
    began = time.process_time()
    list(cleaner(document))
    assert time.process_time() - began < SECONDS
