"""Changes of an input that respect what its language is made of: pieces are added, exchanged, moved and repeated."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

EDGE: Final = re.compile(rb"\b|(?<=\W)(?=\W)")  # between words and signs, where pieces begin and end
MAX_CHANGES: Final = 4  # of one input; more leave nothing of what made it worth keeping
MAX_REPEATS: Final = 40  # of a piece: enough to see what grows faster than its input
NUMBERS: Final = (
    b"0",
    b"-1",
    b"1e999",
    b"2147483648",
    b"9223372036854775808",
    b"0.1",
    b"\xc2\xb2",
    b"9" * 30,
)

Change = Callable[[bytes, Sequence[bytes], Random], bytes]


def mutate(data: bytes, pieces: Sequence[bytes], dice: Random, max_bytes: int) -> bytes:
    """An input with some random changes, cut at a length."""
    for _ in range(dice.randint(1, MAX_CHANGES)):
        data = dice.choice(CHANGES)(data, pieces, dice)
    return data[:max_bytes]


def _edge(data: bytes, dice: Random) -> int:
    """A place between two words or signs."""
    edge = EDGE.search(data, dice.randint(0, len(data)))
    return edge.start() if edge else len(data)


def _span(data: bytes, dice: Random) -> tuple[int, int]:
    """A stretch of an input, short ones more often."""
    start = _edge(data, dice)
    edge = EDGE.search(data, min(len(data), start + 1 + int(dice.expovariate(1 / 12))))
    return start, edge.start() if edge else len(data)


def _add(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    at = _edge(data, dice)
    return data[:at] + dice.choice(pieces) + data[at:]


def _exchange(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + dice.choice(pieces) + data[end:]


def _put_number(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + dice.choice(NUMBERS) + data[end:]


def _leave_out(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + data[end:]


def _repeat(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:end] + data[start:end] * dice.randint(1, MAX_REPEATS) + data[end:]


def _move(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    rest = data[:start] + data[end:]
    at = _edge(rest, dice)
    return rest[:at] + data[start:end] + rest[at:]


def _flip(data: bytes, pieces: Sequence[bytes], dice: Random) -> bytes:
    at = dice.randrange(len(data)) if data else 0
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


CHANGES: Final[tuple[Change, ...]] = (_add, _add, _exchange, _put_number, _leave_out, _repeat, _move, _flip)
