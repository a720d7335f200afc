"""Truncated quotations, and quotation marks that only look like one."""

import pytest

from winnow.corpus.document import Block, Document
from winnow.corpus.truncated import truncated_quotes


def found(text: str) -> tuple[int, ...]:
    return truncated_quotes(Document(text, (Block(0, len(text)),)))


@pytest.mark.parametrize("line", ['The dam held — "', "Der Damm hielt: „", "She said, “ "])
def test_a_mark_that_opens_and_ends_a_line_is_found(line: str) -> None:
    [at] = found(f"Rain fell.\n{line}\nThe river rose.\n")
    assert at == len("Rain fell.\n") + len(line.rstrip()) - 1


@pytest.mark.parametrize(
    "line",
    [
        'She said "no."',
        'and then he came home."',
        'print("red, orange, blue, "',
        "The dam held —",
        '"Rain fell," she said, "and the river rose."',
    ],
)
def test_a_mark_that_closes_is_left_alone(line: str) -> None:
    assert found(f"{line}\n") == ()


def test_a_line_of_a_million_marks_takes_no_time() -> None:
    assert found("— " * 500_000) == found('"' * 10**6) == ()
