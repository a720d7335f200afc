"""The model of sources: from the means of their features to the rating that experts would give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.domains import is_registered
from winnow.models.arrays import read_arrays, write_arrays
from winnow.models.reliability.calibration import SHOWN_RANGE, Calibration, Recalibration
from winnow.models.reliability.meanings import feature_meanings
from winnow.models.reliability.name_prior import NamePrior
from winnow.models.reliability.rank_deviates import standardised
from winnow.models.reliability.reasons import in_units, steps_of
from winnow.models.reliability.signal_shares import signal_shares, unscored
from winnow.models.reliability.source_score import NAME_SIGNAL, Contribution, SourceScore, label_of
from winnow.models.reliability.style_features import feature_names
from winnow.models.reliability.sums import SourceSums, measured_names
from winnow.models.reliability.wording import ARTIFACT, Wording, load_wording
from winnow.models.trees import Trees

MIN_DOCUMENTS: Final = 1
# With fewer a score is marked as one on little evidence: cut down to one or two documents, large sources keep to their
# interval a little less often (card).
ENOUGH_DOCUMENTS: Final = 3
MIN_SCORED_SHARE: Final = 0.5  # of a source's documents in English; with fewer it is not scored
MIN_TITLED_SHARE: Final = 0.5  # of the scored ones; with fewer the source is judged as one without titles
# of the raw score: the best pooled AUC without loss elsewhere (prototype RESULTS.md)
TREE_SHARE: Final = 0.3
TREE_SPREAD: Final = 1.25  # spread of the ridge's held-out scores over that of the trees' (the same)
STRONGEST: Final = 8  # signals shown for, and against
MIN_DIFFERENCE: Final = 0.05  # of the larger of a rate and the usual one, below which it is no reason

TITLED, UNTITLED = "titled", "untitled"
NAMED: Final = "_named"
CALIBRATIONS: Final = tuple(f"{titles}{names}" for titles in (TITLED, UNTITLED) for names in ("", NAMED))

Vector = NDArray[np.float64]


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
    wording_quantiles: Vector  # (2, Q) of the wording
    calibrations: Mapping[str, Calibration]  # by `CALIBRATIONS`: with titles or without, and with names
    names: NamePrior | None = None  # unless a user turns it off
    left_out_brier: float = 1.0  # Brier score on collections that were left out of the training
    sha256: str = ""  # of the artifact

    def score(self, sums: SourceSums, source: str = "") -> SourceScore:
        """The score of a source, or the reason why it is not scored, with its signals.

        Its name counts only where the model has a prior over names, and it is a registered domain: a folder has no
        name that its owner chose, and a subdomain that is a source of its own is not judged by its parent's.
        """
        if reason := _reason_unscored(sums):
            return unscored(sums, reason)
        is_titled = sums.titled >= MIN_TITLED_SHARE * sums.scored
        means = (sums if is_titled else sums.without_titles()).means()
        is_named = self.names is not None and is_registered(source)
        name_points = self.names.added(source, sums.scored) if self.names else 0.0
        calibration = self.calibrations[(TITLED if is_titled else UNTITLED) + (NAMED if is_named else "")]
        slope, parts = calibration.slope(sums.scored), self.contributions(means)
        raw, documents = self.raw(means[None, :]) + name_points, np.array([sums.scored])
        rating, *ends = (_shown(each[0]) for each in calibration.ratings(raw, documents))
        probability = _shown(calibration.probabilities(raw, documents)[0])
        base = float(
            calibration.ratings(raw - parts[~np.isnan(means)].sum() - name_points, documents)[0][0]
        )
        return SourceScore(
            score=rating,
            low=ends[0],
            high=ends[1],
            probability=probability,
            label=label_of(probability),
            basis="model",
            contributions=(
                *self._strongest(means, parts, slope),
                *self._name(source, name_points, slope),
                *signal_shares(sums),
            ),
            steps=steps_of(base, _points(means, parts * slope, name_points * slope), rating),
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

    def _strongest(self, means: Vector, parts: Vector, slope: float) -> tuple[Contribution, ...]:
        """The features that move a score most, up to `STRONGEST` down and up, strongest first."""
        names, usual = measured_names(), self._usual()
        order = np.argsort(parts, kind="stable")
        extremes = {*order[:STRONGEST].tolist(), *order[::-1][:STRONGEST].tolist()}
        measured = (
            i
            for i in extremes
            if parts[i] and not np.isnan(means[i]) and self._differs(i, means[i], usual[i])
        )
        ranked = sorted(measured, key=lambda i: (-abs(parts[i]), names[i]))
        return tuple(
            Contribution(
                names[i],
                _rounded(means[i]),
                _rounded(parts[i]),
                bool(means[i] > usual[i]),
                points=_rounded(parts[i] * slope),
                rate=self._rate(i, means[i]),
                usual=self._rate(i, usual[i]),
            )
            for i in ranked
        )

    def _differs(self, place: int, value: float, usual: float) -> bool:
        """Whether a reader sees a difference between two values of a measure."""
        rates = (self._rate(place, value), self._rate(place, usual))
        return abs(rates[0] - rates[1]) >= MIN_DIFFERENCE * max(rates)

    def _rate(self, place: int, value: float) -> float:
        """The value of a measure in its unit; of the wording, the per cent of training sources that lie below."""
        of_wording = place - len(self.quantiles)
        if of_wording < 0:
            return _rounded(in_units(measured_names()[place], value))
        column = self.wording_quantiles[of_wording]
        return _rounded(100 * np.interp(value, column, np.linspace(0, 1, len(column))))

    def likeness(self, source: str) -> str:
        """The kind in which a source's name imitates a well-rated one, "" for none and without a prior."""
        return self.names.guard.likeness(source) if self.names and is_registered(source) else ""

    def _usual(self) -> Vector:
        """Each feature of the training sources on average; of the wording, whose rate is a rank, the middle one's."""
        return np.append(self.quantiles.mean(axis=1), np.median(self.wording_quantiles, axis=1))

    def _name(self, source: str, added: float, slope: float) -> Iterator[Contribution]:
        """What the name of a source adds to its score, and what it imitates; nothing where that rounds to zero."""
        if self.names and _rounded(added):
            odds = _rounded(self.names.counted_odds(source))
            yield Contribution(NAME_SIGNAL, odds, _rounded(added), points=_rounded(added * slope))

    def recalibrated(self, recalibration: Recalibration) -> "ReliabilityModel":
        """The same model at the level of a user's own collection."""
        shifted = {name: each.shifted(recalibration) for name, each in self.calibrations.items()}
        return replace(self, calibrations=shifted)


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
        wording_quantiles=values["wording_quantiles"].astype(float),
        calibrations={
            case: Calibration(**{name: values[f"{case}_{name}"] for name in Calibration.__slots__})
            for case in CALIBRATIONS
        },
        names=None,
        left_out_brier=float(values["left_out_brier"]),
        sha256=sha256,
    )


