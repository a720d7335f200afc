"""The output folder: what may be in it, and how a run's files take the place of the last run's."""

import shutil
from pathlib import Path
from typing import Final

from corpus.errors import UsageError
from corpus.writers import sync_folder

MARK: Final = ".winnow"  # folder inside the output folder that says it is ours; holds work in progress
FOLDERS: Final = ("documents", "rejected", "quarantine")
FILES: Final = ("sources.parquet", "sources.csv", "README.md", "report.html", "report.json")


def open_output(folder: Path) -> Path:
    """Make an output folder, or check that it is one, and give the empty folder for work in progress.

    Raises UsageError where the folder holds files that Winnow did not write, or cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; -o names the output folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_dir():
        raise UsageError(
            f"{folder}: holds files that Winnow did not write; name an empty or new folder with -o"
        )
    work = folder / MARK / "work"
    try:
        if work.exists():  # a run that was cut off left it
            shutil.rmtree(work)
        work.mkdir(parents=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with -o"
        ) from error
    return work


def publish(work: Path, folder: Path) -> None:
    """Move the finished files of a run into place and delete those of the run before."""
    for name in FOLDERS:
        _replace_parts(work / name, folder / name)
    for name in FILES:
        (work / name).replace(folder / name)
    sync_folder(folder)
    shutil.rmtree(work)


def _replace_parts(new: Path, old: Path) -> None:
    """Rename each new part over the old one, then delete old parts that the run did not write."""
    old.mkdir(exist_ok=True)
    names = {part.name for part in new.iterdir()}
    for name in sorted(names):
        (new / name).replace(old / name)
    for part in old.iterdir():
        if part.name not in names and not part.is_dir():
            part.unlink()
    sync_folder(old)
