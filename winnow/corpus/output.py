"""The output folder: its files, its lock, and how a run replaces the output of the last one."""

import fcntl
import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from winnow.corpus.errors import UsageError
from winnow.corpus.writers import sync_folder

MARK: Final = ".winnow"  # folder inside the output folder that says it is ours; holds work in progress
OLD: Final = "old"  # folder below the work folder: what is being replaced
PARTS: Final = ("documents", "rejected", "quarantine")  # folders of Parquet files
SITE_LINES: Final = "site_lines.parquet"  # what runs learned of the lines that sites repeat
FILES: Final = ("sources.parquet", "sources.csv", SITE_LINES, "README.md", "report.html", "report.json")
OUR_NAME: Final = re.compile(
    rf"(?:{'|'.join(PARTS)})/part-\d{{5,}}\.(?:parquet|jsonl\.gz)|{'|'.join(map(re.escape, FILES))}"
)
# File managers leave them where they look.
NOBODYS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def lock_path(folder: Path) -> Path:
    """The file that names the process which is writing in an output folder."""
    return folder / MARK / "lock"


@contextmanager
def open_output(folder: Path) -> Iterator[Path]:
    """Make an output folder, or check that it is one, and yield an empty folder for work in progress.

    While the block lasts no other run can open it; a run that was killed leaves no lock behind.
    Raises UsageError where the folder holds files that Winnow did not write in the places of its own, or
    links in ``.winnow``, is being written by another run, or cannot be written.
    """
    _check_ours(folder)
    try:
        (folder / MARK).mkdir(parents=True, exist_ok=True)
        lock = lock_path(folder).open("a+")
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with -o"
        ) from error
    with lock:
        _lock(lock, folder)
        work = folder.absolute() / MARK / "work"
        if work.exists():  # a run that was cut off left it
            _put_back(work, folder)
            shutil.rmtree(work)
        work.mkdir()
        yield work
        shutil.rmtree(work)


def is_utf8(text: str) -> bool:
    """Whether a text, such as a path, can be written as UTF-8, as Parquet's library and DuckDB need it."""
    return text.encode(errors="replace").decode() == text


def files_in_place(folder: Path) -> Iterator[str]:
    """The names of all files and links in the places that a run replaces, whoever put them there."""
    for name in (*PARTS, *FILES):
        path = folder / name
        if path.is_symlink() or not path.is_dir():
            yield from [name] if os.path.lexists(path) else []
            continue
        for below in sorted(path.rglob("*")):
            if (below.is_symlink() or not below.is_dir()) and below.name not in NOBODYS:
                yield below.relative_to(folder).as_posix()


def foreign_file(path: Path, what: str = "Winnow did not write that") -> UsageError:
    """A file of a person's, where the next output must stand, as an error for them."""
    name = str(path) if is_utf8(str(path)) and str(path).isprintable() else ascii(str(path))
    return UsageError(f"{name}: {what}; move it away, or name another folder with -o")


def publish(work: Path, folder: Path) -> None:
    """Replace the files of the last run by those of this one; if that fails, restore them."""
    (work / OLD).mkdir()
    try:
        for name in (*PARTS, *FILES):
            if (folder / name).exists():
                (folder / name).rename(work / OLD / name)
            (work / name).rename(folder / name)
    except BaseException:
        _put_back(work, folder)
        raise
    sync_folder(folder)
    (work / OLD).rename(work / "replaced")  # from here on there is nothing to put back


def _put_back(work: Path, folder: Path) -> None:
    """Undo a `publish` that was cut off."""
    for name in (*PARTS, *FILES):
        if (work / OLD / name).exists():
            _remove(folder / name)
            (work / OLD / name).rename(folder / name)


def _check_ours(folder: Path) -> None:
    if not is_utf8(str(folder)):
        raise UsageError(
            f"{str(folder)!a}: the name of the output folder is not valid UTF-8; choose another"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; -o names the output folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_dir():
        raise UsageError(
            f"{folder}: holds files that Winnow did not write; name an empty or new folder with -o"
        )
    check_links(folder / MARK)
    for name in files_in_place(folder):
        if not OUR_NAME.fullmatch(name) or (folder / name).is_symlink():
            raise foreign_file(folder / name)


def check_links(mark: Path) -> None:
    """Raise UsageError for a link where runs and the review delete and write: it could lead to any folder."""
    entries = [mark, *(mark.iterdir() if mark.is_dir() and not mark.is_symlink() else ())]
    for path in entries:
        if path.is_symlink():
            raise UsageError(
                f"{path}: is a link, which Winnow neither makes nor follows; delete the link and run again"
            )


def _lock(lock: TextIO, folder: Path) -> None:
    """Lock a file, and write into it who did; the system lifts the lock when that process ends, however it ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise UsageError(
            f"{folder}: another run is writing there ({lock.read().strip()}); wait for it, or name another folder"
        ) from error
    lock.truncate(0)
    lock.write(f"process {os.getpid()} on {platform.node()}\n")
    lock.flush()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
