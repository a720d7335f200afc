"""Files that are complete or absent: written under another name, synced, then renamed; and put into a store, if any."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from isal import igzip

from winnow.corpus.mounts import keep

ROWS_PER_GROUP: Final = 1000  # rows held in memory while writing
# Of documents, after which a group ends earlier; a thousand pages are some 40 MB. Memory holds several copies of it.
BYTES_PER_GROUP: Final = 64_000_000
# ISA-L's highest: .4 of the time of zlib's 4 for 5 % more bytes (`python -m bench.packing`)
GZIP_LEVEL: Final = 3
LINES_BUFFER: Final = 1 << 16  # bytes that are packed at once
# A cell that begins with one of these is calculated, or loses the sign, in a spreadsheet: the list of OWASP's page on
# CSV injection, with NUL from ASVS 1.2.10; and the apostrophe, with which such a cell is armoured.
ARMOURED_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'")

Row = Mapping[str, object]


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that replaces ``path`` when the block ends, and is deleted if the block raises."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")  # two machines may write the same part
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    keep(path)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a text file, UTF-8, whole or not at all."""
    with replacing(path) as stream:
        stream.write(text.encode())


def write_parquet(path: Path, schema: pa.Schema, rows: Iterable[Row]) -> int:
    """Write rows to a Parquet file in groups of `ROWS_PER_GROUP`; return their number."""
    return write_rows(rows, schema, parquet=path)


def write_rows(rows: Iterable[Row], schema: pa.Schema, *, parquet: Path, jsonl: Path | None = None) -> int:
    """Write the same rows to a Parquet file and, if named, a gzipped JSON Lines file; return their number.

    Keys that the schema lacks are left out of both. Equal rows give equal bytes.
    """
    count, rows = 0, iter(rows)
    with open_part(schema, parquet, jsonl) as part:
        while group := list(islice(rows, ROWS_PER_GROUP)):
            part.write(pa.RecordBatch.from_pylist(group, schema), group)
            count += len(group)
    return count


def write_batches(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches to a Parquet file, a group of rows each."""
    with open_part(schema, path) as part:
        for batch in batches:
            part.write(batch)


@contextmanager
def open_part(schema: pa.Schema, parquet: Path, jsonl: Path | None = None) -> Iterator["Part"]:
    """Open a Parquet file and, if named, a gzipped JSON Lines file; neither remains if the block raises."""
    with ExitStack() as files:
        table = files.enter_context(replacing(parquet))
        writer = files.enter_context(pq.ParquetWriter(table, schema, compression="zstd"))
        yield Part(schema, writer, files.enter_context(_json_lines(jsonl)) if jsonl else None)


@dataclass(frozen=True, slots=True)
class Part:
    """An open part of a table, in one form or two."""

    schema: pa.Schema
    table: pq.ParquetWriter
    lines: BinaryIO | None = None

    def write(self, batch: pa.RecordBatch, rows: Iterable[Row] = ()) -> None:
        """Write a group of rows, as a batch and, for JSON Lines, as values."""
        self.table.write_batch(batch)
        if self.lines:
            self.lines.writelines(_json_line(row, self.schema.names) for row in rows)


def packing(stream: BinaryIO) -> igzip.IGzipFile:
    """Gzip into a stream, without name and time in its header, so that equal content gives equal bytes."""
    return igzip.IGzipFile("", "wb", GZIP_LEVEL, stream, mtime=0)


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows to a CSV file, as `csv_line` gives them; lists stand in their cell as JSON."""
    with replacing(path) as stream:
        stream.write(csv_line(names).encode())
        for row in rows:
            cells = (row[name] for name in names)
            line = csv_line(
                json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell for cell in cells
            )
            stream.write(line.encode())


def csv_line(cells: Iterable[object]) -> str:
    r"""One row of a CSV file that spreadsheets show and do not calculate; `plain_cell` gives each text back.

    An apostrophe is put before a text that begins with one of `ARMOURED_SIGNS`; numbers stay as they are.

    >>> csv_line(["=1+1", "Rain, then sun", -0.5])
    '\'=1+1,"Rain, then sun",-0.5\r\n'
    """
    line = io.StringIO()
    csv.writer(line).writerow([_armoured(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()


def plain_cell(cell: str) -> str:
    """The text of a cell that `csv_line` wrote, or that a person did."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(ARMOURED_SIGNS) else cell


def _armoured(cell: str) -> str:
    return f"'{cell}" if cell.startswith(ARMOURED_SIGNS) else cell


@contextmanager
def _json_lines(path: Path) -> Iterator[BinaryIO]:
    """Open a gzipped text file."""
    with (
        replacing(path) as stream,
        packing(stream) as packed,
        io.BufferedWriter(packed, LINES_BUFFER) as lines,
    ):
        yield lines


def _json_line(row: Row, names: Iterable[str]) -> bytes:
    return orjson.dumps({name: row[name] for name in names}, option=orjson.OPT_APPEND_NEWLINE)
