"""Evaluation on collections that were left out of the training."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from winnow.corpus.errors import UsageError
from winnow.training.reliability.articles import Articles
from winnow.training.reliability.evaluation import (
    JudgedSources,
    auc,
    auc_by_group,
    brier,
    calibration_error,
    coverage,
    judge,
)
from winnow.training.reliability.held_out import (
    Scored,
    collections_of_both_classes,
    held_out_scores,
    left_out_collections,
)

SEED: Final = 0  # of the forest, and of the draws of documents that the calibration sees
MIN_COLLECTIONS: Final = 2  # one to fit to, and one that the fit did not see
PRIORS: Final = (0.5, 0.6, 2 / 3, 0.75)  # shares of reliable sources that somebody might assume


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The sources of collections that were left out."""

    scored: Scored  # and draws of their documents, their names not counted
    judged: JudgedSources  # whole, their names counted, by calibrations that did not see their collection


def evaluate_left_out(articles: Articles) -> LeftOut:
    """Judge each collection by a model and a calibration that did not see it; takes a fit a collection.

    Raises UsageError without two collections that have reliable and unreliable sources.
    """
    if len([*collections_of_both_classes(articles)]) < MIN_COLLECTIONS:
        raise UsageError(
            "training needs rated articles of two collections (dataset), each with sources over and under .5"
        )
    scored = held_out_scores(articles, left_out_collections(articles, SEED), SEED)
    return LeftOut(scored, judge(scored.named, scored.groups, SEED))


def left_out_figures(left_out: LeftOut) -> dict[str, float]:
    """The figures that the card names first (`winnow.training.reliability.reliability_card.MEASURES`)."""
    scored, judged = left_out.scored.named, left_out.judged
    by_group = [*auc_by_group(scored).values()]
    return {
        **({"left_out_auc_mean": float(np.mean(by_group))} if by_group else {}),
        "left_out_auc_pooled": auc(scored),
        "left_out_brier": brier(judged),
        "left_out_calibration_error": calibration_error(judged),
        "left_out_interval_coverage": coverage(judged),
    }


def by_prior(scored: Scored, seed: int) -> Iterator[tuple[float, float, float, float]]:
    """For each of `PRIORS`: the share assumed, and Brier score, calibration error and coverage that follow."""
    for prior in PRIORS:
        judged = judge(scored, scored.groups, seed, prior=prior)
        yield prior, brier(judged), calibration_error(judged), coverage(judged)
