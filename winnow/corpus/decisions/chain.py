"""The chain of a log: each event holds the hash of the one before, as a commit of git names its parent.

A changed event no longer fits its hash, and one that is missing or elsewhere breaks the link to its neighbour; a table
of one row holds how many events there are and the hash of the last, for those that are missing at the end. Only a log
that was replaced, or whose hashes were all computed anew, looks whole: it shows when its head is compared with the one
that the last run noted.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

import orjson

from winnow.corpus.decisions.events import FIELDS, Event, instant
from winnow.corpus.errors import UsageError

FIRST: Final = ""  # what the first event of a log holds in place of the hash before it
CHANGED: Final = "was changed after it was written"
MOVED: Final = "is not in the place where it was written"
AFTER_MISSING: Final = "comes after an event that is missing"
SHOWN_CHARS: Final = 60  # of a name or time in a message, which may be damaged
_values: Final = attrgetter(*FIELDS)
COLUMNS: Final = ", ".join(f'"{name}"' for name in FIELDS)  # of an event, in SQL


class DamagedLogError(UsageError):
    """A log is not as it was written; its text names the file and the place."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the log: an event, and what holds it in its place. In a damaged log any value may have any type."""

    number: int
    subject: str
    event: Event
    previous: str  # hash of the event before it
    hash: str
    is_chained: bool = True  # False in a log of version 1, which has no hashes


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a log is not as it was written."""

    link: Link
    reason: str

    def __str__(self) -> str:
        event = self.link.event
        who, when = (str(value)[:SHOWN_CHARS] for value in (event.who, event.when))
        return f"event {self.link.number} ({who}, {when}) {self.reason}"


def event_hash(previous: str, event: Event) -> str:
    """SHA-256 of an event and the hash of the one before, 64 hex digits.

    It is taken of a JSON object in UTF-8: ``previous`` and all fields but the empty texts, so that a field that a
    later version adds changes no hash; names sorted, no spaces. Raises TypeError for values of a damaged log.

    >>> event_hash("", Event("rate_source", "ada", "2026-01-31T12:00:00+00:00", source="a.example", label="mixed"))[:8]
    '912717c6'
    """
    fields = {name: value for name, value in zip(FIELDS, _values(event), strict=True) if value != ""}
    fields["previous"] = previous
    return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_unchanged(link: Link) -> bool:
    """Whether a row is as it was written; in a log without hashes, whether it can have been written so."""
    if link.subject != link.event.subject:
        return False
    if not link.is_chained:
        return _is_readable(link.event)
    try:
        return link.hash == event_hash(link.previous, link.event)
    except TypeError:
        return False


def find_breaks(links: Sequence[Link]) -> Iterator[Break]:
    """The places where a log, given from its first event on, is not as it was written."""
    hashes = {link.hash for link in links} | {FIRST}
    before, last_number = FIRST, 0
    for link in links:
        if not is_unchanged(link):
            yield Break(link, CHANGED)
        elif link.previous != before or link.number <= last_number:
            yield Break(link, MOVED if link.previous in hashes else AFTER_MISSING)
        before, last_number = link.hash, link.number


def read_links(connection: sqlite3.Connection, *, backwards: bool = False) -> Iterator[Link]:
    """The rows of a log in their order, or the other way round, whatever they hold."""
    is_chained = has_chain(connection)
    chain = "previous, hash" if is_chained else "'', ''"
    order = "desc" if backwards else "asc"
    statement = f"select number, subject, {COLUMNS}, {chain} from events order by number {order}"  # noqa: S608  # ours
    connection.text_factory = _lenient
    try:
        for row in connection.execute(statement):
            yield Link(row[0], row[1], Event(*row[2:-2]), row[-2], row[-1], is_chained)
    finally:
        connection.text_factory = str


def read_flaws(connection: sqlite3.Connection) -> tuple[list[Link], list[str]]:
    """The rows of a log, and in sentences all that shows that they are not as they were written."""
    connection.execute("begin")  # all of one moment: others may write
    links = list(read_links(connection))
    noted = _noted_end(connection) if has_chain(connection) else (len(links), FIRST)
    connection.execute("commit")
    flaws = list(map(str, find_breaks(links)))
    if noted != (len(links), head_of(links)):
        last = f"after event {links[-1].number}" if links else "from its beginning on"
        flaws.append(f"the log does not end as it was written: {last}, events are missing or too many")
    return links, flaws


def read_verified(connection: sqlite3.Connection, path: Path) -> list[Link]:
    """The rows of a log, all as they were written. Raises DamagedLogError that names the first place that is not."""
    links, flaws = read_flaws(connection)
    if flaws:
        more = f" ({len(flaws) - 1} more places)" if len(flaws) > 1 else ""
        raise DamagedLogError(f"{path}: {flaws[0]}{more}; see `winnow decisions check {path}`")
    return links


def has_chain(connection: sqlite3.Connection) -> bool:
    """Whether the events of a log have hashes; those of version 1 have none."""
    return any(row[1] == "hash" for row in connection.execute("pragma table_info(events)"))


def head_of(links: Sequence[Link]) -> str:
    """The hash of the last event of a log, which no log has that differs anywhere before it."""
    return links[-1].hash if links else FIRST


def _noted_end(connection: sqlite3.Connection) -> tuple[object, ...] | None:
    """How many events a log holds and the hash of the last, as it says of itself; None where it does not."""
    row = connection.execute("select events, hash from log_head").fetchone()
    return tuple(row) if row else None


def _lenient(content: bytes) -> str:
    """A text; bytes that are no UTF-8, which only a damaged log has, become lone surrogates, which no event has."""
    return content.decode("utf8", "surrogateescape")


def _is_readable(event: Event) -> bool:
    """Whether all values have their types, and the time is one."""
    values = [getattr(event, name) for name in FIELDS if name != "near"]
    if type(event.near) is not int or not all(isinstance(value, str) for value in values):
        return False
    try:
        instant(event.when)
    except ValueError:
        return False
    return True
