"""Rated articles as training units, and the fit of a model to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import QuantileTransformer

from corpus.errors import UsageError
from models.reliability.features import document_features
from models.reliability.model import ReliabilityModel, Vector, calibration_terms
from models.reliability.sums import SCORED_LANGUAGE

COLUMNS: Final = ("domain", "title", "text", "dataset", "language", "pc1")
RELIABLE_FROM: Final = 0.5  # rating
SOFTNESS: Final = 0.08  # width of the soft target around it (prototype: hand-set)
QUANTILES: Final = 100
RIDGE: Final = (
    1000.0  # of 20 to 4,000 the best left-out AUC (.808; .777 at 60, .803 at 4,000; bench/reliability.py)
)
DATASET_POWER: Final = 0.5  # a data set counts like the square root of its size
CLASS_POWER: Final = 0.5  # half of what a data set's share of reliable sources gives away is taken back
CLASS_PRIOR: Final = 2.0  # sources that each data set is taken to have besides
COVERAGE: Final = 0.8
BANDS: Final = (1, 2, 3, 5, 10, 20)  # documents from which a band of the interval begins
MIN_BAND: Final = 20  # bags; a band with fewer takes the half width of the one before
BAG_SIZES: Final = (1, 2, 3, 5, 10, 20)
HTML_PREFIX: Final = "html_"  # the raw-page sets are one collection

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Articles:
    """Rated articles of N documents: who published them, where they were collected, what they look like."""

    domains: NDArray[np.str_]  # (N,)
    groups: NDArray[np.str_]  # (N,) the collection
    ratings: Vector  # (N,) of the domain, 0 to 1
    features: Vector  # (N, F), NaN for a missing title

    def __len__(self) -> int:
        return len(self.domains)

    def bags(self, places: Sequence[Indices]) -> Vector:
        """Mean features of each bag of documents, shape (bags, F); NaN where none has a title."""
        return np.array([_mean(self.features[bag]) for bag in places])

    def by(self, keys: NDArray[np.str_], among: Indices) -> list[Indices]:
        """Places of the documents that share a key, among the given ones, by sorted key."""
        found = pd.Series(among).groupby(keys[among]).indices
        return [among[found[key]] for key in sorted(found)]


@dataclass(frozen=True, slots=True)
class Scored:
    """Uncalibrated scores of bags of documents by a model that has not seen their source."""

    domains: NDArray[np.str_]
    groups: NDArray[np.str_]
    documents: Indices
    is_whole: NDArray[np.bool_]  # all documents of the source, not a draw of them
    ratings: Vector
    raw: Vector

    def take(self, mask: NDArray[np.bool_]) -> "Scored":
        """Some of the bags."""
        return Scored(*(getattr(self, name)[mask] for name in self.__slots__))


def read_articles(path: Path) -> Articles:
    """The rated English articles of a Parquet file with `COLUMNS`. Raises UsageError where one is missing."""
    table = pd.read_parquet(path)
    if missing := sorted(set(COLUMNS) - set(table.columns)):
        raise UsageError(f"{path}: no column {missing[0]!r}; there are {', '.join(table.columns)}")
    table = table[(table.language == SCORED_LANGUAGE) & table.pc1.notna()]
    groups = ["html" if str(d).startswith(HTML_PREFIX) else str(d) for d in table.dataset]
    features = [
        document_features(title or "", text or "")
        for title, text in zip(table.title, table.text, strict=True)
    ]
    return Articles(
        table.domain.to_numpy(str), np.array(groups), table.pc1.to_numpy(float), np.array(features)
    )


def fit_model(articles: Articles, among: Indices) -> ReliabilityModel:
    """A model fitted to some of the articles, not yet calibrated: one row a source and collection."""
    units = articles.by(np.char.add(np.char.add(articles.domains, "\n"), articles.groups), among)
    means = articles.bags(units)
    first = np.array([unit[0] for unit in units])
    ratings, groups, domains = articles.ratings[first], articles.groups[first], articles.domains[first]
    filled = np.where(np.isnan(means), np.nanmedian(means, axis=0), means)
    count = min(QUANTILES, len(filled))
    ranks = QuantileTransformer(n_quantiles=count, output_distribution="normal").fit(filled)
    weights = unit_weights(ratings, groups, domains)
    unfitted = ReliabilityModel(
        quantiles=ranks.quantiles_.T.copy(),
        normal=_normal(count),
        centre=np.zeros(means.shape[1]),
        weights=np.zeros(means.shape[1]),
        intercept=0.0,
        probability_weights=np.array([0.0, 1.0, 0.0]),
        rating_weights=np.array([0.5, 0.25, 0.0]),
        bands=np.array(BANDS[:1]),
        half_widths=np.array([0.5]),
    )
    standard = unfitted.standardise(means)
    centre = np.average(standard, axis=0, weights=weights)
    target = 1 / (1 + np.exp(-(ratings - RELIABLE_FROM) / SOFTNESS))
    ridge = Ridge(alpha=RIDGE).fit(standard - centre, target, sample_weight=weights)
    return replace(unfitted, centre=centre, weights=ridge.coef_, intercept=float(ridge.intercept_))


def unit_weights(ratings: Vector, groups: NDArray[np.str_], domains: NDArray[np.str_]) -> Vector:
    """Weights of mean 1 that tame large collections, their share of reliable sources, and sources met twice."""
    table = pd.DataFrame({"good": ratings >= RELIABLE_FROM, "group": groups, "domain": domains})
    weight = table.groupby("domain").good.transform("size").to_numpy(float) ** -0.5
    in_group = pd.Series(weight).groupby(groups).transform("sum").to_numpy(float)
    weight = weight * in_group**-DATASET_POWER
    overall = table.good.mean()
    by_group = table.groupby("group").good
    share = (by_group.transform("sum") + CLASS_PRIOR * overall) / (by_group.transform("size") + CLASS_PRIOR)
    balance = np.where(table.good, overall / share, (1 - overall) / (1 - share))
    weight = weight * balance**CLASS_POWER
    return np.asarray(weight / weight.mean())


def held_out_scores(
    articles: Articles, train: Indices, test: Indices, seed: int, group: str = ""
) -> Scored:
    """Scores of all sources among ``test``, and of random draws of their documents, by a fit to ``train``."""
    model, draw = fit_model(articles, train), np.random.default_rng(seed)
    bags, whole = [], []
    for source in articles.by(articles.domains, test):
        bags += [source, *(draw.permutation(source)[:n] for n in BAG_SIZES if len(source) > n)]
        whole += [True, *(False for n in BAG_SIZES if len(source) > n)]
    first = np.array([bag[0] for bag in bags])
    return Scored(
        domains=articles.domains[first],
        groups=np.full(len(bags), group) if group else articles.groups[first],
        documents=np.array([len(bag) for bag in bags]),
        is_whole=np.array(whole),
        ratings=articles.ratings[first],
        raw=model.raw(articles.bags(bags)),
    )


def leave_one_dataset_out(articles: Articles, seed: int) -> Iterator[Scored]:
    """Scores of each collection's sources by a model that saw neither the collection nor these sources."""
    for group in np.unique(articles.groups):
        test = np.flatnonzero(articles.groups == group)
        train = np.flatnonzero(~np.isin(articles.domains, np.unique(articles.domains[test])))
        ratings = articles.ratings[test] >= RELIABLE_FROM
        if ratings.any() and not ratings.all():
            yield held_out_scores(articles, train, test, seed, str(group))


