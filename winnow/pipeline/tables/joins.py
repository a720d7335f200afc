"""Joins over all documents of a run, cut by the hash of a key into buckets that an engine joins side by side.

A join is a few rounds. Each makes tables by queries over one bucket, and sends the rows of some to the buckets of the
next round, through files that are complete or absent and named by who made them: a worker that takes over the call of
one that died writes the same files. Memory holds one database a call, which spills to disk.
A join of one bucket sends nothing: all of its rounds are queries over one database.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from winnow.corpus.mounts import fetched
from winnow.pipeline.tables.bucket_files import (
    BUCKET,
    kept_file,
    sent_files,
    table_files,
    write_kept,
    write_sent,
)
from winnow.pipeline.tables.database import open_database, read_numbered, read_tables

# Of a bucket, so that a join reads less than 300 MB at once; from here on the time of a document stays the same.
DOCUMENTS_A_BUCKET: Final = 250_000
MAX_BUCKETS: Final = 1000  # a bucket sends a file to each
DOCUMENTS_A_GROUP: Final = 100_000  # of shards that are cut into buckets by one call
ROWS_AT_ONCE: Final = 20_000  # of a result in memory, and in a group of rows

Refine = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
NumberedRows = tuple[int, Path, int]  # of a shard: its number, its rows, how many documents it has
# Carries out a function for the arguments of each call, and waits for all.
Carry = Callable[[Callable[..., None], Iterable[tuple[object, ...]]], object]


class Goes(Enum):
    """Where the rows of a table go."""

    NOWHERE = auto()  # only later tables of the round read it
    TO_BUCKETS = auto()  # its column ``bucket`` says to which
    # It stays in its bucket, in a file of its own, for later rounds or for who asked for the join.
    TO_FILE = auto()


class Over(Enum):
    """What a round is carried out over, a call for each."""

    SHARDS = auto()  # groups of them, as the table ``shards`` with the columns ``shard`` and ``row``
    BUCKETS = auto()
    ALL = auto()  # one call that reads all buckets of its tables, in an order, without holding them


@dataclass(frozen=True, slots=True)
class JoinTable:
    """A table of a join."""

    name: str
    query: str  # may use ``bucket_of(key)``, and ``buckets()`` for their number
    goes: Goes = Goes.NOWHERE
    # What a query cannot say, applied to its rows in their order; for tables in files.
    refine: Refine | None = None
    schema: pa.Schema | None = None  # of what ``refine`` gives


@dataclass(frozen=True, slots=True)
class JoinRound:
    """Tables that are made in one call, one after the other."""

    over: Over
    reads: tuple[str, ...]  # tables of earlier rounds, or files of the join
    tables: tuple[JoinTable, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Rounds of tables in a folder of their own."""

    folder: Path
    rounds: tuple[JoinRound, ...]
    columns: pa.Schema  # of the shards that it reads
    files: Mapping[str, tuple[tuple[Path, ...], pa.Schema]] = field(default_factory=dict)  # read by name
    constants: Mapping[str, pa.Table] = field(default_factory=dict)  # tables that each database knows
    buckets: int = 1


