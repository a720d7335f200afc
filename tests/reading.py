"""Helpers for tests of the readers: write files and read them back."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import zstandard

from winnow.corpus.errors import QUARANTINE_REASONS
from winnow.corpus.inputs import InputFile, find_files
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers import Item as Item
from winnow.corpus.readers import read_file
from winnow.corpus.settings import Settings

PAGE = "<!doctype html><title>Rain</title><p>It rained in Łódź.</p>".encode()
SMALL = Settings(max_document_bytes=10_000)
BOMB_BYTES = 50_000_000


def listed(path: Path) -> InputFile:
    (file,) = find_files([str(path)])
    assert isinstance(file, InputFile)
    return file


def read(path: Path, content: bytes, using: Settings | None = None) -> list[Item]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return list(read_file(listed(path), using or Settings()))


def documents(items: list[Item]) -> list[RawDocument]:
    wrong = [item for item in items if isinstance(item, Quarantined)]
    assert not wrong
    return [item for item in items if isinstance(item, RawDocument)]


def outcomes(items: list[Item]) -> list[str]:
    """The last part of each item's path with its reason, or "ok"; without records that are passed over."""
    items = [item for item in items if not isinstance(item, PassedOver)]
    kinds = [item.reason if isinstance(item, Quarantined) else "ok" for item in items]
    assert set(kinds) <= {"ok", *QUARANTINE_REASONS}
    return [f"{item.path.rpartition('#')[2]} {kind}" for item, kind in zip(items, kinds, strict=True)]


def passed_over(items: list[Item]) -> dict[str, str]:
    """Why each record of an archive that is no document is none, by the last part of its path."""
    return {item.path.rpartition("#")[2]: item.reason for item in items if isinstance(item, PassedOver)}


def detail(items: list[Item]) -> str:
    """The detail of the only item, which is in quarantine."""
    (item,) = items
    assert isinstance(item, Quarantined)
    return item.detail


def json_lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def as_is(content: bytes) -> bytes:
    return content


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def lz4(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "lz4") as packed:
        packed.write(content)
    return bytes(sink.getvalue())


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": as_is,
    ".gz": gzip.compress,
    ".zst": zstd,
    ".lz4": lz4,
}
