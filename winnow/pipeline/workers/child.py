"""What a child of a run does: it cleans the documents that it is sent, each within limits that end the child."""

import gc
import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.own_cleaners import load_cleaners
from winnow.corpus.raw import HTML, Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import Row
from winnow.pipeline.documents.clean import RowOutcome, clean_document, clean_safely
from winnow.pipeline.tables.intermediate import batch_of

OUT_OF_MEMORY: Final = 77  # exit code of a child whose document needs more memory than it may have
COLLECT_AFTER: Final = 50_000  # new objects; Python's own 2,000 or 700 come several times a page
SIZES: Final = Path("/proc/self/statm")  # Linux; in pages of memory
PRIVATE_PAGES: Final = 5  # which of these sizes is that of data and stack
PAGE: Final = RawDocument(  # makes a child load every model and table
    "warm-up.html",
    b"<html><body><article><p>The harbour board voted on Tuesday to dredge the inner basin before the autumn"
    b" storms, a spokeswoman said.</p></article></body></html>",
    HTML,
    "",
    "",
)

CleanOne = Callable[[RawDocument, Settings], RowOutcome]


def serve(
    connection: "Connection[Any, Any]",
    settings: Settings,
    clean: CleanOne,
    prepare: Callable[[], None] | None = None,
) -> None:
    """Clean chunk after chunk until the run hangs up: for each document comes `Quarantined`, or None and later its row.

    The rows of a chunk come behind it as one Arrow batch, so that the run has nothing to do but to write it.

    A document that takes more CPU time than ``document_seconds`` ends the child by SIGPROF, in C code as
    in Python; one that needs more memory, with the exit code `OUT_OF_MEMORY`. Before the first outcome
    comes None, too: from there on, whatever ends the child is the document's doing. A child that cannot load its
    models sends what is wrong instead, and ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then hangs up
    try:
        warm_up(settings)
    except (WinnowError, OSError) as error:
        connection.send(str(error))
        return
    if prepare:
        prepare()
    limit_memory(settings.document_memory_bytes)
    connection.send(None)
    with suppress(EOFError, ConnectionError):
        while True:
            _clean_chunk(connection, settings, clean)


def warm_up(settings: Settings) -> None:
    """Load models and tables, and look for garbage in cycles less often from then on.

    Documents make next to none, and what is loaded stays: saves 5 to 10 % of the time for a page (docs/speed.md).
    People's own cleaners are only loaded: what one makes of this page says nothing of its documents.
    """
    load_cleaners(settings.cleaners)
    clean_document(PAGE, replace(settings, cleaners=()))
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def limit_memory(more: int) -> None:
    """Let this process have ``more`` bytes beyond those that it has, so that what models weigh does not count.

    Only where the system tells sizes as Linux does; elsewhere nothing is limited.
    """
    if SIZES.exists():
        held = int(SIZES.read_text().split()[PRIVATE_PAGES]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (held + more, resource.RLIM_INFINITY))


def _clean_chunk(connection: "Connection[Any, Any]", settings: Settings, clean: CleanOne) -> None:
    """Answer for each document as soon as it is done, and send the rows of all of them at the end."""
    rows: list[Row] = []
    try:
        for raw in connection.recv():
            signal.setitimer(signal.ITIMER_PROF, settings.document_seconds)
            outcome = clean_safely(raw, settings, clean)
            if isinstance(outcome, Quarantined):
                connection.send(outcome)
            else:
                rows.append(outcome)
                connection.send(None)
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.send_bytes(batch_of(rows).serialize())
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
