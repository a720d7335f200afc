"""Rated articles to train and measure with: their features, and the counts of words and runs in each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from winnow.corpus.domains import registered_domain
from winnow.corpus.errors import UsageError
from winnow.models.reliability.document_tokens import Tokens, read_tokens
from winnow.models.reliability.style_features import document_features, feature_names
from winnow.models.reliability.sums import SCORED_LANGUAGE, is_of_title
from winnow.models.reliability.wording import plain_words, runs
from winnow.training.reliability.attacks import sentence_cased

COLUMNS: Final = ("domain", "title", "text", "dataset", "language", "pc1")
HTML_PREFIX: Final = "html_"  # the raw-page sets are one collection
MIN_WORD_SOURCES: Final = 12  # that use a word; rarer words are not counted
MIN_RUN_SOURCES: Final = 100  # likewise of a run

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each of N documents uses each of T terms."""

    terms: NDArray[Any]  # (T,) words, or runs; sorted
    counts: Any  # (N, T) sparse


@dataclass(frozen=True, slots=True)
class Articles:
    """N rated articles with their sources, collections, features and counts of terms."""

    domains: NDArray[np.str_]  # (N,)
    owners: NDArray[np.str_]  # (N,) registered domains: what must not be on both sides of a split
    groups: NDArray[np.str_]  # (N,) the collection
    ratings: Vector  # (N,) of the domain, 0 to 1
    reviewed: NDArray[np.bool_]  # (N,) whether the rating is a person's decision, not the experts'
    name_odds: Vector  # (N,) log-odds of the source's name by a prior that has not seen it, 0 for none
    features: Vector  # (N, F), NaN for a missing title
    cased: Vector  # (N, F) the same with titles in sentence case
    words: TermCounts
    runs: TermCounts

    def __len__(self) -> int:
        return len(self.domains)

    def by(self, keys: NDArray[np.str_], among: Indices) -> list[Indices]:
        """Places of the documents that share a key, among the given ones, by sorted key."""
        places = pd.Series(among).groupby(keys[among]).indices
        return [among[places[key]] for key in sorted(places)]

    def take(self, mask: NDArray[np.bool_]) -> "Articles":
        """Some of the articles, the terms of all."""
        arrays = {
            f.name: getattr(self, f.name)[mask] for f in fields(self) if f.name not in ("words", "runs")
        }
        words, runs = (TermCounts(uses.terms, uses.counts[mask]) for uses in (self.words, self.runs))
        return Articles(**arrays, words=words, runs=runs)


def read_tables(paths: Iterable[Path]) -> pd.DataFrame:
    """The rated English articles of several files, one after the other."""
    return pd.concat([read_table(path) for path in paths], ignore_index=True)


def read_table(path: Path) -> pd.DataFrame:
    """The rated English articles of a Parquet file with `COLUMNS`, none ``reviewed``.

    Raises UsageError where a column is missing.
    """
    table = pd.read_parquet(path)
    if missing := sorted(set(COLUMNS) - set(table.columns)):
        raise UsageError(f"{path}: no column {missing[0]!r}; there are {', '.join(table.columns)}")
    rated = table[(table.language == SCORED_LANGUAGE) & table.pc1.notna()]
    return rated.fillna({"title": "", "text": ""}).assign(reviewed=False)


def featurised(table: pd.DataFrame, names: Mapping[str, float] = MappingProxyType({})) -> Articles:
    """Rated articles of a table as `read_table` gives it; about 4 ms an article.

    ``names`` are log-odds by registered domain, of priors that have not seen it.
    """
    texts = [read_tokens(text) for text in table.text]
    domains = table.domain.to_numpy(str)
    return Articles(
        domains=domains,
        owners=np.array([registered_domain(domain) or domain for domain in domains]),
        groups=np.array(["html" if d.startswith(HTML_PREFIX) else d for d in table.dataset]),
        ratings=table.pc1.to_numpy(float),
        reviewed=table.reviewed.to_numpy(bool),
        name_odds=np.array([names.get(domain, 0.0) for domain in domains]),
        features=features_of(table.title, texts),
        cased=features_of(map(sentence_cased, table.title), texts),
        words=_term_counts([plain_words(text) for text in texts], domains, MIN_WORD_SOURCES),
        runs=_term_counts([Counter(runs(text).tolist()) for text in texts], domains, MIN_RUN_SOURCES),
    )


def features_of(titles: Iterable[str], texts: Sequence[Tokens]) -> Vector:
    """Features of documents, shape (N, F)."""
    return np.array([document_features(t, text) for t, text in zip(titles, texts, strict=True)])


def mean_features(features: Vector, bags: Sequence[Indices]) -> Vector:
    """Mean features of each bag of documents, shape (bags, F); NaN where no document has one."""
    has_value = ~np.isnan(features)
    sums = averages(bags, len(features)) @ np.where(has_value, features, 0)
    shares = averages(bags, len(features)) @ has_value.astype(float)
    return np.where(shares > 0, sums / np.where(shares > 0, shares, 1), np.nan)


def averages(bags: Sequence[Indices], documents: int) -> Any:
    """The sparse matrix that takes means over bags, shape (bags, documents)."""
    sizes = [len(bag) for bag in bags]
    values, starts = np.repeat(1 / np.array(sizes), sizes), np.cumsum([0, *sizes])
    return sparse.csr_matrix((values, np.concatenate(bags), starts), shape=(len(bags), documents))


def without_titles(articles: Articles) -> Articles:
    """The same articles as if none had a title."""
    titles = [is_of_title(name) for name in feature_names()]
    return replace(articles, features=np.where(titles, np.nan, articles.features))


def _term_counts(counts: Sequence[Counter[Any]], domains: NDArray[np.str_], min_sources: int) -> TermCounts:
    """Counts of the terms that at least ``min_sources`` sources use."""
    sources = Counter(
        chain.from_iterable(
            set().union(*(counts[at] for at in places))
            for places in pd.Series(range(len(domains))).groupby(domains).indices.values()
        )
    )
    terms = sorted(term for term, number in sources.items() if number >= min_sources)
    column = {term: place for place, term in enumerate(terms)}
    used = [[(column[t], n) for t, n in count.items() if t in column] for count in counts]
    starts = np.cumsum([0, *(len(pairs) for pairs in used)])
    flat = np.array([*chain.from_iterable(used)], dtype=np.int64).reshape(-1, 2)
    shape = (len(counts), len(terms))
    return TermCounts(
        np.array(terms), sparse.csr_matrix((flat[:, 1].astype(float), flat[:, 0], starts), shape=shape)
    )
