"""The output folder: its files, where they lie, and the lock of the run that writes in it."""

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
from winnow.corpus.guarded import remove

MARK: Final = ".winnow"  # folder inside the output folder that says it is ours; holds work in progress
VERSIONS: Final = "versions"  # folder in it of what runs published, a folder each: `winnow.corpus.versions`
CURRENT: Final = "current"  # link in it to the version that is read
CURRENT_LINK: Final = re.compile(rf"{VERSIONS}/[0-9a-f]{{12}}")
PARTS: Final = ("documents", "rejected", "quarantine")  # folders of Parquet files
SITE_LINES: Final = "site_lines.parquet"  # what runs learned of the lines that sites repeat
HASHES: Final = "manifest.json"  # of the files that follow from inputs and settings
# Not listed there: what earlier runs shape, and the report, which holds times.
UNLISTED: Final = (SITE_LINES, "report.html", "report.json")
FILES: Final = ("sources.parquet", "sources.csv", "README.md", HASHES, *UNLISTED)
OUR_NAME: Final = re.compile(
    rf"(?:{'|'.join(PARTS)})/part-\d{{5,}}(?:-[0-9a-f]{{8}})?\.(?:parquet|jsonl\.gz)|"
    rf"{'|'.join(map(re.escape, FILES))}"
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
        remove(work)  # of a run that was cut off
        work.mkdir()
        yield work
        shutil.rmtree(work)


def is_utf8(text: str) -> bool:
    """Whether a text, such as a path, can be written as UTF-8, as Parquet's library and DuckDB need it."""
    return text.encode(errors="replace").decode() == text


def is_part(name: str) -> bool:
    """Whether a name is one that a part of a table has in an output."""
    return bool(OUR_NAME.fullmatch(name)) and name.startswith(tuple(f"{part}/" for part in PARTS))


def current_version(folder: Path) -> Path | None:
    """The folder of the version of an output that is read; None for a copy, which has none.

    Raises UsageError for a link that Winnow did not make.
    """
    link = folder / MARK / CURRENT
    if not link.is_symlink():
        return None
    target = link.readlink().as_posix()
    if not CURRENT_LINK.fullmatch(target):
        raise _foreign_link(link)
    return folder / MARK / target


def leads_to_current(folder: Path, top: str) -> bool:
    """Whether the name of an output is the link that Winnow makes, to the same name in the current version."""
    path = folder / top
    return path.is_symlink() and path.readlink() == Path(MARK, CURRENT, top)


def place(folder: Path, name: str) -> Path | None:
    """Where a file or folder of an output lies, by its name; None where the link to it leads nowhere."""
    if not leads_to_current(folder, name.partition("/")[0]):
        return folder / name
    version = current_version(folder)
    return version and version / name


def files_in_place(folder: Path) -> Iterator[str]:
    """The names of all files and links in the places that a run replaces, whoever put them there."""
    for name in (*PARTS, *FILES):
        path = place(folder, name)
        if path is None:
            continue
        if path.is_symlink() or not path.is_dir():
            yield from [name] if os.path.lexists(path) else []
            continue
        for below in sorted(path.rglob("*")):
            if (below.is_symlink() or not below.is_dir()) and below.name not in NOBODYS:
                yield f"{name}/{below.relative_to(path).as_posix()}"


def foreign_file(path: Path, what: str = "Winnow did not write that") -> UsageError:
    """A file of a person's, where the next output must stand, as an error for them."""
    name = str(path) if is_utf8(str(path)) and str(path).isprintable() else ascii(str(path))
    return UsageError(f"{name}: {what}; move it away, or name another folder with -o")


def _check_ours(folder: Path) -> None:
    if not is_utf8(str(folder)):
        raise UsageError(
            f"{str(folder)!a}: the name of the output folder is not valid UTF-8; choose another"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; -o names the output folder")
    names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if not (folder / MARK).is_dir() and not all(leads_to_current(folder, name) for name in names):
        raise UsageError(
            f"{folder}: holds files that Winnow did not write; name an empty or new folder with -o"
        )
    check_links(folder / MARK)
    for name in files_in_place(folder):
        path = place(folder, name)
        if not OUR_NAME.fullmatch(name) or (path and path.is_symlink()):
            raise foreign_file(folder / name)


def check_links(mark: Path) -> None:
    """Raise UsageError for a link where runs and the review delete and write: it could lead to any folder."""
    entries = [mark, *_entries(mark)]
    entries += _entries(mark / VERSIONS) if mark / VERSIONS in entries else ()
    for path in entries:
        if path.is_symlink() and (path.name != CURRENT or not CURRENT_LINK.fullmatch(str(path.readlink()))):
            raise _foreign_link(path)


def _entries(folder: Path) -> list[Path]:
    return [*folder.iterdir()] if folder.is_dir() and not folder.is_symlink() else []


def _foreign_link(path: Path) -> UsageError:
    """A link in our folder that is none of ours, as an error."""
    return UsageError(
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
