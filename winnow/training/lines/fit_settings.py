"""How each judge of the line model is fitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FOLDS: Final = 5
TREES: Final[dict[str, Any]] = {
    "max_iter": 120,
    "max_depth": 6,
    "max_leaf_nodes": 24,
    "learning_rate": 0.08,
    "min_samples_leaf": 20,
    "l2_regularization": 3.0,
    "max_features": 0.4,
    "early_stopping": False,
    "random_state": 0,
}


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How one of the model's judges is fitted."""

    folds: int  # of sites, for the words' scores that the trees learn from
    word_weights: Mapping[str, float]  # of a line, by the source of its example
    tree_weights: Mapping[str, float]  # trees learn from no others
    word_c: float  # inverse strength of the words' L2 penalty
    trees: Mapping[str, Any] = field(default_factory=lambda: TREES)


BY_HAND: Final = FitSettings(
    FOLDS, {"labelled": 3.0, "article": 0.1}, {"labelled": 1.0, "article": 0.1}, 3.0
)
NATURAL_TREES: Final[dict[str, Any]] = TREES | {
    "max_iter": 250,
    "max_leaf_nodes": 31,
    "max_depth": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
}
NATURAL: Final = FitSettings(2, {"natural": 1.0}, {"natural": 1.0}, 1.0, NATURAL_TREES)
PAGES: Final = FitSettings(2, {"natural": 1.0, "dump": 0.5}, {"dump": 1.0}, 1.0, NATURAL_TREES)
