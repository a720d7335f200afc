"""Train the prior over names of domains: python -m winnow.training.reliability.train_names DOMAINS [ARTIFACT]."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from winnow.corpus.domains import is_registered, registered_domain
from winnow.corpus.errors import UsageError
from winnow.models.arrays import write_arrays
from winnow.models.hashes import ARTIFACTS
from winnow.models.reliability.imitation import NameGuard
from winnow.models.reliability.name_prior import NamePrior, name_pieces
from winnow.training.reliability.fit_reliability import GOOD_FROM

ARTIFACT: Final = ARTIFACTS / "name_prior.npz"
MIN_DOMAINS: Final = 20  # that share a piece, or it is not learned: no piece tells a name
STRENGTH: Final = 0.03  # inverse, of the L2 penalty; .01 and .1 move the held-out AUC of .733 by .003
STEPS: Final = 300
WELL_RATED: Final = 0.7  # rating from which a name is worth imitating; the guard knows 2,129 of them
FOLDS: Final = 10

Vector = NDArray[np.float64]


def train(domains: Path, artifact: Path = ARTIFACT, *, others: Sequence[Path] = ()) -> Path:
    """Train from a Parquet file of rated domains (columns ``domain`` and ``pc1``) and write the artifact.

    ``others`` are texts with a domain a line: sites whose names nobody else may use, whatever the table says of them.
    Equal data give equal bytes. Raises UsageError where a column is missing, where ratings are not on both
    sides of .5, and where no piece of a name is common enough.
    """
    ratings = read_ratings(domains)
    good = ratings.to_numpy() >= GOOD_FROM
    if good.all() or not good.any():
        raise UsageError(f"{domains}: a prior takes rated domains (pc1) over and under {GOOD_FROM}")
    prior = fit_prior(ratings)
    if not prior.pieces:
        raise UsageError(f"{domains}: no piece of a name is that of {MIN_DOMAINS} rated domains")
    guard = prior.guard.with_sites(domain for path in others for domain in read_sites(path))
    write_arrays(artifact, replace(prior, guard=guard).arrays())
    return artifact


def read_sites(path: Path) -> list[str]:
    """The registered domains of a text with one a line; ``#`` begins a comment. Raises UsageError for another line."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf8").splitlines())
    sites = [line for line in lines if line]
    for site in sites:
        if not is_registered(site):
            raise UsageError(f"{path}: {site!r} is no registered domain")
    return sites


def fit_prior(ratings: pd.Series) -> NamePrior:
    """The prior, with its guard, that ratings by registered domain give."""
    names = ratings.index.to_numpy(str)
    good = ratings.to_numpy() >= GOOD_FROM
    guard = NameGuard.of(names[ratings.to_numpy() >= WELL_RATED], names[good])
    return replace(fit_names(names.tolist(), good), guard=guard)


def unseen_priors(ratings: pd.Series) -> list[tuple[NamePrior, pd.Series]]:
    """`FOLDS` priors, each with the ratings that it did not see."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(ratings, ratings >= GOOD_FROM)
    return [(fit_prior(ratings.iloc[train]), ratings.iloc[test]) for train, test in folds]


def unseen_odds(ratings: pd.Series) -> Mapping[str, float]:
    """The log-odds that count of each rated domain, by a prior and a guard that did not see it; about 1 minute."""
    return {
        domain: prior.counted_odds(domain)
        for prior, unseen in unseen_priors(ratings)
        for domain in unseen.index
    }


def read_ratings(path: Path) -> pd.Series:
    """The mean rating of each registered domain of a Parquet file, sorted by name."""
    table = pd.read_parquet(path)
    if missing := sorted({"domain", "pc1"} - set(table.columns)):
        raise UsageError(f"{path}: no column {missing[0]!r}; there are {', '.join(table.columns)}")
    rated = table.dropna(subset=["domain", "pc1"])
    ratings = rated.pc1.groupby(rated.domain.map(registered_domain)).mean()
    return ratings[ratings.index != ""].sort_index()


def fit_names(domains: Sequence[str], good: NDArray[np.bool_]) -> NamePrior:
    """The prior that some registered domains give, ``good`` those rated .5 or more."""
    pieces_of_names = [name_pieces(domain) for domain in domains]
    counts = Counter(chain.from_iterable(pieces_of_names))
    pieces = sorted(piece for piece, number in counts.items() if number >= MIN_DOMAINS)
    if not pieces:
        return NamePrior({}, 0.0)
    uses = _piece_matrix(pieces_of_names, pieces)
    fit = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(uses, good)
    weights = fit.coef_[0].astype(np.float32).astype(float)  # as the artifact keeps them
    return NamePrior(dict(zip(pieces, weights.tolist(), strict=True)), float((uses @ weights).mean()))


def _piece_matrix(pieces_of_names: Sequence[frozenset[str]], pieces: Sequence[str]) -> sparse.csr_matrix:
    """Which names have which pieces, shape (names, pieces)."""
    place = {piece: number for number, piece in enumerate(pieces)}
    rows = [sorted(place[piece] for piece in name if piece in place) for name in pieces_of_names]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), np.int64, starts[-1])
    return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), len(pieces)))


if __name__ == "__main__":
    print(train(*map(Path, sys.argv[1:3])))
