"""The work of a child process of a run: to clean the documents it gets, within limits that end the process."""

import gc
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any, Final

from winnow.corpus.arrow_without_pandas import let_pandas_in
from winnow.corpus.errors import WinnowError
from winnow.corpus.own_cleaners import load_cleaners
from winnow.corpus.raw import HTML, Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import Row
from winnow.models.language import load_language_models
from winnow.pipeline.documents.clean import RowOutcome, clean_document, clean_safely
from winnow.pipeline.tables.intermediate import batch_of
from winnow.pipeline.workers.memory_limit import OUT_OF_MEMORY, limit_memory

COLLECT_AFTER: Final = 50_000  # new objects; Python's own 2,000 or 700 come several times a page
# A page whose cleaning needs, and so loads, every model and table.
PAGE: Final = RawDocument(
    "warm-up.html",
    b"<html><body><article><p>The harbour board voted on Tuesday to dredge the inner basin before the autumn"
    b" storms, a spokeswoman said.</p></article></body></html>",
    HTML,
    "",
    "",
)

CleanOne = Callable[[RawDocument, Settings], RowOutcome]
WorkContext = Callable[
    [], AbstractContextManager[None]
]  # entered in a child, and left when the run hangs up


def serve(
    connection: "Connection[Any, Any]",
    settings: Settings,
    clean: CleanOne | None = None,
    context: WorkContext = nullcontext,
) -> None:
    """Clean chunk after chunk until the run hangs up: answer each document by `Quarantined`, or by None and a row.

    ``clean`` takes the place of `clean_document`.

    The rows of a chunk follow its answers as one Arrow batch, so that the run only has to write it.

    A document that takes more CPU time than ``document_seconds`` ends the child by SIGPROF, in C code as
    in Python; one that needs more memory ends it with the exit code `OUT_OF_MEMORY`. A first None, before all
    outcomes, says that the child is ready: what ends it from then on is due to a document. A child that cannot load
    its models sends an error message instead, and ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then hangs up
    try:
        warm_up(settings)
    except (WinnowError, OSError) as error:
        connection.send(str(error))
        return
    with context():
        limit_memory(settings.document_memory_bytes)
        connection.send(None)
        with suppress(EOFError, ConnectionError):
            while True:
                _clean_chunk(connection, settings, clean or clean_document)


def warm_up(settings: Settings) -> None:
    """Load models and tables, and then search for cyclic garbage less often.

    Documents make hardly any, and what is loaded stays: this saves 5 to 10 % of the time for a page (docs/speed.md).
    Users' own cleaners are loaded but not run: whether one fails on this page says nothing about its documents.
    """
    load_cleaners(settings.cleaners)
    let_pandas_in()  # for users' own cleaners
    row = clean_document(PAGE, replace(settings, cleaners=()))
    if not isinstance(row, Quarantined):
        batch_of([row])
    load_language_models()  # a second opinion on the language is not asked for every page
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def _clean_chunk(connection: "Connection[Any, Any]", settings: Settings, clean: CleanOne) -> None:
    """Answer for each document of a chunk as soon as it is done, and send all rows at the end."""
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
