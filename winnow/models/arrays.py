"""Artifacts of models: named arrays in a file. Nothing is pickled on the way out, or executed on the way in."""

import hashlib
import io
import lzma
import struct
import zlib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from tokenize import TokenError
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.errors import WinnowError
from winnow.corpus.writers import replacing

Arrays = dict[str, NDArray[Any]]

# What zipfile and numpy raise for bytes that are no archive of arrays, or one of pickles
DAMAGE: Final = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error),  # the archive, or what is packed in it
    *(NotImplementedError, RuntimeError),  # a way of packing that nobody knows, a password
    *(TokenError, SyntaxError, ValueError, TypeError, AttributeError, KeyError),  # the header of an array
    *(EOFError, OSError, IndexError, OverflowError, MemoryError),  # sizes and places that cannot be
)


def read_arrays(path: Path | None, packaged: str) -> tuple[Arrays, str]:
    """The arrays of an artifact and its SHA-256; of the one ``packaged`` with the models if no path is given.

    Raises WinnowError with its name for a file that is damaged or missing, and for one that holds pickles.
    """
    try:
        content = path.read_bytes() if path else (files("winnow.models") / packaged).read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:  # a pickle could run anything
            return {name: stored[name] for name in stored.files}, hashlib.sha256(content).hexdigest()
    except DAMAGE as error:
        message = f"{path or packaged}: damaged or missing; `winnow doctor` says what to do"
        raise WinnowError(message) from error


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays, whole or not at all; equal arrays give equal bytes."""
    with replacing(path) as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)  # `read_arrays` would refuse a pickle


def packed_words(words: Iterable[str]) -> NDArray[np.uint8]:
    """Words without line breaks as UTF-8, one a line: a third of the size of an array of strings."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def unpacked_words(packed: NDArray[Any]) -> list[str]:
    """The words that `packed_words` packed."""
    return packed.tobytes().decode().split("\n") if len(packed) else []
