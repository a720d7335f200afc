"""Drift: the sources whose scores moved since the last run by more than their uncertainty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.pipeline.sources.scores import ScoredSource, reliability_columns

DIGITS: Final = 4  # scores are rounded to these, and stored as 32-bit floats


@dataclass(frozen=True, slots=True)
class SourceSnapshot:
    """How a run saw a source."""

    score: float | None
    low: float | None
    high: float | None
    label: str
    basis: str

    def holds(self, score: float) -> bool:
        """Whether a score lies in the interval; where there is none, any does."""
        return self.low is None or self.high is None or self.low <= score <= self.high


@dataclass(frozen=True, slots=True)
class Drift:
    """A source that moved: its new score lies outside its old 80 % interval, or the old one outside the new."""

    domain: str
    before: SourceSnapshot
    now: SourceSnapshot


def last_snapshots(table: Path) -> dict[str, SourceSnapshot]:
    """How the last run saw each source, from its ``sources.parquet``; empty without a table that can be read."""
    try:
        rows = pq.read_table(table).to_pylist() if table.is_file() else []
    except pa.ArrowInvalid:  # cut off or overwritten by hand: a run must not fail for it
        return {}
    return {row["domain"]: _snapshot(row) for row in rows if "reliability_basis" in row}


def find_drift(last: Mapping[str, SourceSnapshot], sources: Iterable[ScoredSource]) -> list[Drift]:
    """The sources that moved, the furthest first; those that only one of the runs scored are left out."""
    in_both = (source for source in sources if source.key in last)
    return moves_between(
        last, {source.key: _snapshot(reliability_columns(source.score)) for source in in_both}
    )


def moves_between(before: Mapping[str, SourceSnapshot], now: Mapping[str, SourceSnapshot]) -> list[Drift]:
    """The sources that moved between any two runs, given the snapshots of all their sources."""
    moves = [
        Drift(domain, before[domain], snapshot) for domain, snapshot in now.items() if domain in before
    ]
    return sorted((m for m in moves if _is_apart(m.before, m.now)), key=lambda m: (-_distance(m), m.domain))


def scored_in_both(last: Mapping[str, SourceSnapshot], sources: Iterable[ScoredSource]) -> int:
    """How many sources have a score now and had one in the last run: those that can have moved."""
    return sum(
        source.score.score is not None and source.key in last and last[source.key].score is not None
        for source in sources
    )


def _is_apart(before: SourceSnapshot, now: SourceSnapshot) -> bool:
    if before.score is None or now.score is None:
        return False
    return not (before.holds(now.score) and now.holds(before.score))


def _distance(move: Drift) -> float:
    return abs((move.now.score or 0.0) - (move.before.score or 0.0))


def _snapshot(row: Mapping[str, Any]) -> SourceSnapshot:
    score, low, high = (_rounded(row[f"reliability_{name}"]) for name in ("score", "low", "high"))
    return SourceSnapshot(score, low, high, row["reliability_label"], row["reliability_basis"])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
