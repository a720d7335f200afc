"""The type of a page, from its tokens: a logistic regression over seven types."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from winnow.models.blocks.outline import Floats

PAGE_TYPES: Final = ("article", "collection", "documentation", "forum", "listing", "product", "service")


@dataclass(frozen=True, slots=True)
class TypeModel:
    """A weight for each token and type."""

    weights: dict[str, Floats]  # token -> (7,)
    intercept: Floats  # (7,)

    def probabilities(self, tokens: Iterable[str]) -> Floats:
        """The probability of each of `PAGE_TYPES`, (7,)."""
        weights = [self.weights[token] for token in sorted(tokens) if token in self.weights]
        scores = self.intercept + np.sum(weights, axis=0) if weights else self.intercept
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum())


def forced_type(name: str) -> Floats:
    """Certainty that a page is of a type, (7,)."""
    return np.array([float(kind == name) for kind in PAGE_TYPES])
