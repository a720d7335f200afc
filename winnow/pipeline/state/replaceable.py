"""Whether the output of the last run may be replaced: it may hold work of people, of which nothing may be lost."""

import gzip
import zlib
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UsageError
from winnow.corpus.hashed_files import file_sha256
from winnow.corpus.output import files_in_place, foreign_file, place
from winnow.pipeline.state.manifest import Manifest

PACKED: Final = (".parquet", ".gz")
READ_BYTES: Final = 1 << 20  # of a packed file at once


def check_replaceable(folder: Path, last: Manifest | None) -> None:
    """Raise UsageError for a file that the last run did not write, or that was changed since, by its name.

    What was deleted, emptied or damaged (a table that no longer opens) is no work of a person's, and is written
    again. Where nothing is known of the last run, `winnow.corpus.output.open_output` has looked at the names.
    """
    if problem := obstacle(folder, last):
        raise problem


def obstacle(folder: Path, last: Manifest | None) -> UsageError | None:
    """The error of `check_replaceable`, None where there is none."""
    if last is None or not last.published:
        return None
    for name in files_in_place(folder):
        if name not in last.published:
            return foreign_file(folder / name)
        path = place(folder, name)
        if path and _is_edited(path, last.published[name], last.hashes.get(name, "")):
            return foreign_file(folder / name, "was changed since Winnow wrote it")
    return None


def _is_edited(path: Path, published: tuple[int, int], sha256: str) -> bool:
    """Whether a file has other content than a run gave it, and content that can be read."""
    status = path.lstat()
    if not status.st_size or (status.st_size, status.st_mtime_ns) == published:
        return False
    is_of_same_size = status.st_size == published[0]
    if is_of_same_size and file_sha256(path) == sha256:  # copied, or only touched
        return False
    # Whoever changes a packed table changes its size, too; a disk that fails does not.
    return not (is_of_same_size and path.suffix in PACKED) and not _is_damaged(path)


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
