"""The raw page behind a document, found by the path that its row names and shown only if it is the very same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Final

from corpus.decode import decode
from corpus.errors import UnreadableError
from corpus.inputs import InputFile
from corpus.raw import HTML, RawDocument
from corpus.readers import read_file
from corpus.settings import Settings
from review.desk import NotThereError

MAX_RECORDS: Final = 5_000  # read from the start of an archive to find one; about a second
MAX_BYTES: Final = 200_000_000  # of a file that is opened for one page


@dataclass(frozen=True, slots=True)
class RawPage:
    """A raw document as text, to be shown without scripts and network."""

    text: str
    is_html: bool


def read_raw(root: Path, row: Mapping[str, Any]) -> RawPage:
    """The raw document of a row. Raises NotThereError where it is not below ``root``, or not the same any more."""
    raw = find_raw(root, row)
    try:
        text = decode(raw.content, raw.encoding, html=raw.content_type == HTML)
    except UnreadableError as error:
        raise NotThereError(str(error)) from error
    return RawPage(text, raw.content_type == HTML)


def find_raw(root: Path, row: Mapping[str, Any]) -> RawDocument:
    """The raw document of a row, as the run read it. Raises NotThereError like `read_raw`."""
    metadata = row["metadata"]
    raw = _find(root, metadata["raw_path"])
    if raw.sha256 != metadata["raw_sha256"]:
        raise NotThereError("the raw file has changed since the run")
    return raw


def _find(root: Path, raw_path: str) -> RawDocument:
    """The document that a raw path names: a file, or a record of one ("pages.jsonl#17")."""
    name, _, number = raw_path.rpartition("#")
    file = _below(root, raw_path) or (_below(root, name) if number.isdecimal() else None)
    if file is None:
        raise NotThereError(f"no such file below {root}; name the folder that holds it with --raw")
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise NotThereError(f"the archive has more than {MAX_BYTES:,} bytes; open it with another tool")
    shown = InputFile(raw_path if not number.isdecimal() else name or raw_path, str(file), "", "", size, "")
    for item in islice(read_file(shown, Settings()), MAX_RECORDS):
        if isinstance(item, RawDocument) and item.path in (raw_path, shown.name):
            return item
    raise NotThereError(f"not among the first {MAX_RECORDS:,} records of its archive")


def _below(root: Path, name: str) -> Path | None:
    """The file of a name below a folder; None for one that leads out of it, by dots, root or link."""
    relative = PurePosixPath(name)
    if not name or "\0" in name or relative.is_absolute() or ".." in relative.parts:
        return None
    try:
        file = root.joinpath(relative).resolve()
        return file if file.is_file() and file.is_relative_to(root.resolve()) else None
    except OSError:  # a name too long for the system
        return None
