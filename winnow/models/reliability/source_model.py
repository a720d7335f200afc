"""The model of sources: from the means of their features to the rating that experts would give."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.models.arrays import read_arrays, write_arrays
from winnow.models.ordered_sum import ordered_sum
from winnow.models.reliability.calibration import Calibration, Recalibration
from winnow.models.reliability.name_prior import NamePrior
from winnow.models.reliability.style_features import feature_names
from winnow.models.reliability.sums import SourceSums, Witness, measured_names
from winnow.models.reliability.wording import ARTIFACT, WORDING_NAMES, Wording, load_wording
from winnow.models.trees import Trees

MIN_DOCUMENTS: Final = 3  # fewer say too little (AUC .78 from one document, .83 from three; design notes)
MIN_SCORED_SHARE: Final = 0.5  # of a source's documents in English; with fewer it is not scored
MIN_TITLED_SHARE: Final = 0.5  # of the scored ones; with fewer the source is judged as one without titles
MIXED: Final = (0.3, 0.7)  # probabilities between these are no verdict
STANDARD_LIMIT: Final = 2.5  # standard deviations, beyond which a feature says no more
# of the raw score: the best pooled AUC without loss elsewhere (prototype RESULTS.md)
TREE_SHARE: Final = 0.3
TREE_SPREAD: Final = 1.25  # spread of the ridge's held-out scores over that of the trees' (the same)
STRONGEST: Final = 5  # signals shown for, and against
NAME_SIGNAL: Final = "domain_name"

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature or signal adds to a source's score; 0 for what is shown and not scored."""

    name: str
    value: float
    contribution: float
    is_more: bool = True  # than the middle one of the training sources has
    evidence: str = ""  # a passage that shows it, and the document that it stands in
    document_id: str = ""
    document: str = ""  # its URL, or the path of its raw file


@dataclass(frozen=True, slots=True)
class SourceScore:
    """The score of a source; numbers are None where it is not scored."""

    score: float | None = None  # the rating that experts would give, 0 to 1
    low: float | None = None  # 80 % interval on the same scale
    high: float | None = None
    probability: float | None = None  # calibrated P(rating >= .5)
    label: str = "unknown"
    basis: str = "none"
    contributions: tuple[Contribution, ...] = ()
    reason: str = ""  # why the model does not score it


NOT_SCORED: Final = SourceScore()


@dataclass(frozen=True, slots=True)
class ReliabilityModel:
    """A ridge over standardised features and the wording, and a forest. F features, Q quantiles."""

    quantiles: Vector  # (F, Q) of each feature over the training sources
    normal: Vector  # (Q,) the normal deviate of each quantile
    centre: Vector  # (F + 2,) mean of the standardised features and of the wording
    weights: Vector  # (F + 2,); those of the wording are 1
    intercept: float
    trees: Trees  # over the F features as they are
    wording: Wording
    titled: Calibration
    untitled: Calibration  # of sources whose documents have no titles
    names: NamePrior | None = None  # only where a user asks for it
    left_out_brier: float = 1.0  # Brier score on collections that were left out of the training
    sha256: str = ""  # of the artifact

    def score(self, sums: SourceSums, source: str = "") -> SourceScore:
        """The score of a source, or the reason why it is not scored, with its signals.

        Its name counts only where the model has a prior over names.
        """
        if reason := _reason_unscored(sums):
            return unscored(sums, reason)
        is_titled = sums.titled >= MIN_TITLED_SHARE * sums.scored
        means = (sums if is_titled else sums.without_titles()).means()
        calibration = self.titled if is_titled else self.untitled
        name = self._name(source, sums.scored)
        raw = self.raw(means[None, :]) + ordered_sum(each.contribution for each in name)
        documents = np.array([sums.scored])
        rating, low, high = calibration.ratings(raw, documents)
        probability = _rounded(calibration.probabilities(raw, documents)[0])
        return SourceScore(
            score=_rounded(rating[0]),
            low=_rounded(low[0]),
            high=_rounded(high[0]),
            probability=probability,
            label=label_of(probability),
            basis="model",
            contributions=(*self._strongest(means), *name, *_signals(sums)),
        )

    def filled(self, means: Vector) -> Vector:
        """Features of sources, a missing one taken as the middle one, shape (sources, F)."""
        features = means[:, : len(self.quantiles)]
        return np.where(np.isnan(features), np.median(self.quantiles, axis=1), features)

    def standardise(self, means: Vector) -> Vector:
        """Features on the scale of the ridge, and the wording unchanged; shape (sources, F + 2)."""
        ranks = standardised(self.filled(means), self.quantiles, self.normal)
        return np.concatenate([ranks, means[:, len(self.quantiles) :]], axis=1)

    def raw(self, means: Vector) -> Vector:
        """The uncalibrated score of each source, for means of shape (sources, F + 2)."""
        linear = self.intercept + (self.standardise(means) - self.centre) @ self.weights
        forest = 0.5 + TREE_SPREAD * (self.trees.raw_scores(self.filled(means)) - 0.5)
        return np.asarray((1 - TREE_SHARE) * linear + TREE_SHARE * forest)

    def contributions(self, means: Vector) -> Vector:
        """What each feature adds to the raw score of a source, shape (F + 2,): exact, beside a constant.

        The ridge's part is weight times distance from the mean; the trees' part is the change that each step
        down a tree makes, given to the feature that the step tests.
        """
        linear = ((self.standardise(means[None, :])[0]) - self.centre) * self.weights
        paths = self.trees.path_contributions(self.filled(means[None, :])[0])
        both = (1 - TREE_SHARE) * linear
        both[: len(paths)] += TREE_SHARE * TREE_SPREAD * paths
        return np.asarray(both)

    def _strongest(self, means: Vector) -> tuple[Contribution, ...]:
        """The features that move a score most, up to `STRONGEST` down and up, strongest first."""
        parts, names = self.contributions(means), measured_names()
        order = np.argsort(parts, kind="stable")
        extremes = {*order[:STRONGEST].tolist(), *order[::-1][:STRONGEST].tolist()}
        measured = (i for i in extremes if parts[i] and not np.isnan(means[i]))
        ranked = sorted(measured, key=lambda i: (-abs(parts[i]), names[i]))
        is_more = means > np.append(np.median(self.quantiles, axis=1), self.centre[-len(WORDING_NAMES) :])
        return tuple(
            Contribution(names[i], _rounded(means[i]), _rounded(parts[i]), bool(is_more[i])) for i in ranked
        )

    def _name(self, source: str, documents: int) -> tuple[Contribution, ...]:
        """What the name of a source adds to its score; nothing without a prior, or where it rounds to zero."""
        if self.names is None or not (added := _rounded(self.names.added(source, documents))):
            return ()
        return (Contribution(NAME_SIGNAL, _rounded(self.names.log_odds(source)), added),)

    def recalibrated(self, recalibration: Recalibration) -> "ReliabilityModel":
        """The same model at the level of a user's own collection."""
        titled, untitled = self.titled.shifted(recalibration), self.untitled.shifted(recalibration)
        return replace(self, titled=titled, untitled=untitled)


