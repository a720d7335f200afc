"""Scores of sources by models that have seen neither them nor, if it is left out, their collection."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from winnow.models.reliability.name_prior import faded
from winnow.training.reliability.articles import Articles, Indices, Vector, without_titles
from winnow.training.reliability.fit_reliability import GOOD_FROM, Fitted, fit_model

FOLDS: Final = 10
BAG_SIZES: Final = (1, 2, 3, 5, 10, 20)  # of the draws of a source's documents


@dataclass(frozen=True, slots=True)
class Scored:
    """Uncalibrated scores of B bags of documents by a model that has not seen their source."""

    domains: NDArray[np.str_]
    groups: NDArray[np.str_]
    documents: Indices
    is_whole: NDArray[np.bool_]  # all documents of the source, not a draw of them
    ratings: Vector
    raw: Vector
    raw_untitled: Vector  # as if no document had a title
    name_odds: Vector  # log-odds of their names by a prior that has not seen them

    def take(self, which: NDArray[np.bool_] | Indices) -> "Scored":
        """Some of the bags, by a mask or in an order."""
        return Scored(*(getattr(self, name)[which] for name in self.__slots__))

    @property
    def named(self) -> "Scored":
        """The same, the names of the sources counted in their scores."""
        added = faded(self.name_odds, self.documents)
        return replace(self, raw=self.raw + added, raw_untitled=self.raw_untitled + added)

    @property
    def whole(self) -> "Scored":
        """The bags that are all of a source."""
        return self.take(self.is_whole)

    @property
    def is_good(self) -> NDArray[np.bool_]:
        """Whether the rating is .5 or more."""
        return self.ratings >= GOOD_FROM


@dataclass(frozen=True, slots=True)
class Split:
    """A model and the articles that it has not seen."""

    fitted: Fitted
    unseen: Indices
    group: str = ""  # the collection that was left out


def source_folds(articles: Articles, seed: int) -> Iterator[Split]:
    """`FOLDS` folds by registered domain, their share of reliable sources kept."""
    owners, first = np.unique(articles.owners, return_index=True)
    classes = articles.ratings[first] >= GOOD_FROM
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(owners, classes)
    for train, test in folds:
        learned, unseen = (np.flatnonzero(np.isin(articles.owners, owners[fold])) for fold in (train, test))
        yield Split(fit_model(articles, learned, seed), unseen)


def left_out_collections(articles: Articles, seed: int) -> Iterator[Split]:
    """Each collection of both classes, with a model that saw neither it nor the sources that occur in it.

    People's decisions are trained on and not evaluated on: the figures are about the experts' ratings.
    """
    for group, unseen in collections_of_both_classes(articles):
        learned = np.flatnonzero(~np.isin(articles.owners, np.unique(articles.owners[unseen])))
        yield Split(fit_model(articles, learned, seed), unseen, group)


def collections_of_both_classes(articles: Articles) -> Iterator[tuple[str, Indices]]:
    """Each collection in which experts rate sources on both sides of .5, with its articles."""
    for group in np.unique(articles.groups):
        inside = np.flatnonzero((articles.groups == group) & ~articles.reviewed)
        good = articles.ratings[inside] >= GOOD_FROM
        if good.any() and not good.all():
            yield str(group), inside


def held_out_scores(articles: Articles, splits: Iterable[Split], seed: int) -> Scored:
    """Scores of all unseen sources, and of random draws of their documents."""
    bare = without_titles(articles)
    return joined([_split_scores(articles, bare, split, seed) for split in splits])


def _split_scores(articles: Articles, bare: Articles, split: Split, seed: int) -> Scored:
    draw = np.random.default_rng(seed)
    bags, whole = [], []
    for source in articles.by(articles.domains, split.unseen):
        sizes = [size for size in BAG_SIZES if len(source) > size]
        bags += [source, *(draw.permutation(source)[:size] for size in sizes)]
        whole += [True, *(False for _ in sizes)]
    first = np.array([bag[0] for bag in bags])
    return Scored(
        domains=articles.domains[first],
        groups=np.full(len(bags), split.group) if split.group else articles.groups[first],
        documents=np.array([len(bag) for bag in bags]),
        is_whole=np.array(whole),
        ratings=articles.ratings[first],
        raw=split.fitted.raw(articles.features, bags),
        raw_untitled=split.fitted.raw(bare.features, bags),
        name_odds=articles.name_odds[first],
    )


def joined(parts: Sequence[Scored]) -> Scored:
    """The bags of several parts as one."""
    return Scored(*(np.concatenate([getattr(part, name) for part in parts]) for name in Scored.__slots__))
