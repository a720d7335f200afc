"""The work of a child process that reads: a hostile file that it unpacks and parses ends it, and not the run."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import RawDocument
from winnow.corpus.readers import Item, read_file
from winnow.corpus.settings import Settings
from winnow.pipeline.workers.memory_limit import OUT_OF_MEMORY, limit_memory

BATCH_BYTES: Final = 1 << 20  # of documents, after which a batch is full: memory of both processes


def serve_files(
    connection: "Connection[Any, Any]", settings: Settings, environment: Mapping[str, str]
) -> None:
    """Read file after file until the run hangs up: answer each by batches of its items, then by an empty one.

    Beside each file comes the number of items that a batch may have.
    A WinnowError instead of a batch is for the run to raise: a store does not answer. A file that takes more CPU
    time than `Settings.reading_seconds` ends the child by SIGPROF, one that needs more memory than a document may
    with the exit code `OUT_OF_MEMORY`. A first None says that the child is ready. ``environment`` is that of the run,
    which may be another than when the processes that fork children was started.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then hangs up
    os.environ.clear()
    os.environ.update(environment)
    limit_memory(settings.document_memory_bytes)
    connection.send(None)
    with suppress(EOFError, ConnectionError):
        while True:
            file, batch_items = connection.recv()
            _answer(connection, file, settings, batch_items)


def _answer(
    connection: "Connection[Any, Any]", file: InputFile, settings: Settings, batch_items: int
) -> None:
    """Send the items of a file."""
    signal.setitimer(signal.ITIMER_PROF, settings.reading_seconds(file.size))
    try:
        for batch in _batches(read_file(file, settings), batch_items):
            connection.send(batch)
        connection.send([])
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except WinnowError as error:
        connection.send(error)
    signal.setitimer(signal.ITIMER_PROF, 0)


def _batches(items: Iterator[Item], batch_items: int) -> Iterator[list[Item]]:
    batch, size = list[Item](), 0
    for item in items:
        batch.append(item)
        size += len(item.content) if isinstance(item, RawDocument) else 0
        if len(batch) >= batch_items or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
