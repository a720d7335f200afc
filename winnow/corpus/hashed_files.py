"""Hashes of files, by which whoever reads them later can tell that they are as they were written."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self


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

    def damage(self, folder: Path) -> str:
        """What has happened to the file since, in words; "" where nothing has."""
        try:
            now = (folder / self.path).stat().st_size
            if now != self.bytes:
                return f"has {now} bytes instead of {self.bytes}"
            return (
                ""
                if file_sha256(folder / self.path) == self.sha256
                else "has other bytes than were written"
            )
        except FileNotFoundError:
            return "is missing"
        except OSError as error:
            return f"cannot be read ({error.strerror})"


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashed_files(folder: Path, paths: Iterable[str]) -> list[HashedFile]:
    """Files below a folder as they are now, in the order of their paths, hashed in threads."""
    with ThreadPoolExecutor() as threads:
        return [*threads.map(partial(HashedFile.of, folder), sorted(paths))]
