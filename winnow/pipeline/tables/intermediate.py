"""Intermediate rows, between cleaning and the last pass, as Arrow batches: they go from children to disk unchanged."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.contacts.mask import CONTACT_KINDS
from winnow.corpus.mounts import opened
from winnow.corpus.schema import REJECTED
from winnow.corpus.writers import BYTES_PER_GROUP, ROWS_PER_GROUP, Row

INTERMEDIATE: Final = pa.schema(
    [
        *REJECTED,
        pa.field("source_key", pa.string()),
        pa.field("host", pa.string()),
        pa.field("masked", pa.struct({kind: pa.int32() for kind in CONTACT_KINDS})),
        pa.field("prints_persona", pa.bool_()),
        pa.field("text_key", pa.string()),
        pa.field("sketch", pa.binary()),  # of the text's signature
        pa.field("keys", pa.list_(pa.uint64())),  # of the signature
        pa.field("page_key", pa.uint32()),  # of the address of the page
        pa.field("line_keys", pa.list_(pa.uint32())),  # of the lines of a document
        # For each line the number of pages of its site or folder that must show it before it is removed; 0 for never.
        pa.field("line_pages", pa.list_(pa.uint8())),
        pa.field("sums", pa.string()),
        pa.field("placed", pa.list_(pa.string())),  # ids of the decisions that found their place
        pa.field("document_key", pa.string()),
        pa.field("site_key", pa.string()),  # of the lines of its site that it was cleaned with
        pa.field("packed", pa.binary()),  # the document as laid out, where its site's lines can change it
        pa.field("decision_key", pa.string()),
        pa.field(
            "seconds", pa.float64()
        ),  # processor time of cleaning; for the report only, never in an output
        pa.field("bytes", pa.int64()),  # of the row as JSON, the packed document included
    ]
)


def batch_of(rows: Sequence[Row]) -> pa.RecordBatch:
    """Rows of cleaned documents as a batch; here they get their size."""
    return pa.RecordBatch.from_pylist([{**row, "bytes": _row_bytes(row)} for row in rows], INTERMEDIATE)


def _row_bytes(row: Row) -> int:
    """The size of a row as JSON, which takes some 5 µs. It is the same each time: the clock does not count."""
    packed = row["packed"]
    assert isinstance(packed, bytes)
    return len(orjson.dumps({**row, "seconds": 0}, default=len)) + len(packed)


def single_rows(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The rows of a batch as batches of one row, without copies."""
    return (batch.slice(index, 1) for index in range(batch.num_rows))


def read_batches(path: Path, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, all columns or some, a group of rows in memory at a time, as it was written."""
    with pq.ParquetFile(opened(path)) as file:
        for group in range(file.num_row_groups):
            yield from file.iter_batches(ROWS_PER_GROUP, [group], columns)


def read_columns(path: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file as Python values, all columns or some."""
    for batch in read_batches(path, columns):
        yield from batch.to_pylist()


def dated(row: pa.RecordBatch, added: str) -> pa.RecordBatch:
    """A row with another time at which its document was obtained."""
    return row.set_column(row.schema.get_field_index("added"), "added", pa.array([added]))


def value(row: pa.RecordBatch, column: str) -> Any:
    """A value of a batch of one row."""
    return row.column(column)[0].as_py()


def in_groups(rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches of one row each, joined to batches of `ROWS_PER_GROUP` rows, or of fewer that hold `BYTES_PER_GROUP`.

    What a group holds depends on the rows alone, so that equal rows give equal files. A longer row is a group.
    """
    group, size = list[pa.RecordBatch](), 0
    for row in rows:
        row_bytes = value(row, "bytes")
        if group and (len(group) == ROWS_PER_GROUP or size + row_bytes > BYTES_PER_GROUP):
            yield pa.concat_batches(group)
            group, size = [], 0
        group.append(row)
        size += row_bytes
    if group:
        yield pa.concat_batches(group)


def regrouped(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The rows of batches as batches of so many rows each."""
    group, missing = list[pa.RecordBatch](), rows
    for batch in batches:
        rest = batch
        while rest.num_rows >= missing:
            yield pa.concat_batches([*group, rest.slice(0, missing)])
            rest, group, missing = rest.slice(missing), [], rows
        if rest.num_rows:
            group.append(rest)
            missing -= rest.num_rows
    if group:
        yield pa.concat_batches(group)
