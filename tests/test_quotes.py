"""Quotations: a passage of a named document for every feature that moves a source's score."""

import json
import time
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import OTHER, STORY, distinct, rows, run
from winnow.corpus.output import MARK
from winnow.models.reliability.passages import QUOTED_CHARS, best_passages
from winnow.models.reliability.style_features import feature_names
from winnow.models.reliability.wording import WORDING_NAMES
from winnow.pipeline.sources.quotation_cache import QUOTATIONS

PLAIN = "The board met on Monday in the old town hall by the quay."
LONGER = (
    "Nobody came to the second meeting of the month, which the board had moved to a Friday in the rain."
)
SAID = "“It was the best of the offers that we had,” said Ada Moss of the board."
LISTED = "Ropes, nets, oars, sails, lamps and anchors, all of them old, were sold there."
HUGE = f"{'The quay is long and the rain is cold and the sea is grey and ' * 12}it is a DISGRACE"
# Feature, whether there is more of it than usual, title, text, quotation.
CASES = [
    ("quoted_statements", True, "", f"{PLAIN} {SAID} {PLAIN}", SAID),
    ("mark_comma", True, "", f"{PLAIN}\n{LISTED}\n{LONGER}", LISTED),
    ("mark_comma", False, "", f"{LISTED} {PLAIN} {LISTED}", PLAIN),
    ("mark_money", False, "", f"{PLAIN} {LONGER}", LONGER),
    ("insults", True, "", f"{PLAIN} {HUGE}", "DISGRACE"),
    (
        "word_letters",
        True,
        "",
        f"{PLAIN} Intergovernmental organisations coordinate administrations.",
        "Intergov",
    ),
    ("short_paragraph_share", True, "", f"{LONGER}\n{PLAIN}", PLAIN),
    ("rights", True, "", f"Photo by Ada\n{PLAIN}", "Photo by Ada"),
    ("words", False, "", f"{PLAIN}\n{SAID}", f"{PLAIN} {SAID}"),
    ("title_shouted", True, "They LIED about EVERYTHING", PLAIN, "They LIED about EVERYTHING"),
    ("title_number", False, "Board meets", PLAIN, "Board meets"),
    ("wording_words", True, "", f"{PLAIN} {SAID}", "."),
]
NONE = [("mark_money", True, "", PLAIN), ("title_number", False, "", PLAIN), ("mark_comma", True, "", "")]


@pytest.mark.parametrize(("name", "is_more", "title", "text", "quoted"), CASES)
def test_a_feature_is_shown_by_the_passage_with_most_or_least_of_it(
    name: str, is_more: bool, title: str, text: str, quoted: str
) -> None:
    assert quoted in best_passages(title, text, {name: is_more})[name]


@pytest.mark.parametrize(("name", "is_more", "title", "text"), NONE)
def test_nothing_is_quoted_for_what_is_not_there(name: str, is_more: bool, title: str, text: str) -> None:
    assert best_passages(title, text, {name: is_more}) == {}


def test_features_that_are_rare_are_shown_by_different_sentences() -> None:
    passages = best_passages("", f"{LONGER}\n{PLAIN}", {"mark_money": False, "insults": False})
    assert {*passages.values()} == {PLAIN, LONGER}


@given(st.text(max_size=60), st.text(max_size=900), st.booleans())
def test_a_quotation_is_short_and_from_the_document(title: str, text: str, is_more: bool) -> None:
    sought = dict.fromkeys([*feature_names(), *WORDING_NAMES], is_more)
    words = " ".join(title.split()), " ".join(text.split())
    for quote in best_passages(title, text, sought).values():
        assert 0 < len(quote) <= QUOTED_CHARS
        assert any(quote in part for part in words)


@pytest.mark.parametrize("text", ["a" * 10**6, "a. " * 300_000, "\n" * 10**6, "." * 10**6, " " * 10**6])
def test_hostile_text_takes_little_time(text: str) -> None:
    began = time.process_time()
    best_passages(text, text, dict.fromkeys(["mark_comma", "words", "wording_runs"], True))
    assert time.process_time() - began < 2


