"""The folder of a corpus: it takes the place of an earlier corpus whole, in one step, or not at all."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from winnow.corpus.errors import UsageError
from winnow.corpus.hashed_files import file_sha256
from winnow.corpus.output import is_utf8
from winnow.corpus.writers import sync_folder

MANIFEST: Final = "manifest.json"  # says that a corpus is ours, and what is in it
VERSION_KEY: Final = "winnow_corpus"  # key in it whose value is the manifest's version
CARD: Final = "README.md"


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that replaces ``folder`` when the block ends, and is deleted if the block raises.

    It lies beside it under a hidden name, with a lock that ends with its process; leftovers of a killed run
    are removed. Raises UsageError where ``folder`` holds what Winnow did not write or people changed,
    is being written by another run, or cannot be written.
    """
    folder = folder.absolute()
    _check_name(folder)
    beside = folder.with_name(f".{folder.name}.winnow")
    try:
        beside.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror}); name another with -o") from error
    with _lock_folder(beside, folder):
        _restore(beside, folder)
        try:
            _check_ours(folder)
            (beside / "new").mkdir()
            yield beside / "new"
            _publish(beside, folder)
        finally:
            shutil.rmtree(beside)


def _publish(beside: Path, folder: Path) -> None:
    sync_folder(beside / "new")
    if folder.exists():
        folder.rename(beside / "old")
    (beside / "new").rename(folder)
    sync_folder(folder.parent)


def _restore(beside: Path, folder: Path) -> None:
    """Undo what a killed run left: between the two renames the corpus lies in ``old``."""
    if (beside / "old").exists() and not folder.exists():
        (beside / "old").rename(folder)
    for name in ("old", "new"):
        shutil.rmtree(beside / name, ignore_errors=True)


def _check_name(folder: Path) -> None:
    if not is_utf8(str(folder)):
        raise UsageError(f"{str(folder)!a}: the name of the folder is not valid UTF-8; choose another")
    if not folder.name or folder == Path.cwd():
        raise UsageError(f"{folder}: name a folder of its own for the corpus with -o")


def _check_ours(folder: Path) -> None:
    """Raise UsageError unless the folder is missing, empty, or a corpus as Winnow wrote it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder}: is no folder; -o names the folder of the corpus")
    if not folder.exists() or not any(folder.iterdir()):
        return
    listed = {entry["path"]: entry["sha256"] for entry in _manifest(folder)["files"]} | {MANIFEST: ""}
    present = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    if foreign := min((name for name in present if name not in listed), default=""):
        raise UsageError(
            f"{folder / foreign}: Winnow did not write that; name an empty or new folder with -o"
        )
    if (folder / CARD).exists() and file_sha256(folder / CARD) != listed[CARD]:
        raise UsageError(
            f"{folder / CARD}: was changed since Winnow wrote it; move it away, or name another folder"
        )


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a corpus. Raises UsageError where there is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if isinstance(manifest, dict) and VERSION_KEY in manifest:
            return manifest
    except (OSError, ValueError):
        pass
    raise UsageError(
        f"{folder}: holds files that Winnow did not write; name an empty or new folder with -o"
    )


@contextmanager
def _lock_folder(beside: Path, folder: Path) -> Iterator[None]:
    handle = os.open(beside, os.O_RDONLY)
    try:
        if not _is_lockable(handle, beside):
            raise UsageError(f"{folder}: another run is writing there; wait for it, or name another folder")
        yield
    finally:
        os.close(handle)


def _is_lockable(handle: int, beside: Path) -> bool:
    """Take the lock, unless another run holds it, or has just finished and cleared the folder away."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return beside.exists() and os.path.samestat(os.fstat(handle), beside.stat())
