"""The fit of a model to rated articles: a ridge over features and wording, and a forest over features."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import norm
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.preprocessing import QuantileTransformer, normalize

from winnow.models.reliability.calibration import UNCALIBRATED
from winnow.models.reliability.rank_deviates import standardised
from winnow.models.reliability.source_model import CALIBRATIONS, ReliabilityModel
from winnow.models.reliability.wording import Terms, Wording
from winnow.models.trees import Trees
from winnow.training.reliability.articles import (
    Articles,
    Indices,
    TermCounts,
    Vector,
    averages,
    mean_features,
)
from winnow.training.reliability.ridge import ColumnBlock, Ridge, fit_ridge

GOOD_FROM: Final = 0.5  # rating
SOFTNESS: Final = 0.08  # width of the soft target around it (prototype: hand-set)
QUANTILES: Final = 100
FEATURE_SHARE: Final = 1.0
# of words, and of runs: they carry over less than features (prototype RESULTS.md)
WORDING_SHARE: Final = 0.5
RIDGE: Final = 3.0  # strength; 1.5 and 6 move the left-out AUC by .002
CASED_SHARE: Final = 0.25  # of a source's weight, for its titles in sentence case: else casing alone lifts
DATASET_POWER: Final = 0.5  # a data set counts like the square root of its size
# Of a source that one person labelled, beside one that six expert lists rate: variances add up. The model misses a
# rating by .22 (standard deviation; card), one judge by .17 (`bench/ratings.py`), one of three labels by .08 more
# (bands of `winnow.training.reliability.source_labels`): .22² / (.22² + .17² + .08²) = .58
REVIEW_WEIGHT: Final = 0.6
MIN_DATASET_SOURCES: Final = 15  # that a data set needs to count in the choice of common words
# of a data set's documents, in all of them but one: no word of one topic or year
MIN_WORD_SHARE: Final = 0.005
MIN_RUN_SOURCES: Final = 100  # that use a run, and
# of the sources that are learned from: with twice the sources, runs twice as rare add nothing (left-out Brier .1276)
MIN_RUN_SHARE: Final = 0.144
FOREST: Final = {"n_estimators": 100, "min_samples_leaf": 5, "max_features": 0.3}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model that is not yet calibrated, and its wording values of each of N articles."""

    model: ReliabilityModel
    wording: Vector  # (N, 2)

    def raw(self, features: Vector, bags: Sequence[Indices]) -> Vector:
        """The uncalibrated score of each bag of articles that have such features, (N, F)."""
        wording = averages(bags, len(self.wording)) @ self.wording
        return self.model.raw(np.concatenate([mean_features(features, bags), wording], axis=1))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms that are common enough, with every article's shares of them at unit length."""

    terms: NDArray[Any]  # (T,)
    frequencies: Vector  # (T,) inverse
    shares: Any  # (N, T) sparse


def fit_model(articles: Articles, among: Indices, seed: int) -> Fitted:
    """Fit to some of the articles: a row for a source in a collection, and one with its titles in sentence case.

    Vocabulary, frequencies and scales are of these articles alone.
    """
    units = articles.by(np.char.add(np.char.add(articles.domains, "\n"), articles.groups), among)
    quantiles, normal = _scale(mean_features(articles.features, units))
    rows = np.concatenate([mean_features(f, units) for f in (articles.features, articles.cased)])
    rows = np.where(np.isnan(rows), np.median(quantiles, axis=1), rows)
    vocabularies = (common_words(articles, among, units), common_runs(articles, among, units))
    wording = [(averages(units, len(articles)) @ v.shares).toarray() for v in vocabularies]
    target, weights = _targets(articles, units)
    blocks = [
        ColumnBlock(standardised(rows, quantiles, normal), FEATURE_SHARE),
        *(ColumnBlock(values, WORDING_SHARE, copies=2) for values in wording),
    ]
    ridge = fit_ridge(blocks, target, weights, RIDGE)
    forest = ExtraTreesRegressor(**FOREST, random_state=seed).fit(rows, target, sample_weight=weights)
    model = _model(quantiles, normal, ridge, Trees.of_forest(forest), vocabularies)
    wording_values = np.array(
        [v.shares @ weights for v, weights in zip(vocabularies, ridge.weights[1:], strict=True)]
    ).T
    usual = np.quantile(
        averages(units, len(articles)) @ wording_values, np.linspace(0, 1, len(normal)), axis=0
    )
    return Fitted(replace(model, wording_quantiles=usual.T), wording_values)


