"""The tables of a log: its versions, how an older one is brought up to date, and whether a file is one."""

import sqlite3
from pathlib import Path
from typing import Final

from winnow.corpus.decisions.chain import (
    FIRST,
    DamagedLogError,
    event_hash,
    find_breaks,
    has_chain,
    read_links,
)
from winnow.corpus.errors import UsageError

# "WINN": in the file's header, so that no other database is taken for a log
APPLICATION: Final = 0x57494E4E
_EVENTS_STAY: Final = (
    "create trigger events_stay before update on events begin select raise(abort, 'events stay'); end"
)
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
    _EVENTS_STAY,
    "create trigger events_last before delete on events begin select raise(abort, 'events last'); end",
)
# Since then each event holds the hash of the one before, and the log the hash of the last.
_VERSION_2: Final = (
    "alter table events add column previous text not null default ''",
    "alter table events add column hash text not null default ''",
    """create trigger events_chained before insert on events when length(new.hash) != 64
        begin select raise(abort, 'an event needs its hash; update Winnow'); end""",
    "create table log_head (events integer not null, hash text not null)",
    """create trigger events_counted after insert on events
        begin update log_head set events = events + 1, hash = new.hash; end""",
    "drop trigger events_stay",
)
CHAINED: Final = 2
PRESENT: Final = 2  # version of a log that this Winnow writes


def check_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Raise UsageError for a file that is no log or of a later version, DamagedLogError for one without its columns."""
    connection.execute("begin")  # all of one moment: another process may be bringing the log up to date
    [application], [version] = (
        connection.execute(f"pragma {name}").fetchone() for name in ("application_id", "user_version")
    )
    tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
    is_chained = has_chain(connection)
    connection.execute("commit")
    if tables and application != APPLICATION:
        raise UsageError(f"{path}: is another program's database, not a log of decisions")
    if version > PRESENT:
        raise UsageError(f"{path}: written by a later version of Winnow (schema {version}); update Winnow")
    # Else a single damaged bit would make a log one without hashes.
    if bool(tables) != bool(version) or is_chained != (version >= CHAINED):
        raise DamagedLogError(f"{path}: damaged: has not the tables of its version ({version})")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a log up to date, each version in a transaction. Raises DamagedLogError for events that make no sense."""
    connection.execute("pragma journal_mode = wal")
    while _version(connection) < PRESENT:
        connection.execute("begin immediate")
        version = _version(connection)  # again: another process may have been faster
        if version == 0:
            _execute(connection, _VERSION_1)
        elif version < CHAINED:
            _chain_events(connection, path)
        connection.execute(f"pragma application_id = {APPLICATION}")
        connection.execute(f"pragma user_version = {min(version + 1, PRESENT)}")
        connection.execute("commit")


def _chain_events(connection: sqlite3.Connection, path: Path) -> None:
    """Add the hashes that a log of version 1 lacks."""
    links, head = list(read_links(connection)), FIRST
    if first := next(find_breaks(links), None):
        raise DamagedLogError(f"{path}: {first}")
    _execute(connection, _VERSION_2)
    for link in links:
        previous, head = head, event_hash(head, link.event)
        values = [previous, head, link.number]
        connection.execute("update events set previous = ?, hash = ? where number = ?", values)
    connection.execute("insert into log_head values (?, ?)", [len(links), head])
    connection.execute(_EVENTS_STAY)


def _execute(connection: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(statement)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])
