"""Parquet: one record a row."""

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import UnreadableError
from corpus.inputs import InputFile
from corpus.raw import Quarantined, RawDocument
from corpus.readers.records import PLACES, missing_fields, read_record
from corpus.readers.streams import open_file
from corpus.settings import Fields, Settings

BATCH_ROWS: Final = 16  # held at a time: with pages of 290 kB 250 MB, half of what 64 take, and as fast
BUFFER_BYTES: Final = 1 << 20  # read ahead in a column, instead of a whole row group


def read_parquet(file: InputFile, settings: Settings) -> Iterator[RawDocument | Quarantined]:
    """A document or a row for the quarantine for each row; paths name the row, from 1.

    Only the columns of `Settings.fields` are read, at the top or inside ``metadata`` or ``meta``.
    Raises `UnreadableError` where the file cannot be opened, is no Parquet file, or has no column to
    read. Memory: `BATCH_ROWS` rows, and the page (as its writer cut it) of each column.
    """
    try:
        with open_file(file) as stream, _opened(stream) as table:
            yield from _read_rows(table, file, settings)
    except (pa.ArrowException, UnicodeDecodeError) as error:  # the latter for names of columns
        raise UnreadableError("malformed", f"not a Parquet file that can be read: {error}") from error
    except OSError as error:  # pyarrow raises it for broken pages too, without a number
        reason = "unreadable" if error.errno else "malformed"
        raise UnreadableError(reason, error.strerror or f"broken: {error}") from error


def _opened(stream: BinaryIO) -> "closing[pq.ParquetFile]":
    return closing(pq.ParquetFile(stream, pre_buffer=False, buffer_size=BUFFER_BYTES))


def _read_rows(
    table: pq.ParquetFile, file: InputFile, settings: Settings
) -> Iterator[RawDocument | Quarantined]:
    schema, fields = table.schema_arrow, settings.fields
    present = {*schema.names, *(table.schema.column(i).path for i in range(len(table.schema)))}
    if not {fields.text, fields.html} & present:
        raise UnreadableError("missing_field", missing_fields(schema.names, fields))
    wanted = sorted(_wanted(fields) & present)
    number = 0
    for batch in table.iter_batches(BATCH_ROWS, columns=wanted):
        for record in _records(batch):
            number += 1
            yield read_record(record, f"{file.name}#{number}", file, settings)


def _wanted(fields: Fields) -> set[str]:
    """Every name under which a field may be found."""
    names = (fields.url, fields.title, fields.date, fields.domain, "added")
    return {fields.text, fields.html} | {place + name for name in names if name for place in PLACES}


def _records(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    """The rows, those inside a struct under "outer.inner"."""
    flat = pa.Table.from_batches([batch]).flatten()
    columns = [_plain_values(column) for column in flat.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(flat.column_names, row, strict=True))


def _plain_values(column: pa.ChunkedArray) -> list[object]:
    """A column's values as Python has them; times in ISO 8601."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.string())
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:  # pyarrow does not check on reading that a text is UTF-8
        values = column.cast(pa.large_binary()).to_pylist()
        return [None if value is None else value.decode("utf-8", "replace") for value in values]
