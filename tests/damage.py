"""Damage to logs of decisions, for tests: as somebody with SQLite does it, or a bad disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

UNPROTECTED = "drop trigger events_stay; drop trigger events_last; drop trigger events_chained; drop trigger events_counted"
# Statements that leave what an older Winnow wrote.
VERSION_1 = """
drop trigger events_chained; drop trigger events_counted; drop table log_head;
alter table events drop column hash; alter table events drop column previous;
pragma user_version = 1"""
SWAP = """
update events set number = -1 where number = {0}; update events set number = {0} where number = {1};
update events set number = {1} where number = -1"""
COPY = """
create temp table copied as select * from events where number = {0};
update copied set number = (select max(number) + 1 from events), id = 'f';
insert into events select * from copied"""


@contextmanager
def opened(log: Path) -> Iterator[sqlite3.Connection]:
    """A log for any statement, all of it in the one file afterwards."""
    with closing(sqlite3.connect(log, isolation_level=None)) as connection:
        yield connection
        connection.execute("pragma wal_checkpoint(truncate)")


def tamper(log: Path, script: str) -> None:
    """Carry out statements on a log whose triggers would refuse them."""
    with opened(log) as connection:
        connection.executescript(f"{UNPROTECTED}; {script}")


def make_old(log: Path) -> None:
    """Make a log one of version 1, without hashes."""
    with opened(log) as connection:
        connection.executescript(VERSION_1)


def flip_bit(log: Path, content: bytes, place: int) -> None:
    """Write a log with one bit of its bytes flipped."""
    damaged = bytearray(content)
    damaged[place // 8] ^= 1 << place % 8
    for path in (log, log.with_name(f"{log.name}-wal"), log.with_name(f"{log.name}-shm")):
        path.unlink(missing_ok=True)
    log.write_bytes(damaged)
