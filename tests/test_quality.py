"""What a text's quality is told by: each count on both sides of what it counts, and the columns of a run."""

import pickle
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import winnow
from tests.runs import OTHER, STORY, rows, run
from winnow.corpus.document import Block, Cleaned, Document, Removal
from winnow.corpus.quality_counts import QualityCounts, quality_counts
from winnow.corpus.text_quality import TextQuality, text_quality

TEN = "Rain fell on the old town for nine long days."
# label: (text, {what is counted: how often})
CASES: dict[str, tuple[str, dict[str, int]]] = {
    "nothing": ("", {"tokens": 0, "words": 0, "lines": 1, "filled_lines": 0, "paragraphs": 1, "c4_sentences": 0}),
    "a contraction is two words": ("I don't.", {"tokens": 4, "words": 3, "word_chars": 6}),
    "so is one with a typographic mark": ("I don’t", {"tokens": 3, "word_chars": 6}),
    "a possessive is a word": ("Ada's hat", {"tokens": 3, "words": 3}),
    "numbers keep their signs": ("1,200 of COVID-19", {"tokens": 3, "words": 3, "alphabetic": 2}),
    "an address is a word": ("see https://a.example/b?c=1.", {"tokens": 2, "words": 2}),
    "abbreviations keep their points": ("Mr. Low of the U.S. said", {"tokens": 6, "words": 6}),
    "signs are no words": ("— “ ” ! ... --", {"tokens": 6, "words": 0}),
    "emoji and other signs are words": ("😀 £", {"tokens": 2, "words": 2, "alphabetic": 0}),
    "stop words count once, and as they are written": ("the the The to", {"stop_words": 2}),
    "hashes and ellipses": ("#a #b c... d…", {"hashes": 2, "ellipses": 2}),
    "six points are two ellipses": ("......", {"ellipses": 2, "tokens": 1}),
    "bullets begin a line": ("• a\n  - b\nc • d\n-", {"bullet_lines": 3, "lines": 4}),
    "ellipses end a line": ("a ...\nb… \nc.. \n… d", {"ellipsis_lines": 2}),
    "blank lines are no lines of FineWeb's": ("a.\n\n \nb", {"lines": 4, "filled_lines": 2, "punctuated_lines": 1}),
    "an ellipsis is no mark at the end": ("a…\nb?\nc。\nd:", {"punctuated_lines": 2}),
    "thirty characters are short": (f"{'a' * 30}\n{'b' * 31}", {"short_lines": 1}),
    "a line that stood before": ("ab\ncd\nab\nab", {"repeated_lines": 2, "repeated_line_chars": 4}),
    "a paragraph that stood before": ("a\nb\n\nc\n\n\na\nb\n", {"paragraphs": 3, "repeated_paragraphs": 1, "repeated_paragraph_chars": 3}),
    "the most frequent pair": ("a b c a b d", {"top_2gram_chars": 6, "top_3gram_chars": 5, "top_4gram_chars": 7}),
    "no pair in one word": ("a", {"top_2gram_chars": 0}),
    "five words again": (f"{'a b c d e '}x {'a b c d e'}", {"repeated_5gram_chars": 5, "repeated_6gram_chars": 0}),
    "no word counts twice": (" ".join(["a"] * 12), {"repeated_5gram_chars": 10, "repeated_6gram_chars": 6}),
    "ten words again": (f"{TEN} {TEN}", {"repeated_10gram_chars": 35, "repeated_7gram_chars": 23}),
    "C4 keeps whole sentences": ('Rain fell again. It "stopped."\nIt cost 3.5 pounds!', {"c4_lines": 2, "c4_sentences": 3}),
    "a point of an abbreviation ends none": ("He met Mr. Low of the U.S. agency at a.example again.", {"c4_sentences": 1}),
    "nor do three": ("Rain fell ... and again. It stopped.” Then rain.", {"c4_sentences": 3}),
    "and no line without a mark": ("Rain fell again\nRain fell ...\nIt fell: so", {"c4_lines": 0, "c4_sentences": 0}),
    "nor one of two words": ("It rained.\nIt rained hard.", {"c4_lines": 1}),
    "nor one with a word of over 1,000": (f"It {'a' * 1000} rained.\nIt {'a' * 1001} rained.", {"c4_lines": 1}),
    "nor scripts and policies": ("Turn on JavaScript now.\nThis site uses Cookies now.\nRead our Privacy Policy.", {"c4_lines": 0}),
    "a note is no part of the end": ("Rain fell on Monday.[12]", {"c4_lines": 1, "c4_sentences": 1}),
    "a brace takes the page": ("Rain fell on Monday.\nf = { on a line.", {"c4_lines": 0, "c4_sentences": 0}),
    "but not on a line that goes": ("Rain fell on Monday.\nf = {", {"c4_lines": 1}),
    "a placeholder takes the page": ("Rain fell on Monday.\nAnd lorem Ipsum dolor.", {"c4_lines": 0, "c4_sentences": 0}),
}  # fmt: skip
UNLIKE = [f"{n}x" for n in range(20_000)]
# Texts that would take long if anything were looked at again from each of its characters
HOSTILE = {
    "one word": "a" * 200_000,
    "points": "." * 200_000 + "x",
    "closing marks": ".'" * 100_000,
    "capitals": "A." * 100_000,
    "one line again and again": "ab\n" * 70_000,
    "one word again and again": "ab " * 70_000,
    "other words": " ".join(UNLIKE),
    "brackets": "[1" * 100_000,
    "apostrophes": "n’" * 100_000,
}


