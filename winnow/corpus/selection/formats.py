"""The formats of a corpus: how rows lie in a file."""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.selection.expression import locked_connection
from winnow.corpus.writers import GZIP_LEVEL

ZSTD_LEVEL: Final = 3  # of JSON Lines; zstandard's default
JSON_ROWS: Final = 500  # turned into lines together, which hold memory several times
DOLMA_NAMES: Final = ("id", "text", "source", "added", "created")  # the others stand in its metadata
REPEATED: Final = [  # columns with few values, kept once a group; of the others a dictionary costs more than it saves
    name
    for name in DOCUMENTS.names
    if name
    not in {"id", "text", "url", "created", "added", "n_chars_in", "n_chars_out", "metadata", "tags"}
]
FRONT_MATTER: Final = ("id", "url", "domain", "created", "language", "tags", "reliability_label")
# What YAML reads otherwise than JSON: controls, line breaks of its own, and characters that it refuses.
YAML_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

Write = Callable[[pa.Table], None]  # put rows at the end of a file


@dataclass(frozen=True, slots=True)
class RowFormat:
    """A format whose files hold many documents."""

    folder: str
    suffix: str
    schema: pa.Schema
    open: Callable[[BinaryIO], AbstractContextManager[Write]]


def dolma_table(table: pa.Table) -> pa.Table:
    """Rows as dolma has them: every column that it does not know stands in ``metadata``."""
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
    with pq.ParquetWriter(
        stream, DOCUMENTS, compression="zstd", use_dictionary=REPEATED, write_statistics=REPEATED
    ) as writer:
        yield writer.write_table


@contextmanager
def _gzipped(stream: BinaryIO) -> Iterator[Write]:
    with gzip.GzipFile("", "wb", GZIP_LEVEL, stream, mtime=0) as packed, _json_lines() as lines:
        yield lambda table: _write_all(packed.write, lines(table))


@contextmanager
def _gzipped_dolma(stream: BinaryIO) -> Iterator[Write]:
    with _gzipped(stream) as write:
        yield lambda table: write(dolma_table(table))


@contextmanager
def _zstandard(stream: BinaryIO) -> Iterator[Write]:
    compressor = zstandard.ZstdCompressor(ZSTD_LEVEL)
    with compressor.stream_writer(stream, closefd=False) as packed, _json_lines() as lines:
        yield lambda table: _write_all(packed.write, lines(table))


def _write_all(write: Callable[[pa.Buffer], object], pieces: Iterator[pa.Buffer]) -> None:
    for piece in pieces:
        write(piece)


@contextmanager
def _json_lines() -> Iterator[Callable[[pa.Table], Iterator[pa.Buffer]]]:
    """A function that gives rows as JSON Lines, made by DuckDB: ten times as fast as by way of Python objects."""
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
    _, offsets, characters = strings.buffers()
    width = np.int64 if pa.types.is_large_string(strings.type) else np.int32
    ends = np.frombuffer(offsets, width)
    start, stop = int(ends[strings.offset]), int(ends[strings.offset + len(strings)])
    return characters.slice(start, stop - start)


def _yaml(value: object) -> str:
    """A value as JSON that YAML reads alike."""
    return YAML_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


ROW_FORMATS: Final = {
    "parquet": RowFormat("data", ".parquet", DOCUMENTS, _parquet),
    "jsonl.gz": RowFormat("data", ".jsonl.gz", DOCUMENTS, _gzipped),
    "jsonl.zst": RowFormat("data", ".jsonl.zst", DOCUMENTS, _zstandard),
    "dolma": RowFormat(
        "documents", ".jsonl.gz", dolma_table(DOCUMENTS.empty_table()).schema, _gzipped_dolma
    ),
}
