"""The fit of a calibration to held-out scores, and of a recalibration to a user's own labels."""

from typing import Final

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from winnow.models.reliability.calibration import (
    BANDS,
    Calibration,
    Indices,
    Recalibration,
    Vector,
    calibration_terms,
)
from winnow.training.reliability.held_out import Scored

# Assumed share of reliable sources in a collection that nobody has labelled: between .63 of the 9,729 rated domains
# of Lin et al. 2023 and .70 of those whose articles are here
RELIABLE_PRIOR: Final = 2 / 3
DATASET_POWER: Final = 0.5  # a collection counts like the square root of its size
PLATT_C: Final = 10.0  # inverse strength of the L2 penalty
COVERAGE: Final = 0.8
MIN_BAND: Final = 20  # whole sources
SHIFT_SD: Final = 1.5  # of log-odds: how far collections differ in level (bench/reliability.py)
SLOPE_SD: Final = 0.3
RATING_SOURCES: Final = 5  # labelled sources that weigh as much as having none when the rating is shifted
NEWTON_STEPS: Final = 25


def fit_calibration(scored: Scored, raw: Vector, prior: float = RELIABLE_PRIOR) -> Calibration:
    """Probability, rating and interval fitted to held-out scores; ``prior`` is the assumed share of reliable sources.

    The share of reliable sources is not taken from the collections: it is a habit of theirs, and a collection
    that is left out takes its share with it (left-out Brier score .181 with the share as it is, .166 without).
    """
    weights = bag_weights(scored, prior)
    terms = calibration_terms(raw, scored.documents)
    platt = LogisticRegression(C=PLATT_C).fit(terms[:, 1:], scored.is_good, sample_weight=weights)
    root = np.sqrt(weights)
    rating = np.linalg.lstsq(terms * root[:, None], scored.ratings * root, rcond=None)[0]
    errors = np.abs(scored.ratings - np.clip(terms @ rating, 0, 1))
    whole = scored.is_whole
    return Calibration(
        probability_weights=np.array([platt.intercept_[0], *platt.coef_[0]]),
        rating_weights=np.asarray(rating, dtype=np.float64),
        half_widths=conformal_half_widths(errors[whole], scored.documents[whole]),
    )


def bag_weights(scored: Scored, prior: float) -> Vector:
    """Weights of bags: a source counts once, a collection by its root, the reliable ones ``prior`` of all."""
    source = pd.Series(np.char.add(np.char.add(scored.domains, "\n"), scored.groups))
    weights = 1 / source.groupby(source).transform("size").to_numpy(float)
    in_group = pd.Series(weights).groupby(scored.groups).transform("sum").to_numpy(float)
    weights = weights * in_group**-DATASET_POWER
    good = scored.is_good
    share = np.where(good, prior / weights[good].sum(), (1 - prior) / weights[~good].sum())
    return np.asarray(weights * share * source.nunique())


def conformal_half_widths(errors: Vector, documents: Indices) -> Vector:
    """For each band of documents, the error that `COVERAGE` of whole sources stay below (split conformal).

    Of whole sources, each alike, because those are what a width is said of: weighted like the fits, or with draws
    of large sources among them, bands covered .76 to .87 of left-out sources instead of .80 to .82. A band of few
    takes the width of all.
    """
    inside = [
        (documents >= low) & (documents < high)
        for low, high in zip(BANDS, (*BANDS[1:], np.inf), strict=True)
    ]
    return np.array([_half_width(errors[band] if band.sum() >= MIN_BAND else errors) for band in inside])


def _half_width(errors: Vector) -> float:
    """The error that `COVERAGE` of a sample stay below, and one more like them."""
    place = int(np.ceil(COVERAGE * (len(errors) + 1))) - 1
    return float(np.sort(errors)[min(place, len(errors) - 1)])


def fit_recalibration(
    probabilities: Vector, ratings: Vector, is_good: Vector, rated: Vector
) -> Recalibration:
    """The shift and slope that fit a model to labelled sources of one collection.

    ``is_good`` are their labels, 1 or 0; ``rated`` their ratings, NaN where only the label is known. Few labels
    move little: shift and slope of the log-odds have a normal prior, and the rating's shift is shrunken.
    """
    odds = np.log(probabilities / (1 - probabilities))
    terms = np.array([np.ones(len(odds)), odds]).T
    prior, precision = np.array([0.0, 1.0]), np.diag([SHIFT_SD**-2, SLOPE_SD**-2])
    estimate = prior.copy()
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-terms @ estimate))
        gradient = terms.T @ (predicted - is_good) + precision @ (estimate - prior)
        curvature = (terms * (predicted * (1 - predicted))[:, None]).T @ terms + precision
        estimate = estimate - np.linalg.solve(curvature, gradient)
    has_rating = ~np.isnan(rated)
    rating_shift = float((rated - ratings)[has_rating].sum() / (has_rating.sum() + RATING_SOURCES))
    return Recalibration(float(estimate[0]), max(0.0, float(estimate[1])), rating_shift, len(odds))
