"""The log: one SQLite file that only grows. An event that `append_events` gave back survives any crash."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from winnow.corpus.decisions.events import FIELDS, Event, checked, instant
from winnow.corpus.errors import UsageError, WinnowError

NAME: Final = "decisions.db"  # beside raw/ and clean/
# "WINN": in the file's header, so that no other database is taken for a log
APPLICATION: Final = 0x57494E4E
BUSY_SECONDS: Final = 10.0  # to wait for another writer; one holds the file for milliseconds
_COLUMNS: Final = ", ".join(f'"{name}"' for name in FIELDS)
_VERSION_1: Final = (
    """create table events (
        number integer primary key autoincrement, subject text not null,
        "action" text not null, "who" text not null, "when" text not null, "why" text not null,
        "source" text not null, "label" text not null, "expires" text not null, "document" text not null,
        "place" text not null, "content" text not null, "kind" text not null, "text" text not null,
        "prefix" text not null, "suffix" text not null, "near" integer not null, "undoes" text not null,
        "batch" text not null, "id" text not null unique)""",
    "create index events_by_subject on events (subject, number)",
    """create index events_by_source on events ("source", "action")""",
    """create index events_by_place on events ("place") where "place" != ''""",
    """create index events_by_content on events ("content") where "content" != ''""",
    """create index events_by_undone on events ("undoes") where "undoes" != ''""",
    """create index events_by_batch on events ("batch")""",
    "create trigger events_stay before update on events begin select raise(abort, 'events stay'); end",
    "create trigger events_last before delete on events begin select raise(abort, 'events last'); end",
)
MIGRATIONS: Final = (_VERSION_1,)  # statements that lead from each version of the schema to the next


class ConflictError(WinnowError):
    """Somebody else decided on the same subject first; nothing was written."""

    def __init__(self, message: str, since: tuple[Event, ...]) -> None:
        super().__init__(message)
        self.since = since  # what was decided meanwhile


@contextmanager
def open_log(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a log; it is created, or brought to the present schema, where needed.

    Raises UsageError for a file that is no log, is of a later version, cannot be opened, or is
    missing although ``read_only`` is set.
    """
    mode = "ro" if read_only else "rwc"
    try:
        with closing(_connect(path, mode)) as connection:
            connection.execute("pragma synchronous = full")  # each transaction reaches the disk
            _check(connection, path)
            if not read_only:
                _migrate(connection)
            yield connection
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ) as error:  # the latter where it quotes a damaged schema
        raise UsageError(f"{path}: no log of decisions that can be used: {error}") from error


def empty_log() -> bytes:
    """The bytes of a log without events, for readers where there is no file and none may be created."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _migrate(connection)
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
    connection.execute("begin immediate")
    try:
        _refuse_conflicts(connection, seen or {})
        with_ids = (event if event.id else _with_id_and_time(connection, event) for event in new_events)
        written = tuple(event for event in with_ids if _insert(connection, event))
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return written


def read_events(
    connection: sqlite3.Connection, where: str = "1", values: Iterable[object] = ()
) -> list[Event]:
    """Events in the order of the log; ``where`` is a condition in SQL with its ``values``.

    Raises UsageError for one whose time is none: decisions without an order cannot be applied.
    """
    rows = connection.execute(f"select {_COLUMNS} from events where {where} order by number", [*values])  # noqa: S608  # conditions are constants of ours
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


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection without implicit transactions: each statement is committed at once."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    [application], [version] = (
        connection.execute(f"pragma {name}").fetchone() for name in ("application_id", "user_version")
    )
    tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
    if tables and application != APPLICATION:
        raise UsageError(f"{path}: is another program's database, not a log of decisions")
    if version > len(MIGRATIONS):
        raise UsageError(f"{path}: written by a later version of Winnow (schema {version}); update Winnow")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date, each version in a transaction."""
    connection.execute("pragma journal_mode = wal")
    while _version(connection) < len(MIGRATIONS):
        connection.execute("begin immediate")
        version = _version(connection)  # again: another process may have been faster
        for statement in MIGRATIONS[version] if version < len(MIGRATIONS) else ():
            connection.execute(statement)
        connection.execute(f"pragma application_id = {APPLICATION}")
        connection.execute(f"pragma user_version = {min(version + 1, len(MIGRATIONS))}")
        connection.execute("commit")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


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
    """Write one event; False if the log has it already."""
    if event.undoes:
        event = _about_the_undone(connection, event)
    marks = ", ".join("?" * (len(FIELDS) + 1))
    values = [event.subject, *(getattr(event, name) for name in FIELDS)]
    statement = f"insert into events (subject, {_COLUMNS}) values ({marks}) on conflict (id) do nothing"  # noqa: S608  # names are ours
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
