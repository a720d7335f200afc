"""Guarded access to files that may have been damaged, or were put in place by others.

A file is opened only where it is one: no link, which may lead anywhere, no pipe, which waits for ever, no device.
"""

import json
import os
import shutil
import stat
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.mounts import fetched

MAX_JSON_BYTES: Final = 1 << 30  # of a list of files; that of a million shards takes 600 MB


class DamagedFileError(WinnowError):
    """A file is not what Winnow writes; its text says what is wrong."""


def open_regular(path: Path) -> BufferedReader:
    """A file, opened for reading. Raises FileNotFoundError, and DamagedFileError for what is no file."""
    try:
        handle = os.open(fetched(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise DamagedFileError(f"cannot be read ({getattr(error, 'strerror', error)})") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise DamagedFileError("is no file")
    return os.fdopen(handle, "rb")


def read_json(path: Path, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """The value in a JSON file. Raises FileNotFoundError, and DamagedFileError for a file that cannot be such."""
    with open_regular(path) as stream:
        if os.fstat(stream.fileno()).st_size > max_bytes:
            raise DamagedFileError(f"has more than {max_bytes} bytes")
        try:
            return json.loads(stream.read())
        except (OSError, ValueError, RecursionError, MemoryError) as error:
            raise DamagedFileError(f"is no JSON ({type(error).__name__})") from error


def remove(path: Path) -> None:
    """Delete a file, a link, or a folder with all in it; do nothing where there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def ensure_folder(path: Path) -> None:
    """Make a folder, also in the place of what is none."""
    if path.is_symlink() or not path.is_dir():
        remove(path)
        path.mkdir(parents=True)
