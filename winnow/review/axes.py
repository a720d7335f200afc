"""Axes of plots: round numbers at which they have ticks, and the trend of labels over runs as lines of an SVG."""

import json
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_STEPS: Final = 4  # of an axis
ROUND: Final = (1, 2, 5, 10)  # steps of an axis, times a power of ten
SHOWN_RUNS: Final = 30
LABELS: Final = ("reliable", "mixed", "unreliable", "unknown")  # lines of the trend
# Of the trend's drawing, in its own units: all of it, and the box between its axes.
DRAWING_WIDTH: Final = 460
LEFT, RIGHT, TOP, BOTTOM = 40, 360, 10, 170
LABEL_ROOM: Final = 15  # between names of lines, so that they do not run into each other


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The share of a label in the documents of each run."""

    label: str
    points: str  # as an SVG has them
    end: float  # height of its last point
    words_at: float  # height of its name
    share: float  # in the last run


@dataclass(frozen=True, slots=True)
class Trend:
    """Labels of documents, run by run, the oldest first."""

    runs: Sequence[tuple[str, str, Sequence[tuple[str, int, float]]]]  # id, time; label, documents, share
    lines: Sequence[TrendLine]


def ticks(most: float) -> list[float]:
    """Round numbers from 0 to the first that is not below ``most``, five at most.

    >>> ticks(7), ticks(412), ticks(0)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 200.0, 400.0, 600.0], [0.0, 1.0])
    """
    if most <= 1:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(most / MOST_STEPS))
    step = max(1.0, next(power * each for each in ROUND if most <= power * each * MOST_STEPS))
    return [step * n for n in range(math.ceil(most / step) + 1)]


def read_trend(index: sqlite3.Connection) -> Trend:
    """The trend over the last runs that the index knows."""
    rows = index.execute("select * from runs order by at desc limit ?", [SHOWN_RUNS]).fetchall()[::-1]
    runs = [(row["run_id"], row["at"], _shares(json.loads(row["counts"]))) for row in rows]
    shares = {
        label: [share for _, _, each in runs for name, _, share in each if name == label]
        for label in LABELS
    }
    return Trend(runs, _lines(shares) if len(runs) > 1 else [])


def _shares(counts: dict[str, int]) -> list[tuple[str, int, float]]:
    total = sum(counts.values()) or 1
    return [(label, counts.get(label, 0), counts.get(label, 0) / total) for label in LABELS]


def _lines(shares: dict[str, list[float]]) -> list[TrendLine]:
    """Lines from left to right, their names moved apart from the top."""
    ends = sorted((BOTTOM - values[-1] * (BOTTOM - TOP), label) for label, values in shares.items())
    at, names = -math.inf, dict[str, float]()
    for end, label in ends:
        at = names[label] = max(end, at + LABEL_ROOM)
    return [
        TrendLine(label, _points(values), end, names[label], values[-1])
        for end, label in ends
        for values in [shares[label]]
    ]


def _points(values: Sequence[float]) -> str:
    step = (RIGHT - LEFT) / (len(values) - 1)
    return " ".join(
        f"{LEFT + n * step:.1f},{BOTTOM - share * (BOTTOM - TOP):.1f}" for n, share in enumerate(values)
    )
