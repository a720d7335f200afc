"""Figures behind the plots, from the index and the log; the page draws them as inline SVG."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from winnow.corpus.decisions.current import fold
from winnow.review.history import last_events
from winnow.review.index_rows import CHANCE_BINS, bin_of
from winnow.review.queue_filters import Filters

SHOWN_RUNS: Final = 8
CALIBRATED_EVENTS: Final = 1000  # the last ones; more points move the curve little and cost time
# Probability of a rating of .5 or more that a person's label stands for.
SHARES: Final = {"reliable": 1.0, "mixed": 0.5, "unreliable": 0.0}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot."""

    name: str
    value: float
    share: float  # of the longest, 0 to 1
    query: str = ""  # of the queue with what it counts


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Sources of a bin of probabilities, and the share of them that people call reliable."""

    low: float
    high: float
    predicted: float  # mean probability
    observed: float  # mean of `SHARES`
    sources: int


@dataclass(frozen=True, slots=True)
class Plots:
    """All plots of a run."""

    scores: Sequence[Bar]
    removals: Sequence[Bar]
    runs: Sequence[tuple[str, str, Sequence[Bar]]]  # run, when it was first seen here, documents by label
    moved: Sequence[Bar]  # sources by the change of their score since the run before
    calibration: Sequence[CalibrationBin]


def read_plots(index: sqlite3.Connection, at: datetime) -> Plots:
    """The figures of the present run, and of earlier runs that the index knows."""
    removals = bars(fact(index, "removals"))
    scores = _linked_bars(fact(index, "scores"), "score")
    moved = _linked_bars(fact(index, "moved"), "moved")
    runs = index.execute("select * from runs order by at desc limit ?", [SHOWN_RUNS]).fetchall()[::-1]
    drift = [(r["run_id"], r["at"], bars(sorted(json.loads(r["counts"]).items()))) for r in runs]
    return Plots(scores, removals, drift, moved, _calibration(index, at))


def bars(values: Sequence[tuple[str, float]]) -> list[Bar]:
    """Bars with their share of the longest."""
    most = max((value for _, value in values), default=0) or 1
    return [Bar(name, value, value / most) for name, value in values]


def _linked_bars(values: Sequence[tuple[int, str, int]], filter_name: str) -> list[Bar]:
    """Bars that lead to the queue of the sources that they count."""
    queries = [Filters("all").query(**{filter_name: key}) for key, _, _ in values]
    plain = bars([(name, value) for _, name, value in values])
    return [replace(bar, query=query) for bar, query in zip(plain, queries, strict=True)]


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
    return CalibrationBin(number / CHANCE_BINS, (number + 1) / CHANCE_BINS, predicted, rated, len(pairs))
