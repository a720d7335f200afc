"""Figures behind the plots, from the index and the log; the page draws them as inline SVG."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from winnow.corpus.decisions.current import fold
from winnow.review.axes import Trend, read_trend, ticks
from winnow.review.history import last_events
from winnow.review.index_rows import CHANCE_BINS, bin_of
from winnow.review.queue import decided_by
from winnow.review.queue_filters import Filters

SHOWN_VALUES: Final = 10  # of labels and languages
CALIBRATED_EVENTS: Final = 1000  # the last ones; more points move the curve little and cost time
# Probability of a rating of .5 or more that a person's label stands for.
SHARES: Final = {"reliable": 1.0, "mixed": 0.5, "unreliable": 0.0}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot."""

    name: str
    value: float
    share: float  # of the axis, 0 to 1
    query: str = ""  # of the queue with what it counts
    of: int = 0  # of how many, where it is a share


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bars over one axis with ticks at round numbers."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[float, float]]  # number, and its share of the axis


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Decided sources of a bin of the model's probabilities, and the share of them that people call reliable."""

    number: int  # of the bin, from 0
    predicted: float  # mean probability
    observed: float  # mean of `SHARES`
    sources: int


@dataclass(frozen=True, slots=True)
class Plots:
    """All plots of a run."""

    progress: Sequence[tuple[str, BarPlot]]  # decided sources by label and by language
    scores: BarPlot
    removals: BarPlot
    trend: Trend
    moved: BarPlot  # sources by the change of their score since the run before
    calibration: Sequence[CalibrationBin]


def read_plots(index: sqlite3.Connection, at: datetime) -> Plots:
    """The figures of the present run, and of earlier runs that the index knows."""
    choices = fact(index, "choices")
    return Plots(
        [(name, _progress(index, name, choices[name], at)) for name in ("label", "language")],
        _bar_plot([(name, n, _query(score=key)) for key, name, n in fact(index, "scores")]),
        _bar_plot([(kind, chars, "") for kind, chars in fact(index, "removals")]),
        read_trend(index),
        _bar_plot([(name, n, _query(moved=key)) for key, name, n in fact(index, "moved")]),
        _calibration(index, at),
    )


def _progress(
    index: sqlite3.Connection, column: str, sources: Sequence[tuple[str, int]], at: datetime
) -> BarPlot:
    """The share of decided sources by a column of theirs, the most frequent values first."""
    decided = decided_by(index, column, at)
    most = sorted(sources, key=lambda each: (-each[1], each[0]))[:SHOWN_VALUES]
    bars = [
        Bar(
            value,
            decided.get(value, 0),
            decided.get(value, 0) / number,
            _query("open", **{column: value}),
            number,
        )
        for value, number in most
    ]
    return BarPlot(bars, [])


def _bar_plot(values: Sequence[tuple[str, float, str]]) -> BarPlot:
    """Bars with name, value, and the query of what they count."""
    marks = ticks(max((value for _, value, _ in values), default=0))
    bars = [Bar(name, value, value / marks[-1], query) for name, value, query in values]
    return BarPlot(bars, [(mark, mark / marks[-1]) for mark in marks])


def _query(state: str = "all", **filters: object) -> str:
    return Filters(state).query(**filters)


def fact(index: sqlite3.Connection, name: str) -> Any:
    """A figure that was taken when the index was built (see `winnow.review.run_history.figures`)."""
    return json.loads(index.execute("select value from facts where name = ?", [name]).fetchone()[0])


def _calibration(index: sqlite3.Connection, at: datetime) -> list[CalibrationBin]:
    """The model's probabilities for sources that people decided on, compared with these decisions.

    The probabilities are the model's own, whether or not a run has taken the decision instead since.
    """
    events = last_events(index, "action in ('rate_source', 'undo')", [], CALIBRATED_EVENTS)
    pairs: list[list[tuple[float, float]]] = [[] for _ in range(CHANCE_BINS)]
    for source, event in fold(events, at).overrides.items():
        row = index.execute("select probability from sources where source = ?", [source]).fetchone()
        number = bin_of(row["probability"], CHANCE_BINS) if row else None
        if number is not None and event.label in SHARES:
            pairs[number].append((row["probability"], SHARES[event.label]))
    return [_bin(number, bin_pairs) for number, bin_pairs in enumerate(pairs) if bin_pairs]


def _bin(number: int, pairs: Sequence[tuple[Any, float]]) -> CalibrationBin:
    predicted, rated = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
    return CalibrationBin(number, predicted, rated, len(pairs))
