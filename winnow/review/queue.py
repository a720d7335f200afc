"""The queue of sources: filters, the page after a key, neighbours, and what people decided about each."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from winnow.corpus.decisions.current import IN_FORCE_SQL, fold, utc_day
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import read_events

PAGE_ROWS: Final = 50  # what a person takes in before scrolling gets long
STATES: Final = ("open", "decided", "all")
_RATED: Final = (
    "exists (select 1 from events event "  # noqa: S608  # parts are ours
    f"where event.source = s.source and event.action = 'rate_source' and {IN_FORCE_SQL})"
)
_CONDITIONS: Final = {
    "label": "s.label = :label",
    "basis": "s.basis = :basis",
    "language": "s.language = :language",
    "flag": "s.source in (select source from flags where flag = :flag)",
    "changed": "s.changed = 1",
    "begins": "s.source >= :begins and s.source < :begins || char(1114111)",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the queue, as in its URL; "" selects any."""

    state: str = STATES[0]  # open: no person has decided yet
    label: str = ""
    basis: str = ""
    language: str = ""
    flag: str = ""
    changed: str = ""  # "yes": since the run before
    begins: str = ""  # prefix of its name

    def query(self, **more: object) -> str:
        """The filters and ``more`` as a query string; empty values and the default state are left out."""
        values = {**asdict(self), **more}
        return urlencode(
            {k: v for k, v in values.items() if v not in ("", None) and (k, v) != ("state", STATES[0])}
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some sources in the order of the queue, and the key of the next page, "" on the last."""

    sources: Sequence[sqlite3.Row]
    overrides: Mapping[str, Event]  # what counts now, by source
    after: str


def queue_page(index: sqlite3.Connection, filters: Filters, after: str, at: datetime) -> QueuePage:
    """The page of the queue that begins behind the source ``after`` ("" for the first)."""
    rows = list(_select(index, filters, after, at, PAGE_ROWS + 1))
    page_rows = rows[:PAGE_ROWS]
    last = page_rows[-1]["source"] if len(rows) > PAGE_ROWS else ""
    return QueuePage(page_rows, ratings(index, [row["source"] for row in page_rows], at), last)


def matching(index: sqlite3.Connection, filters: Filters, at: datetime, most: int) -> list[sqlite3.Row]:
    """The sources of some filters, ``most`` of them at most, in the order of the queue."""
    return list(_select(index, filters, "", at, most))


def neighbour(
    index: sqlite3.Connection, filters: Filters, source: str, at: datetime, *, forward: bool = True
) -> str:
    """The next (or the previous) source of the queue, "" at its end."""
    sources = [row["source"] for row in _select(index, filters, source, at, 1, forward=forward)]
    return sources[0] if sources else ""


def ratings(index: sqlite3.Connection, sources: Sequence[str], at: datetime) -> Mapping[str, Event]:
    """The ratings in force of some sources."""
    marks = ", ".join("?" * len(sources))
    events = read_events(index, f"source in ({marks}) and action in ('rate_source', 'undo')", sources)
    return fold(events, at).overrides


def _select(
    index: sqlite3.Connection,
    filters: Filters,
    after: str,
    at: datetime,
    rows: int,
    *,
    forward: bool = True,
) -> Iterator[sqlite3.Row]:
    """Sources behind (or before) a source, in the order of the queue; reads along an index, not the whole table."""
    sign, order = (">", "asc") if forward else ("<", "desc")
    conditions = [*_conditions(filters)]
    values = {**asdict(filters), "day": utc_day(at), "rows": rows, "after": after}
    key = index.execute("select rank from sources where source = ?", [after]).fetchone() if after else None
    if key:
        conditions.append(f"(s.rank, s.source) {sign} (:rank, :after)")
        values["rank"] = key["rank"]
    where = " and ".join(conditions) or "1"
    statement = (
        f"select s.* from sources s where {where} order by s.rank {order}, s.source {order} limit :rows"  # noqa: S608  # parts are ours
    )
    yield from index.execute(statement, values)


def _conditions(filters: Filters) -> Iterable[str]:
    yield from (sql for name, sql in _CONDITIONS.items() if getattr(filters, name))
    if filters.state == "open":
        yield f"not {_RATED}"
    if filters.state == "decided":
        yield _RATED
