"""A worst case as a file of each kind that Winnow reads."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import TEXT
from winnow.corpus.readers import ARCHIVES, PAGES, TABLES

Write = Callable[[Path, str, str], None]  # a file, the text of the case, its content type


def write_page(path: Path, text: str, _: str) -> None:
    """The case as it is."""
    path.write_bytes(text.encode("utf-8", "replace"))


def write_jsonl(path: Path, text: str, content_type: str) -> None:
    """The case as lines, most of which are no records, and as one record."""
    record = {"text" if content_type == TEXT else "html": text, "url": "https://a.example/" + text[:1000]}
    path.write_bytes(f"{text}\n{json.dumps(record)}\n".encode("utf-8", "replace"))


def write_warc(path: Path, text: str, content_type: str) -> None:
    """The case as bytes between records, and as a record of its own."""
    content = text.encode("utf-8", "replace")
    header = (
        f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    path.write_bytes(content + b"\n" + header.encode() + content + b"\r\n\r\n")


def write_arc(path: Path, text: str, content_type: str) -> None:
    """The case as bytes between records, and as a record of its own."""
    content = text.encode("utf-8", "replace")
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode() + content
    header = f"https://a.example/ 192.0.2.1 20080102030405 {content_type} {len(answer)}\n"
    path.write_bytes(content + b"\n" + header.encode() + answer + b"\n")


def write_wacz(path: Path, text: str, content_type: str) -> None:
    """The case as an archive in a package."""
    inner = path.with_suffix(".warc")
    write_warc(inner, text, content_type)
    with ZipFile(path, "w") as package:
        package.write(inner, "archive/data.warc")
    inner.unlink()


def write_parquet(path: Path, text: str, content_type: str) -> None:
    """The case as a row."""
    pq.write_table(pa.table({"text" if content_type == TEXT else "html": [text]}), path)


WRITERS: Final[Mapping[str, Write]] = {
    **dict.fromkeys(PAGES, write_page),
    ".jsonl": write_jsonl,
    ".ndjson": write_jsonl,
    ".warc": write_warc,
    ".wet": write_warc,
    ".arc": write_arc,
    ".parquet": write_parquet,
    ".wacz": write_wacz,
}
SUFFIXES: Final = (*PAGES, *ARCHIVES, *TABLES)


def written_file(suffix: str, text: str, content_type: str) -> tuple[TemporaryDirectory[str], InputFile]:
    """A file of the case, and the folder that goes with it. KeyError for a suffix that no writer here knows."""
    folder = TemporaryDirectory()
    path = Path(folder.name) / f"a{suffix}"
    WRITERS[suffix](path, text, content_type)
    return folder, InputFile(f"a{suffix}", str(path), "raw", "raw", path.stat().st_size, "")
