"""The version of all that shapes the output besides inputs and settings: code, models, word lists, libraries."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from winnow.corpus import __version__
from winnow.corpus.own_cleaners import load_cleaner
from winnow.pipeline.tables.cleaner_code import code_hash

SHAPING: Final = ("cleaners", "corpus", "models", "native", "pipeline")  # below the package
SUFFIXES: Final = (".py", ".pyx", ".npz", ".gz", ".json", ".toml", ".txt")
# Libraries whose changes can change a text, a score or the bytes of a file.
LIBRARIES: Final = (
    "chardet",
    "duckdb",
    "ftfy",
    "idna",
    "isal",
    "langdetect",
    "lxml",
    "lxml_html_clean",
    "numpy",
    "orjson",
    "py3langid",
    "pyarrow",
    "rapidfuzz",
    "tldextract",
    "trafilatura",
    "warcio",
    "webencodings",
)


@cache
def version_of_everything() -> str:
    """Winnow's version, and 8 hex digits of a hash over code, models, word lists and versions of libraries."""
    digest = hashlib.sha256()
    for room in SHAPING:  # as folders: the packages would be imported
        for name, file in sorted(_files(files("winnow") / room, f"winnow.{room}")):
            digest.update(name.encode() + hashlib.sha256(file.read_bytes()).digest())
    digest.update(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def with_cleaners(version: str, references: Iterable[str]) -> str:
    """The version of a run: Winnow's own, then, where the user has own cleaners, a dot and 8 hex digits for these.

    Raises UsageError for a reference that names no cleaner.
    """
    hashes = sorted({code_hash(load_cleaner(reference)) for reference in references})
    if not hashes:
        return version
    return f"{version}.{hashlib.sha256(' '.join(hashes).encode()).hexdigest()[:8]}"


def without_cleaners(version: str) -> str:
    """The version of Winnow alone, from the version of a run.

    >>> without_cleaners("1.2.0+0badcafe.5eed1e55")
    '1.2.0+0badcafe'
    """
    release, plus, local = version.partition("+")
    return f"{release}{plus}{local.partition('.')[0]}"


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """The files of code and tables below a package, with their paths."""
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name)
        elif entry.name.endswith(SUFFIXES):
            yield name, entry
