"""Shares of a run that must not be missed, as `--fail-under` gives them, and what is said of one that is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from winnow.corpus.errors import UsageError

# Threshold: whether the share must be so high at least (else so low at most), and what is counted
THRESHOLDS: Final = {
    "kept": (True, "inputs were kept"),
    "quarantine": (False, "inputs went to quarantine"),
    "drift": (False, "sources with a score in this run and the last moved"),
}
FORM: Final = "give NAME=SHARE, a share from 0 to 1, such as kept=.6"


@dataclass(frozen=True, slots=True)
class RunShare:
    """A share of a run beside its threshold."""

    name: str  # of `THRESHOLDS`
    limit: float
    part: int
    whole: int

    @property
    def share(self) -> float:
        """The share, 0 to 1; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def is_missed(self) -> bool:
        """Whether the share is on the wrong side of its threshold; on it, it is not."""
        return self.share < self.limit if THRESHOLDS[self.name][0] else self.share > self.limit

    def __str__(self) -> str:
        """The share, its threshold, and by how much it is missed.

        >>> str(RunShare("kept", 0.6, 520, 1000))
        'kept=0.6: 520 of 1,000 inputs were kept, a share of 0.52, which is 0.08 too little'
        """
        is_least, counted = THRESHOLDS[self.name]
        told = f"{self.name}={self.limit:g}: {self.part:,} of {self.whole:,} {counted}, a share of {self.share:.3g}"
        distance = f"{abs(self.share - self.limit):.3g} too {'little' if is_least else 'much'}"
        return f"{told}, which is {distance}" if self.is_missed else told

    def to_json(self) -> dict[str, Any]:
        """The share as plain values."""
        return asdict(self) | {"share": round(self.share, 6), "missed": self.is_missed}


def read_thresholds(values: Iterable[str]) -> dict[str, float]:
    """Thresholds by name, of texts like ``kept=.6 quarantine=.01``. Raises UsageError for anything else.

    >>> read_thresholds(["kept=.6,drift=.1"])
    {'kept': 0.6, 'drift': 0.1}
    """
    pairs = [pair.partition("=") for value in values for pair in value.replace(",", " ").split()]
    return {name: _share(name, share) for name, _, share in pairs}


def check_thresholds(thresholds: Mapping[str, float]) -> None:
    """Raise UsageError for a name that is no threshold's, or a share that is none."""
    for name, share in thresholds.items():
        if name not in THRESHOLDS:
            raise UsageError(f"--fail-under {name}={share:g}: there are: {', '.join(THRESHOLDS)}")
        if not (math.isfinite(share) and 0 <= share <= 1):
            raise UsageError(f"--fail-under {name}={share:g}: {FORM}")


def run_shares(
    thresholds: Mapping[str, float],
    kept: int,
    quarantined: int,
    inputs: int,
    moved: int = 0,
    scored: int = 0,
) -> tuple[RunShare, ...]:
    """The shares of a run that have a threshold; ``scored`` sources have a score in it and in the run before."""
    counts = {"kept": (kept, inputs), "quarantine": (quarantined, inputs), "drift": (moved, scored)}
    return tuple(
        RunShare(name, thresholds[name], *counts[name]) for name in THRESHOLDS if name in thresholds
    )


def _share(name: str, share: str) -> float:
    try:
        return float(share)
    except ValueError as error:
        raise UsageError(f"--fail-under {name}={share}: {FORM}") from error
