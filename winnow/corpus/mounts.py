"""Folders that stand for a prefix of a store, so that a run works on paths wherever its output lies.

What is read below such a folder is fetched when it is asked for; what is written there is put into the store at once.
Each machine, and each call on it, has a folder of its own, and none sees another's. A path below no such folder is
left as it is, at the price of a look into an empty table.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from uuid import uuid4

from winnow.corpus.lease import Lease
from winnow.corpus.objects import bucket_and_key, list_objects, open_object, put_object
from winnow.corpus.stored_objects import copy_object, delete_objects, download_object, object_facts

DAY_SECONDS: Final = 86_400.0


@dataclass(eq=False, slots=True)
class Mount:
    """A folder of this machine, and the prefix that it stands for."""

    folder: Path  # absolute
    url: str  # without a slash at its end
    lock_folder: Path | None = None  # of the run, where the store knows no conditional writes
    kept_seconds: float = DAY_SECONDS  # that a version stays once another is current, for those who read it
    lease: Lease | None = None  # of the run, while it writes
    pointer_etag: str = ""  # of the object that names the current version, as this process last saw it

    def url_of(self, path: Path) -> str:
        """The URL of what lies at a path below the folder."""
        return f"{self.url}/{path.relative_to(self.folder).as_posix()}"


_MOUNTS: Final[dict[Path, Mount]] = {}  # by their folders


@contextmanager
def mounting(mount: Mount) -> Iterator[Mount]:
    """Have the folder of a mount stand for its prefix while the block lasts."""
    _MOUNTS[mount.folder] = mount
    try:
        yield mount
    finally:
        del _MOUNTS[mount.folder]


def mount_of(path: Path) -> Mount | None:
    """The mount that a path lies in; None for a path of this machine alone."""
    if not _MOUNTS:
        return None
    return next((_MOUNTS[each] for each in (path, *path.parents) if each in _MOUNTS), None)


def fetched(path: Path) -> Path:
    """A path at which the file is that the store has there, if it has one. Raises StorageError."""
    mount = mount_of(path)
    if mount is None or path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            is_there = download_object(mount.url_of(path), file)
        if is_there:
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def opened(path: Path) -> Path | BinaryIO:
    """A file for readers that jump in it: its path where it is on this machine, else the object, read by ranges."""
    mount = mount_of(path)
    if mount is None or path.exists():
        return path
    facts = object_facts(url := mount.url_of(path))
    return open_object(url, *facts) if facts else path


def opened_files(folder: Path, suffix: str) -> list[BinaryIO]:
    """The objects below a folder in a store, or the one at a file's path, by a suffix, to be read by ranges, sorted."""
    mount = mount_of(folder)
    assert mount is not None, f"{folder} stands for no store"
    objects = list_objects(*bucket_and_key(mount.url_of(folder)))
    chosen = (each for each in objects if each.url.endswith(suffix))
    return [open_object(each.url, each.etag, each.size) for each in sorted(chosen, key=attrgetter("url"))]


def keep(path: Path) -> None:
    """Put a file that was written into the store, where its folder stands for one. Raises StorageError."""
    if mount := mount_of(path):
        with path.open("rb") as content:
            put_object(mount.url_of(path), content)


def move(path: Path, target: Path) -> None:
    """Give a file another path; the store copies it by itself, wherever it was written."""
    if path.exists():
        path.rename(target)
    if mount := mount_of(path):
        copy_object(mount.url_of(path), mount.url_of(target))


def link_or_copy(path: str | Path, target: str | Path) -> None:
    """Give a file another name, or copy it where the file system, or the store, knows one name only."""
    if mount := mount_of(Path(path)):
        copy_object(mount.url_of(Path(path)), mount.url_of(Path(target)))
        return
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def files_below(folder: Path) -> dict[str, tuple[int, int]]:
    """The files that a store has below a folder: size and nanoseconds of the last change, by name.

    Keys that would be paths elsewhere, which whoever can write there may choose, are passed over.
    """
    mount = mount_of(folder)
    assert mount is not None, f"{folder} stands for no store"
    url = f"{mount.url_of(folder)}/"
    objects = list_objects(*bucket_and_key(url))
    named = ((each.url.removeprefix(url), each) for each in objects)
    return {name: (each.size, round(each.modified * 1e9)) for name, each in named if is_name_below(name)}


def is_name_below(name: str) -> bool:
    """Whether a name that a list or a store gives leads to a file below its folder.

    >>> [is_name_below(name) for name in ("documents/a.parquet", "../a", "/a", "//a", "a//b", "")]
    [True, False, False, False, False, False]
    """
    path = PurePosixPath(name)
    is_plain = "\0" not in name and name.encode(errors="replace").decode() == name
    return is_plain and path.as_posix() == name != "." and not path.is_absolute() and ".." not in path.parts


def names_in(folder: Path) -> list[str]:
    """The names of what lies in a folder, wherever it was written."""
    if mount_of(folder) is None:
        return [path.name for path in folder.iterdir()]
    return [name for name in files_below(folder) if "/" not in name]


def paths_below(folder: Path) -> list[Path]:
    """All files below a folder, wherever they were written, in the order of their paths."""
    if mount_of(folder) is None:
        return sorted(path for path in folder.rglob("*") if path.is_file())
    return sorted(folder / name for name in files_below(folder))


def discard(paths: Iterable[Path]) -> None:
    """Delete files, here and in the store that their folder stands for."""
    urls = []
    for path in paths:
        path.unlink(missing_ok=True)
        if mount := mount_of(path):
            urls.append(mount.url_of(path))
    delete_objects(urls)
