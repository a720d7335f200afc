"""A source's card: its row of the run, the history of its scores, and what people decided about it."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from winnow.corpus.decisions.events import Event
from winnow.models.reliability.flags import FLAGS
from winnow.models.reliability.reason_groups import ReasonGroup, reason_groups
from winnow.review.desk import NotThereError
from winnow.review.history import last_events, undone_ids
from winnow.review.index import SOURCES_NUMBER
from winnow.review.queue import ratings

SHOWN_SIGNALS: Final = 8  # of those that are not scored
SHOWN_EVENTS: Final = 20
SHOWN_RUNS: Final = 12


@dataclass(frozen=True, slots=True)
class Card:
    """All that the page shows about a source."""

    row: sqlite3.Row  # of the index
    summary: str  # one sentence on what moves the model
    groups: Sequence[ReasonGroup]  # the steps from the average source to this one
    signals_seen: Sequence[Mapping[str, Any]]  # that move no score
    reason: str  # why the model does not score it
    lists: Sequence[Mapping[str, Any]]
    flags: Mapping[str, str]  # and what each means
    override: Event | None  # what counts now
    events: Sequence[Event]  # the last ones about it and its documents, newest first
    undone: frozenset[str]  # ids of those that count no more
    scores: Sequence[sqlite3.Row]  # by run, newest first


def read_card(index: sqlite3.Connection, clean: Path, source: str, at: datetime) -> Card:
    """The card of a source. Raises NotThereError."""
    row = index.execute("select * from sources where source = ?", [source]).fetchone()
    if row is None:
        raise NotThereError("no source of this run is called so")
    [table] = index.execute("select path from files where number = ?", [SOURCES_NUMBER]).fetchone()
    full = _full_row(clean / table, row)
    seen = [signal for signal in full["signals"] if not signal["contribution"]]
    events = last_events(index, "source = ?", [source], SHOWN_EVENTS)
    scores = index.execute(
        "select * from scores where source = ? order by at desc limit ?", [source, SHOWN_RUNS]
    )
    return Card(
        row,
        full.get("model_summary") or "",  # none in schema 1.2
        [*reason_groups(full)],
        seen[:SHOWN_SIGNALS],
        full["model_reason"],
        full["ratings"],
        {flag: FLAGS.get(flag, "") for flag in full["flags"]},
        ratings(index, [source], at).get(source),
        events,
        frozenset(undone_ids(index, events)),
        scores.fetchall(),
    )


def _full_row(sources: Path, row: sqlite3.Row) -> dict[str, Any]:
    """The row of `sources.parquet`, with its lists."""
    with pq.ParquetFile(sources) as file:
        table = file.read_row_group(row["row_group"]) if row["row_group"] < file.num_row_groups else None
        rows = table.slice(row["row"], 1).to_pylist() if table is not None else []
    if not rows or rows[0]["domain"] != row["source"]:
        raise NotThereError("a new run is being published; load the page again")
    return dict(rows[0])
