"""Cleaning in a child process, so that a document that hangs or kills it costs one row of quarantine."""

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from itertools import islice
from typing import Final

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from corpus.raw import Quarantined, RawDocument
from corpus.settings import Settings
from flows.document import Outcome, clean_chunk

CHUNK_DOCUMENTS: Final = 16  # sent to the child at once: one message costs as much as cleaning a short page
CHUNKS_AHEAD: Final = 2  # one is cleaned while the next is read

COLLECT_AFTER: Final = 50_000  # new objects; Python's own 2,000 or 700 come several times a page

Cleaning = Callable[[Iterable[RawDocument], Settings], Iterator[Outcome]]


def clean_here(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
    """Clean in this process: nothing to start, and no protection against a document that hangs."""
    for raw in documents:
        yield from clean_chunk([raw], settings)


def clean_in_child(
    documents: Iterable[RawDocument], settings: Settings, *, prepare: Callable[[], None] | None = None
) -> Iterator[Outcome]:
    """Clean in one child process; outcomes come in the order of the documents.

    A chunk whose child dies or takes longer than ``document_seconds`` is cleaned again document
    by document; only the one that does it again is quarantined. ``prepare`` is called first in the child.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.document"])
    documents = iter(documents)
    with ProcessPool(max_workers=1, context=context, initializer=prepare or collect_seldom) as pool:
        submit = partial(_submit, pool, settings)
        waiting: deque[tuple[list[RawDocument], ProcessFuture[list[Outcome]]]] = deque()
        while True:
            while len(waiting) < CHUNKS_AHEAD and (chunk := list(islice(documents, CHUNK_DOCUMENTS))):
                waiting.append((chunk, submit(chunk)))
            if not waiting:
                return
            yield from _outcomes(*waiting.popleft(), submit)


def collect_seldom() -> None:
    """Look for garbage in cycles less often: documents make next to none, and models and tables stay.

    Saves 5 to 10 % of the time for a page (docs/speed.md).
    """
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def _submit(
    pool: ProcessPool, settings: Settings, chunk: Sequence[RawDocument]
) -> ProcessFuture[list[Outcome]]:
    return pool.schedule(clean_chunk, args=(chunk, settings), timeout=settings.document_seconds)


def _outcomes(
    chunk: Sequence[RawDocument],
    future: ProcessFuture[list[Outcome]],
    submit: Callable[[Sequence[RawDocument]], ProcessFuture[list[Outcome]]],
) -> Iterator[Outcome]:
    """The outcomes of a chunk, cleaned again one by one where the child did not live to answer."""
    try:
        yield from future.result()
    except (ProcessExpired, FutureTimeoutError) as error:
        if len(chunk) == 1:
            yield _quarantined(chunk[0], error)
            return
        for raw in chunk:
            yield from _outcomes([raw], submit([raw]), submit)


def _quarantined(raw: RawDocument, error: Exception) -> Quarantined:
    if isinstance(error, FutureTimeoutError):
        return Quarantined(raw.path, raw.sha256, "timed_out", "cleaning took longer than document_seconds")
    return Quarantined(raw.path, raw.sha256, "crashed", str(error)[:500])
