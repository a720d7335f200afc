"""An interpreter in which only the core of Winnow can be imported, as after ``pip install winnow-corpus``."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from bench.dependencies import CORE, asked_for, closure, installed

SITECUSTOMIZE = """
import sys

REFUSED = frozenset({refused!r})


class Refusing:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in REFUSED else self.finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self.finder, name)


sys.meta_path[:] = map(Refusing, sys.meta_path)
"""


def refused_modules() -> list[str]:
    """The installed top-level modules that do not belong to a package of the core."""
    core = closure(asked_for()[CORE], installed(sys.path)) | {"winnow-corpus"}
    return sorted(
        module
        for module, packages in packages_distributions().items()
        if not core & set(map(canonicalize_name, packages))
    )


def refuse_extras(folder: Path) -> Path:
    """A folder for PYTHONPATH, in front of the checkout: Python imports its sitecustomize when it starts."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        SITECUSTOMIZE.format(refused=refused_modules()), encoding="utf8"
    )
    return folder
