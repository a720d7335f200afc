"""Where in a document a line stands, and what counts as its running text."""

import pytest

from tests.limit_texts import paragraph, paragraphs, short
from tests.test_cleaners import document_of
from winnow.cleaners._places import Place, is_story, stands_in

PLACES: list[tuple[Place, list[int]]] = [  # of 40 lines: running text from line 20 to line 22
    ("anywhere", [*range(40)]),
    ("head", [*range(15)]),
    ("tail", [*range(23, 40)]),
    ("edge", [*range(15), *range(23, 40)]),
    ("border", [*range(8), *range(32, 40)]),
    ("after", [*range(23, 40)]),
    ("end", [*range(35, 40)]),
    ("top", [0, 1, 2]),
]
LATE_PLACES: list[tuple[Place, list[int]]] = [  # of 40 lines: running text in the first and in the last one
    ("head", [0]),
    ("tail", [*range(24, 40)]),
    ("after", []),
    ("top", []),
]


@pytest.mark.parametrize(("place", "expected"), PLACES)
def test_places_around_a_story_in_the_middle(place: Place, expected: list[int]) -> None:
    document = document_of("".join(f"{line}\n" for line in [*short(20), *paragraphs(3), *short(17)]))
    assert [index for index in range(40) if stands_in(document, index, place)] == expected


@pytest.mark.parametrize(("place", "expected"), LATE_PLACES)
def test_places_in_a_story_from_end_to_end(place: Place, expected: list[int]) -> None:
    document = document_of("".join(f"{line}\n" for line in [paragraph(0), *short(38), paragraph(1)]))
    assert [index for index in range(40) if stands_in(document, index, place)] == expected


def test_nothing_stands_after_a_text_without_paragraphs() -> None:
    document = document_of("".join(f"{line}\n" for line in short(40)))
    assert [index for index in range(40) if stands_in(document, index, "after")] == []


def test_the_last_twelve_lines_of_a_short_text_are_its_tail() -> None:
    document = document_of("".join(f"{line}\n" for line in [*short(13), *paragraphs(1)]))
    assert [index for index in range(14) if stands_in(document, index, "tail")] == [*range(2, 14)]


@pytest.mark.parametrize(("others", "expected"), [(199, True), (200, False)])
def test_a_story_is_more_than_half_running_text(others: int, expected: bool) -> None:
    assert is_story(document_of(f"{'a' * 200}\n{'b' * 100}\n{'c' * (others - 100)}\n")) is expected


@pytest.mark.parametrize(("chars", "paragraphs"), [(61, (1,)), (60, ())])
def test_where_no_line_is_long_a_sentence_of_61_characters_is_a_paragraph(
    chars: int, paragraphs: tuple[int, ...]
) -> None:
    sentence = "It rained in the old town on a day"
    text = f"Rain\n{sentence} {'a' * (chars - len(sentence) - 2)}.\n"
    assert document_of(text).paragraphs == paragraphs


@pytest.mark.parametrize(
    ("text", "expected"), [("It rained in the town again.", True), ("It rained in the town.", False)]
)
def test_a_sentence_has_eight_words_or_characters_for_them(text: str, expected: bool) -> None:
    [line] = document_of(text).lines
    assert line.is_sentence is expected
