"""The queue of sources: the page after a key, neighbours, what people decided about each, and how far they are."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from winnow.corpus.decisions.current import fold, utc_day
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import read_events
from winnow.review.agreement import Opinions, disputed, opinions, shared_opinions
from winnow.review.queue_filters import DECIDED_SQL, DISPUTED_SQL, Filters

PAGE_ROWS: Final = 50  # two screens of 25 lines


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some sources in the order of the queue, and the key of the next page, "" on the last."""

    sources: Sequence[sqlite3.Row]
    overrides: Mapping[str, Event]  # what counts now, by source
    opinions: Opinions  # of several people, where they disagree
    after: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many sources of a filter people have decided on, and how many are left."""

    sources: int
    decided: int
    disputed: int

    @property
    def open(self) -> int:
        """Those that nobody has decided on."""
        return self.sources - self.decided


def queue_page(index: sqlite3.Connection, filters: Filters, after: str, at: datetime) -> QueuePage:
    """The page of the queue that begins behind the source ``after`` ("" for the first)."""
    rows = list(_select(index, filters, after, at, PAGE_ROWS + 1))
    page_rows = rows[:PAGE_ROWS]
    last = page_rows[-1]["source"] if len(rows) > PAGE_ROWS else ""
    names = [row["source"] for row in page_rows]
    said = opinions(index, names, at)
    disputes = {source: said[source] for source in disputed(said)}
    return QueuePage(page_rows, ratings(index, names, at), disputes, last)


def progress(index: sqlite3.Connection, filters: Filters, at: datetime) -> Progress:
    """The progress within some filters, whatever their state; counts along an index, and the decisions in force."""
    where = " and ".join(filters.conditions()) or "1"
    values = {**asdict(filters), "day": utc_day(at), "disputed": _disputed(index, at)}
    # The index covers every filter, which SQLite does not see where two of them are given.
    statement = f"select count(*) from sources s indexed by sources_by_rank where {where}"  # noqa: S608  # ours
    [sources] = index.execute(statement, values).fetchone()
    decided, differing = (
        index.execute(f"select count(*) from sources s where {state} and {where}", values).fetchone()[0]  # noqa: S608  # ours
        for state in (DECIDED_SQL, DISPUTED_SQL)
    )
    return Progress(sources, decided, differing)


def decided_by(index: sqlite3.Connection, column: str, at: datetime) -> dict[str, int]:
    """How many sources people have decided on, by a column of the index."""
    statement = f"select s.{column}, count(*) from sources s where {DECIDED_SQL} group by 1"  # noqa: S608  # ours
    return dict(index.execute(statement, {"day": utc_day(at)}).fetchall())


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
    """Sources behind (or before) a source, in the order of the queue.

    Reads along the index of the order, which holds all that filters ask for, and then the rows of the page alone:
    a name that nothing matches takes 30 ms over 100,000 sources, and 300 ms where each row is read.
    """
    sign, order = (">", "asc") if forward else ("<", "desc")
    column, conditions = filters.column, [*filters.conditions(), *filters.state_conditions()]
    values = _values(index, filters, at) | {"rows": rows, "after": after}
    if after:
        key = index.execute(f"select {column} from sources where source = ?", [after]).fetchone()  # noqa: S608  # ours
        conditions += [f"(s.{column}, s.source) {sign} (:key, :after)"] if key else []
        values["key"] = key[0] if key else None
    where, by = " and ".join(conditions) or "1", f"{column} {order}, s.source {order}"
    page = f"select s.source from sources s where {where} order by s.{by} limit :rows"  # noqa: S608  # ours
    statement = f"select s.* from ({page}) page join sources s on s.source = page.source order by s.{by}"  # noqa: S608  # ours
    yield from index.execute(statement, values)


def _values(index: sqlite3.Connection, filters: Filters, at: datetime) -> dict[str, object]:
    """The values of all conditions of the filters and their state."""
    more = {"disputed": _disputed(index, at)} if filters.state == "disputed" else {}
    return {**asdict(filters), "day": utc_day(at), **more}


def _disputed(index: sqlite3.Connection, at: datetime) -> str:
    """The sources on which people disagree, as a list in JSON."""
    return json.dumps(disputed(shared_opinions(index, at)))
