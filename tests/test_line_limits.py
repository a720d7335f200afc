"""Which texts and lines the line model is asked about, and how sure it must be: a case on either side of each limit."""

from collections.abc import Iterator

import pytest

from tests.limit_texts import paragraph, paragraphs
from tests.test_cleaners import CASES, document_of
from winnow.cleaners.lines import lines
from winnow.corpus.document import Document, Removal
from winnow.models.lines.line_model import load_model

NOISE = ["Sign up for our newsletter", "Share this article on Facebook", "Subscribe now for free", "Follow us on Twitter",
         "Log in to comment"]  # fmt: skip


def noisy(inside: list[str], paragraph_lines: list[str] | None = None) -> Document:
    """A text with noise at its end."""
    text = [*(paragraph_lines or paragraphs(4)), *inside, paragraph(90), *NOISE]
    return document_of("".join(f"{line}\n" for line in text))


def code(chars: int, marks: int) -> str:
    """A line of letters with some signs of code among them."""
    return "(" * marks + "b" * (chars - marks)


def short_lines(chars: int) -> list[str]:
    """Lines without noise that have so many characters in all; the paragraphs of `noisy` have 1,730."""
    return [f"Harbour basin {n:05}" for n in range(chars // 19)] + ["x" * (chars % 19)]


LIMITS = {
    "300 lines": ([paragraph(100 + n) for n in range(290)], [paragraph(100 + n) for n in range(291)]),
    "two lines of code": (["x = {};"] * 2, ["x = {};"] * 3),
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


def test_a_line_goes_from_a_probability_of_8_of_10_and_between_paragraphs_of_9() -> None:
    plain = list[float]()
    risky = list[float]()
    for document, number, removal in removals():
        is_between = document.first_paragraph < number < document.last_paragraph
        (risky if is_between or len(document.paragraphs) == 1 or number == 0 else plain).append(
            removal.score
        )
    assert 0.8 <= min(plain) < 0.85
    assert 0.9 <= min(risky) < 0.95


UNTOLD = "Gazette"  # its words speak for nothing, its shape and place for noise
CLEAR = [  # lines at the end of a text, and whether four of them speak for noise by their words
    (NOISE[:4], True),
    (NOISE[:3], False),
    ([*NOISE[:3], "World"], True),  # log-odds of .6
    ([*NOISE[:3], "Sport"], False),  # of .36
]


@pytest.mark.parametrize(("speaking", "goes"), CLEAR)
def test_a_line_whose_words_say_nothing_goes_with_four_that_speak(speaking: list[str], goes: bool) -> None:
    text = "".join(f"{line}\n" for line in [*paragraphs(4), *speaking, UNTOLD])
    removed = {text[removal.start : removal.end].strip() for removal in lines(document_of(text))}
    assert (UNTOLD in removed) is goes
    assert {*NOISE[:3]} <= removed


def test_the_score_of_a_line_that_no_other_page_shows_is_its_probability_in_four_digits() -> None:
    model = load_model()
    for document, number, removal in removals():
        [probability] = model.judge(document, model.word_scores(document), [number])
        assert removal.score == round(float(probability), 4)
        assert removal.rule == "line_model"