@pytest.fixture(params=["chosen", "python"])
def counting(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether the Python twin is asked."""
    yield request.param == "python"


@pytest.mark.parametrize("label", CASES)
def test_what_is_counted(label: str, counting: bool) -> None:
    text, expected = CASES[label]
    function = getattr(quality_counts, "__wrapped__", quality_counts) if counting else quality_counts
    counts = QualityCounts(*function(text))
    assert {name: getattr(counts, name) for name in expected} == expected


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_text_takes_time_by_its_length(label: str) -> None:
    began = time.process_time()
    quality_counts(HOSTILE[label])
    assert time.process_time() - began < 5


def test_shares_are_rounded_and_nothing_is_divided_by_nothing() -> None:
    assert text_quality(Cleaned(Document(""), ())) == TextQuality()
    quality = text_quality(Cleaned(Document("Rain fell on\nMonday\nagain."), ()))
    assert (quality.words, quality.mean_word_chars, quality.line_breaks_per_word) == (5, 4.2, 0.3333)
    assert (quality.punctuated_line_share, quality.short_line_share) == (0.3333, 1.0)
    assert pickle.loads(pickle.dumps(quality)) == quality


def test_links_and_lists_count_by_what_is_left_of_them() -> None:
    text = "abcd\nefgh\nijkl\n"
    blocks = (Block(0, 5, tag="p"), Block(5, 10, tag="li", link_share=0.5), Block(10, 15, tag="li"))
    whole = text_quality(Cleaned(Document(text, blocks), ()))
    assert (whole.link_share, whole.list_share) == (round(2.5 / 15, 4), round(10 / 15, 4))
    cut = text_quality(Cleaned(Document(text, blocks), (Removal(5, 10, "boilerplate", "r"),)))
    assert (cut.link_share, cut.list_share) == (0.0, 0.5)


def test_the_column_is_that_of_the_text_that_is_written(tmp_path: Path) -> None:
    run(tmp_path, {"a.txt": f"{STORY}\n{OTHER}\nSubscribe to our newsletter\n", "b.txt": ""})
    [row] = rows(tmp_path, "documents")
    expected = text_quality(Cleaned(Document(row["text"]), ()))
    assert TextQuality(**row["quality"]) == expected and expected.words == 55
    [document] = winnow.read(tmp_path / "clean").documents()
    assert document.quality == expected


def test_marks_of_markdown_do_not_count(tmp_path: Path) -> None:
    page = (
        f"<article><h1>Harbour</h1><p>{STORY}</p><ul><li>{OTHER}</li><li>{STORY} Twice.</li></ul></article>"
    )
    columns = []
    for form in ("plain", "markdown"):
        run(tmp_path, {"a.html": page}, text_format=form)
        columns += rows(tmp_path, "documents")
    plain, marked = columns
    assert plain["text"] != marked["text"] and plain["quality"] == marked["quality"]
    assert plain["quality"]["list_share"] > 0.4
