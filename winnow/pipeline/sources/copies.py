"""Copies: documents whose text is the same, or nearly the same, as that of an earlier document of the run.

The joins run in a database that spills to disk. Memory holds only the near-copies, a pair of numbers each, and the
copies of one shard at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.signature import are_near
from winnow.corpus.writers import write_parquet
from winnow.pipeline.shards.shards import Place, ShardParts
from winnow.pipeline.sources.hosts import SeparateHosts
from winnow.pipeline.tables.database import ROWS_AT_ONCE, batches, open_database

COPIES: Final = "copies"  # folder below the work folder: a table for each shard that has any
COPY: Final = pa.schema(
    [
        pa.field("row", pa.int64()),
        pa.field("original", pa.string()),
        pa.field("same_source", pa.bool_()),
        pa.field("near", pa.bool_()),
    ]
)
READ_COLUMNS: Final = ["id", "created", "added", "source_key", "host", "text_key", "sketch", "keys"]
CREATE_SEEN: Final = """
    CREATE TABLE seen (
        shard INT, row BIGINT, id VARCHAR, created VARCHAR, added VARCHAR, source VARCHAR, text_key VARCHAR,
        sketch BLOB, keys UBIGINT[]
    )
"""
INSERT_SEEN: Final = """
    INSERT INTO seen
    SELECT $shard, row, id, created, added, if(list_contains($separate_hosts, host), host, source_key),
        text_key, sketch, keys
    FROM batch
"""
# In order of age: the earliest published, where that is known, then the earliest obtained, where that is known, then
# by id. A day before the web's first, such as the first of clocks (1970), is what broken dates come out as: not known.
RANK_BY_AGE: Final = """
    CREATE TABLE documents AS
    SELECT *, if(text_key = '', age, min(age) OVER (PARTITION BY text_key)) AS first,
        if(text_key = '', age, min(age) OVER (PARTITION BY text_key, source)) AS first_of_source
    FROM (
        SELECT shard, row, id, source, text_key,
            row_number() OVER (
                ORDER BY created < '1990-01-01', created, added < '1990-01-01', added, id, shard, row
            ) AS age
        FROM seen
    )
"""
# A text is compared with the oldest text of each of its keys: so with no more texts than it has keys.
SELECT_CANDIDATES: Final = """
    WITH texts AS (
        SELECT age, sketch, keys FROM seen JOIN documents USING (shard, row) WHERE age = first AND len(keys) > 0
    ), met AS (
        SELECT DISTINCT age, older FROM (
            SELECT age, min(age) OVER (PARTITION BY key) AS older FROM (SELECT age, unnest(keys) AS key FROM texts)
        ) WHERE older < age
    )
    SELECT met.age, met.older, mine.sketch, theirs.sketch
    FROM met JOIN texts AS mine ON mine.age = met.age JOIN texts AS theirs ON theirs.age = met.older
"""
SELECT_COPIES: Final = """
    SELECT mine.shard, mine.row, original.id, original.source = mine.source, near
    FROM (
        SELECT age AS copy, if(first_of_source < age, first_of_source, first) AS older, false AS near
        FROM documents WHERE first < age
        UNION ALL SELECT copy, older, true FROM near_copies
    ) JOIN documents AS mine ON mine.age = copy JOIN documents AS original ON original.age = older
    ORDER BY mine.shard, mine.row
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A document whose text an earlier document already has."""

    original: str  # its id
    same_source: bool
    near: bool = False  # the text is nearly the same


def find_copies(parts: Iterable[ShardParts], separate_hosts: SeparateHosts, work: Path) -> None:
    """Write a table of the copies in each shard into the work folder, for `read_copies`.

    An exact copy of a document of its own source names the oldest of these, else the oldest of all.
    A near-copy names the oldest text that it is near to, if that is no near-copy itself: texts that
    change little by little are not all copies of the first.
    """
    with open_database(work) as database:
        _load(database, parts, sorted(separate_hosts.planted | separate_hosts.named))
        database.execute(RANK_BY_AGE)
        near = pa.table(dict(zip(("copy", "older"), _near_copies(database), strict=True)))
        database.register("near_copies", near)
        result = database.execute(SELECT_COPIES)
        for shard, copies in groupby(chain.from_iterable(batches(result)), itemgetter(0)):
            write_parquet(
                _table(work, shard), COPY, (dict(zip(COPY.names, row[1:], strict=True)) for row in copies)
            )


def read_copies(number: int, work: Path) -> dict[Place, Copy]:
    """The copies in a shard, by their places."""
    table = _table(work, number)
    rows = pq.read_table(table).to_pylist() if table.exists() else []
    return {(number, row["row"]): Copy(row["original"], row["same_source"], row["near"]) for row in rows}


def _table(work: Path, number: int) -> Path:
    return work / COPIES / f"{number:05d}.parquet"


def _load(
    database: duckdb.DuckDBPyConnection, parts: Iterable[ShardParts], separate_hosts: Sequence[str]
) -> None:
    """Load the columns that copies are recognized by, from all shards, into the database."""
    database.execute(CREATE_SEEN)
    for part in parts:
        first_row = 0
        with pq.ParquetFile(part.rows) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=READ_COLUMNS):
                rows = pa.array(range(first_row, first_row + len(batch)))
                database.register("batch", pa.table(batch).append_column("row", rows))
                database.execute(INSERT_SEEN, {"shard": part.number, "separate_hosts": separate_hosts})
                first_row += len(batch)


def _near_copies(database: duckdb.DuckDBPyConnection) -> tuple[list[int], list[int]]:
    """The ages of near-copies, and of their originals."""
    older: dict[int, int] = {}
    for age, other in sorted(_near_pairs(database)):
        if age not in older and other not in older:
            older[age] = other
    return [*older], [*older.values()]


def _near_pairs(database: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Ages of near-duplicates, the younger first."""
    result = database.execute(SELECT_CANDIDATES)
    for batch in batches(result):
        ages, others, mine, theirs = zip(*batch, strict=True)
        near = are_near(mine, theirs)
        yield from ((age, other) for age, other, is_near in zip(ages, others, near, strict=True) if is_near)
