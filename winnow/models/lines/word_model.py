"""The first stage: a logistic regression over the tokens of a line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from winnow.models.arrays import packed_words, unpacked_words

SHAPES: Final = "§."  # first characters of tokens that are no words; those without a letter are none either
LETTER: Final = re.compile(r"[^\W\d_]")

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LineScores:
    """Log-odds of noise of n lines, by their words."""

    total: Vector  # (n,): of all tokens
    evidence: Vector  # (n,): that the words alone add, without their shapes; 0 for unknown words


@dataclass(frozen=True)
class WordScores:
    """A logistic regression over tokens: T of them, K classes (1 for noise or not)."""

    places: Mapping[str, int]  # token -> row
    weights: NDArray[np.float32]  # (T, K)
    intercepts: NDArray[np.float32]  # (K,)

    def of(self, tokens: frozenset[str]) -> Vector:
        """Log-odds of a line's tokens for each class; a token is worth less where there are more of them."""
        rows = [self.places[token] for token in tokens if token in self.places]
        total = self.weights[rows].sum(axis=0, dtype=np.float64)
        return np.asarray(total / np.sqrt(max(1, len(tokens))) + self.intercepts)

    def of_lines(self, lines: Sequence[frozenset[str]]) -> LineScores:
        """Log-odds of each line for the first class, and the part of it that is from words.

        The order of tokens does not matter: weights are kept in half precision, and their sums are exact.
        """
        sizes = np.array([len(tokens) for tokens in lines], dtype=np.int64)
        rows = np.fromiter(
            map(self.places.get, chain.from_iterable(lines), repeat(-1)), np.int64, int(sizes.sum())
        )
        has_weight = rows >= 0
        at, rows = np.repeat(np.arange(len(lines)), sizes)[has_weight], rows[has_weight]
        total, evidence = (
            np.bincount(at, weights[rows], minlength=len(lines)) / np.sqrt(np.maximum(1, sizes))
            for weights in (self.weights[:, 0], self._word_weights)
        )
        return LineScores(total + self.intercepts[0], evidence)

    def of_sums(self, sizes: Vector, total: Vector, evidence: Vector) -> LineScores:
        """The same of lines, by their numbers of tokens and the sums of both `columns`."""
        scale = np.sqrt(np.maximum(1, sizes))
        return LineScores(total / scale + self.intercepts[0], evidence / scale)

    def columns(self) -> NDArray[np.float64]:
        """The first class's weights of all tokens, and those of words with 0 for other tokens, (T, 2)."""
        return np.column_stack([self.weights[:, 0], self._word_weights]).astype(np.float64)

    @cached_property
    def _word_weights(self) -> Vector:
        """The first class's weights of the tokens that are words, 0 for the others, (T,)."""
        is_word = np.array(
            [token[0] not in SHAPES and LETTER.search(token) is not None for token in self.places],
            dtype=bool,
        )
        return np.where(is_word, self.weights[:, 0], 0.0)

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Arrays for `numpy.savez`; tokens as UTF-8, one a line."""
        values_by_name: dict[str, NDArray[Any]] = {
            "tokens": packed_words(self.places),
            "weights": self.weights.astype(np.float16),
            "intercepts": self.intercepts,
        }
        return {prefix + name: values for name, values in values_by_name.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> "WordScores":
        """The scores that `arrays` gave."""
        tokens = unpacked_words(arrays[prefix + "tokens"])
        weights = arrays[prefix + "weights"].astype(np.float32)
        return cls({token: row for row, token in enumerate(tokens)}, weights, arrays[prefix + "intercepts"])
