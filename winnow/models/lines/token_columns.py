"""Sums of the weights of lines' tokens, for all judges at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.lines import WIDE, Line
from winnow.corpus.word_facts import WordFacts
from winnow.models.lines.line_tokens import END_CHARS, line_tokens, plain_word, word_shape
from winnow.models.lines.word_model import Vector, WordScores
from winnow.native import native_twin


@dataclass(frozen=True, slots=True, eq=False)
class TokenColumns:
    """The weights of T tokens in C columns, 0 where a column has none."""

    tokens: tuple[str, ...]
    weights: NDArray[np.float64]  # (T, C)
    # What the native function made of both, so that it makes it once
    tables: dict[str, object] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, scores: Sequence[WordScores]) -> "TokenColumns":
        """Two columns for each of some scores: the weights of all tokens, and those of words."""
        rows: dict[str, int] = {}
        for token in chain.from_iterable(each.places for each in scores):
            rows.setdefault(token, len(rows))
        weights = np.zeros((len(rows), 2 * len(scores)))
        for number, each in enumerate(scores):
            places = [rows[token] for token in each.places]
            weights[places, 2 * number : 2 * number + 2] = each.columns()
        return cls(tuple(rows), weights)


def _word_facts(word: str) -> tuple[bytes, bool, bytes]:
    """A word beyond ASCII as tokens have it, whether in pairs of letters, and its shape."""
    plain = plain_word(word)
    return plain.encode("utf8", "surrogatepass"), WIDE.search(plain) is not None, word_shape(word).encode()


# What the native function asks of Python.
CALLS: Final = SimpleNamespace(
    facts=WordFacts(_word_facts), ends={end: ("." + end).encode() for end in END_CHARS}
)


@native_twin(CALLS)
def line_sums(lines: Sequence[Line], columns: TokenColumns) -> Vector:
    """For each line the number of its tokens, known or not, then the sum of each column over them, (n, 1 + C).

    The order of tokens does not matter: weights are kept in half precision, and their sums are exact.
    """
    tokens = [line_tokens(line) for line in lines]
    sizes = np.array([len(of_line) for of_line in tokens], dtype=np.int64)
    places = columns.tables.get("places")
    if not isinstance(places, dict):
        places = columns.tables["places"] = {token: row for row, token in enumerate(columns.tokens)}
    rows = np.fromiter(map(places.get, chain.from_iterable(tokens), repeat(-1)), np.int64, int(sizes.sum()))
    has_weight = rows >= 0
    at, rows = np.repeat(np.arange(len(lines)), sizes)[has_weight], rows[has_weight]
    sums = [np.bincount(at, column[rows], minlength=len(lines)) for column in columns.weights.T]
    return np.column_stack([sizes, *sums])
