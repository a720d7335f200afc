"""Artifacts of models: named arrays in a file. Nothing is pickled on the way out, or executed on the way in."""

import hashlib
import io
import zlib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.errors import WinnowError
from winnow.corpus.writers import replacing

Arrays = dict[str, NDArray[Any]]


def read_arrays(path: Path | None, packaged: str) -> tuple[Arrays, str]:
    """The arrays of an artifact and its SHA-256; of the one ``packaged`` with the models if no path is given.

    Raises WinnowError for a file that is damaged or missing, ValueError for one that holds pickles.
    """
    try:
        content = path.read_bytes() if path else (files("winnow.models") / packaged).read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:  # a pickle could run anything
            return {name: stored[name] for name in stored.files}, hashlib.sha256(content).hexdigest()
    except (FileNotFoundError, BadZipFile, zlib.error, EOFError) as error:
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
