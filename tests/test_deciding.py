"""People's decisions on a text: they win over rules and models, and find their place again."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deciding import line, span
from winnow.corpus.decisions.anchors import Anchor, anchor_at
from winnow.corpus.decisions.applying import decide
from winnow.corpus.decisions.events import Event
from winnow.corpus.document import Block, Cleaned, Document, Removal, clean

TEXT = "Menu | Home\n\nRain fell on Monday.\n\nShare this page\n\nSun shone on Tuesday.\n"

SECONDS = 40.0  # of processor time; six on a quiet machine, and hours where the work grows with the square


def cleaned_of(text: str, *pieces: str) -> Cleaned:
    def found(document: Document) -> list[Removal]:
        starts = ((text.index(piece), piece) for piece in pieces)
        return [Removal(start, start + len(piece), "navigation", "menu", 0.9) for start, piece in starts]

    return clean(Document(text, (Block(0, len(text)),)), [found])


def text_after(cleaned: Cleaned, *events: Event) -> str:
    return decide(cleaned, events).cleaned.text


def test_without_decisions_nothing_changes() -> None:
    cleaned = cleaned_of(TEXT, "Menu | Home")
    assert decide(cleaned, []).cleaned is cleaned


def test_a_restored_span_stays_and_its_blank_lines_with_it() -> None:
    cleaned = cleaned_of(TEXT, "Share this page")
    assert "Share" not in cleaned.text
    assert text_after(cleaned, span("restore_span", TEXT, "Share this page")) == TEXT


def test_a_removed_span_names_the_person_as_its_rule() -> None:
    decided = decide(cleaned_of(TEXT), [span("remove_span", TEXT, "Share this page")])
    assert decided.cleaned.text == "Menu | Home\n\nRain fell on Monday.\n\nSun shone on Tuesday.\n"
    person = [r for r in decided.cleaned.removals if r.kind != "layout"]
    assert [(r.kind, r.rule, r.cleaner, r.score) for r in person] == [("promo", "person", "decisions", 1.0)]


def test_a_person_takes_a_part_of_a_removal_back() -> None:
    cleaned = cleaned_of(TEXT, "Menu | Home\n\nRain fell on Monday.")
    assert text_after(cleaned, span("restore_span", TEXT, "Rain fell on Monday.")).startswith("Rain fell")


def test_a_removal_of_a_person_takes_the_place_of_a_rules() -> None:
    cleaned = cleaned_of(TEXT, "Share this page")
    [removal, *_] = decide(cleaned, [span("remove_span", TEXT, "this page\n\nSun")]).cleaned.removals
    assert (TEXT[removal.start : removal.end], removal.rule) == ("Share ", "menu")


@pytest.mark.parametrize(("first", "stays"), [("restore_span", False), ("remove_span", True)])
def test_the_later_decision_wins(first: str, stays: bool) -> None:
    second = {"restore_span": "remove_span", "remove_span": "restore_span"}[first]
    events = [span(first, TEXT, "Share this page", 0), span(second, TEXT, "Share this page", 1)]
    assert ("Share" in text_after(cleaned_of(TEXT), *events)) == stays


def test_a_rule_of_the_site_takes_every_such_line_whatever_its_case_and_spaces() -> None:
    text = TEXT + "  SHARE  this page\nShare this page with us\n"
    text_left = text_after(cleaned_of(text), line("remove_line", "Share this page"))
    assert text_left.count("hare this") == 1 and "with us" in text_left


def test_a_rule_of_the_site_keeps_a_line() -> None:
    assert text_after(cleaned_of(TEXT, "Share this page"), line("restore_line", "Share this page")) == TEXT


def test_a_decision_about_the_document_wins_over_one_about_the_site() -> None:
    events = [
        line("remove_line", "Share this page", minutes=9),
        span("restore_span", TEXT, "Share this page"),
    ]
    assert text_after(cleaned_of(TEXT), *events) == TEXT


def test_what_found_its_place_is_told_from_what_did_not() -> None:
    events = [
        span("remove_span", TEXT, "Share this page", 1),
        span("remove_span", "A lost line.", "lost", 2),
    ]
    assert [e.id for e in decide(cleaned_of(TEXT), events).placed] == ["1"]


def test_a_decision_that_a_later_one_covers_still_has_its_place() -> None:
    events = [
        span("restore_span", TEXT, "Share this page", 0),
        span("remove_span", TEXT, "Share this page", 1),
    ]
    assert len(decide(cleaned_of(TEXT), events).placed) == 2


MOVED = [
    ("moved down", "A new first line.\n\n" + TEXT),
    ("laid out anew", TEXT.replace(" ", "\n")),
    ("with other neighbours", TEXT.replace("Rain fell on Monday.", "Snow fell.")),
    ("twice, and the second is another", TEXT + "\nOur shop\n\nShare this page\n\nImprint\n"),
]


@pytest.mark.parametrize("text", [text for _, text in MOVED], ids=[name for name, _ in MOVED])
def test_a_span_is_found_again_where_the_page_was(text: str) -> None:
    place = anchor_at(TEXT, TEXT.index("Share"), TEXT.index("\n\nSun")).find(text)
    assert place
    assert " ".join(text[slice(*place)].split()) == "Share this page"
    assert place[0] == text.index("Share")


@pytest.mark.parametrize(
    "text", ["", "Nothing of it.\n", "A page of another site\nShare this page\nhas the same words\n"]
)
def test_a_span_that_is_gone_or_says_too_little_is_an_orphan(text: str) -> None:
    assert anchor_at(TEXT, TEXT.index("Share"), TEXT.index("\n\nSun")).find(text) is None


def test_a_long_text_needs_no_surroundings() -> None:
    long = "The harbour board voted on Tuesday to dredge the inner basin."
    assert Anchor(long, "gone", "gone").find(f"New words.\n{long}\n") == (11, 11 + len(long))


@given(st.text(st.sampled_from("ab \n"), min_size=1, max_size=60), st.data())
def test_in_the_same_text_a_span_is_found_where_it_was(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start:end].strip():
        assert anchor_at(text, start, end).find(text) == (start, end)


@st.composite
def decisions(draw: st.DrawFn) -> tuple[Cleaned, Sequence[Event]]:
    """Draw a cleaned text and up to four decisions about it."""
    text = draw(st.text(st.sampled_from("ab \n"), min_size=2, max_size=40).filter(lambda t: t.strip()))
    edges = (
        st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
        .map(sorted)
        .filter(lambda e: e[0] < e[1])
    )
    pieces = [text[a:b] for a, b in draw(st.lists(edges, max_size=3))]
    spans = [text[a:b] for a, b in draw(st.lists(edges, max_size=4)) if text[a:b].strip()]
    actions = draw(st.lists(st.sampled_from(["remove_span", "restore_span"]), min_size=4, max_size=4))
    chosen = [
        span(action, text, piece, n) for n, (action, piece) in enumerate(zip(actions, spans, strict=False))
    ]
    return cleaned_of(text, *pieces), chosen


@given(decisions())
def test_removals_stay_disjoint_and_give_back_the_text(case: tuple[Cleaned, Sequence[Event]]) -> None:
    cleaned = decide(*case).cleaned
    at, parts = 0, []
    for removal in cleaned.removals:
        assert at <= removal.start < removal.end
        parts += [
            cleaned.document.text[at : removal.start],
            cleaned.document.text[removal.start : removal.end],
        ]
        at = removal.end
    assert "".join(parts) + cleaned.document.text[at:] == cleaned.document.text


@given(decisions())
def test_deciding_twice_is_deciding_once(case: tuple[Cleaned, Sequence[Event]]) -> None:
    cleaned, events = case
    once = decide(cleaned, events).cleaned
    assert decide(once, events).cleaned.text == once.text


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a\n" * 500_000, " " * 1_000_000 + "b"])
def test_a_text_of_nothing_but_repetition_takes_seconds_at_most(text: str) -> None:
    began = time.process_time()
    anchors = [anchor_at(text, len(text) // 2, len(text) // 2 + size) for size in (1, 1000, 100_000)]
    events = [
        Event(
            "remove_span",
            "ada",
            "2026-01-01T00:00:00+00:00",
            place="p",
            kind="promo",
            text=a.text,
            near=a.near,
        )
        for a in anchors
        if a.text.strip()
    ]
    decide(cleaned_of(text), [*events, line("remove_line", "a"), line("remove_line", "a" * 9000)])
    assert time.process_time() - began < SECONDS
