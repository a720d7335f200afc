"""Events for pages: the last ones, which of them were undone, and what a form has just written."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import read_events


@dataclass(frozen=True, slots=True)
class Done:
    """What a form has just written."""

    first: Event  # decided, or undone
    number: int  # of events that were decided or undone together
    is_undo: bool


def last_events(index: sqlite3.Connection, where: str, values: Sequence[object], limit: int) -> list[Event]:
    """The last events that a condition in SQL (a constant of ours) holds for, newest first."""
    newest = f"number in (select number from events where {where} order by number desc limit ?)"  # noqa: S608
    return read_events(index, newest, [*values, limit])[::-1]


def undos_of(index: sqlite3.Connection, events: Sequence[Event]) -> list[Event]:
    """The events that undo some of these, in the order of the log."""
    marks = ", ".join("?" * len(events))
    return read_events(index, f"undoes != '' and undoes in ({marks})", [event.id for event in events])


def undone_ids(index: sqlite3.Connection, events: Sequence[Event]) -> set[str]:
    """The ids of those of some events that were undone."""
    return {undo.undoes for undo in undos_of(index, events)}


def done(index: sqlite3.Connection, batch: str) -> Done | None:
    """The effect of the batch that a form has just written; None without one."""
    number = index.execute("select count(*) from events where batch = ?", [batch]).fetchone()[0]
    if not batch or not number:
        return None
    [first] = read_events(index, "number = (select min(number) from events where batch = ?)", [batch])
    undone = read_events(index, "id = ?", [first.undoes]) if first.undoes else []
    return Done(undone[0] if undone else first, number, is_undo=bool(undone))
