"""Hashes of files, by which whoever reads them later can tell that they are as they were written."""

import hashlib
import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from winnow.corpus.guarded import DamagedFileError, open_regular
from winnow.corpus.mounts import is_name_below

SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file as it was written."""

    path: str  # below the folder that it belongs to, with "/" between names
    bytes: int
    sha256: str  # hex digits

    @classmethod
    def of(cls, folder: Path, path: str) -> Self:
        """A file below a folder as it is now. Raises OSError where it cannot be read."""
        return cls(path, (folder / path).stat().st_size, file_sha256(folder / path))

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """A file as a list names it. Raises ValueError for one that lies outside the folder, or is none."""
        try:
            path, size, sha256 = value["path"], value["bytes"], value["sha256"]
        except (KeyError, TypeError) as error:
            raise ValueError("no file with its hash") from error
        is_file = type(size) is int and size >= 0 and isinstance(sha256, str) and isinstance(path, str)
        if not is_file or not SHA256.fullmatch(sha256) or not is_name_below(path):
            raise ValueError(f"{path!r:.99}: no file below the folder, with its hash")
        return cls(path, size, sha256)

    def damage(self, folder: Path) -> str:
        """What has happened to the file since, in words; "" where nothing has."""
        try:
            with open_regular(folder / self.path) as stream:
                now = os.fstat(stream.fileno()).st_size
                if now != self.bytes:
                    return f"has {now} bytes instead of {self.bytes}"
                is_same = hashlib.file_digest(stream, "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return "is missing"
        except DamagedFileError as error:
            return str(error)
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return "" if is_same else "has other bytes than were written"


def hashed_files_of(values: Any) -> list[HashedFile]:
    """The files of a list that was read from JSON. Raises DamagedFileError for what is no such list."""
    try:
        return [HashedFile.from_json(value) for value in values]
    except TypeError as error:
        raise DamagedFileError("is no list of files with their hashes") from error
    except ValueError as error:
        raise DamagedFileError(f"is no list of files with their hashes: {error}") from error


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashed_files(folder: Path, paths: Iterable[str]) -> list[HashedFile]:
    """Files below a folder as they are now, in the order of their paths, hashed in threads."""
    with ThreadPoolExecutor() as threads:
        return [*threads.map(partial(HashedFile.of, folder), sorted(paths))]
