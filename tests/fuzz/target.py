"""A fuzz target: what is called with hostile bytes, and what must hold whatever they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

# Each is a module of this folder with a `TARGET`.
NAMES: Final = (
    "readers", "warc", "layout", "cleaners", "documents", "expressions", "ratings", "decisions", "logs", "requests",
)  # fmt: skip


class LostError(AssertionError):
    """Something that went in came out neither as a row nor as a reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes hostile bytes."""

    check: Callable[[bytes], None]  # raises for any input that breaks a promise
    seeds: Callable[[], Iterable[bytes]]  # inputs to begin with
    pieces: tuple[
        bytes, ...
    ]  # what its language is made of: tags, words of an expression, names of columns
    max_bytes: int = 2048  # of an input; short ones are tried more often


def load(name: str) -> Target:
    """The target of a name in `NAMES`. Raises KeyError for any other."""
    if name not in NAMES:
        raise KeyError(f"no target is called {name!r}; there are {', '.join(NAMES)}")
    target: Target = import_module(f"tests.fuzz.{name}").TARGET
    return target


def as_bytes(*pieces: Iterable[str]) -> tuple[bytes, ...]:
    """Texts of several lists as the pieces of a target, each once."""
    return tuple(dict.fromkeys(piece.encode("utf8", "replace") for group in pieces for piece in group))


def expect(is_kept: object, promise: str) -> None:
    """Raise AssertionError with a promise that was not kept; unlike ``assert``, with pytest and without it."""
    if not is_kept:
        raise AssertionError(promise)


def expect_count(got: int, wanted: int, what: str) -> None:
    """Raise LostError where fewer or more came out than went in."""
    if got != wanted:
        raise LostError(f"{wanted} {what} went in, {got} came out")