def save_model(model: ReliabilityModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all."""
    trees = {f"tree_{name}": array for name, array in model.trees.arrays().items()}
    trees |= {name: trees[name].astype(np.float32) for name in ("tree_thresholds", "tree_values")}
    calibrations = {
        f"{case}_{name}": getattr(calibration, name)
        for case, calibration in model.calibrations.items()
        for name in Calibration.__slots__
    }
    plain = {
        name: getattr(model, name)
        for name in ("normal", "centre", "weights", "intercept", "left_out_brier", "wording_quantiles")
    }
    ranks = {"features": np.array(feature_names()), "quantiles": model.quantiles}
    write_arrays(path, {**ranks, **plain, **trees, **calibrations, **model.wording.arrays()})


def _reason_unscored(sums: SourceSums) -> str:
    """Why a source cannot be scored, "" if it can."""
    if sums.scored < MIN_DOCUMENTS:
        return f"{sums.scored} of {sums.documents} originals in English, and a score takes {MIN_DOCUMENTS}"
    if sums.scored < MIN_SCORED_SHARE * sums.documents:
        return (
            f"only {sums.scored} of {sums.documents} originals in English, and a score takes half of them"
        )
    return ""


def _points(means: Vector, points: Vector, name_points: float) -> Iterator[tuple[str, float]]:
    """The group of each measured feature, and of the name, with what it adds to the rating."""
    meanings = feature_meanings()
    for name, mean, added in zip(measured_names(), means, points.tolist(), strict=True):
        if not np.isnan(mean):
            yield meanings[name].group, added
    if name_points:
        yield "name", name_points


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _shown(value: float) -> float:
    return _rounded(np.clip(value, *SHOWN_RANGE))
