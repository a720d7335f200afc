"""Calibration of raw scores to a probability, a rating and its interval, and its shift by a user's labels."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.errors import UsageError

COUNTED_DOCUMENTS: Final = 30  # beyond which more documents make a score no surer
BANDS: Final = (1, 2, 3, 5, 10, 20)  # documents from which a band of the interval begins
CLOSEST: Final = 1e-6  # distance of a probability from 0 and 1, at least, inside the model
# No score is 0.00 or 1.00, because nothing bears that out: of the 46 sources of left-out collections with a probability
# over .98, .978 are reliable, and of the 252 over .95, .976; of the 28 under .05, .036.
SHOWN_RANGE: Final = (0.02, 0.98)

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Linear terms of the raw score and the number of documents, and the half width of each band's interval."""

    probability_weights: Vector  # (3,) of 1, s, s·log n
    rating_weights: Vector  # (3,) the same, for the rating
    half_widths: Vector  # (len(BANDS),) of the 80 % interval of the rating

    def slope(self, documents: int) -> float:
        """How far a rating moves for 1 of the raw score, at some number of documents."""
        spread, both = self.rating_weights[1:]
        return float(4 * (spread + both * np.log(min(documents, COUNTED_DOCUMENTS))))

    def probabilities(self, raw: Vector, documents: Indices) -> Vector:
        """The probability that the rating is .5 or more, of each source."""
        odds = calibration_terms(raw, documents) @ self.probability_weights
        return np.clip(1 / (1 + np.exp(-odds)), CLOSEST, 1 - CLOSEST)

    def ratings(self, raw: Vector, documents: Indices) -> tuple[Vector, Vector, Vector]:
        """The rating of each source, and the ends of its 80 % interval, 0 to 1."""
        rating = np.clip(calibration_terms(raw, documents) @ self.rating_weights, 0, 1)
        half = self.half_widths[np.searchsorted(BANDS, documents, side="right") - 1]
        return rating, np.maximum(0, rating - half), np.minimum(1, rating + half)

    def shifted(self, recalibration: "Recalibration") -> "Calibration":
        """The same, with its probabilities and ratings moved as a user's labels say."""
        odds = recalibration.slope * self.probability_weights
        odds[0] += recalibration.shift
        rating = self.rating_weights.copy()
        rating[0] += recalibration.rating_shift
        return replace(self, probability_weights=odds, rating_weights=rating)


@dataclass(frozen=True, slots=True)
class Recalibration:
    """How the level of a user's own collection differs from that of the training."""

    shift: float = 0.0  # of the log-odds
    slope: float = 1.0  # of the log-odds
    rating_shift: float = 0.0
    sources: int = 0  # labelled ones behind it

    @property
    def values(self) -> tuple[float, float, float]:
        """Shift and slope of the log-odds, and shift of the rating."""
        return self.shift, self.slope, self.rating_shift

    def to_json(self) -> str:
        """As JSON; equal values give equal text."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, indent=1) + "\n"


# of a model that was fitted and not yet held against sources it has not seen
UNCALIBRATED: Final = Calibration(
    np.array([0.0, 1.0, 0.0]), np.array([0.5, 0.25, 0.0]), np.full(len(BANDS), 0.5)
)


def calibration_terms(raw: Vector, documents: Indices) -> Vector:
    """The terms 1, s and s·log n, shape (sources, 3); log n alone is a habit of collections, not of sources."""
    spread = (raw - 0.5) * 4
    logs = np.log(np.minimum(documents, COUNTED_DOCUMENTS))
    return np.array([np.ones(len(raw)), spread, spread * logs]).T


def read_recalibration(path: Path) -> Recalibration:
    """What `winnow train reliability --calibrate` wrote. Raises UsageError where it is something else."""
    try:
        values = json.loads(path.read_text(encoding="utf8"))
        shift, slope, rating = (float(values[name]) for name in ("shift", "slope", "rating_shift"))
        return Recalibration(shift, slope, rating, int(values["sources"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path}: no calibration ({error}); `winnow train reliability --calibrate` writes one"
        ) from error
