"""A prior of a source's rating from the name of its domain, without any document; a user can turn it off.

It judges by name. It knows pieces of names that many rated domains share, and no name; what imitates the name of a
well-rated site gains nothing by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.domains import is_registered
from winnow.models.arrays import Arrays, packed_words, read_arrays, unpacked_words
from winnow.models.ordered_sum import ordered_sum
from winnow.models.reliability.imitation import NO_GUARD, NameGuard

ARTIFACT: Final = "artifacts/name_prior.npz"
PIECE_CHARS: Final = (2, 5)  # of the pieces of a name, its ends counted
# What a log-odds of 1 adds to a raw score before there are documents: by the calibration a log-odds of about 1, for
# a name has no more to say than it says by itself. Documents that halve it are learned
# (winnow/models/cards/name_prior.md).
WEIGHT: Final = 0.15
FADING: Final = 20
MOST: Final = 1.0  # log-odds that a name may add: it bounds what a name that somebody chose can do

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NamePrior:
    """Pieces of names, with what each adds to the log-odds of a rating of .5 or more."""

    pieces: Mapping[str, float]
    centre: float  # their sum for a rated domain, on average
    guard: NameGuard = NO_GUARD

    def log_odds(self, domain: str) -> float:
        """Log-odds by the name of a registered domain, 0 for an average name."""
        pieces = sorted(name_pieces(domain))
        return ordered_sum(self.pieces.get(piece, 0.0) for piece in pieces) - self.centre

    def counted_odds(self, domain: str) -> float:
        """The log-odds that count: `MOST` at most, and none in favour of a name that imitates a well-rated one."""
        odds = self.log_odds(domain)
        return min(odds, 0.0 if odds > 0 and self.guard.likeness(domain) else MOST)

    def added(self, source: str, documents: int) -> float:
        """What the name of a source adds to its raw score; it fades as documents come in.

        0 where the source is no registered domain: a folder has no name that its owner chose, and a subdomain
        that is a source of its own is not to be judged by its parent's.
        """
        if not is_registered(source):
            return 0.0
        return float(faded(np.array(self.counted_odds(source)), np.array(documents)))

    def arrays(self) -> Arrays:
        """As arrays for an artifact."""
        return {
            "pieces": packed_words(self.pieces),
            "weights": np.array([*self.pieces.values()], dtype=np.float32),
            "centre": np.array(self.centre),
            **self.guard.arrays(),
        }


def faded(odds: Vector, documents: Indices, weight: float = WEIGHT, fading: int = FADING) -> Vector:
    """What the log-odds of names add to the raw scores of sources, by their numbers of documents."""
    return np.asarray(weight * fading / (fading + documents) * odds)


def name_pieces(domain: str) -> frozenset[str]:
    """The runs of `PIECE_CHARS` characters of a name between its ends.

    >>> sorted(name_pieces("ab.c"))
    ['.c', '.c$', '^a', '^ab', '^ab.', '^ab.c', 'ab', 'ab.', 'ab.c', 'ab.c$', 'b.', 'b.c', 'b.c$', 'c$']
    """
    name, (least, most) = f"^{domain}$", PIECE_CHARS
    return frozenset(
        name[at : at + size] for size in range(least, most + 1) for at in range(len(name) - size + 1)
    )


@cache
def load_name_prior(path: Path | None = None) -> NamePrior:
    """The prior of an artifact, the packaged one if none is named."""
    arrays, _ = read_arrays(path, ARTIFACT)
    weights = arrays["weights"].astype(float).tolist()
    return NamePrior(
        dict(zip(unpacked_words(arrays["pieces"]), weights, strict=True)),
        float(arrays["centre"]),
        NameGuard.from_arrays(arrays),
    )
