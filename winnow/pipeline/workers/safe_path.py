"""Interpreters that import nothing from the current folder, whatever lies there: it may hold a ``struct.py``."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Final

from winnow.corpus.environment import environment_variable

# Python 3.11 and newer leave the current folder out of `sys.path` where this is set.
SAFE_PATH: Final = "PYTHONSAFEPATH"
LOCK: Final = RLock()  # the environment belongs to all threads


@contextmanager
def safe_path() -> Iterator[None]:
    """Have interpreters that are started meanwhile leave the current folder out of their path.

    The process that forks children begins as ``python -c``, which would look for the standard library there first.
    """
    with LOCK, environment_variable(SAFE_PATH, "1"):
        yield
