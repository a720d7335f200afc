"""The raw page behind a document, found by its path and shown only if its bytes are unchanged."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from winnow.corpus.decode import decode
from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile, unprintable
from winnow.corpus.raw import HTML, RawDocument
from winnow.corpus.readers import Item, read_file
from winnow.corpus.readers.jsonl import longest_line, read_jsonl
from winnow.corpus.readers.streams import CODINGS, open_stream
from winnow.corpus.settings import Settings
from winnow.review.desk import NotThereError

# Limit for reading an archive to find one record; the frame waits for it, the page does not
SEARCH_SECONDS: Final = 3.0
LINES: Final = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class RawPage:
    """A raw document as text, to be shown without scripts and network."""

    text: str
    is_html: bool


def read_raw(root: Path, row: Mapping[str, Any]) -> RawPage:
    """The raw document of a row. Raises NotThereError where it is not below ``root``, or has changed."""
    raw = find_raw(root, row["metadata"]["raw_path"], row["metadata"]["raw_sha256"])
    try:
        text = decode(raw.content, raw.encoding, html=raw.content_type == HTML)
    except UnreadableError as error:
        raise NotThereError(str(error)) from error
    return RawPage(text, raw.content_type == HTML)


def find_raw(root: Path, raw_path: str, sha256: str) -> RawDocument:
    """The raw document of a path, as the run read it. Raises NotThereError like `read_raw`."""
    raw = _find(root, raw_path)
    if raw.sha256 != sha256:
        raise NotThereError("the raw file has changed since the run")
    return raw


def _find(root: Path, raw_path: str) -> RawDocument:
    """The document that a raw path names: a file, or a record of one ("pages.jsonl#17")."""
    name, _, number = raw_path.rpartition("#")
    file = _below(root, raw_path) or (_below(root, name) if number.isdecimal() else None)
    if file is None:
        raise NotThereError(f"no such file below {root}; name the folder that holds it with --raw")
    input_file = InputFile(
        name if number.isdecimal() else raw_path, str(file), "", "", file.stat().st_size, ""
    )
    stop = time.monotonic() + SEARCH_SECONDS
    for item in _records(input_file, int(number) if number.isdecimal() else 0, stop):
        if isinstance(item, RawDocument) and item.path in (raw_path, input_file.name):
            return item
        _keep_time(stop)
    raise NotThereError("its archive has no such record, or its fields have other names than text and html")


def _records(file: InputFile, number: int, stop: float) -> Iterator[Item]:
    """The records of a file; of JSON Lines only the record with this number: the lines before need no parsing."""
    path = PurePosixPath(file.location)
    coding = CODINGS.get(path.suffix.lower(), "")
    if not number or PurePosixPath(path.stem if coding else path).suffix.lower() not in LINES:
        yield from read_file(file, Settings())
        return
    try:
        with open_stream(file, coding) as stream:
            line = _line(stream, number, stop)
        for item in read_jsonl(BytesIO(line), file, Settings()):
            yield replace(item, path=f"{file.name}#{number}")
    except UnreadableError as error:
        raise NotThereError(str(error)) from error


def _line(stream: BinaryIO, number: int, stop: float) -> bytes:
    """A line by its number, from 1; empty behind the last."""
    most, at = longest_line(Settings()) + 1, 1
    while piece := stream.readline(most):
        if at == number:
            return piece
        at += piece.endswith(b"\n")
        _keep_time(stop)
    return b""


def _keep_time(stop: float) -> None:
    if time.monotonic() > stop:
        raise NotThereError(f"not found in the first {SEARCH_SECONDS:g} seconds of reading its archive")


def _below(root: Path, name: str) -> Path | None:
    """The file of a printable name below a folder; None for one that leads out of it, by dots, root or link."""
    relative = PurePosixPath(unprintable(name))
    if not name or "\0" in str(relative) or relative.is_absolute() or ".." in relative.parts:
        return None
    try:
        file = root.joinpath(relative).resolve()
        return file if file.is_file() and file.is_relative_to(root.resolve()) else None
    except (OSError, UnicodeEncodeError):  # a name too long for the system, or one that it cannot have
        return None
