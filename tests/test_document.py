"""Offsets, overlaps, leftovers and undo: what ``Cleaned`` promises for any text and any removals."""

from collections.abc import Iterator
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.document import Block, Cleaned, Cleaner, Document, Removal, clean
from winnow.corpus.lines import MAX_LINES, Line, bare_words, split_lines
from winnow.corpus.normal_form import MAX_MARKS, composed
from winnow.corpus.spans import restored_text
from winnow.corpus.taxonomy import KINDS
from winnow.corpus.word_facts import CACHED_CHARS, WordFacts

TEXTS = st.text(alphabet=st.sampled_from("ab \n\t字"), min_size=1, max_size=60)


def document_of(text: str) -> Document:
    return Document(text, (Block(0, len(text)),))


@st.composite
def cleanings(draw: st.DrawFn) -> tuple[Document, list[Cleaner]]:
    """Draw a text and up to three cleaners with up to five spans each, overlapping or not."""
    text = draw(TEXTS)
    edge = st.integers(0, len(text))
    spans = st.tuples(edge, edge).filter(lambda p: p[0] != p[1]).map(sorted)
    kinds = st.sampled_from(sorted(KINDS))
    removals = st.builds(
        lambda span, kind, score: Removal(span[0], span[1], kind, "drawn", score),
        spans,
        kinds,
        st.sampled_from([0.5, 0.9]),
    )
    removals_by_cleaner = draw(st.lists(st.lists(removals, max_size=5), max_size=3))
    return document_of(text), [
        cleaner_that_finds(f"drawn{i}", f) for i, f in enumerate(removals_by_cleaner)
    ]


def cleaner_that_finds(name: str, removals: list[Removal]) -> Cleaner:
    def cleaner(document: Document) -> Iterator[Removal]:
        yield from removals

    cleaner.__name__ = name
    return cleaner


@given(cleanings())
def test_removals_are_disjoint_in_order_and_inside_the_text(case: tuple[Document, list[Cleaner]]) -> None:
    cleaned = clean(*case)
    at = 0
    for removal in cleaned.removals:
        assert at <= removal.start < removal.end <= len(cleaned.document.text)
        at = removal.end


@given(cleanings())
def test_every_character_that_a_cleaner_found_is_gone(case: tuple[Document, list[Cleaner]]) -> None:
    document, cleaners = case
    removed_offsets = {i for r in clean(document, cleaners).removals for i in range(r.start, r.end)}
    assert removed_offsets >= {i for c in cleaners for r in c(document) for i in range(r.start, r.end)}


@given(cleanings())
def test_only_white_space_is_removed_without_a_cleaner(case: tuple[Document, list[Cleaner]]) -> None:
    document, cleaners = case
    cleaner_offsets = {i for c in cleaners for r in c(document) for i in range(r.start, r.end)}
    layout = [r for r in clean(document, cleaners).removals if r.kind == "layout"]
    assert not "".join(document.text[r.start : r.end] for r in layout).strip()
    assert not {i for r in layout for i in range(r.start, r.end)} & cleaner_offsets


@given(cleanings())
def test_kept_and_removed_text_together_are_the_laid_out_text(
    case: tuple[Document, list[Cleaner]],
) -> None:
    cleaned = clean(*case)
    text = cleaned.document.text
    pieces = {r.start: text[r.start : r.end] for r in cleaned.removals}
    removed_offsets = {i for r in cleaned.removals for i in range(r.start, r.end)}
    pieces |= {i: c for i, c in enumerate(text) if i not in removed_offsets}
    assert "".join(pieces[at] for at in sorted(pieces)) == text
    assert cleaned.text == "".join(c for i, c in enumerate(text) if i not in removed_offsets)


@given(TEXTS)
def test_without_removals_the_text_is_the_original(text: str) -> None:
    assert clean(document_of(text), []).text == text
    assert Cleaned(document_of(text), ()).text == text


@given(cleanings())
def test_the_order_of_cleaners_does_not_matter(case: tuple[Document, list[Cleaner]]) -> None:
    document, cleaners = case
    assert clean(document, cleaners) == clean(document, cleaners[::-1])


@given(cleanings())
def test_a_kind_that_is_kept_stays(case: tuple[Document, list[Cleaner]]) -> None:
    document, cleaners = case
    assert clean(document, cleaners, keep=frozenset(KINDS)).text == document.text


