"""The log: one SQLite file that only grows. An event that `append_events` gave back survives any crash."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from winnow.corpus.decisions.chain import COLUMNS, FIRST, DamagedLogError, event_hash
from winnow.corpus.decisions.events import FIELDS, Event, checked, instant
from winnow.corpus.decisions.log_schema import check_schema, migrate
from winnow.corpus.errors import UsageError, WinnowError

NAME: Final = "decisions.db"  # beside raw/ and clean/
BUSY_SECONDS: Final = 10.0  # to wait for another writer; one holds the file for milliseconds
# What SQLite raises over a file; the second where its message quotes damaged bytes.
FILE_ERRORS: Final = (sqlite3.DatabaseError, UnicodeDecodeError)
# SQLite's errors about the content of a file.
PRIMARY_CODE: Final = 0xFF  # the part of an error's number that is not about its details
CONTENT_ERRORS: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class ConflictError(WinnowError):
    """Somebody else decided on the same subject first; nothing was written."""

    def __init__(self, message: str, since: tuple[Event, ...]) -> None:
        super().__init__(message)
        self.since = since  # what was decided meanwhile


@contextmanager
def open_log(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a log; it is created, or brought to the present schema, where needed.

    Raises UsageError for a file that is no log, is of a later version, cannot be opened, or is
    missing although ``read_only`` is set, and DamagedLogError for one that SQLite cannot read.
    """
    mode = "ro" if read_only else "rwc"
    try:
        with closing(_connect(path, mode)) as connection:
            connection.execute("pragma synchronous = full")  # each transaction reaches the disk
            check_schema(connection, path)
            if not read_only:
                migrate(connection, path)
            yield connection
    except FILE_ERRORS as error:
        raise _unusable(path, error) from error


def empty_log() -> bytes:
    """The bytes of a log without events, for readers where there is no file and none may be created."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, Path(":memory:"))
        return connection.serialize()


def append_events(
    connection: sqlite3.Connection, events: Iterable[Event], seen: Mapping[str, int] | None = None
) -> tuple[Event, ...]:
    """Write events in one transaction and return them with ids; those that the log has already are left out.

    ``seen`` maps subjects to the number of the last event that the person knew (see `last_number`).
    A new event gets a time no earlier than the last about its subject, so that it wins even after a
    clock went back. Raises ConflictError where somebody wrote a later event about a subject, or undid
    the same event before, and UsageError for an event that is not valid.
    """
    batch = uuid4().hex
    new_events = [replace(checked(event), batch=event.batch or batch) for event in events]
    with _transaction(connection):
        _refuse_conflicts(connection, seen or {})
        with_ids = (event if event.id else _with_id_and_time(connection, event) for event in new_events)
        return tuple(event for event in with_ids if _insert(connection, event))


def copy_events(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Write events of another log in one transaction, also those that nobody could write today."""
    with _transaction(connection):
        for event in events:
            _insert(connection, event)


def read_events(
    connection: sqlite3.Connection, where: str = "1", values: Iterable[object] = ()
) -> list[Event]:
    """Events in the order of the log; ``where`` is a condition in SQL with its ``values``.

    Raises UsageError for one whose time is none: decisions without an order cannot be applied.
    """
    rows = connection.execute(f"select {COLUMNS} from events where {where} order by number", [*values])  # noqa: S608  # conditions are constants of ours
    events = [Event(*row) for row in rows]
    for event in events:
        try:
            instant(event.when)
        except ValueError as error:
            raise UsageError(f"the log is damaged: {event.id} was decided at {event.when!r}") from error
    return events


def last_number(connection: sqlite3.Connection, subject: str = "") -> int:
    """The number of the last event, of all or about one subject; 0 where there is none."""
    if subject:
        row = connection.execute("select max(number) from events where subject = ?", [subject]).fetchone()
    else:
        row = connection.execute("select max(number) from events").fetchone()
    return int(row[0] or 0)


def hash_at(connection: sqlite3.Connection, place: int) -> str:
    """The hash of the event at a place of the log, 1 for the first; "" where there is none."""
    statement = "select hash from events order by number limit 1 offset ?"
    row = connection.execute(statement, [place - 1]).fetchone()
    return str(row[0]) if row else ""


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection without implicit transactions: each statement is committed at once."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that happens in the block, or nothing; nobody else writes meanwhile, so that there is one chain."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _unusable(path: Path, error: Exception) -> UsageError:
    """The error for a file that SQLite cannot use, damaged or another."""
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE
    if code in CONTENT_ERRORS or isinstance(error, UnicodeDecodeError):
        return DamagedLogError(
            f"{path}: no log of decisions, or damaged: {error}; see docs/review.md, A damaged log"
        )
    return UsageError(f"{path}: no log of decisions that can be used: {error}")


def _refuse_conflicts(connection: sqlite3.Connection, seen: Mapping[str, int]) -> None:
    for subject, number in seen.items():
        since = read_events(connection, "subject = ? and number > ?", [subject, number])
        if since:
            last = since[-1]
            raise ConflictError(f"{subject}: {last.who} decided on it meanwhile; look again", tuple(since))


def _with_id_and_time(connection: sqlite3.Connection, event: Event) -> Event:
    """A new event with its id, and a time no earlier than that of the last about its subject."""
    last = connection.execute(
        'select "when" from events where subject = ? order by number desc limit 1', [event.subject]
    ).fetchone()
    is_before = last and instant(event.when) < instant(last[0])
    return replace(event, id=uuid4().hex, when=last[0] if is_before else event.when)


def _insert(connection: sqlite3.Connection, event: Event) -> bool:
    """Write one event, chained to the last; False if the log has it already."""
    if event.undoes:
        event = _about_the_undone(connection, event)
    [previous] = connection.execute("select hash from log_head").fetchone() or [FIRST]
    values = [
        event.subject,
        *(getattr(event, name) for name in FIELDS),
        previous,
        event_hash(previous, event),
    ]
    marks = ", ".join("?" * len(values))
    statement = f"insert into events (subject, {COLUMNS}, previous, hash) values ({marks}) on conflict (id) do nothing"  # noqa: S608  # names are ours
    return connection.execute(statement, values).rowcount > 0


def _about_the_undone(connection: sqlite3.Connection, undo: Event) -> Event:
    """An undo with the subject of the event that it undoes.

    Raises UsageError for an unknown event or an undo, ConflictError for an event that is undone already.
    """
    targets = read_events(connection, "id = ?", [undo.undoes])
    earlier = read_events(connection, "undoes = ? and undoes != '' and id != ?", [undo.undoes, undo.id])
    if not targets or targets[0].action == "undo":
        raise UsageError(f"undo: {undo.undoes} is no decision of this log; decide again to undo an undo")
    if earlier:
        raise ConflictError(f"{earlier[0].who} undid this already", tuple(earlier))
    return replace(undo, source=targets[0].source, document=targets[0].document, place=targets[0].place)
