"""Versions of an output: readers see all of one run or all of another, never files of both.

    OUT/.winnow/versions/<version>/   what a run published; it is never changed afterwards
    OUT/.winnow/current               a link to the version that is read
    OUT/documents, OUT/README.md, …   links through that one: the paths that people use

Renaming a new link over the old one is all of publishing that a reader can see. The name of a part ends with a
hash of its bytes: a program that lists a folder first and opens its files later, while a run is published, misses a
file and says so, and never reads rows of two runs. Whoever reads through `PinnedVersion` misses nothing: a
version stays until nobody reads it.
"""

import fcntl
import json
import os
import shutil
import weakref
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from operator import attrgetter
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

from winnow.corpus.errors import UsageError
from winnow.corpus.guarded import DamagedFileError, read_json
from winnow.corpus.hashed_files import HashedFile, hashed_files, hashed_files_of
from winnow.corpus.mounts import fetched, link_or_copy, move, names_in
from winnow.corpus.output import (
    CURRENT,
    FILES,
    HASHES,
    MARK,
    PARTS,
    UNLISTED,
    VERSIONS,
    current_version,
    leads_to_current,
)
from winnow.corpus.writers import sync_folder, write_text

NAME_CHARS: Final = 12  # hex digits of a version's name
HASH_CHARS: Final = 8  # hex digits of its hash in the name of a part
RUN_KEY: Final = "run_id"  # in `HASHES`: the run of all rows of a version


class PinnedVersion:
    """The version of an output that was current when this was made; it stays as long as this lives.

    Raises UsageError where the current version is missing.
    """

    def __init__(self, output: Path) -> None:
        self.folder, handle = _locked_version(output)
        if handle is not None:
            weakref.finalize(self, os.close, handle)

    def __reduce__(self) -> tuple[type[Self], tuple[Path]]:
        """The same version, pinned in the process that unpickles it."""
        return type(self), (self.folder,)


@contextmanager
def reading(output: Path) -> Iterator[Path]:
    """The folder of the current version of an output, which stays while the block lasts.

    Raises UsageError where it is missing, and for an output that is none.
    """
    pinned = PinnedVersion(output)
    yield pinned.folder


def run_of(version: Path) -> str:
    """The run that a version of an output is of, by its list of hashes; "" where that is missing or damaged."""
    with suppress(OSError, DamagedFileError, KeyError, TypeError):
        return str(read_json(version / HASHES)[RUN_KEY])
    return ""


def stage(
    work: Path, output: Path, facts: Mapping[str, object], known: Iterable[HashedFile] = ()
) -> tuple[Path, list[HashedFile]]:
    """Make a new version of what a run wrote into its work folder, with `HASHES` that begins with some facts.

    Nobody reads it before `make_current`. Of ``known`` files the hashes are not computed again. Gives its folder and
    all its files. Raises FileNotFoundError where a file is missing.
    """
    version = output / MARK / VERSIONS / uuid4().hex[:NAME_CHARS]
    for part in PARTS:
        (version / part).mkdir(parents=True)
    hashes = {file.path: file for file in known}
    hashes |= {file.path: file for file in hashed_files(work, {*_written_names(work)} - hashes.keys())}
    written = sorted(hashes.values(), key=attrgetter("path"))
    files = [replace(file, path=_published_name(file)) for file in written]
    with ThreadPoolExecutor() as threads:
        moved = zip(written, files, strict=True)
        [*threads.map(lambda names: move(work / names[0].path, version / names[1].path), moved)]
    listed = [asdict(file) for file in files if file.path not in UNLISTED]
    write_text(
        version / HASHES, json.dumps({**facts, "files": listed}, indent=1, ensure_ascii=False) + "\n"
    )
    return version, [*files, HashedFile.of(version, HASHES)]


def make_current(version: Path, output: Path, aside: Path) -> None:
    """Make a version the one that is read, in one step, and drop those that nobody reads any more.

    Files that lie in the places of links, as in a copy of an output, become a version first, so that readers have
    it whole until then; ``aside`` takes what gives way.
    """
    for folder in (*(version / part for part in PARTS), version, version.parent):
        sync_folder(folder)
    aside.mkdir()
    copied = output / MARK / CURRENT
    if not copied.is_symlink() and os.path.lexists(copied):
        copied.rename(aside / CURRENT)
    tops = [top for top in (*PARTS, *FILES) if not leads_to_current(output, top)]
    if current_version(output) is None and any(map(os.path.lexists, (output / top for top in tops))):
        _adopt(output, aside)
    for top in tops:
        _link(output, top, aside)
    _set_current(output, version, aside)
    drop_old_versions(output)


