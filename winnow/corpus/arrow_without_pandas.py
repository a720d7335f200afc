"""Keeps pyarrow from importing pandas, where it is installed, for the first list that becomes an array.

That takes .3 s of CPU and 40 MB in each process. `pyarrow.array` asks whether what it gets is of pandas, looks for
pandas once, and has no switch for it (pyarrow 26); what it does not find then it does not ask for again, until somebody
asks it to convert to or from pandas.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Final

import pyarrow as pa

PANDAS: Final = "pandas"


class PandasBlock(MetaPathFinder):
    """A finder of modules that does not find pandas, and nothing else either."""

    def find_spec(self, fullname: str, *_place: object) -> ModuleSpec | None:
        """None, for others to look. Raises ModuleNotFoundError for pandas."""
        if fullname == PANDAS:
            raise ModuleNotFoundError(name=fullname)
        return None


def leave_pandas_out() -> None:
    """Let pyarrow look for pandas now, and not find it; for processes of our own. Does nothing where it is loaded."""
    if PANDAS not in sys.modules:
        block = PandasBlock()
        sys.meta_path.insert(0, block)
        try:
            pa.array([None])
        finally:
            sys.meta_path.remove(block)


def let_pandas_in() -> None:
    """Let pyarrow know pandas again, where somebody else's code has loaded it."""
    if PANDAS in sys.modules:
        pa.table({}).to_pandas()
