"""How good the model is on sources, and on whole collections, that its training has not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from models.reliability.model import Vector
from models.reliability.training import (
    RELIABLE_FROM,
    Articles,
    Scored,
    calibrated,
    fit_model,
    held_out_scores,
    leave_one_dataset_out,
)

FOLDS = 10
MIN_CLASS = 3  # sources of each class that a collection needs for an AUC of its own
CALIBRATION_BINS = 10
KEPT_SHARE = 0.7  # of the sources, the surest, for the accuracy where the model may abstain


@dataclass(frozen=True, slots=True)
class Judged:
    """Held-out sources with calibrated probability, rating and interval."""

    scored: Scored
    probability: Vector
    rating: Vector
    low: Vector
    high: Vector

    @property
    def is_good(self) -> Vector:
        """1 where the rating is .5 or more."""
        return (self.scored.ratings >= RELIABLE_FROM).astype(float)


def cross_validate(articles: Articles, seed: int) -> Scored:
    """Scores of all sources in `FOLDS` folds by source, their share of reliable ones kept."""
    sources, first = np.unique(articles.domains, return_index=True)
    classes = articles.ratings[first] >= RELIABLE_FROM
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(sources, classes)
    parts = []
    for train, test in folds:
        in_train, in_test = (np.flatnonzero(np.isin(articles.domains, sources[f])) for f in (train, test))
        parts.append(held_out_scores(articles, in_train, in_test, seed))
    return joined(parts)


def leave_out(articles: Articles, seed: int) -> Scored:
    """Scores of all sources by models that have not seen their collection."""
    return joined([*leave_one_dataset_out(articles, seed)])


def joined(parts: Sequence[Scored]) -> Scored:
    """The bags of several parts as one."""
    return Scored(*(np.concatenate([getattr(part, name) for part in parts]) for name in Scored.__slots__))


def judge(articles: Articles, scored: Scored, keys: np.ndarray, seed: int) -> Judged:
    """Whole sources judged by a calibration that saw no bag with their key (their source, or collection)."""
    order = np.random.default_rng(seed).permutation(np.unique(keys))
    fold_of = {key: number % FOLDS for number, key in enumerate(order)}
    fold = np.array([fold_of[key] for key in keys])
    base = fit_model(articles, np.arange(len(articles)))
    columns = np.zeros((4, len(keys)))
    for number in np.unique(fold):
        model = calibrated(base, scored.take(fold != number))
        for at in np.flatnonzero((fold == number) & scored.is_whole):
            p, rating, half = model.calibrate(scored.raw[at], int(scored.documents[at]))
            columns[:, at] = p, rating, max(0.0, rating - half), min(1.0, rating + half)
    return Judged(scored.take(scored.is_whole), *columns[:, scored.is_whole])


def auc(scored: Scored) -> float:
    """ROC AUC of the uncalibrated scores over whole sources."""
    whole = scored.take(scored.is_whole)
    return float(roc_auc_score(whole.ratings >= RELIABLE_FROM, whole.raw))


def auc_by_group(scored: Scored) -> dict[str, float]:
    """The same within each collection that has `MIN_CLASS` sources of each class."""
    found = {}
    for group in np.unique(scored.groups):
        part = scored.take((scored.groups == group) & scored.is_whole)
        good = part.ratings >= RELIABLE_FROM
        if min(good.sum(), (~good).sum()) >= MIN_CLASS:
            found[str(group)] = float(roc_auc_score(good, part.raw))
    return found


def brier(judged: Judged) -> float:
    """Mean squared error of the probabilities."""
    return float(np.mean((judged.probability - judged.is_good) ** 2))


def calibration_error(judged: Judged) -> float:
    """Expected calibration error over `CALIBRATION_BINS` equal bins of probability."""
    return float(sum(n / len(judged.probability) * abs(p - y) for n, p, y in reliability_bins(judged)))


def reliability_bins(judged: Judged) -> list[tuple[int, float, float]]:
    """For each bin that is not empty: sources, mean probability, share that is reliable."""
    place = np.minimum((judged.probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    inside = [place == number for number in range(CALIBRATION_BINS) if (place == number).any()]
    return [
        (int(mask.sum()), float(judged.probability[mask].mean()), float(judged.is_good[mask].mean()))
        for mask in inside
    ]


def coverage(judged: Judged) -> float:
    """Share of sources whose rating lies in their interval."""
    ratings = judged.scored.ratings
    return float(np.mean((ratings >= judged.low) & (ratings <= judged.high)))


def width(judged: Judged) -> float:
    """Mean width of the intervals."""
    return float(np.mean(judged.high - judged.low))


def share_reliable(judged: Judged) -> float:
    """Accuracy of calling every source reliable: what any accuracy must be read against."""
    return float(np.mean(judged.is_good))


def base_rate_brier(judged: Judged) -> float:
    """Brier score of saying the share of reliable sources of everyone, knowing that share."""
    share = share_reliable(judged)
    return share * (1 - share)


def accuracy(judged: Judged, kept: float = 1.0) -> float:
    """Share of right verdicts among the surest part of the sources."""
    surest = np.argsort(-np.abs(judged.probability - 0.5), kind="stable")[
        : max(1, int(kept * len(judged.low)))
    ]
    return float(np.mean((judged.probability[surest] >= 0.5) == (judged.is_good[surest] == 1)))


MEASURES: dict[str, Callable[[Judged], float]] = {
    "brier": brier,
    "calibration_error": calibration_error,
    "interval_coverage": coverage,
    "interval_width": width,
    "accuracy": accuracy,
    "share_reliable": share_reliable,
    "base_rate_brier": base_rate_brier,
    "accuracy_of_surest_70": lambda judged: accuracy(judged, KEPT_SHARE),
}


def evaluate(articles: Articles, seed: int) -> dict[str, float]:
    """All figures for one seed: by source (``cv``) and by collection (``left_out``)."""
    by_source, by_collection = cross_validate(articles, seed), leave_out(articles, seed)
    judged = {
        "cv": judge(articles, by_source, by_source.domains, seed),
        "left_out": judge(articles, by_collection, by_collection.groups, seed),
    }
    aucs = {
        "cv_auc_pooled": auc(by_source),
        "cv_auc_within_dataset": float(np.mean([*auc_by_group(by_source).values()])),
        "left_out_auc_mean": float(np.mean([*auc_by_group(by_collection).values()])),
    }
    return aucs | {f"{how}_{name}": of(j) for how, j in judged.items() for name, of in MEASURES.items()}
