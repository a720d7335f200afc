"""Parquet: one record a row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.readers.jsonl import longest_line
from winnow.corpus.readers.record_fields import PLACES, missing_fields, read_record
from winnow.corpus.readers.streams import open_file
from winnow.corpus.settings import Fields, Settings

# A cell may hold 2 GB, and a compressed one unpacks to any size; 16 rows would save .05 ms a row
BATCH_ROWS: Final = 1
# Each batch brings the whole dictionary; one a row takes 6 times as long
BATCH_ROWS_OF_DICTIONARY: Final = 16
BUFFER_BYTES: Final = 1 << 20  # read ahead in a column, instead of a whole row group


def read_parquet(file: InputFile, settings: Settings) -> Iterator[RawDocument | Quarantined]:
    """A document or a row for the quarantine for each row; paths name the row, from 1.

    Only the columns of `Settings.fields` are read, at the top or inside ``metadata`` or ``meta``.
    Raises `UnreadableError` where the file cannot be opened, is no Parquet file, or has no column to
    read. Memory: a row, and the page (as its writer cut it, 2 GB at most) of each column. A row of over
    `longest_line` bytes is not turned into Python values.
    """
    try:
        with open_file(file) as stream, _open_table(stream) as table:
            yield from _read_rows(table, file, settings)
    except MemoryError:  # pyarrow's is one of its exceptions, too
        raise
    except (pa.ArrowException, UnicodeDecodeError) as error:  # the latter for names of columns
        raise UnreadableError("malformed", f"not a Parquet file that can be read: {error}") from error
    except OSError as error:  # pyarrow raises it for broken pages too, without a number
        reason = "unreadable" if error.errno else "malformed"
        raise UnreadableError(reason, error.strerror or f"broken: {error}") from error


def _open_table(stream: BinaryIO) -> "closing[pq.ParquetFile]":
    return closing(pq.ParquetFile(stream, pre_buffer=False, buffer_size=BUFFER_BYTES))


def _read_rows(
    table: pq.ParquetFile, file: InputFile, settings: Settings
) -> Iterator[RawDocument | Quarantined]:
    schema, fields = table.schema_arrow, settings.fields
    present = {*schema.names, *(table.schema.column(i).path for i in range(len(table.schema)))}
    if not {fields.text, fields.html} & present:
        raise UnreadableError("missing_field", missing_fields(schema.names, fields))
    columns = sorted(_field_columns(fields) & present)
    _check_unique(columns, schema.names)
    longest = longest_line(settings)
    for number, row in enumerate(_rows(table, columns), 1):
        path = f"{file.name}#{number}"
        if row.nbytes > longest:
            limit = f"a row of over {longest} bytes; raise --max-document-bytes to read it"
            yield Quarantined(path, "", "too_large", limit)
        else:
            yield read_record({name: _value(row[name]) for name in row.column_names}, path, file, settings)


def _check_unique(columns: Iterable[str], names: Sequence[str]) -> None:
    """Raise UnreadableError where two columns have the name of one that is to be read."""
    counts = Counter(names)
    if twice := [column for column in columns if counts[column.partition(".")[0]] > 1]:
        raise UnreadableError("malformed", f"two columns are called {twice[0]!r}; rename one of them")


def _field_columns(fields: Fields) -> set[str]:
    """Every name under which a field may be found."""
    names = (fields.url, fields.title, fields.date, fields.domain, "added")
    return {fields.text, fields.html} | {place + name for name in names if name for place in PLACES}


def _rows(table: pq.ParquetFile, columns: list[str]) -> Iterator[pa.Table]:
    """Each row as a table of its own."""
    outer = {name.partition(".")[0] for name in columns} & {*table.schema_arrow.names}
    has_dictionary = any(pa.types.is_dictionary(table.schema_arrow.field(name).type) for name in outer)
    size = BATCH_ROWS_OF_DICTIONARY if has_dictionary else BATCH_ROWS
    for batch in table.iter_batches(size, columns=columns):
        for index in range(batch.num_rows):
            yield _dense(batch.slice(index, 1))


def _dense(batch: pa.RecordBatch) -> pa.Table:
    """A row with struct fields as columns "outer.inner", and dictionaries replaced by their values."""
    flat = pa.Table.from_batches([batch]).flatten()
    dense = {
        name: column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(flat.column_names, flat.columns, strict=True)
    }
    return pa.table(dense)


def _value(column: pa.ChunkedArray) -> object:
    """The only value of a column as a Python value; times in ISO 8601."""
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.string())
    try:
        return column[0].as_py()
    except UnicodeDecodeError:  # pyarrow does not check on reading that a text is UTF-8
        return column[0].cast(pa.large_binary()).as_py().decode("utf-8", "replace")
