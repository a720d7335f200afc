"""Files of rows on the way between the rounds of a join: complete or absent, and gone with the work folder.

Nothing waits until they are on the disk: a machine that fails ends the run, or its calls are made again elsewhere.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from winnow.corpus.mounts import keep, paths_below
from winnow.pipeline.tables.intermediate import read_batches

BUCKET: Final = "bucket"  # the column that says to which bucket a row goes; it is not written
PACKING: Final = "lz4"  # quicker than what is published, and read once


def kept_files(folder: Path) -> list[Path]:
    """The files of a table of which each bucket has one, in the order of buckets."""
    return [path for path in table_files(folder) if path.parent == folder]


def kept_file(folder: Path, bucket: int) -> Path:
    """Where the rows of a bucket lie that stay in it."""
    return folder / f"{bucket:05d}.parquet"


def sent_files(folder: Path, bucket: int) -> list[Path]:
    """The files that were sent to a bucket, in the order of who made them."""
    return table_files(folder / f"{bucket:05d}")


def table_files(folder: Path) -> list[Path]:
    """All files of a table, in the order of their paths."""
    return [path for path in paths_below(folder) if path.suffix == ".parquet"]


def merged(paths: Sequence[Path], column: str) -> Iterator[pa.RecordBatch]:
    """The rows of files that are sorted by a text column, in that order; no two files have a value in common."""
    if len(paths) == 1:
        return read_batches(paths[0])
    runs = (_runs(path, column) for path in paths)
    return (rows for _, rows in heapq.merge(*runs, key=itemgetter(0)))


def _runs(path: Path, column: str) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows of each value of a column, or some of them, in their order."""
    for batch in read_batches(path):
        ends = pc.run_end_encode(batch.column(column))
        start = 0
        for value, end in zip(ends.values.to_pylist(), ends.run_ends.to_pylist(), strict=True):
            yield value, batch.slice(start, end - start)
            start = end


def write_kept(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write rows to a file, which is there with all of them or not at all."""
    with _open_table(path, schema) as table:
        for batch in batches:
            table.write_batch(batch)


def write_sent(
    folder: Path, maker: int, buckets: int, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> None:
    """Write rows, sorted by their `BUCKET`, to a file for each bucket, also for one that gets none."""
    sent_schema = schema.remove(schema.get_field_index(BUCKET))
    waiting = iter(range(buckets))
    for bucket, pieces in groupby(_pieces(batches), itemgetter(0)):
        for empty in waiting:
            if empty == bucket:
                break
            write_kept(_sent_file(folder, empty, maker), sent_schema, [])
        write_kept(_sent_file(folder, bucket, maker), sent_schema, (piece for _, piece in pieces))
    for empty in waiting:
        write_kept(_sent_file(folder, empty, maker), sent_schema, [])


def _sent_file(folder: Path, bucket: int, maker: int) -> Path:
    return folder / f"{bucket:05d}" / f"{maker:05d}.parquet"


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Rows of one bucket each, in their order."""
    for batch in batches:
        buckets = batch.column(BUCKET).to_numpy()
        rows = batch.drop_columns(BUCKET)
        starts = np.flatnonzero(np.append(True, buckets[1:] != buckets[:-1])).tolist()
        for start, end in zip(starts, [*starts[1:], len(buckets)], strict=True):
            yield int(buckets[start]), rows.slice(start, end - start)


@contextmanager
def _open_table(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A table that is at its path once the block has ended; two machines may write it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with pq.ParquetWriter(temporary, schema, compression=PACKING) as table:
            yield table
        temporary.replace(path)
        keep(path)
    finally:
        temporary.unlink(missing_ok=True)
