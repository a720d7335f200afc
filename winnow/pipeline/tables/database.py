"""A database for joins over a whole run, which spills to disk what does not fit in memory."""

import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

MEMORY: Final = "128MB"  # for a join; more spills to disk
ROWS_AT_ONCE: Final = 2000  # of a result in memory
THREADS: Final = 1  # the joins are short, and shards are joined side by side


@contextmanager
def open_database(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory that spills to the work folder what does not fit."""
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(work / "spilled"),
        "threads": THREADS,
    }
    with duckdb.connect(":memory:", config=options) as database:
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
    patterns = [glob.escape(str(path)) for path in paths]  # the database knows the same wildcards
    database.read_parquet(patterns, hive_partitioning=False).create_view(name)
