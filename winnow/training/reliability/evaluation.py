"""Figures of the model on sources, and on whole collections, that its training has not seen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from winnow.training.reliability.articles import Articles, Indices, Vector
from winnow.training.reliability.fit_calibration import RELIABLE_PRIOR, fit_calibration, fit_recalibration
from winnow.training.reliability.held_out import (
    FOLDS,
    Scored,
    held_out_scores,
    left_out_collections,
    source_folds,
)

MIN_CLASS: Final = 3  # sources of each class that a collection needs for an AUC of its own
MANY_DOCUMENTS: Final = 10
DOCUMENT_BANDS: Final = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 10**9))
CALIBRATION_BINS: Final = 10
KEPT_SHARE: Final = 0.7  # of the sources, the surest, for the accuracy where the model may abstain
LABELS: Final = 30  # sources of a collection that a user is taken to have labelled
LABEL_DRAWS: Final = 20
MIN_LABELLED: Final = 50  # sources of a collection from which so many labels leave enough to judge by


@dataclass(frozen=True, slots=True)
class JudgedSources:
    """Held-out sources with calibrated probability, rating and interval."""

    scored: Scored
    probability: Vector
    rating: Vector
    low: Vector
    high: Vector

    def take(self, which: NDArray[np.bool_]) -> "JudgedSources":
        """Some of the sources."""
        columns = (self.probability, self.rating, self.low, self.high)
        return JudgedSources(self.scored.take(which), *(column[which] for column in columns))


def judge(
    scored: Scored,
    keys: NDArray[np.str_],
    seed: int,
    *,
    titled: bool = True,
    prior: float = RELIABLE_PRIOR,
    draws: bool = False,
) -> JudgedSources:
    """Whole sources judged by a calibration that saw no bag with their key (their source, or collection).

    With ``draws``, the draws of their documents are judged instead.
    """
    raw = scored.raw if titled else scored.raw_untitled
    fold = _folds(keys, seed)
    columns = np.zeros((4, len(keys)))
    for number in np.unique(fold):
        calibration = fit_calibration(scored.take(fold != number), raw[fold != number], prior)
        at = fold == number
        columns[0, at] = calibration.probabilities(raw[at], scored.documents[at])
        columns[1:, at] = calibration.ratings(raw[at], scored.documents[at])
    wanted = scored.is_whole != draws
    return JudgedSources(scored.take(wanted), *columns[:, wanted])


def _folds(keys: NDArray[np.str_], seed: int) -> Indices:
    """The fold of each bag, equal keys together; few keys, such as collections, get a fold each."""
    order = np.random.default_rng(seed).permutation(np.unique(keys))
    folds = FOLDS if len(order) > 2 * FOLDS else len(order)
    fold_of = {key: place % folds for place, key in enumerate(order)}
    return np.array([fold_of[key] for key in keys])


def auc(scored: Scored) -> float:
    """ROC AUC of the uncalibrated scores over whole sources."""
    whole = scored.whole
    return float(roc_auc_score(whole.is_good, whole.raw))


def auc_by_group(scored: Scored, *, titled: bool = True) -> dict[str, float]:
    """ROC AUC within each collection that has `MIN_CLASS` sources of each class."""
    aucs, whole = {}, scored.whole
    for group in np.unique(whole.groups):
        part = whole.take(whole.groups == group)
        if min(part.is_good.sum(), (~part.is_good).sum()) >= MIN_CLASS:
            aucs[str(group)] = float(roc_auc_score(part.is_good, part.raw if titled else part.raw_untitled))
    return aucs


def brier(judged: JudgedSources) -> float:
    """Mean squared error of the probabilities."""
    return float(np.mean((judged.probability - judged.scored.is_good) ** 2))


def calibration_error(judged: JudgedSources) -> float:
    """Expected calibration error over `CALIBRATION_BINS` equal bins of probability."""
    return float(sum(n / len(judged.probability) * abs(p - y) for n, p, y in reliability_bins(judged)))


def reliability_bins(judged: JudgedSources) -> list[tuple[int, float, float]]:
    """For each bin that is not empty: sources, mean probability, share that is reliable."""
    place = np.minimum((judged.probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    inside = [place == number for number in range(CALIBRATION_BINS) if (place == number).any()]
    good = judged.scored.is_good
    return [
        (int(mask.sum()), float(judged.probability[mask].mean()), float(good[mask].mean()))
        for mask in inside
    ]


def coverage(judged: JudgedSources) -> float:
    """Share of sources whose rating lies in their interval."""
    ratings = judged.scored.ratings
    return float(np.mean((ratings >= judged.low) & (ratings <= judged.high)))


def accuracy(judged: JudgedSources, share: float = 1.0) -> float:
    """Share of right verdicts among the surest part of the sources."""
    sure = np.argsort(-np.abs(judged.probability - 0.5), kind="stable")[
        : max(1, int(share * len(judged.low)))
    ]
    return float(np.mean((judged.probability[sure] >= 0.5) == judged.scored.is_good[sure]))


MEASURES: Final[Mapping[str, Callable[[JudgedSources], float]]] = MappingProxyType(
    {
        "brier": brier,
        "calibration_error": calibration_error,
        "interval_coverage": coverage,
        "interval_width": lambda judged: float(np.mean(judged.high - judged.low)),
        "accuracy": accuracy,
        "accuracy_of_surest_70": lambda judged: accuracy(judged, KEPT_SHARE),
        "share_reliable": lambda judged: float(np.mean(judged.scored.is_good)),
        "base_rate_brier": lambda judged: float(np.var(judged.scored.is_good)),
    }
)


def evaluate(articles: Articles, seed: int) -> tuple[dict[str, float], JudgedSources, Scored]:
    """All figures for one seed, by source (``cv``) and by collection (``left_out``), and the latter's sources and bags.

    Names count but where a figure is called ``plain``.
    """
    by_source = held_out_scores(articles, source_folds(articles, seed), seed).named
    plain = held_out_scores(articles, left_out_collections(articles, seed), seed)
    by_collection, groups = plain.named, plain.groups
    judged = {
        "cv": judge(by_source, by_source.domains, seed),
        "left_out": judge(by_collection, groups, seed),
        "plain_left_out": judge(plain, groups, seed),
        "drawn_left_out": judge(by_collection, groups, seed, draws=True),
        "untitled_left_out": judge(by_collection, groups, seed, titled=False),
    }
    figures = {f"{how}_{name}": of(j) for how, j in judged.items() for name, of in MEASURES.items()}
    figures |= {f"{how}_{name}": value for how, j in judged.items() for name, value in _by_band(j)}
    figures |= _aucs(by_source, by_collection, plain)
    return figures | recalibrated(judged["left_out"], seed), judged["left_out"], by_collection


def _by_band(judged: JudgedSources) -> Iterator[tuple[str, float]]:
    """Coverage, Brier score and its gain over saying `RELIABLE_PRIOR` of all, by the number of documents."""
    documents, good = judged.scored.documents, judged.scored.is_good
    for low, high in DOCUMENT_BANDS:
        band = (documents >= low) & (documents <= high)
        if band.any():
            part = judged.take(band)
            yield f"coverage_{low}", coverage(part)
            yield f"brier_{low}", brier(part)
            yield f"brier_gain_{low}", float(np.mean((RELIABLE_PRIOR - good[band]) ** 2)) - brier(part)


def _aucs(by_source: Scored, by_collection: Scored, plain: Scored) -> dict[str, float]:
    many = by_collection.take(by_collection.documents >= MANY_DOCUMENTS)
    return {
        "cv_auc_pooled": auc(by_source),
        "cv_auc_within_dataset": float(np.mean([*auc_by_group(by_source).values()])),
        "left_out_auc_mean": float(np.mean([*auc_by_group(by_collection).values()])),
        "left_out_auc_pooled": auc(by_collection),
        "left_out_auc_many_documents": auc(many),
        "plain_left_out_auc_mean": float(np.mean([*auc_by_group(plain).values()])),
        "plain_left_out_auc_pooled": auc(plain),
        "untitled_left_out_auc_mean": float(np.mean([*auc_by_group(by_collection, titled=False).values()])),
    }


def recalibrated(judged: JudgedSources, seed: int) -> dict[str, float]:
    """Brier score of the other sources of a left-out collection once `LABELS` of its sources are labelled."""
    draw, groups = np.random.default_rng(seed), judged.scored.groups
    errors: dict[str, list[float]] = {"before": [], "after": []}
    for group in np.unique(groups):
        inside = np.flatnonzero(groups == group)
        if len(inside) >= MIN_LABELLED:
            for _ in range(LABEL_DRAWS):
                mixed = draw.permutation(inside)
                before, after = _labelled_errors(judged, mixed[:LABELS], mixed[LABELS:])
                errors["before"] += before.tolist()
                errors["after"] += after.tolist()
    return {f"labelled_brier_{when}": float(np.mean(values)) for when, values in errors.items()}


def _labelled_errors(judged: JudgedSources, labelled: Indices, others: Indices) -> tuple[Vector, Vector]:
    """Squared errors of the others' probabilities without the labels, and with them."""
    good, p = judged.scored.is_good.astype(float), judged.probability
    recalibration = fit_recalibration(
        p[labelled], judged.rating[labelled], good[labelled], judged.scored.ratings[labelled]
    )
    odds = recalibration.shift + recalibration.slope * np.log(p[others] / (1 - p[others]))
    return (p[others] - good[others]) ** 2, (1 / (1 + np.exp(-odds)) - good[others]) ** 2
