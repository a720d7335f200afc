"""Every reader over any file: each line, row and page comes out as a document or as a reason why it does not."""

import atexit
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.layout import MARKUP
from tests.fuzz.target import Target, as_bytes, expect, expect_count
from tests.reading import PACKERS, SMALL, Item
from tests.test_layout import PIECES
from winnow.corpus.errors import QUARANTINE_REASONS
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import PASSED_OVER_REASONS, PassedOver, Quarantined
from winnow.corpus.readers import (
    ARCHIVES,
    PAGES,
    STDIN,
    TABLES,
    holds_one_document,
    read_file,
    read_stream,
)
from winnow.corpus.readers.jsonl import UTF_16

RAW: Final = Path(__file__).parents[2] / "raw"
PACKED: Final = tuple(f"a{suffix}{coding}" for suffix in (*PAGES, *ARCHIVES) for coding in PACKERS)
FILES: Final = (*PACKED, *(f"a{suffix}" for suffix in TABLES), "stdin", "a.zip", "a.jsonl.gz.zst")
AS_FOUND: Final = 1 << 7  # of the first byte: the file holds the rest as it is, broken archive or not
FIELDS: Final = (
    '{"text": "Rain."}', '{"html": "<p>Rain.</p>", "url": "https://a.example/b"}', '"metadata": {"title": ', '"meta": {',
    '"date": "2024-05-03"', '"added": 1700000000', '"domain": "a.example"', '"text": ', '"html": ', '"url": ', "null", "true",
    "[", "]", "{", "}", ",", ":", "\n", "\r\n", "\\ud800", "\\u0000", "\\n", "1e400", "NaN", "\ufeff", "0001-01-01", '"', "\\",
    "http://[::1", "https://xn--a.example", "https://user:pw@a.example:99999/", "//a..example", "a.example.", "é", "\udc80",
)  # fmt: skip
LINES: Final = (" \n", "\n\n", "\t\n")


def check(data: bytes) -> None:
    """Read a file; the first byte says of which name, and whether it is packed here or holds packed bytes."""
    name, content = FILES[data[0] % AS_FOUND % len(FILES)] if data else FILES[0], data[1:]
    if name == "stdin":
        check_items([*read_stream(io.BytesIO(content), SMALL)], STDIN.name)
        return
    is_whole = bool(data) and data[0] < AS_FOUND
    items = read_content(name, _packed(name, content) if is_whole else content)
    check_items(items, name)
    is_lines = name.startswith(("a.jsonl", "a.ndjson")) and not name.endswith(".gz.zst")
    if is_whole and content and is_lines and content[:2] not in UTF_16:
        expect_count(len(items), sum(bool(line.strip()) for line in content.split(b"\n")), "lines")
    if is_whole and name == "a.parquet" and items[0].path != name:
        expect_count(len(items), len(content.split(b"\n")), "rows")


def read_content(name: str, content: bytes) -> list[Item]:
    """What a file of a name and a content holds."""
    path = folder() / name
    path.write_bytes(content)
    file = InputFile(name, str(path), "raw", "a.example", len(content), "2024-05-03T00:00:00+00:00")
    items = [*read_file(file, SMALL)]
    if holds_one_document(file):
        expect_count(len(items), 1, "page")
    return items


def check_items(items: list[Item], name: str) -> None:
    """Items have places of their own, and can be written; what is no document has a reason that is listed."""
    expect(len({item.path for item in items}) == len(items), "paths are different")
    for item in items:
        expect(item.path.partition("#")[0] == name, "a path begins with the name of its file")
        if isinstance(item, Quarantined):
            expect(item.reason in QUARANTINE_REASONS and item.detail, "a reason is listed and told")
            f"{item.detail}{item.sha256}".encode()
        elif isinstance(item, PassedOver):
            expect(item.reason in PASSED_OVER_REASONS, "a reason is listed")
        else:
            expect(
                0 < len(item.content.strip()) <= len(item.content) <= SMALL.max_document_bytes,
                "a size is kept",
            )
            f"{item.id}{item.added}{item.encoding}{astuple(item.metadata)}".encode()


def _packed(name: str, content: bytes) -> bytes:
    """Bytes as a file of a name holds them: packed as its end says, or as the rows of a Parquet file."""
    if name.endswith(".parquet"):
        return parquet(content.split(b"\n"))
    if name.endswith(".wacz"):
        return wacz(content)
    return PACKERS[next((c for c in PACKERS if c and name.endswith(c)), "")](content)


def parquet(lines: list[bytes]) -> bytes:
    """A Parquet file with a row for each line: a record where Arrow can take all of them for that, else a text."""
    try:
        table = pa.Table.from_pylist([json.loads(line) for line in lines])
    except (ValueError, TypeError, AttributeError, RecursionError, pa.ArrowException, OverflowError):
        table = pa.table({"text": pa.array(lines, pa.binary())})
    sink = io.BytesIO()
    try:
        pq.write_table(table, sink)
    except pa.ArrowException:  # a struct without fields
        return parquet([b"{"] * len(lines))
    return sink.getvalue()


def wacz(content: bytes) -> bytes:
    """A package with an archive."""
    sink = io.BytesIO()
    with ZipFile(sink, "w") as package:
        package.writestr("archive/a.warc", content)
    return sink.getvalue()


@cache
def folder() -> Path:
    """Where the files lie, in memory where the system has a folder for that."""
    memory = Path("/dev/shm")
    folder = Path(mkdtemp(prefix="winnow-fuzz-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _files() -> Iterator[bytes]:
    """A file of each name: some lines packed here, and the samples of its kind as they are."""
    lines = (RAW / "wire.jsonl").read_bytes().splitlines()[:3]
    for number, name in enumerate(FILES):
        yield (
            bytes([number]) + b'{"text": "Rain.", "url": "https://a.example/1"}\n\n[]\n{"html": "<p>Sun."}'
        )
        yield bytes([number]) + b"\n".join(lines)
        yield bytes([number | AS_FOUND]) + _packed(name, b'{"text": "Rain."}\n{"text": ""}')
    for number, name in enumerate(FILES):
        for sample in sorted(RAW.glob(f"*{name.removeprefix('a')}")):
            yield bytes([number | AS_FOUND]) + sample.read_bytes()


TARGET: Final = Target(check, _files, as_bytes(FIELDS, LINES, PIECES, MARKUP), max_bytes=4096)