def test_a_kind_of_the_taxonomy_wins_over_a_surer_general_verdict() -> None:
    page = cleaner_that_finds("page", [Removal(0, 9, "boilerplate", "block", 0.99)])
    line = cleaner_that_finds("line", [Removal(3, 6, "counter", "views", 0.6)])
    removals = clean(document_of("abcdefghi"), [page, line]).removals
    assert [(r.start, r.end, r.kind) for r in removals] == [
        (0, 3, "boilerplate"),
        (3, 6, "counter"),
        (6, 9, "boilerplate"),
    ]


@pytest.mark.parametrize(
    ("text", "noise", "clean_text"),
    [
        ("a\n\nAD\n\nb\n", ["AD\n"], "a\n\nb\n"),
        ("a\nAD\nb\n", ["AD\n"], "a\nb\n"),
        ("AD\n\na\n", ["AD\n"], "a\n"),
        ("a\n\nAD\n", ["AD\n"], "a\n"),
        ("a\n\nAD\n\n\n", ["AD\n"], "a\n"),
        ("a\n\n\n", [], "a\n\n\n"),
        ("a\n\nAD\n\nAD2\n\nb", ["AD\n", "AD2\n"], "a\n\nb"),
        ("a\n\n\n\nb\n", [], "a\n\n\n\nb\n"),
        ("a. AD\nb\n", ["AD"], "a.\nb\n"),
        ("a [1] b\n", [" [1]"], "a b\n"),
    ],
)
def test_blank_lines_left_over_go_and_others_stay(text: str, noise: list[str], clean_text: str) -> None:
    removals = [Removal(text.index(n), text.index(n) + len(n), "ad_marker", "drawn") for n in noise]
    assert clean(document_of(text), [cleaner_that_finds("ads", removals)]).text == clean_text


def test_lines_of_blocks_that_are_not_content_are_left_out() -> None:
    text = "Menu\nRain fell.\n"
    document = Document(text, (Block(0, 5, content=0.1), Block(5, 16)))
    assert [line.raw for line in document.lines] == ["Rain fell."]
    assert document.lines[0].stop == len(text)


@given(st.lists(st.tuples(st.text(max_size=3), st.booleans()), max_size=8))
def test_kept_text_and_removed_pieces_give_the_laid_out_text(pieces: list[tuple[str, bool]]) -> None:
    starts = accumulate((len(piece) for piece, _ in pieces), initial=0)
    removed = [(start, piece) for start, (piece, goes) in zip(starts, pieces, strict=False) if goes]
    kept_text = "".join(piece for piece, goes in pieces if not goes)
    assert restored_text(kept_text, removed) == "".join(piece for piece, _ in pieces)


@given(
    st.text(
        st.characters(exclude_categories=["Mn", "Mc", "Cn", "Cs"], exclude_characters="\u200c\u200d")
        | st.sampled_from("aB3_ -'’“—…\xa0"),
        max_size=40,
    )
)
def test_bare_words_are_the_letters_and_digits_in_a_row(text: str) -> None:
    bare = "".join(character if character.isalnum() else " " for character in text)
    assert bare_words(text) == " ".join(bare.split())


def test_facts_are_kept_of_words_but_not_of_whole_lines() -> None:
    facts = WordFacts(len)
    assert facts["rain"] == 4
    assert facts["r" * CACHED_CHARS * 2] == CACHED_CHARS * 2
    assert list(facts) == ["rain"]


@pytest.mark.parametrize(("lines", "last"), [(MAX_LINES, "a\n"), (MAX_LINES + 1, "a\na\n")])
def test_what_follows_the_first_250_000_lines_is_part_of_the_last(lines: int, last: str) -> None:
    text = "a\n" * lines
    spans = [*split_lines(text)]
    assert (len(spans), spans[0], text[slice(*spans[-1])]) == (MAX_LINES, (0, 2), last)


@pytest.mark.parametrize(("marks", "is_composed"), [(MAX_MARKS, True), (MAX_MARKS + 1, False)])
def test_marks_are_put_in_order_up_to_30_in_a_row(marks: int, is_composed: bool) -> None:
    text = "é e\u0301 " + "\u0301" * (marks - 1) + "\u0323"
    assert (composed(text) != text) is is_composed
    assert composed("e\u0301" + "…" * 99) == "é" + "…" * 99


def test_a_fact_about_a_line_that_there_is_not_is_an_error_in_words() -> None:
    with pytest.raises(AttributeError, match="'Line' object has no attribute 'colour'"):
        getattr(Line(0, 4, 5, "Rain"), "colour")  # noqa: B009  # which type checkers would refuse
