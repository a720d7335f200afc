"""What, besides inputs and settings, shapes the output: Winnow's code, its models and word lists, its libraries."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from winnow.corpus import __version__

SHAPING: Final = ("winnow.cleaners", "winnow.corpus", "winnow.models", "winnow.pipeline")
SUFFIXES: Final = (".py", ".npz", ".gz", ".toml", ".txt")
LIBRARIES: Final = (  # whose own changes can change a text, a score or the bytes of a file
    "charset-normalizer",
    "duckdb",
    "ftfy",
    "idna",
    "langdetect",
    "lxml",
    "lxml_html_clean",
    "numpy",
    "orjson",
    "pyarrow",
    "rapidfuzz",
    "tldextract",
    "trafilatura",
    "warcio",
)


@cache
def version_of_everything() -> str:
    """Winnow's version, and 8 hex digits of a hash over code, models, word lists and versions of libraries."""
    digest = hashlib.sha256()
    for package in SHAPING:
        for name, file in sorted(_files(files(package), package)):
            digest.update(name.encode() + hashlib.sha256(file.read_bytes()).digest())
    digest.update(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """The code and tables below a package, with their paths in it."""
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name)
        elif entry.name.endswith(SUFFIXES):
            yield name, entry