def drop_old_versions(output: Path) -> None:
    """Delete all versions but the current one, and those that are being read; none where none is current."""
    current, folder = current_version(output), output / MARK / VERSIONS
    for version in folder.iterdir() if current and folder.is_dir() else ():
        if version.is_symlink() or not version.is_dir():
            version.unlink()
        elif current and version.name != current.name:
            _drop_if_unread(version)


def listed_files(folder: Path) -> list[HashedFile]:
    """The files that `HASHES` lists. Raises FileNotFoundError, and DamagedFileError where it lists none."""
    try:
        values = read_json(folder / HASHES)["files"]
    except (KeyError, TypeError) as error:
        raise DamagedFileError("lists no files") from error
    return hashed_files_of(values)


def _written_names(work: Path) -> Iterator[str]:
    """The names of all that a run wrote to be published."""
    for part in PARTS:
        yield from (f"{part}/{name}" for name in names_in(work / part))
    yield from (name for name in FILES if name != HASHES)


def _published_name(file: HashedFile) -> str:
    """The name of a file in a version: of a part with a piece of its hash, such as ``part-00000-1f3a9c2e.parquet``."""
    folder, _, name = file.path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    return f"{folder}/{stem}-{file.sha256[:HASH_CHARS]}{dot}{suffix}" if folder else name


def _adopt(output: Path, aside: Path) -> None:
    """Make a version, the current one, of files that lie in the places of links, as in a copy of an output."""
    version = output / MARK / VERSIONS / uuid4().hex[:NAME_CHARS]
    for top in (*PARTS, *FILES):
        path = output / top
        if path.is_dir():
            shutil.copytree(path, version / top, copy_function=link_or_copy)
        elif path.exists():
            version.mkdir(parents=True, exist_ok=True)
            link_or_copy(path, version / top)
    if version.exists():
        _set_current(output, version, aside)


def _link(output: Path, top: str, aside: Path) -> None:
    """Put the link to a name of the current version in its place; a file gives way in one step."""
    link = aside / f"{top}.link"
    link.symlink_to(f"{MARK}/{CURRENT}/{top}")
    if (output / top).is_dir():
        (output / top).rename(aside / top)
    link.replace(output / top)


def _set_current(output: Path, version: Path, aside: Path) -> None:
    link = aside / f"{CURRENT}.new"
    link.symlink_to(f"{VERSIONS}/{version.name}")
    link.replace(output / MARK / CURRENT)
    sync_folder(output / MARK)
    sync_folder(output)


def _locked_version(output: Path) -> tuple[Path, int | None]:
    """The folder of the current version, and an open handle of its list of hashes that holds a shared lock.

    Of a copy, which has no versions, the folder itself; without a handle where there is no list.
    """
    while True:
        version = current_version(output) or output
        try:
            handle = os.open(fetched(version / HASHES), os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            if version == (current_version(output) or output):
                return _existing(version), None
            continue  # a run was published in between
        # Waits while the version is being deleted; on file systems without locks nothing waits for readers.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        if version.exists():
            return version, handle
        os.close(handle)


def _existing(folder: Path) -> Path:
    """The folder. Raises UsageError where it is none."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder that can be read; name one that `winnow clean` wrote")
    return folder


def _drop_if_unread(version: Path) -> None:
    """Delete a version, unless somebody reads it; then a later run does."""
    with suppress(BlockingIOError), _locked_for_deletion(version / HASHES):
        # What cannot be deleted now is tried again by the next run; this one has published its own version.
        shutil.rmtree(version, ignore_errors=True)


@contextmanager
def _locked_for_deletion(path: Path) -> Iterator[None]:
    """Hold the lock that readers share, as far as the file system has locks. Raises BlockingIOError where one reads."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # on NFS, who locks alone must be able to write
    except OSError:  # without a list nobody can have locked it
        yield
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            pass  # a file system without locks: no reader could take one
        yield
    finally:
        os.close(handle)
