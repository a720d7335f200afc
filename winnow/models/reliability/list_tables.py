"""The rows of files of ratings: CSV with commas, semicolons or tabs, JSON, JSON Lines and Parquet."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UsageError
from winnow.corpus.writers import plain_cell

DELIMITERS: Final = ",;\t"
MAX_LIST_BYTES: Final = 200_000_000  # the largest public list has 2.8 MB
MAX_ROWS: Final = 1_000_000  # a list of that length takes minutes; the largest public one has 14,000
BATCH_ROWS: Final = 1000
SHOWN_COLUMNS: Final = 40  # in a message
SHOWN_CHARS: Final = 60  # of a name of a column in a message
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# The first bytes of files that people take for tables
OTHER_FILES: Final = {
    b"PK\x03\x04": "a workbook or a zip archive; save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "a workbook of old Excel; save the sheet as CSV",
    b"\x1f\x8b": "packed with gzip; unpack it",
    b"%PDF": "a PDF; a list is CSV, JSON or Parquet",
}
NOT_WORD: Final = re.compile(r"[\W_]+")
PREFIX: Final = re.compile(r"mbfc\d{0,4}_")
KEYED_BY: Final = "domain"  # the column of the keys of a JSON object that holds a site each

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListTable:
    """A file of ratings as rows of text."""

    columns: tuple[str, ...]  # as the file has them
    rows: Iterable[tuple[str, Cells]]  # place for messages; cells that hold anything, by name in the file


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with keys that may repeat."""


def column_key(name: str) -> str:
    """A name of a column without case, punctuation and the prefix ``mbfc_``.

    >>> column_key("MBFC Factual-Reporting"), column_key("2nd type")
    ('factual_reporting', '2nd_type')
    """
    return PREFIX.sub("", NOT_WORD.sub("_", name.lower()).strip("_"), count=1)


def read_table(path: Path, content: bytes) -> ListTable:
    """The table in a file, told by its content. Raises UsageError, also while its rows are read."""
    if len(content) > MAX_LIST_BYTES:
        raise UsageError(f"{path}: over {MAX_LIST_BYTES // 10**6} MB; leave out columns or rows of no use")
    for start, what in OTHER_FILES.items():
        if content.startswith(start):
            raise UsageError(f"{path}: is {what}")
    if content.startswith(b"PAR1"):
        return _parquet(path, content)
    text = _decoded(path, content)
    return _json(path, text) if text.lstrip()[:1] in ("{", "[") else _csv(path, text)


def shown_columns(names: Iterable[str]) -> str:
    """Names of columns for a message, "none" where there are none; long ones are cut."""
    shown = [name[:SHOWN_CHARS] + "…" * (len(name) > SHOWN_CHARS) for name in names if name.strip()]
    more = [f"and {len(shown) - SHOWN_COLUMNS} more"] if len(shown) > SHOWN_COLUMNS else []
    return ", ".join([*shown[:SHOWN_COLUMNS], *more]) or "none"


def _decoded(path: Path, content: bytes) -> str:
    encoding, name = ("utf-16", "UTF-16") if content.startswith(UTF_16) else ("utf-8-sig", "UTF-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not {name} at byte {error.start}; save it as UTF-8") from error


def _csv(path: Path, text: str) -> ListTable:
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names = [name.strip() for name in next(_csv_lines(path, reader), [])]
    rows = (
        (f"{path}:{reader.line_num}", _filled(zip(names, cells, strict=False)))
        for cells in _csv_lines(path, reader)
        if any(cell.strip() for cell in cells)
    )
    return ListTable(tuple(names), rows)


def _csv_lines(path: Path, reader: Any) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: broken CSV ({error}); correct the row") from error


def _filled(pairs: Iterable[tuple[str, str]]) -> Cells:
    """The cells that hold anything; the first of columns of one name, such as the two without any of OpenSources."""
    cells: dict[str, str] = {}
    for name, cell in pairs:
        if text := plain_cell(cell.strip()):
            cells.setdefault(
                name, text.encode("utf8", "replace").decode()
            )  # JSON may hold half a character
    return cells


def _json(path: Path, text: str) -> ListTable:
    records = [*_records(path, text)]
    names = dict.fromkeys(name for _, record in records for name, _ in record)
    rows = ((place, _filled((name, _text(value)) for name, value in record)) for place, record in records)
    return ListTable(tuple(names), rows)


def _records(path: Path, text: str) -> Iterator[tuple[str, _Pairs]]:
    """The objects of a file, with their places: a list of them, one with a site each, or one a line."""
    try:
        value = _parsed(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise UsageError(
                f"{path}:{error.lineno}: invalid JSON ({error.msg}); correct the line"
            ) from error
        yield from _line_records(path, text)
        return
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}:1: invalid JSON ({_reason(error)}); correct it") from error
    yield from _value_records(path, value)


def _line_records(path: Path, text: str) -> Iterator[tuple[str, _Pairs]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                value = _parsed(line)
            except (ValueError, RecursionError) as error:
                raise UsageError(
                    f"{path}:{number}: invalid JSON ({_reason(error)}); correct the line"
                ) from error
            if not isinstance(value, _Pairs):
                raise UsageError(f"{path}:{number}: not a JSON object; give one a line")
            yield f"{path}:{number}", value


def _value_records(path: Path, value: Any) -> Iterator[tuple[str, _Pairs]]:
    if isinstance(value, _Pairs):
        inner = [each for _, each in value if _is_records(each)]
        if len(inner) == 1 and not any(isinstance(each, _Pairs) for _, each in value):
            yield from _value_records(path, inner[0])
            return
        for number, (key, each) in enumerate(value, 1):
            pairs = each if isinstance(each, _Pairs) else [("rating", each)]
            yield f"{path}: entry {number}", _Pairs([(KEYED_BY, key), *pairs])
    elif _is_records(value) or value == []:
        yield from ((f"{path}: entry {number}", each) for number, each in enumerate(value, 1))
    else:
        raise UsageError(f"{path}:1: no list of JSON objects; give one for each site")


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, _Pairs) for each in value)


def _parsed(text: str) -> Any:
    """A JSON value with numbers as they are written."""
    return json.loads(
        text, strict=False, object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=str
    )


def _reason(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


def _text(value: object) -> str:
    """A value of JSON or Parquet as the text that a cell of CSV would have; what is nested deeper is no text."""
    if isinstance(value, list) and not isinstance(value, _Pairs):
        return json.dumps([_scalar_text(each) for each in value], ensure_ascii=False)
    return _scalar_text(value)


def _scalar_text(value: object) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    return value.decode("utf8", "replace") if isinstance(value, bytes) else str(value)


def _parquet(path: Path, content: bytes) -> ListTable:
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise UsageError(
            f"{path}: not a Parquet file that can be read ({error}); write it again"
        ) from error
    metadata = file.metadata
    size = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    if metadata.num_rows > MAX_ROWS or size > MAX_LIST_BYTES:
        raise UsageError(
            f"{path}: {metadata.num_rows} rows of {size} bytes; leave out columns or rows of no use"
        )
    return ListTable(tuple(file.schema_arrow.names), _parquet_rows(path, file))


def _parquet_rows(path: Path, file: pq.ParquetFile) -> Iterator[tuple[str, Cells]]:
    number = 0
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            for row in batch.to_pylist():
                number += 1
                yield f"{path}: row {number}", _filled((name, _text(value)) for name, value in row.items())
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{path}: broken after row {number} ({error}); write it again") from error