def calibrated(model: ReliabilityModel, scored: Scored) -> ReliabilityModel:
    """A model with probability, rating and interval fitted to held-out scores, each source counting once."""
    weights = 1 / pd.Series(scored.domains).groupby(scored.domains).transform("size").to_numpy(float)
    terms = calibration_terms(scored.raw, scored.documents)
    platt = LogisticRegression(C=10).fit(
        terms[:, 1:], scored.ratings >= RELIABLE_FROM, sample_weight=weights
    )
    root = np.sqrt(weights)
    rating = np.linalg.lstsq(terms * root[:, None], scored.ratings * root, rcond=None)[0]
    errors = np.abs(scored.ratings - np.clip(terms @ rating, 0, 1))
    return replace(
        model,
        probability_weights=np.array([platt.intercept_[0], *platt.coef_[0]]),
        rating_weights=rating,
        bands=np.array(BANDS),
        half_widths=conformal_half_widths(errors, scored.documents, weights),
    )


def conformal_half_widths(errors: Vector, documents: Indices, weights: Vector) -> Vector:
    """For each band of documents, the error that `COVERAGE` of the bags stay below (split conformal)."""
    widths: list[float] = []
    for low, high in zip(BANDS, (*BANDS[1:], np.inf), strict=True):
        inside = (documents >= low) & (documents < high)
        if inside.sum() < MIN_BAND and widths:
            widths.append(widths[-1])
            continue
        order = np.argsort(errors[inside])
        covered = np.cumsum(weights[inside][order])
        at = np.searchsorted(covered, COVERAGE * covered[-1] * (1 + 1 / inside.sum()))
        widths.append(float(errors[inside][order][min(at, inside.sum() - 1)]))
    return np.array(widths)


def _mean(features: Vector) -> Vector:
    """Means over documents that have a feature, without numpy's warning where none has."""
    known = ~np.isnan(features)
    counts = known.sum(axis=0)
    sums = np.where(known, features, 0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _normal(count: int) -> Vector:
    """The normal deviates of so many equal quantiles, its ends cut off where features are."""
    return np.asarray(norm.ppf(np.clip(np.linspace(0, 1, count), 1e-7, 1 - 1e-7)))