def unscored(sums: SourceSums, reason: str) -> SourceScore:
    """A source that is not scored, and why, with the signals that were found."""
    return SourceScore(contributions=_signals(sums), reason=reason)


def label_of(probability: float) -> str:
    """Reliable, unreliable, or mixed where the probability is no verdict."""
    if probability < MIXED[0]:
        return "unreliable"
    return "reliable" if probability > MIXED[1] else "mixed"


@cache
def load_model(path: Path | None = None) -> ReliabilityModel:
    """The model of an artifact, the packaged one if none is named. Nothing in it is executed."""
    values, sha256 = read_arrays(path, ARTIFACT)
    if tuple(values["features"]) != feature_names():
        raise ValueError("the reliability artifact was trained with other features; train it again")
    of_trees = {name.removeprefix("tree_"): array for name, array in values.items()}
    of_trees |= {name: of_trees[name].astype(float) for name in ("thresholds", "values")}
    return ReliabilityModel(
        **{name: values[name].astype(float) for name in ("quantiles", "normal", "centre", "weights")},
        intercept=float(values["intercept"]),
        trees=Trees.from_arrays(of_trees),
        wording=load_wording(path),
        titled=Calibration(**{name: values[f"titled_{name}"] for name in Calibration.__slots__}),
        untitled=Calibration(**{name: values[f"untitled_{name}"] for name in Calibration.__slots__}),
        names=None,
        left_out_brier=float(values["left_out_brier"]),
        sha256=sha256,
    )


def save_model(model: ReliabilityModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all."""
    trees = {f"tree_{name}": array for name, array in model.trees.arrays().items()}
    trees |= {name: trees[name].astype(np.float32) for name in ("tree_thresholds", "tree_values")}
    calibrations = {
        f"{case}_{name}": getattr(getattr(model, case), name)
        for case in ("titled", "untitled")
        for name in Calibration.__slots__
    }
    plain = {
        name: getattr(model, name)
        for name in ("normal", "centre", "weights", "intercept", "left_out_brier")
    }
    ranks = {"features": np.array(feature_names()), "quantiles": model.quantiles}
    write_arrays(path, {**ranks, **plain, **trees, **calibrations, **model.wording.arrays()})


def standardised(features: Vector, quantiles: Vector, normal: Vector) -> Vector:
    """Features, shape (sources, F), as normal deviates by rank among the training sources, within limits."""
    columns = [_rank_deviates(column, at, normal) for column, at in zip(features.T, quantiles, strict=True)]
    return np.clip(np.array(columns).T, -STANDARD_LIMIT, STANDARD_LIMIT)


def _rank_deviates(values: Vector, quantiles: Vector, normal: Vector) -> Vector:
    """Normal deviates by rank; a value that fills several quantiles gets the middle of them."""
    upper = np.interp(values, quantiles, normal)
    lower = -np.interp(-values, -quantiles[::-1], -normal[::-1])
    return np.asarray((upper + lower) / 2)


def _reason_unscored(sums: SourceSums) -> str:
    """Why a source cannot be scored, "" if it can."""
    if sums.scored < MIN_DOCUMENTS:
        return f"{sums.scored} of {sums.documents} originals in English, and a score takes {MIN_DOCUMENTS}"
    if sums.scored < MIN_SCORED_SHARE * sums.documents:
        return (
            f"only {sums.scored} of {sums.documents} originals in English, and a score takes half of them"
        )
    return ""


def _signals(sums: SourceSums) -> tuple[Contribution, ...]:
    """The signals of a source, most frequent first; value is the share of documents that show it."""
    ranked = sorted(sums.signals.items(), key=lambda item: (-item[1].documents, item[0]))
    return tuple(
        _signal_contribution(name, count.documents / sums.documents, count.witness)
        for name, count in ranked
    )


def _signal_contribution(name: str, share: float, witness: Witness) -> Contribution:
    evidence, document_id = witness.evidence, witness.document_id
    return Contribution(name, _rounded(share), 0.0, evidence=evidence, document_id=document_id)


def _rounded(value: float) -> float:
    return round(float(value), 4)
