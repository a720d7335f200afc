"""The first pass: which rows of a cleaned corpus are taken, and into which split, from the columns that tell."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UsageError
from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.selection.expression import TABLE, checked, locked_connection, refused
from winnow.corpus.selection.selection_settings import PRESETS, SPLITS, WHOLE, Selection

BATCH_ROWS: Final = 2048  # what DuckDB works on at a time
THREADS: Final = 2  # each with a database that holds up to 256 MB
NEEDED: Final = frozenset({"id", "source", "domain"})
ROW: Final = "row"  # number of a row in its file; no column that an expression can name
# A hash is the same in every version: two documents of a source always meet, and a draw can be repeated.
PLACES: Final = (
    f"{ROW}, md5_number_lower(if(domain = '', source, domain)) AS source, md5_number_lower(id) AS id"
)

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SelectedRows:
    """The rows of a file that are taken."""

    file: Path
    rows: npt.NDArray[np.int64]  # their numbers, ascending
    splits: npt.NDArray[np.int64]  # for each, its place in `SPLITS`

    def between(self, start: int, stop: int) -> Self:
        """The selected rows from one position to another."""
        return replace(self, rows=self.rows[start:stop], splits=self.splits[start:stop])


def document_files(clean: Path) -> list[Path]:
    """The files of documents of a cleaned corpus. Raises UsageError where it is none, or of another schema."""
    files = sorted((clean / "documents").glob("*.parquet"))
    if not files:
        raise UsageError(f"{clean}: no corpus that `winnow clean` wrote; it has documents/*.parquet")
    for file in files:
        if not pq.read_schema(file).equals(DOCUMENTS):
            raise UsageError(
                f"{file}: has other columns than this version of Winnow writes; clean it again"
            )
    return files


def choose(files: Sequence[Path], selection: Selection) -> list[SelectedRows]:
    """The rows to take of each file, in their order. Raises UsageError for an expression that cannot be used."""
    tables = _tables_passing(files, selection)
    sources, ids = (
        np.concatenate([table[name].to_numpy() for table in tables]) for name in ("source", "id")
    )
    is_taken = _is_under_cap(sources, ids, selection.per_source)
    splits = _split_of(sources, selection.split)
    ends = np.cumsum([table.num_rows for table in tables])
    parts = zip(files, tables, np.split(is_taken, ends[:-1]), np.split(splits, ends[:-1]), strict=True)
    return [
        SelectedRows(file, table[ROW].to_numpy()[keep], split[keep]) for file, table, keep, split in parts
    ]


def _tables_passing(files: Sequence[Path], selection: Selection) -> list[pa.Table]:
    """Of each file, the rows that pass: their numbers, and hashes of their sources and ids."""
    expressions = [(PRESETS[selection.preset], "--preset"), (selection.where or "true", "--where")]
    conditions, columns = zip(*(checked(*each) for each in expressions), strict=True)
    query = f"SELECT {PLACES} FROM {TABLE} WHERE {' AND '.join(conditions)}"  # noqa: S608  # checked
    names = [name for name in DOCUMENTS.names if name in NEEDED.union(*columns)]
    cuts = [len(files) * cut // THREADS for cut in range(THREADS + 1)]
    with ThreadPoolExecutor(THREADS) as threads:
        search = partial(_files_passing, query=query, names=names)
        tables_of_threads = threads.map(search, (files[low:high] for low, high in pairwise(cuts)))
        return [table for tables in tables_of_threads for table in tables]


def _files_passing(files: Iterable[Path], query: str, names: Sequence[str]) -> list[pa.Table]:
    """The result of the query for each file."""
    with locked_connection() as connection:
        try:
            return [_rows_passing(connection, query, file, names) for file in files]
        except duckdb.Error as error:
            raise refused(error) from error


def _rows_passing(
    connection: duckdb.DuckDBPyConnection, query: str, file: Path, names: Sequence[str]
) -> pa.Table:
    """The result of the query for a file, computed batch by batch."""
    tables, start = [], 0
    for batch in _batches(file, names):
        numbers = pa.array(range(start, start + batch.num_rows), pa.int64())
        connection.register(TABLE, batch.append_column(ROW, numbers))
        tables.append(connection.execute(query).to_arrow_table())
        start += batch.num_rows
    return pa.concat_tables(tables)


def _batches(file: Path, names: Sequence[str]) -> Iterator[pa.Table]:
    """Columns of a file, batch by batch; one without rows if it has none."""
    with pq.ParquetFile(file) as reader:
        if not reader.metadata.num_rows:
            yield DOCUMENTS.empty_table().select(names)
        for group in range(reader.num_row_groups):  # which ends by bytes, too
            yield from map(pa.table, reader.iter_batches(BATCH_ROWS, [group], names))


def _is_under_cap(sources: Hashes, ids: Hashes, most: int) -> npt.NDArray[np.bool_]:
    """Which documents are among the ``most`` of their source whose ids have the lowest hash; 0 takes all."""
    if not most:
        return np.ones(len(ids), bool)
    order = np.lexsort((ids, sources))
    ordered, places = sources[order], np.arange(len(order))
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(order)]
    rank = places - np.maximum.accumulate(np.where(begins, places, 0))
    is_taken = np.empty(len(order), bool)
    is_taken[order] = rank < most
    return is_taken


def _split_of(sources: Hashes, percents: tuple[int, int, int]) -> npt.NDArray[np.int64]:
    """For each document the place of its split in `SPLITS`, by the hash of its source.

    The test set takes the lowest hashes, so a larger share for it only adds sources.
    """
    ends = np.cumsum(percents[::-1])
    return len(SPLITS) - 1 - np.searchsorted(ends, sources % np.uint64(WHOLE), side="right")
