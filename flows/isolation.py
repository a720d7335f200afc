"""Cleaning in a child process, so that a document that hangs or kills it costs one row of quarantine."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Final

from corpus.errors import WinnowError
from corpus.raw import Quarantined, RawDocument
from corpus.settings import Settings
from flows.child import OUT_OF_MEMORY, CleanOne, serve
from flows.document import Outcome, clean_document, clean_safely

CHUNK_DOCUMENTS: Final = 16  # sent to the child at once; it cleans one chunk while the next is read
START_TRIES: Final = 3  # of a child, before the run ends with an error
EXIT_SECONDS: Final = 10.0  # for a child to end that has hung up
CHUNK_BYTES: Final = 4_000_000  # of documents, after which a chunk is full: memory of this process

Cleaning = Callable[[Iterable[RawDocument], Settings], Iterator[Outcome]]


def clean_here(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
    """Clean in this process: nothing to start, and no protection against a document that hangs."""
    for raw in documents:
        try:
            yield clean_safely(raw, settings)
        except MemoryError:
            yield Quarantined(raw.path, raw.sha256, "out_of_memory", "the system gave no more")


def clean_in_child(
    documents: Iterable[RawDocument],
    settings: Settings,
    clean: CleanOne = clean_document,
    *,
    prepare: Callable[[], None] | None = None,
) -> Iterator[Outcome]:
    """Clean in one child process; outcomes come in the order of the documents.

    A document that ends its child is cleaned again alone in a new one, and quarantined if it ends that,
    too; at once if it took more CPU time than it may have. What is around it is not touched. ``clean``
    and ``prepare``, which is called first in each child, are functions of modules. Raises WinnowError where a
    child cannot even start.
    """
    chunks = _chunks(documents)
    with closing(_Child(settings, clean, prepare)) as child:
        chunk = next(chunks, [])
        child.send(chunk)
        while chunk:
            following = next(chunks, [])
            outcomes = _outcomes(child, chunk)
            child.send(following)
            yield from outcomes
            chunk = following


def _chunks(documents: Iterable[RawDocument]) -> Iterator[list[RawDocument]]:
    chunk, size = list[RawDocument](), 0
    for raw in documents:
        chunk.append(raw)
        size += len(raw.content)
        if len(chunk) >= CHUNK_DOCUMENTS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class _DiedError(Exception):
    """The child did not live to answer."""

    def __init__(self, reason: str, detail: str, *, is_final: bool = False) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.is_final = is_final  # trying again would only take as long


class _Child:
    """A child process that cleans, replaced when it died. Only one side sends at a time, so that none waits forever."""

    def __init__(self, settings: Settings, clean: CleanOne, prepare: Callable[[], None] | None) -> None:
        self._settings = settings
        self._clean = clean
        self._prepare = prepare
        self._process: ForkServerProcess | None = None
        self._connection: Connection[Any, Any]

    def send(self, chunk: Sequence[RawDocument]) -> None:
        """Have a chunk cleaned, in a new child where there is none."""
        if not chunk:
            return
        if not self._process:
            self._process = self._started(START_TRIES)
        with suppress(ConnectionError):  # it died since: `receive` will say how
            self._connection.send(chunk)

    def receive(self) -> Outcome:
        """The next outcome. Raises _DiedError, with what it died of, when there will be none."""
        try:
            if self._connection.poll(self._settings.document_wall_seconds):
                outcome: Outcome = self._connection.recv()
                return outcome
            cause = _overdue(self._settings)
        except (EOFError, OSError):  # the latter in the middle of an answer
            cause = _cause(self._exit_code(), self._settings)
        self.close()
        raise cause

    def close(self) -> None:
        """End the child, whatever it does; one that was prepared may first finish by itself."""
        if self._process:
            self._connection.close()
            if self._prepare:
                self._process.join(EXIT_SECONDS)
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    def _exit_code(self) -> int:
        """Of the child, which has hung up."""
        assert self._process
        self._process.join(EXIT_SECONDS)
        return self._process.exitcode or 0

    def _started(self, tries: int) -> ForkServerProcess:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["flows.preload"])
        self._connection, theirs = context.Pipe()
        process = context.Process(
            target=serve, args=(theirs, self._settings, self._clean, self._prepare), daemon=True
        )
        process.start()
        theirs.close()
        try:
            trouble: str | None = self._connection.recv()
        except (EOFError, OSError) as error:
            process.join()
            if tries > 1:  # something killed it that has nothing to do with documents
                return self._started(tries - 1)
            raise WinnowError(
                f"the process that cleans did not start: {_cause(process.exitcode or 0, self._settings)}"
            ) from error
        if trouble:
            raise WinnowError(f"the process that cleans did not start: {trouble}")
        return process


def _outcomes(child: _Child, chunk: Sequence[RawDocument]) -> list[Outcome]:
    """The outcomes of a chunk that the child was sent."""
    outcomes: list[Outcome] = []
    while len(outcomes) < len(chunk):
        try:
            outcomes.append(child.receive())
        except _DiedError as died:
            outcomes.append(_alone(child, chunk[len(outcomes)], died))
            child.send(chunk[len(outcomes) :])
    return outcomes


def _alone(child: _Child, raw: RawDocument, died: _DiedError) -> Outcome:
    """The outcome of a document that a child died of."""
    if not died.is_final:
        child.send([raw])
        try:
            return child.receive()
        except _DiedError as again:
            died = again
    return Quarantined(raw.path, raw.sha256, died.reason, died.detail)


def _overdue(settings: Settings) -> _DiedError:
    return _DiedError(
        "timed_out",
        f"no answer after {settings.document_wall_seconds:g} seconds by the clock; "
        "raise --document-seconds to wait longer",
    )


def _cause(exit_code: int, settings: Settings) -> _DiedError:
    """What a child died of, by its exit code: below 0 the number of a signal."""
    if exit_code == -signal.SIGPROF:
        detail = (
            f"over {settings.document_seconds:g} seconds of CPU time; raise --document-seconds to clean it"
        )
        return _DiedError("timed_out", detail, is_final=True)
    if exit_code == OUT_OF_MEMORY:
        needed = f"over {settings.document_memory_bytes} bytes of memory"
        return _DiedError("out_of_memory", f"{needed}; raise --document-memory-bytes to clean it")
    if exit_code == -signal.SIGKILL:
        return _DiedError(
            "crashed", "the system killed it, most likely for want of memory; try fewer --workers"
        )
    if exit_code < 0:
        return _DiedError("crashed", f"signal {-exit_code}: {signal.strsignal(-exit_code)}")
    return _DiedError("crashed", f"the process ended itself with exit code {exit_code}")
