"""A database for joins over a whole run, which spills to disk what does not fit in memory."""

import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa

from winnow.corpus.mounts import fetched

MEMORY: Final = "128MB"  # for a join; more spills to disk
ROWS_AT_ONCE: Final = 2000  # of a result in memory
THREADS: Final = 1  # the joins are short, and shards are joined side by side


@contextmanager
def open_database(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory that spills to a folder of its own in the work folder what does not fit."""
    work.mkdir(parents=True, exist_ok=True)
    # Databases name what they spill alike: two in one folder would read each other's rows.
    with TemporaryDirectory(prefix="spilled-", dir=work) as spilled:
        options: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": spilled,
            "threads": THREADS,
        }
        with duckdb.connect(":memory:", config=options) as database:
            database.execute("SET enable_progress_bar = false")  # it takes some workers for terminals
            yield database


def batches(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a result, `ROWS_AT_ONCE` at a time."""
    return iter(partial(result.fetchmany, ROWS_AT_ONCE), [])


def read_tables(
    database: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path], schema: pa.Schema
) -> None:
    """Make Parquet files of a schema available to queries as one table, within the memory limit.

    Arrow would read ahead. Without any file the table is empty.
    """
    if not paths:
        database.register(name, schema.empty_table())
        return
    patterns = [glob.escape(str(fetched(path))) for path in paths]  # the database knows the same wildcards
    database.read_parquet(patterns, hive_partitioning=False).create_view(name)


def read_numbered(
    database: duckdb.DuckDBPyConnection, name: str, shards: Sequence[tuple[int, Path]], schema: pa.Schema
) -> None:
    """Make the rows of shards available as one table, with the number of the ``shard`` and of the ``row`` in it."""
    if not shards:
        places = [pa.field("shard", pa.int64()), pa.field("row", pa.int64())]
        database.register(name, pa.schema([*schema, *places]).empty_table())
        return
    numbers = {
        "filename": [str(fetched(path)) for _, path in shards],
        "shard": [number for number, _ in shards],
    }
    database.register(f"{name}_numbers", pa.table(numbers))
    patterns = [glob.escape(str(path)) for _, path in shards]
    rows = database.read_parquet(patterns, hive_partitioning=False, filename=True, file_row_number=True)
    rows.create_view(f"{name}_rows")
    database.execute(
        f"CREATE VIEW {name} AS SELECT * EXCLUDE (filename, file_row_number), file_row_number AS row "  # noqa: S608
        f"FROM {name}_rows JOIN {name}_numbers USING (filename)"  # names of ours
    )
