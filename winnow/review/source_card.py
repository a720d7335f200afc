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
from winnow.review.agreement import opinions
from winnow.review.desk import NotThereError
from winnow.review.history import last_events, undone_ids
from winnow.review.index import SOURCES_NUMBER
from winnow.review.index_rows import UNSCORED_LAST
from winnow.review.openings import TextOpening, openings
from winnow.review.outward_links import site_address
from winnow.review.queue import ratings

SHOWN_SIGNALS: Final = 8  # of those that are not scored
SHOWN_EVENTS: Final = 20
SHOWN_RUNS: Final = 12
SHOWN_NEIGHBOURS: Final = 3  # on each side


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
    is_counted: bool  # by the run already
    opinions: Mapping[str, Event]  # by person, where several have one
    events: Sequence[Event]  # the last ones about it and its documents, newest first
    undone: frozenset[str]  # ids of those that count no more
    scores: Sequence[sqlite3.Row]  # by run, newest first
    openings: Sequence[TextOpening]  # of some documents
    neighbours: Sequence[sqlite3.Row]  # sources of the nearest scores, upwards, this one among them
    neighbour_ratings: Mapping[str, Event]  # what people say of them, by source
    site: str  # address, "" for what is no site


def read_card(index: sqlite3.Connection, clean: Path, source: str, at: datetime) -> Card:
    """The card of a source. Raises NotThereError."""
    row = index.execute("select * from sources where source = ?", [source]).fetchone()
    if row is None:
        raise NotThereError("no source of this run is called so")
    [table] = index.execute("select path from files where number = ?", [SOURCES_NUMBER]).fetchone()
    full = _full_row(clean / table, row)
    seen = [signal for signal in full["signals"] if not signal["contribution"]]
    events = last_events(index, "source = ?", [source], SHOWN_EVENTS)
    neighbours = _neighbours(index, row)
    override = ratings(index, [source], at).get(source)
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
        override,
        override is not None and row["basis"] == "human" and full["reviewed_at"] == override.when,
        opinions(index, [source], at).get(source, {}),
        events,
        frozenset(undone_ids(index, events)),
        scores.fetchall(),
        openings(index, clean, source),
        neighbours,
        ratings(index, [each["source"] for each in neighbours], at),
        site_address(source),
    )


def _neighbours(index: sqlite3.Connection, row: sqlite3.Row) -> list[sqlite3.Row]:
    """A scored source among those with the nearest scores, some on each side; nothing where it has no score."""
    if row["score"] is None:
        return []

    def side(sign: str, order: str) -> list[sqlite3.Row]:
        """The nearest on one side, the nearest first."""
        statement = (
            f"select * from sources where (by_score, source) {sign} (?, ?) and by_score < ? "  # noqa: S608  # ours
            f"order by by_score {order}, source {order} limit ?"
        )
        values = [row["by_score"], row["source"], UNSCORED_LAST, SHOWN_NEIGHBOURS]
        return index.execute(statement, values).fetchall()

    return [*side("<", "desc")[::-1], row, *side(">", "asc")]


def _full_row(sources: Path, row: sqlite3.Row) -> dict[str, Any]:
    """The row of `sources.parquet`, with its lists."""
    with pq.ParquetFile(sources) as file:
        table = file.read_row_group(row["row_group"]) if row["row_group"] < file.num_row_groups else None
        rows = table.slice(row["row"], 1).to_pylist() if table is not None else []
    if not rows or rows[0]["domain"] != row["source"]:
        raise NotThereError("a new run is being published; load the page again")
    return dict(rows[0])
