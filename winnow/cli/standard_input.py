"""Standard input as an input: its documents as a stream, or spooled to a file."""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Final

from winnow.corpus.dates import iso_instant
from winnow.corpus.errors import UsageError
from winnow.corpus.raw import RawDocument
from winnow.corpus.settings import Settings

if TYPE_CHECKING:
    from winnow.corpus.readers import Item

STDIN: Final = "-"  # as the name of an input


def standard_input_items(settings: Settings) -> "Iterator[Item]":
    """The documents of standard input, which were obtained now unless they say otherwise."""
    from winnow.corpus.readers import read_stream

    now = iso_instant(time.time())
    for item in read_stream(_standard_input(), settings):
        yield replace(item, added=item.added or now) if isinstance(item, RawDocument) else item


@contextmanager
def spooled_inputs(inputs: Sequence[str], settings: Settings) -> Iterator[list[str]]:
    """The inputs with standard input as a file, which can be read again and cut into shards."""
    from winnow.corpus.readers import stream_suffix

    if STDIN not in inputs:
        yield [*inputs]
        return
    with TemporaryDirectory(prefix="winnow-") as folder:
        suffix, stream = stream_suffix(_standard_input(), settings)
        path = Path(folder) / "stdin" / f"stdin{suffix}"
        path.parent.mkdir()
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        yield [str(path) if name == STDIN else name for name in dict.fromkeys(inputs)]


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("standard input is closed; pipe a document to it")
    return sys.stdin.buffer
