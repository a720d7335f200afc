"""The code of people's own cleaners, which is part of the version of a run that uses them."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from winnow.corpus.own_cleaners import OwnCleaner

NOT_CODE: Final = (
    "__pycache__",
    ".",
)  # how the names of files and folders begin that a package does not need
APART: Final = sys.stdlib_module_names | {"winnow"}  # modules whose versions the run's version has anyway


def code_hash(cleaner: OwnCleaner) -> str:
    """A hash of a cleaner's name and code, 64 hex digits; wherever the code lies, it is the same.

    The code is the file of its module, or all files of the package that this belongs to, word lists included. Where
    this is not installed, so are the modules and packages beside it that it imports. Not what it reads elsewhere.
    """
    folder = cleaner.home.parent
    files = {file.relative_to(folder).as_posix(): file for file in _code(cleaner)}
    digest = hashlib.sha256(cleaner.name.encode())
    for name, file in sorted(files.items()):
        with file.open("rb") as content:
            digest.update(name.encode() + hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def _code(cleaner: OwnCleaner) -> set[Path]:
    """The files that a cleaner is made of."""
    files, homes = set[Path](), [cleaner.home]
    while homes:
        new_files = {*_files(homes.pop())} - files
        files |= new_files
        if not cleaner.is_installed:
            homes += [home for file in new_files for home in _imported_beside(file, cleaner.home.parent)]
    return files


def _files(home: Path) -> Iterator[Path]:
    """A file, or the files below a folder."""
    if home.is_file():
        yield home
    elif home.is_dir():
        for entry in home.iterdir():
            # A link to a folder may lead around in a circle.
            if not entry.name.startswith(NOT_CODE) and not (entry.is_symlink() and entry.is_dir()):
                yield from _files(entry)


def _imported_beside(file: Path, folder: Path) -> Iterator[Path]:
    """The modules and packages of a folder that a Python file imports by their names."""
    for name in {name.partition(".")[0] for name in _imports(file)} - APART:
        if (folder / f"{name}.py").is_file():
            yield folder / f"{name}.py"
        elif (folder / name / "__init__.py").is_file():
            yield folder / name


def _imports(file: Path) -> Iterator[str]:
    """The names of modules that a Python file imports from outside its package, wherever it does."""
    if file.suffix != ".py":
        return
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):  # no module: packages may hold what only looks like one, as tests do
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
