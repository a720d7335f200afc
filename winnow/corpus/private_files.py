"""Files that nobody but their owner can read or change: what a run is to do, and the login of a server."""

import os
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from winnow.corpus.errors import UsageError

OTHERS_WRITE: Final = 0o022  # bits of a file's mode: its group or anybody may write


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600, or replace one. Nobody sees a part of it, or an older mode."""
    number, draft = mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(number, "w", encoding="utf8") as file:
        file.write(text)
    Path(draft).replace(path)


def read_private(path: Path) -> str:
    """The text of a file that only its owner, who is this user or root, can change. Raises UsageError otherwise."""
    try:
        with path.open(encoding="utf8") as file:
            status = os.fstat(file.fileno())
            text = file.read()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file that can be read") from error
    if status.st_uid not in (os.geteuid(), 0) or status.st_mode & OTHERS_WRITE:
        raise UsageError(f"{path}: others can change it; chown it to yourself and chmod 600 it")
    return text