def _targets(articles: Articles, units: Sequence[Indices]) -> tuple[Vector, Vector]:
    """The soft target and the weight of each row, the weights of mean 1."""
    first = np.array([unit[0] for unit in units])
    trust = np.where(articles.reviewed[first], REVIEW_WEIGHT, 1.0)
    weights = unit_weights(articles.ratings[first], articles.groups[first], articles.domains[first], trust)
    soft = 1 / (1 + np.exp(-(articles.ratings[first] - GOOD_FROM) / SOFTNESS))
    return np.tile(soft, 2), 2 * np.concatenate([(1 - CASED_SHARE) * weights, CASED_SHARE * weights])


def _model(
    quantiles: Vector,
    normal: Vector,
    ridge: Ridge,
    trees: Trees,
    vocabularies: tuple[Vocabulary, Vocabulary],
) -> ReliabilityModel:
    words, runs = vocabularies
    _, *wording = zip(ridge.weights, ridge.centres, strict=True)
    return ReliabilityModel(
        quantiles=quantiles,
        normal=normal,
        centre=np.array([*ridge.centres[0], *(float(centre @ weights) for weights, centre in wording)]),
        weights=np.array([*ridge.weights[0], *(1.0 for _ in wording)]),
        intercept=ridge.intercept,
        trees=trees,
        wording=Wording(
            words={str(word): place for place, word in enumerate(words.terms)},
            word_terms=Terms(words.frequencies, ridge.weights[1]),
            runs=runs.terms.astype(np.int32),
            run_terms=Terms(runs.frequencies, ridge.weights[2]),
        ),
        wording_quantiles=np.zeros((len(wording), len(normal))),
        calibrations=dict.fromkeys(CALIBRATIONS, UNCALIBRATED),
    )


def unit_weights(
    ratings: Vector, groups: NDArray[np.str_], domains: NDArray[np.str_], trust: Vector
) -> Vector:
    """Weights of mean 1 that tame large collections and sources met twice; both classes weigh the same.

    ``trust`` is the weight that each rating has by itself.

    Without the last, a fit that leaves out a collection with many unreliable sources rates all sources higher
    (left-out Brier score .166 instead of .151).
    """
    table = pd.DataFrame({"group": groups, "domain": domains})
    weight = table.groupby("domain").group.transform("size").to_numpy(float) ** -0.5 * trust
    in_group = pd.Series(weight).groupby(groups).transform("sum").to_numpy(float)
    weight = weight * in_group**-DATASET_POWER
    good = ratings >= GOOD_FROM
    weight = np.where(good, weight / weight[good].sum(), weight / weight[~good].sum())
    return np.asarray(weight / weight.mean())


def common_words(articles: Articles, among: Indices, units: Sequence[Indices]) -> Vocabulary:
    """Words that all collections but one use, in more than a small share of their documents."""
    groups, domains = articles.groups[among], articles.domains[among]
    large = [g for g in np.unique(groups) if len(set(domains[groups == g])) >= MIN_DATASET_SOURCES]
    used = articles.words.counts > 0
    shares = [np.asarray(used[among[groups == group]].mean(axis=0)).ravel() for group in large]
    spread = sum((share > MIN_WORD_SHARE).astype(int) for share in shares)
    return _vocabulary(articles.words, np.flatnonzero(spread >= len(large) - 1), units)


def common_runs(articles: Articles, among: Indices, units: Sequence[Indices]) -> Vocabulary:
    """Runs that enough sources use."""
    sources = articles.by(articles.domains, among)
    uses = averages(sources, len(articles)) @ articles.runs.counts
    is_common = np.asarray((uses > 0).sum(axis=0)).ravel() >= max(
        MIN_RUN_SOURCES, MIN_RUN_SHARE * len(sources)
    )
    return _vocabulary(articles.runs, np.flatnonzero(is_common), units)


def _vocabulary(uses: TermCounts, columns: Indices, units: Sequence[Indices]) -> Vocabulary:
    counts = uses.counts[:, columns]
    counts.data = 1 + np.log(counts.data)
    sources = np.asarray(((averages(units, counts.shape[0]) @ counts) > 0).sum(axis=0)).ravel()
    frequencies = np.log((1 + len(units)) / (1 + sources)) + 1
    return Vocabulary(uses.terms[columns], frequencies, normalize(counts @ sparse.diags(frequencies)))


def _scale(means: Vector) -> tuple[Vector, Vector]:
    """Quantiles of each feature over the sources, shape (F, Q), and the normal deviates of equal quantiles."""
    filled = np.where(np.isnan(means), np.nanmedian(means, axis=0), means)
    count = min(QUANTILES, len(filled))
    quantiles = QuantileTransformer(n_quantiles=count).fit(filled).quantiles_.T.copy()
    return quantiles, norm.ppf(np.clip(np.linspace(0, 1, count), 1e-7, 1 - 1e-7))