def bucket_count(shards: Iterable[NumberedRows]) -> int:
    """How many buckets the documents of shards are joined in. No result depends on it."""
    documents = sum(documents for _, _, documents in shards)
    return max(1, min(MAX_BUCKETS, -(-documents // DOCUMENTS_A_BUCKET)))


def carry_out_join(
    join: Join, shards: Sequence[NumberedRows], results: Iterable[str], carry: Carry
) -> None:
    """Make the tables of a join; those that are no ``results`` are deleted afterwards."""
    if join.buckets == 1:
        carry(partial(_carry_out_all, join), [(shards,)])
    else:
        for number, part in enumerate(join.rounds):
            calls: dict[Over, Callable[[], Iterable[tuple[object, ...]]]] = {
                Over.SHARDS: lambda: enumerate(shard_groups(shards)),
                Over.BUCKETS: lambda: ((bucket, ()) for bucket in range(join.buckets)),
                Over.ALL: lambda: [(0, ())],
            }
            carry(partial(_carry_out_round, join, number), calls[part.over]())
    for table in {table.name for part in join.rounds for table in part.tables} - {*results}:
        shutil.rmtree(join.folder / table, ignore_errors=True)


def in_turn(function: Callable[..., None], calls: Iterable[tuple[object, ...]]) -> None:
    """Carry out calls one after the other, in this process."""
    for arguments in calls:
        function(*arguments)


def shard_groups(shards: Iterable[NumberedRows]) -> Iterator[tuple[NumberedRows, ...]]:
    """Neighbouring shards with `DOCUMENTS_A_GROUP` documents together, or one with more."""
    group, documents = list[NumberedRows](), 0
    for shard in shards:
        if group and documents + shard[2] > DOCUMENTS_A_GROUP:
            yield tuple(group)
            group, documents = [], 0
        group.append(shard)
        documents += shard[2]
    if group:
        yield tuple(group)


def define_buckets(database: duckdb.DuckDBPyConnection, buckets: int) -> None:
    """Let queries use ``bucket_of(key)``, and ``buckets()`` for the number of buckets."""
    database.execute(f"CREATE MACRO buckets() AS {buckets}::BIGINT")
    database.execute("CREATE MACRO bucket_of(hashed) AS (hash(hashed) % buckets()::UBIGINT)::BIGINT")


@contextmanager
def _open(join: Join) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(join.folder) as database:
        define_buckets(database, join.buckets)
        for name, table in join.constants.items():
            database.register(name, table)
        yield database


def _carry_out_all(join: Join, shards: Sequence[NumberedRows]) -> None:
    """All rounds of a join of one bucket."""
    with _open(join) as database:
        _read_shards(database, join, shards)
        for name, (paths, schema) in join.files.items():
            read_tables(database, name, paths, schema)
        for part in join.rounds:
            for table in part.tables:
                if table.goes is Goes.TO_FILE:
                    _keep(database, join, table, 0)
                else:  # what would be sent on is read once, or is some columns of the shards
                    kind = "VIEW" if table.goes is Goes.TO_BUCKETS else "TABLE"
                    database.execute(f"CREATE {kind} {table.name} AS {table.query}")


def _carry_out_round(join: Join, number: int, maker: int, shards: Sequence[NumberedRows]) -> None:
    """A round of a join for a group of shards, a bucket, or all buckets; ``maker`` is the number of that."""
    part = join.rounds[number]
    with _open(join) as database:
        if part.over is Over.SHARDS:
            _read_shards(database, join, shards)
        for name in part.reads:
            read_tables(database, name, *_files(join, part.over, name, maker))
        for table in part.tables:
            if table.goes is Goes.TO_FILE:
                _keep(database, join, table, maker)
            elif table.goes is Goes.TO_BUCKETS:
                rows = database.execute(f"FROM ({table.query}) ORDER BY {BUCKET}").to_arrow_reader(
                    ROWS_AT_ONCE
                )
                write_sent(join.folder / table.name, maker, join.buckets, rows.schema, rows)
            else:
                database.execute(f"CREATE TABLE {table.name} AS {table.query}")


def _read_shards(database: duckdb.DuckDBPyConnection, join: Join, shards: Sequence[NumberedRows]) -> None:
    read_numbered(database, "shards", [shard[:2] for shard in shards], join.columns)


def _keep(database: duckdb.DuckDBPyConnection, join: Join, table: JoinTable, bucket: int) -> None:
    """Write a table to its file, from which later queries read it."""
    rows = database.execute(table.query).to_arrow_reader(ROWS_AT_ONCE)
    schema, path = table.schema or rows.schema, kept_file(join.folder / table.name, bucket)
    write_kept(path, schema, table.refine(rows) if table.refine else rows)
    read_tables(database, table.name, [path], schema)


def _files(join: Join, over: Over, name: str, bucket: int) -> tuple[Sequence[Path], pa.Schema]:
    """The files of a table that a round reads."""
    if name in join.files:
        return join.files[name]
    folder = join.folder / name
    if over is Over.ALL:
        return table_files(folder), pa.schema([])
    kept = fetched(kept_file(folder, bucket))
    return [kept] if kept.exists() else sent_files(folder, bucket), pa.schema([])
