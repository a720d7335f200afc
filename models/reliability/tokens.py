"""A document as its tokens, read once for all features."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

READ_CHARS: Final = 8000  # of a text; more moves no score and costs time (prototype RESULTS.md)
CACHED_TOKENS: Final = 1 << 16  # a bound on memory: hostile texts hold any number of tokens
TOKEN: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['-][A-Za-zÀ-ÿ]+)*|\d[\d.,:]{0,20}%?|[^\w\s]")


Fact = TypeVar("Fact")


class TokenFacts(dict[str, Fact]):
    """What a function says of tokens, each asked once: ``facts[token]``. Starts anew after `CACHED_TOKENS`.

    `functools.lru_cache` keeps its entries in the order of their use, which takes longer than most facts.
    """

    def __init__(self, fact: Callable[[str], Fact]) -> None:
        super().__init__()
        self._fact = fact

    def __missing__(self, token: str) -> Fact:
        if len(self) >= CACHED_TOKENS:
            self.clear()
        fact = self[token] = self._fact(token)
        return fact


@dataclass(frozen=True, slots=True)
class Tokens:
    """The first `READ_CHARS` characters of a text: words, numbers and marks, in their order."""

    text: str  # apostrophes in one form
    sequence: list[str]
    lower: list[str]  # the sequence in lower case
    counts: Counter[str]  # uses of each token as it is written
    order: NDArray[np.int64]  # for each token of the sequence, its place among those counted


def read_tokens(text: str) -> Tokens:
    """The tokens of a text or title."""
    plain = text[:READ_CHARS].replace("’", "'").replace("‘", "'")
    tokens = TOKEN.findall(plain)
    counts = Counter(tokens)
    place = dict(zip(counts, range(len(counts)), strict=True))
    known = dict(zip(counts, "\n".join(counts).lower().split("\n"), strict=False))  # at once: sooner
    lower = [*map(known.__getitem__, tokens)]
    order = np.fromiter(map(place.__getitem__, tokens), np.int64, len(tokens))
    return Tokens(plain, tokens, lower, counts, order)
