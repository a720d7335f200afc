"""Limits that a user would notice if they moved: each by a case on either side of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.hostile import note_and_refuse
from winnow.cleaners.pull_quotes import pull_quotes
from winnow.cleaners.repeats import repeats
from winnow.corpus.document import Block, Cleaner, Document
from winnow.corpus.raw import TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.models.reliability.source_model import load_model
from winnow.models.reliability.sums import SourceSums, is_of_title, measured_names, sums_of
from winnow.pipeline.workers.isolation import open_children

QUOTE = "“The river rose by two metres in a single night.”"
SOURCE = "On Friday the river rose by two metres in a single night, and the council sent its workers to the dams."
A_TITLE_FEATURE = next(i for i, name in enumerate(measured_names()) if is_of_title(name))


def removed_lines(cleaner: Cleaner, lines: list[str]) -> list[str]:
    """The lines that a cleaner removes from a text."""
    text = "".join(f"{line}\n" for line in lines)
    found = cleaner(Document(text, (Block(0, len(text)),)))
    return [text[removal.start : removal.end].strip() for removal in found]


def paragraphs(number: int) -> Iterator[str]:
    """Paragraphs that say something else each."""
    for place in range(number):
        yield f"Ward {place} counted " + " ".join(f"household{place}x{word}" for word in range(16)) + "."


@pytest.mark.parametrize(("between", "expected"), [(13, [QUOTE]), (14, [])])
def test_a_pull_quote_stands_within_fourteen_lines_of_its_paragraph(
    between: int, expected: list[str]
) -> None:
    paragraph = (
        f"{SOURCE} Nobody was hurt, and the bridge to the old town was open again by noon on Saturday."
    )
    text = [*paragraphs(2), paragraph, *paragraphs(between), QUOTE, *paragraphs(1)]
    assert removed_lines(pull_quotes, text) == expected


@pytest.mark.parametrize(("single", "is_cleaned"), [(26, True), (25, False)])
def test_a_text_is_left_alone_once_over_35_of_100_lines_are_repeated(single: int, is_cleaned: bool) -> None:
    twice = [*paragraphs(7)]
    lines = [f"{line} Once only." for line in paragraphs(single)]
    text = [*twice[:1] * 2, *twice[1:], *lines, *twice[1:]]
    assert bool(removed_lines(repeats, text)) is is_cleaned


@pytest.mark.parametrize(("lines", "is_cleaned"), [(25, True), (26, False)])
def test_a_short_text_may_repeat_more_of_its_lines(lines: int, is_cleaned: bool) -> None:
    twice = [*paragraphs(6)]
    text = [line for line in twice for _ in range(2)] + [f"{p} Once." for p in paragraphs(lines - 12)]
    assert bool(removed_lines(repeats, text)) is is_cleaned


def test_features_that_no_document_has_are_no_signals_of_a_source() -> None:
    documents = (sums_of(f"{n:032d}", "", SOURCE, "en", []) for n in range(3))
    sums = sum(documents, SourceSums())
    model = load_model()
    weights, centre = model.weights.copy(), model.centre.copy()
    weights[A_TITLE_FEATURE], centre[A_TITLE_FEATURE] = 1.0, -1.0
    signals = replace(model, weights=weights, centre=centre).score(sums).contributions
    assert signals
    assert not [signal.name for signal in signals if is_of_title(signal.name)]


def test_a_child_is_replaced_once_it_has_cleaned_five_thousand_documents() -> None:
    raw = RawDocument("a.txt", b"Rain.", TEXT, "raw", "")
    with open_children(note_and_refuse) as clean:
        processes = [[*clean([raw] * documents, Settings())][-1].detail for documents in (4_999, 1, 1)]
    assert processes[0] == processes[1] != processes[2]
