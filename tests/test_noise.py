"""The quality of cleaning on the labelled texts beside the repository; skipped where these are missing."""

from collections.abc import Iterator
from typing import Any

import pytest

from bench.noise import NOISE, measure, plain_document
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Cleaned, clean
from winnow.corpus.truncated import truncated_quotes

SEEDS = NOISE / "seeds"

pytestmark = pytest.mark.skipif(
    not SEEDS.exists(), reason="needs the labelled texts in ../shared/data/noise"
)


@pytest.fixture(scope="module")
def seeds() -> dict[str, Any]:
    return measure(SEEDS)


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return measure(NOISE / "documents")


def seed(number: str) -> Cleaned:
    [path] = SEEDS.glob(f"{number}_*.txt")
    return clean(plain_document(path.read_text(encoding="utf8")), CLEANERS)


def pieces(cleaned: Cleaned, kind: str) -> Iterator[str]:
    return (cleaned.document.text[r.start : r.end].strip() for r in cleaned.removals if r.kind == kind)


def test_the_seeds_lose_their_noise(seeds: dict[str, Any]) -> None:
    assert seeds["noise_recall"] >= 0.95


def test_the_seeds_lose_nothing_else(seeds: dict[str, Any]) -> None:
    assert (seeds["precision"], seeds["body_loss"]) == (1.0, 0.0)


def test_the_documents_lose_half_of_their_noise_and_little_else(documents: dict[str, Any]) -> None:
    assert documents["noise_recall"] >= 0.5
    assert documents["precision"] >= 0.95
    assert documents["body_loss"] < 0.01


def test_a_date_and_a_counter_printed_as_one_word_are_two_removals() -> None:
    cleaned = seed("000")
    assert list(pieces(cleaned, "byline_date")) == ["2025-03-14"]
    assert list(pieces(cleaned, "counter")) == ["158 view"]


def test_each_of_forty_endnotes_is_a_removal_of_its_own() -> None:
    notes = [note for note in pieces(seed("001"), "endnote") if len(note) > len("[xxxviii]")]
    assert len(notes) == 40
    assert notes[-1].startswith("[xl]")


def test_three_pull_quotes_go_and_their_sentences_stay() -> None:
    cleaned = seed("001")
    quotes = list(pieces(cleaned, "pull_quote"))
    assert len(quotes) == 3
    assert all(" ".join(quote.split()[:5]) in cleaned.text for quote in quotes[:2])
    assert "[" not in cleaned.text


def test_a_caption_with_place_and_date_goes_to_the_metadata() -> None:
    assert len(list(pieces(seed("002"), "image_caption"))) == 1


def test_the_sentence_that_breaks_off_stays_and_is_found() -> None:
    cleaned = seed("002")
    [at] = truncated_quotes(cleaned.document)
    assert cleaned.document.text[at - 12 : at + 1] in cleaned.text


def test_the_invitation_glued_to_the_last_paragraph_is_cut() -> None:
    cleaned = seed("003")
    [invitation] = pieces(cleaned, "comment_prompt")
    assert invitation.startswith("What are your thoughts")
    assert len(list(pieces(cleaned, "image_caption"))) >= 3


def test_a_line_that_introduces_a_quotation_stays() -> None:
    assert "\nABC News:\n" in seed("004").text
