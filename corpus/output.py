"""The output folder: what may be in it, who writes in it, and how a run takes the place of the last one."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from corpus.errors import UsageError
from corpus.writers import sync_folder

MARK: Final = ".winnow"  # folder inside the output folder that says it is ours; holds work in progress
PARTS: Final = ("documents", "rejected", "quarantine")  # folders of Parquet files
SITE_LINES: Final = "site_lines.parquet"  # what runs learned of the lines that sites repeat
FILES: Final = ("sources.parquet", "sources.csv", SITE_LINES, "README.md", "report.html", "report.json")


@contextmanager
def open_output(folder: Path) -> Iterator[Path]:
    """Make an output folder, or check that it is one, and give an empty folder for work in progress.

    While the block lasts no other run can open it; a run that was killed leaves no lock behind.
    Raises UsageError where the folder holds files that Winnow did not write, is being written by
    another run, or cannot be written.
    """
    _check_ours(folder)
    try:
        (folder / MARK).mkdir(parents=True, exist_ok=True)
        lock = (folder / MARK / "lock").open("w")
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with -o"
        ) from error
    with lock:
        _lock(lock.fileno(), folder)
        work = folder / MARK / "work"
        if work.exists():  # a run that was cut off left it
            shutil.rmtree(work)
        work.mkdir()
        yield work
        shutil.rmtree(work)


def publish(work: Path, folder: Path) -> None:
    """Put the finished files of a run in the place of the last run's; if that fails, put those back."""
    old = work / "old"
    old.mkdir()
    names = (*PARTS, *FILES)
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(old / name)
            (work / name).rename(folder / name)
    except BaseException:
        for name in names:
            if (old / name).exists():
                _remove(folder / name)
                (old / name).rename(folder / name)
        raise
    sync_folder(folder)


def _check_ours(folder: Path) -> None:
    if not _is_utf8(str(folder)):
        raise UsageError(
            f"{str(folder)!a}: the name of the output folder is not valid UTF-8; choose another"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; -o names the output folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_dir():
        raise UsageError(
            f"{folder}: holds files that Winnow did not write; name an empty or new folder with -o"
        )


def _is_utf8(name: str) -> bool:
    """Whether a path can be written as UTF-8, which Parquet's library asks for."""
    return name.encode(errors="replace").decode() == name


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UsageError(
            f"{folder}: another run is writing there; wait for it, or name another folder"
        ) from error


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
