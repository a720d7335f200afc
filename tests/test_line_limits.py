"""Which texts and lines the line model is asked about, and how sure it must be: a case on either side of each limit."""

from collections.abc import Iterator

import numpy as np
import pytest

from tests.limit_texts import paragraph, paragraphs
from tests.test_cleaners import CASES, document_of
from winnow.cleaners._rule_removals import rule_removals
from winnow.cleaners._whole_pages import PAGE_RULE
from winnow.cleaners.lines import MIN_EVIDENCE, lines
from winnow.corpus.document import Document, Removal
from winnow.models.lines.line_model import load_model
from winnow.models.lines.removal_context import removed_groups

# lines that no rule has words for, and some that the rules remove
NOISE = ["Site credits", "Back to all stories", "Download our app", "View profile"]
RULED = ["Sign up for our newsletter", "Share this article on Facebook", "Subscribe now for free", "Follow us on Twitter",
         "Log in to comment", "Privacy Policy", "Terms of use", "Leave a comment"]  # fmt: skip


def noisy(inside: list[str], paragraph_lines: list[str] | None = None) -> Document:
    """A text with noise at its end."""
    text = [*(paragraph_lines or paragraphs(4)), *inside, paragraph(90), *RULED[:2], *NOISE]
    return document_of("".join(f"{line}\n" for line in text))


def code(chars: int, marks: int) -> str:
    """A line of letters with some signs of code among them."""
    return "(" * marks + "b" * (chars - marks)


def short_lines(chars: int) -> list[str]:
    """Lines without noise that have so many characters in all; the paragraphs of `noisy` have 1,730."""
    return [f"{n:05}" + " basin" * 24 for n in range(chars // 149)] + ["x" * (chars % 149)]


CODE = "x = {};"
LIMITS = {
    "300 lines": ([paragraph(100 + n) for n in range(289)], [paragraph(100 + n) for n in range(290)]),
    "two lines of code": ([CODE] * 2, [CODE] * 3),
    "one of ten lines": ([CODE] * 4 + paragraphs(29)[4:], [CODE] * 5 + paragraphs(29)[4:]),
    "8 of 100 characters": ([code(26, 2)] * 3, [code(25, 2)] * 3),
    "three characters of code": ([code(2, 2)] * 3, [code(3, 2)] * 3),
    "30 of 100 characters in paragraphs": (short_lines(3921), short_lines(3922)),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_a_text_is_judged_up_to_a_limit(name: str) -> None:
    judged, left_alone = LIMITS[name]
    assert [*lines(noisy(judged))]
    assert not [*lines(noisy(left_alone))]


def removals() -> Iterator[tuple[Document, int, Removal]]:
    """What the cleaner takes out of the texts of all cases, with the number of the line."""
    for param in CASES:
        case = param.values[1]
        assert isinstance(case, dict)
        document = document_of(case["text"])
        numbers = {line.start: number for number, line in enumerate(document.lines)}
        yield from ((document, numbers[removal.start], removal) for removal in lines(document))


def removed_lines(*text: str) -> set[str]:
    """The lines that the cleaner takes out of a text."""
    document = document_of("".join(f"{line}\n" for line in text))
    return {document.text[removal.start : removal.end].strip() for removal in lines(document)}


PLAIN = [  # a line below paragraphs and lines that the rules remove, how many of them it needs
    ("Site credits", 1),
    ("Our offices", 2),
    ("Harbour Post", 2),
]


@pytest.mark.parametrize(("line", "needed"), PLAIN)
def test_a_line_goes_the_sooner_the_more_signs_of_noise_a_text_shows(line: str, needed: int) -> None:
    assert line in removed_lines(*paragraphs(4), *RULED[:needed], line)
    assert line not in removed_lines(*paragraphs(4), *RULED[: needed - 1], line)


CONTENT = [
    "The bridge opens again on Monday.",
    "Oats 200 g",
    "1. Close the gate",
    "Fixed the gate count",
    "“It was the worst night of my life,” said Ada Moss.",
]


@pytest.mark.parametrize("line", CONTENT)
def test_a_line_whose_words_say_nothing_stays_below_lines_that_are_removed(line: str) -> None:
    assert line not in removed_lines(*paragraphs(4), *RULED[:3], line)
    assert line not in removed_lines(*paragraphs(3), *RULED[:2], line, paragraph(9))


LISTS = {
    "ingredients": ["Oats 200 g", "Milk 1 l", "Honey 2 tbsp", "Butter 30 g"],
    "results": ["Moss 3", "Berg 2", "Sund 1", "Nordvik 0"],
    "a programme": ["19:00 Doors", "19:30 Ada Moss reads", "20:15 Music", "21:00 End"],
    "opening hours": ["Monday 9 to 5", "Tuesday 9 to 5", "Saturday 10 to 1"],
    "steps": ["1. Close the gate", "2. Open the sluice", "3. Call the harbour master"],
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_with_numbers_stays_below_lines_that_are_removed(name: str) -> None:
    noise = ["Share this", "Print", "Comments"]
    assert not removed_lines(*paragraphs(2), *noise, *LISTS[name]).intersection(LISTS[name])
    assert not removed_lines(*paragraphs(2), *noise, *LISTS[name], paragraph(9)).intersection(LISTS[name])


def test_copies_that_the_rules_remove_are_no_signs_of_noise() -> None:
    page = ["Test page", *[paragraph(1)] * 6, "Heading 1", *[paragraph(2)] * 5, *["List item"] * 3]
    assert not removed_lines(*page)
    assert not removed_lines("Lorem harbour", *[paragraph(3), "A heading"] * 8)


def test_a_paragraph_and_a_line_where_titles_stand_must_be_surer() -> None:
    title = NOISE[1]
    assert title in removed_lines(paragraph(1), *paragraphs(4), *RULED[:2], title)
    assert title not in removed_lines(title, *paragraphs(4), *RULED[:2])


def test_a_text_without_a_paragraph_is_judged_where_half_of_its_lines_speak_for_noise() -> None:
    parts = ["Harbour basin", "Old mill", "Ferry", "Sea wall", "Net loft", "Slipway", "Tar shed"]
    assert not removed_lines(*parts, *RULED[:2], *NOISE)
    model, noisy_text = load_model(), [*parts[:1], *RULED, *NOISE]
    document = document_of("".join(f"{line}\n" for line in noisy_text))
    speaking = [one.evidence >= MIN_EVIDENCE for one in model.word_scores(document)]
    assert sum(any(both) for both in zip(*speaking, strict=True)) >= len(noisy_text) / 2


def test_the_score_of_a_line_that_no_other_page_shows_is_at_most_the_probability_of_the_mean_judge() -> (
    None
):
    model = load_model()
    for document, number, removal in removals():
        if removal.rule == PAGE_RULE:  # of the judge of whole pages
            continue
        removed = removed_groups(document, rule_removals(document))
        odds = model.log_odds(document, model.word_scores(document), removed, [number])
        assert removal.score <= round(float(1 / (1 + np.exp(-odds.mean()))), 4)
        assert removal.rule == "line_model"
