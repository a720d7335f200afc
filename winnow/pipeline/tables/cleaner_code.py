"""Hashes of the code of users' own cleaners, for the version of a run that uses them."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from winnow.corpus.own_cleaners import OwnCleaner

# Prefixes of the names of files and folders that are not part of a package.
NOT_CODE: Final = ("__pycache__", ".")
# Modules whose versions are part of the run's version anyway.
KNOWN_MODULES: Final = sys.stdlib_module_names | {"winnow"}


def code_hash(cleaner: OwnCleaner) -> str:
    """A hash of a cleaner's name and code, 64 hex digits; it does not depend on where the code lies.

    The code is the file of its module, or all files of the package that the module belongs to, word lists included.
    Where that is not installed, the modules and packages beside it that it imports belong to it, too. Files that it
    reads from elsewhere do not.
    """
    folder = cleaner.home.parent
    files = {file.relative_to(folder).as_posix(): file for file in _code(cleaner)}
    digest = hashlib.sha256(cleaner.name.encode())
    for name, file in sorted(files.items()):
        with file.open("rb") as content:
            digest.update(name.encode() + hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def _code(cleaner: OwnCleaner) -> set[Path]:
    """The files of a cleaner's code."""
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
    """The modules and packages in a folder that a Python file imports."""
    for name in {name.partition(".")[0] for name in _imports(file)} - KNOWN_MODULES:
        if (folder / f"{name}.py").is_file():
            yield folder / f"{name}.py"
        elif (folder / name / "__init__.py").is_file():
            yield folder / name


def _imports(file: Path) -> Iterator[str]:
    """The names of modules that a Python file imports from outside its package, in functions, too."""
    if file.suffix != ".py":
        return
    try:
        tree = ast.parse(file.read_bytes())
    except (
        SyntaxError,
        ValueError,
    ):  # packages may hold files that only look like modules, for example for tests
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
