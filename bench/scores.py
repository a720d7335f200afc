"""How much of a reference text an extracted text has: word F1, shingle F1, and snippets."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

import numpy as np

from winnow.corpus.word_breaks import words_of

RESAMPLES = 1000
SHINGLE_WORDS = 4  # of the article extraction benchmark
Token = TypeVar("Token", str, tuple[str, ...])


def word_f1(text: str, reference: str) -> float:
    """F1 of a text's words against the reference's, as multisets; 1 where both have none."""
    return _f1(*(Counter(words_of(t)) for t in (text, reference)))


def word_shares(text: str, reference: str) -> tuple[float, float]:
    """Precision and recall of a text's words, as multisets; 1 where there is nothing to be wrong about."""
    words, expected = (Counter(words_of(t)) for t in (text, reference))
    both = (words & expected).total()
    return both / words.total() if words else 1.0, both / expected.total() if expected else 1.0


def shingle_f1(text: str, reference: str) -> float:
    """F1 of the runs of four words of both texts, as multisets; 1 where both have none.

    The measure of Scrapinghub's article extraction benchmark.
    """
    return _f1(*(Counter(_shingles(words_of(t))) for t in (text, reference)))


def _f1(tokens: Counter[Token], expected: Counter[Token]) -> float:
    if not tokens or not expected:
        return float(not tokens and not expected)
    return 2 * (tokens & expected).total() / (tokens.total() + expected.total())


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    if len(words) <= SHINGLE_WORDS:
        return [tuple(words)] if words else []
    return [tuple(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)]


def plain(text: str) -> str:
    """A text without case and layout, in which snippets are looked for."""
    return " ".join(text.casefold().split())


def interval(scores: Iterable[float]) -> list[float]:
    """95 % bootstrap interval of a mean."""
    values = np.array([*scores])
    draws = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    return [round(float(x), 4) for x in np.quantile(draws.mean(axis=1), (0.025, 0.975))]