def records(site: str, *texts: str, title: str = "Basin {n}", date: str = "") -> str:
    lines = (
        {"url": f"https://{site}/{n}", "title": title.format(n=n), "text": text, "date": date}
        for n, text in enumerate(texts)
    )
    return "".join(json.dumps(record) + "\n" for record in lines)


def source(folder: Path, files: Mapping[str, str | bytes], **settings: Any) -> dict[str, Any]:
    run(folder, files, **settings)
    return rows(folder, "sources")[0]


TEXTS = [distinct(f"{STORY} {SAID}", n) for n in range(3)] + [
    distinct(f"{OTHER} {LISTED}", n) for n in range(3)
]


def test_every_strong_feature_is_quoted_from_a_document_that_is_named(tmp_path: Path) -> None:
    source_row = source(tmp_path, {"a.jsonl": records("ledger.example", *TEXTS)})
    documents = {row["id"]: row for row in rows(tmp_path, "documents")}
    strong = [s for s in source_row["signals"] if s["contribution"]]
    assert len(strong) >= 8
    for signal in strong:
        document = documents[signal["document_id"]]
        assert signal["evidence"] and signal["document"] == document["url"]
        assert signal["evidence"] in " ".join(f"{document['metadata']['title']} {document['text']}".split())
        assert signal["meaning"].endswith((": more than usual", ": less than usual"))


def test_the_order_of_shards_changes_no_quotation(tmp_path: Path) -> None:
    lines = records("ledger.example", *TEXTS).splitlines()
    forth = {f"{n}.jsonl": line for n, line in enumerate(lines)}
    back = {f"{n}.jsonl": line for n, line in enumerate(reversed(lines))}
    assert source(tmp_path / "a", forth, shard_documents=1) == source(
        tmp_path / "b", back, shard_documents=4
    )


def test_quotations_that_a_run_kept_are_those_that_it_would_find(tmp_path: Path) -> None:
    others = [distinct(f"{STORY} {LISTED}", n) for n in range(10, 17)]
    before = {
        "a.jsonl": records("ledger.example", *TEXTS),
        "b.jsonl": records("second.example", *others[:6]),
    }
    after = {**before, "b.jsonl": records("second.example", *others[1:])}
    run(tmp_path, before)
    assert (tmp_path / "clean" / MARK / "current" / QUOTATIONS).stat().st_size
    run(tmp_path, after)
    run(tmp_path / "fresh", after)
    sources = rows(tmp_path, "sources")
    assert any(s["evidence"] for s in sources[0]["signals"])
    assert sources == rows(tmp_path / "fresh", "sources")


def test_a_copy_of_another_site_is_not_quoted(tmp_path: Path) -> None:
    copied = f"{LISTED} {LISTED} {LISTED}"
    files = {
        "a.jsonl": records("first.example", copied, date="2020-01-01"),
        "b.jsonl": records("second.example", copied, *TEXTS, date="2024-01-01"),
    }
    run(tmp_path, files)
    [copy] = [row for row in rows(tmp_path, "documents") if "duplicate" in row["tags"]]
    [_, second] = rows(tmp_path, "sources")
    assert copy["url"] == "https://second.example/0"
    assert copy["id"] not in {signal["document_id"] for signal in second["signals"]}


def test_the_report_quotes_hostile_passages_as_text(tmp_path: Path) -> None:
    attack = '<script>alert(1)</script><img src=x onerror=alert(2)> & the "board"'
    texts = [distinct(f"{STORY} {SAID}", n) for n in range(4)]
    row = source(tmp_path, {"a.jsonl": records("ledger.example", *texts, title=attack + " {n}")})
    assert any(attack in s["evidence"] for s in row["signals"])
    page = (tmp_path / "clean" / "report.html").read_text(encoding="utf8")
    assert escape("<script>alert(1)</script><img src=x onerror=alert(2)> & the ") in page
    assert "<script" not in page and "<img" not in page
