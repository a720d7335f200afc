"""The formats of a corpus: how rows lie in a file. Another one is an entry in `FORMATS`.

Packages are imported where a file is written: the names alone are needed for settings and help.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    import pyarrow as pa

ZSTD_LEVEL: Final = 3  # of JSON Lines; zstandard's default
JSON_ROWS: Final = 500  # turned into lines together, which hold memory several times
DOLMA_NAMES: Final = ("id", "text", "source", "added", "created")  # the others stand in its metadata
MANY_VALUED: Final = frozenset(  # columns of Parquet for which a dictionary costs more than it saves
    ("id", "text", "url", "created", "added", "n_chars_in", "n_chars_out", "metadata", "tags")
)
FRONT_MATTER: Final = ("id", "url", "domain", "created", "language", "tags", "reliability_label")
# What YAML reads otherwise than JSON: controls, line breaks of its own, and characters that it refuses.
YAML_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

Write = Callable[["pa.Table"], object]  # put rows at the end of a file


def same_columns(table: pa.Table) -> pa.Table:
    """Rows with the columns of the schema, as they are."""
    return table


@dataclass(frozen=True, slots=True)
class RowFormat:
    """A format whose files hold many documents."""

    folder: str
    suffix: str  # of its files; not the suffix of another format in the same folder
    open: Callable[[BinaryIO], AbstractContextManager[Write]]
    columns: Callable[[pa.Table], pa.Table] = same_columns  # the rows as files of this format have them


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format with a file for each document."""

    suffix: str
    render: Callable[[Mapping[str, Any]], str]  # gives the content of the file, from the row


def dolma_table(table: pa.Table) -> pa.Table:
    """Rows as dolma has them: every column that it does not know stands in ``metadata``."""
    import pyarrow as pa

    metadata = table["metadata"].combine_chunks()
    parts = dict(zip((field.name for field in metadata.type), metadata.flatten(), strict=True))
    others = [name for name in table.schema.names if name not in {*DOLMA_NAMES, "metadata"}]
    parts |= {name: table[name].combine_chunks() for name in others}  # the domain is that of the source
    struct = pa.StructArray.from_arrays(list(parts.values()), names=list(parts))
    return table.select(DOLMA_NAMES).append_column("metadata", struct)


def markdown_file(row: Mapping[str, Any]) -> str:
    """A document as Markdown, what is known of it in the YAML header."""
    header = {name: row["metadata"][name] for name in ("title", "authors")}
    header |= {name: row[name] for name in FRONT_MATTER}
    lines = "".join(f"{name}: {_yaml(value)}\n" for name, value in header.items())
    return f"---\n{lines}---\n\n{row['text']}"


@contextmanager
def _parquet(stream: BinaryIO) -> Iterator[Write]:
    import pyarrow.parquet as pq

    from winnow.corpus.schema import DOCUMENTS

    repeated = [name for name in DOCUMENTS.names if name not in MANY_VALUED]
    with pq.ParquetWriter(
        stream, DOCUMENTS, compression="zstd", use_dictionary=repeated, write_statistics=repeated
    ) as writer:
        yield writer.write_table


@contextmanager
def _gzipped(stream: BinaryIO) -> Iterator[Write]:
    from winnow.corpus.writers import packing

    with packing(stream) as packed, _json_lines() as lines:
        yield lambda table: _write_all(packed.write, lines(table))


@contextmanager
def _zstandard(stream: BinaryIO) -> Iterator[Write]:
    import zstandard

    compressor = zstandard.ZstdCompressor(ZSTD_LEVEL)
    with compressor.stream_writer(stream, closefd=False) as packed, _json_lines() as lines:
        yield lambda table: _write_all(packed.write, lines(table))


def _write_all(write: Callable[[pa.Buffer], object], pieces: Iterator[pa.Buffer]) -> None:
    for piece in pieces:
        write(piece)


@contextmanager
def _json_lines() -> Iterator[Callable[[pa.Table], Iterator[pa.Buffer]]]:
    """A function that gives rows as JSON Lines, made by DuckDB: ten times as fast as by way of Python objects."""
    from winnow.corpus.selection.expression import locked_connection

    with locked_connection() as connection:

        def lines(table: pa.Table) -> Iterator[pa.Buffer]:
            """A line for each row, some rows at a time."""
            for start in range(0, len(table), JSON_ROWS):
                connection.register("rows", table.slice(start, JSON_ROWS))
                answer = connection.execute("SELECT to_json(rows) || chr(10) AS line FROM rows")
                yield from map(_characters, answer.to_arrow_table()["line"].chunks)

        yield lines


def _characters(strings: pa.StringArray) -> pa.Buffer:
    """The bytes of all strings, which lie one behind the other."""
    import numpy as np
    import pyarrow as pa

    _, offsets, characters = strings.buffers()
    width = np.int64 if pa.types.is_large_string(strings.type) else np.int32
    ends = np.frombuffer(offsets, width)
    start, stop = int(ends[strings.offset]), int(ends[strings.offset + len(strings)])
    return characters.slice(start, stop - start)


def _yaml(value: object) -> str:
    """A value as JSON that YAML reads alike."""
    return YAML_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


FORMATS: Final[dict[str, RowFormat | TextFormat]] = {
    "parquet": RowFormat("data", ".parquet", _parquet),
    "jsonl.gz": RowFormat("data", ".jsonl.gz", _gzipped),
    "jsonl.zst": RowFormat("data", ".jsonl.zst", _zstandard),
    "dolma": RowFormat("documents", ".jsonl.gz", _gzipped, dolma_table),
    "text": TextFormat(".txt", itemgetter("text")),
    "markdown": TextFormat(".md", markdown_file),
}
