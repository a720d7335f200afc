"""Variables of the environment, which processes inherit that are started."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Where it is set, Python 3.11 and newer leave the current folder out of `sys.path`: it may hold a ``struct.py``.
SAFE_PATH: Final = "PYTHONSAFEPATH"


@contextmanager
def environment_variable(name: str, value: str) -> Iterator[None]:
    """Set a variable for what is started while the block lasts, then put back what it was."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
