"""The model: means of a source's features to the rating that experts would give it, from plain arrays."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.arrays import read_arrays, write_arrays
from models.reliability.features import feature_names
from models.reliability.sums import SourceSums, Witness, is_of_title

ARTIFACT: Final = "artifacts/reliability.npz"
MIN_DOCUMENTS: Final = 3  # fewer say too little (AUC .78 from one document, .83 from three; design notes)
MIN_SCORED_SHARE: Final = 0.5  # of a source's documents in English; with fewer it is not scored
MIN_TITLED_SHARE: Final = (
    0.5  # of the scored ones; without titles `reliable` is right 70 % of the time, base rate 68 %
)
MIXED: Final = (0.3, 0.7)  # probabilities between these are no verdict
STANDARD_LIMIT: Final = 2.5  # standard deviations, beyond which a feature says no more
COUNTED_DOCUMENTS: Final = 30  # beyond which more documents make a score no surer
STRONGEST: Final = 5  # signals shown for, and against

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature or signal adds to a source's score; 0 for what is shown and not scored."""

    name: str
    value: float
    contribution: float
    evidence: str = ""
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class SourceScore:
    """What is known of a source; numbers are None where it is not scored."""

    score: float | None = None  # the rating that experts would give, 0 to 1
    low: float | None = None  # 80 % interval on the same scale
    high: float | None = None
    probability: float | None = None  # calibrated P(rating >= .5)
    label: str = "unknown"
    basis: str = "none"
    contributions: tuple[Contribution, ...] = ()


NOT_SCORED: Final = SourceScore()


@dataclass(frozen=True, slots=True)
class ReliabilityModel:
    """A ridge over standardised features, with its calibration. F features, Q quantiles, B bands of documents."""

    quantiles: Vector  # (F, Q) of each feature over the training sources
    normal: Vector  # (Q,) the normal deviate of each quantile
    centre: Vector  # (F,) mean of the standardised features
    weights: Vector  # (F,)
    intercept: float
    probability_weights: Vector  # (3,) of 1, s, s·log n
    rating_weights: Vector  # (3,) the same, for the rating
    bands: Vector  # (B,) documents from which each half width holds
    half_widths: Vector  # (B,) of the 80 % interval of the rating
    sha256: str = ""  # of the artifact

    def score(self, sums: SourceSums) -> SourceScore:
        """Score a source, or say with its signals that there is not enough to go by."""
        if sums.scored < MIN_DOCUMENTS or sums.scored < MIN_SCORED_SHARE * sums.documents:
            return unscored(sums)
        standard = self.standardise(sums.means()[None, :])[0]
        parts = (standard - self.centre) * self.weights
        probability, rating, half = self.calibrate(self.intercept + float(parts.sum()), sums.scored)
        return SourceScore(
            score=_rounded(rating),
            low=_rounded(max(0.0, rating - half)),
            high=_rounded(min(1.0, rating + half)),
            probability=_rounded(probability),
            label=_without_titles(sums, label_of(probability)),
            basis="model",
            contributions=(*_strongest(sums.means(), parts), *_signals(sums)),
        )

    def standardise(self, means: Vector) -> Vector:
        """Features as normal deviates by rank among the training sources, shape (sources, F).

        A missing feature is taken as the middle one.
        """
        columns = [
            _ranked(np.where(np.isnan(column), np.median(at), column), at, self.normal)
            for column, at in zip(means.T, self.quantiles, strict=True)
        ]
        return np.asarray(np.clip(np.array(columns).T, -STANDARD_LIMIT, STANDARD_LIMIT))

    def raw(self, means: Vector) -> Vector:
        """The uncalibrated score of each source, for means of shape (sources, F)."""
        return np.asarray(self.intercept + (self.standardise(means) - self.centre) @ self.weights)

    def calibrate(self, raw: float, documents: int) -> tuple[float, float, float]:
        """Probability that the rating is .5 or more, the rating, and half the width of its interval."""
        terms = calibration_terms(np.array([raw]), np.array([documents]))[0]
        probability = 1 / (1 + np.exp(-terms @ self.probability_weights))
        rating = float(np.clip(terms @ self.rating_weights, 0, 1))
        band = int(np.searchsorted(self.bands, documents, side="right")) - 1
        return float(probability), rating, float(self.half_widths[band])


def _without_titles(sums: SourceSums, label: str) -> str:
    """A label, but no `reliable` for a source most of whose documents have no title: there it means nothing."""
    return "mixed" if label == "reliable" and sums.titled < MIN_TITLED_SHARE * sums.scored else label


def unscored(sums: SourceSums) -> SourceScore:
    """A source that is not scored, with the signals that were found."""
    return SourceScore(contributions=_signals(sums))


def _ranked(values: Vector, quantiles: Vector, normal: Vector) -> Vector:
    """Normal deviates by rank; a value that fills several quantiles gets the middle of them."""
    upper = np.interp(values, quantiles, normal)
    lower = -np.interp(-values, -quantiles[::-1], -normal[::-1])
    return np.asarray((upper + lower) / 2)


def label_of(probability: float) -> str:
    """Reliable, unreliable, or mixed where the probability is no verdict."""
    if probability < MIXED[0]:
        return "unreliable"
    return "reliable" if probability > MIXED[1] else "mixed"


def calibration_terms(raw: Vector, documents: NDArray[np.int64]) -> Vector:
    """The terms 1, s and s·log n, shape (sources, 3); log n alone is a habit of collections, not of sources."""
    spread = (raw - 0.5) * 4
    logs = np.log(np.minimum(documents, COUNTED_DOCUMENTS))
    return np.array([np.ones(len(raw)), spread, spread * logs]).T


@cache
def load_model(path: Path | None = None) -> ReliabilityModel:
    """The model of an artifact, the packaged one if none is named. Nothing in it is executed."""
    values, sha256 = read_arrays(path, ARTIFACT)
    if tuple(values.pop("features")) != feature_names():
        raise ValueError("the reliability artifact was trained with other features; train it again")
    intercept = float(values.pop("intercept"))
    return ReliabilityModel(**values, intercept=intercept, sha256=sha256)


def save_model(model: ReliabilityModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all."""
    arrays = {name: getattr(model, name) for name in model.__slots__ if name != "sha256"}
    write_arrays(path, {"features": np.array(feature_names()), **arrays})


def _strongest(means: Vector, parts: Vector) -> tuple[Contribution, ...]:
    """The features that move a score most, up to `STRONGEST` down and up, strongest first."""
    order = np.argsort(parts, kind="stable")
    chosen = {*order[:STRONGEST].tolist(), *order[::-1][:STRONGEST].tolist()}
    names = feature_names()
    known = (i for i in chosen if parts[i] and not (is_of_title(names[i]) and np.isnan(means[i])))
    ranked = sorted(known, key=lambda i: (-abs(parts[i]), names[i]))
    return tuple(Contribution(names[i], _rounded(means[i]), _rounded(parts[i])) for i in ranked)


def _signals(sums: SourceSums) -> tuple[Contribution, ...]:
    """The signals of a source, most frequent first; value is the share of documents that show it."""
    ranked = sorted(sums.signals.items(), key=lambda item: (-item[1].documents, item[0]))
    return tuple(_shown(name, count.documents / sums.documents, count.witness) for name, count in ranked)


def _shown(name: str, share: float, witness: Witness) -> Contribution:
    return Contribution(name, _rounded(share), 0.0, witness.evidence, witness.document_id)


def _rounded(value: float) -> float:
    return round(float(value), 4)
