"""Whether the output of the last run may be replaced: it may hold work of people, of which nothing may be lost."""

import gzip
import zlib
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UsageError
from winnow.corpus.guarded import DamagedFileError, read_json
from winnow.corpus.hashed_files import file_sha256
from winnow.corpus.mounts import mount_of
from winnow.corpus.output import (
    HASHES,
    MARK,
    UNLISTED,
    current_version,
    files_in_place,
    foreign_file,
    place,
)
from winnow.corpus.versions import listed_files
from winnow.pipeline.state.manifest import Manifest, note_damage

Published = tuple[int, int, str]  # size in bytes, nanoseconds of the last change, SHA-256
EDITED: Final = "edited"  # by a person
PACKED: Final = (".parquet", ".gz")
READ_BYTES: Final = 1 << 20  # of a packed file at once


def check_replaceable(folder: Path, last: Manifest | None) -> None:
    """Raise UsageError for a file that the last run did not write, or that was changed since, by its name.

    What was deleted, emptied or damaged (a table that no longer opens) is no work of a person's, and is written
    again. Of a run of which nothing else is left, the list of hashes beside its output tells; where there is none,
    `winnow.corpus.output.open_output` has looked at the names.
    """
    if problem := obstacle(folder, last):
        raise problem


def obstacle(folder: Path, last: Manifest | None) -> UsageError | None:
    """The error of `check_replaceable`, None where there is none."""
    if mount_of(
        folder
    ):  # in a store nothing of anybody's is replaced: each run writes below a prefix of its own
        return None
    if last and last.published:
        published = {name: (*last.published[name], last.hashes[name]) for name in last.published}
    else:
        published = _published_by_unknown_run(folder)
    for name in files_in_place(folder) if published else ():
        if name not in published:
            if last is None and name in (HASHES, *UNLISTED):
                continue
            return foreign_file(folder / name)
        path = place(folder, name)
        if path and (change := _change(path, published[name])) == EDITED:
            return foreign_file(folder / name, "was changed since Winnow wrote it")
        if path and change:
            note_damage(f"{name} {change}")
    return None


def _published_by_unknown_run(folder: Path) -> dict[str, Published]:
    """What a run published of which no manifest of this version is left, as far as another list says so."""
    try:
        if listed := listed_files(current_version(folder) or folder):
            return {file.path: (file.bytes, -1, file.sha256) for file in listed}
    except (FileNotFoundError, DamagedFileError):
        pass  # then perhaps the list below is there
    try:  # of a run before outputs had versions
        old = read_json(folder / MARK / "manifest.json")
        return {
            name: (int(size), int(changed), str(old["hashes"][name]))
            for name, (size, changed) in old["published"].items()
        }
    except (FileNotFoundError, DamagedFileError, KeyError, TypeError, ValueError, AttributeError):
        return {}


def _change(path: Path, published: Published) -> str:
    """What has become of a file since a run wrote it: "" for nothing, `EDITED`, or in words how it is damaged."""
    status, (size, changed, sha256) = path.lstat(), published
    if (status.st_size, status.st_mtime_ns) == (size, changed):
        return ""
    is_of_same_size = status.st_size == size
    if is_of_same_size and file_sha256(path) == sha256:  # copied, or only touched
        return ""
    # Whoever edits a file that programs write changes its size, too; a disk that fails does not.
    if is_of_same_size and (path.suffix in PACKED or path.name in (HASHES, *UNLISTED)):
        return "has other bytes than were written"
    return EDITED if status.st_size and not _is_damaged(path) else "is empty, or no table"


def _is_damaged(path: Path) -> bool:
    """Whether a table does not open any more, as no program that writes tables leaves it."""
    try:
        if path.suffix == ".parquet":
            pq.read_metadata(path)
        elif path.suffix == ".gz":
            with gzip.open(path) as content:
                while content.read(READ_BYTES):
                    pass
    except (OSError, EOFError, zlib.error, pa.ArrowException):
        return True
    return False
