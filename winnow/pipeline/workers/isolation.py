"""Cleaning in child processes, so that a document that hangs or kills one costs only a row of quarantine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import Row
from winnow.pipeline.tables.intermediate import batch_of
from winnow.pipeline.workers.children import Child, Outcome
from winnow.pipeline.workers.process import DiedError
from winnow.pipeline.workers.stop import Stop

if TYPE_CHECKING:
    from winnow.pipeline.workers.child import CleanOne, WorkContext

CHUNK_DOCUMENTS: Final = 16  # sent to the child at once; it cleans one chunk while the next is read
CHUNK_BYTES: Final = 4_000_000  # of documents, after which a chunk is full: memory of this process
CHILD_DOCUMENTS: Final = 5000  # after which a child is replaced: what libraries leak ends with it

Cleaning = Callable[[Iterable[RawDocument], Settings], Iterator[Outcome]]


def clean_here(documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
    """The outcomes of documents cleaned in this process, with no protection against one that hangs."""
    for raw in documents:
        outcome = clean_one(raw, settings)
        yield outcome if isinstance(outcome, Quarantined) else batch_of([outcome])


def clean_one(raw: RawDocument, settings: Settings) -> Row | Quarantined:
    """The row of one document, cleaned in this process."""
    from winnow.pipeline.documents.clean import (
        clean_safely,  # what children clean with, this process need not load
    )

    try:
        return clean_safely(raw, settings)
    except MemoryError:
        return Quarantined(raw.path, raw.sha256, "out_of_memory", "the system gave no more")


def clean_in_child(
    documents: Iterable[RawDocument],
    settings: Settings,
    clean: "CleanOne | None" = None,
    *,
    context: "WorkContext" = nullcontext,
) -> Iterator[Outcome]:
    """The outcomes of documents cleaned in one child process, in their order.

    A document that ends its child is tried again alone in a new one, and quarantined if it ends that,
    too; one that took more CPU time than it may have is quarantined at once. The documents before it in its chunk
    are cleaned again. ``clean``, in the place of `clean_document`, and ``context``, in which each child works, are
    functions of modules. Raises WinnowError where a child cannot even start.
    """
    with open_children(clean, context) as children:
        yield from children(documents, settings)


@contextmanager
def open_children(
    clean: "CleanOne | None" = None, context: "WorkContext" = nullcontext, stop: Stop | None = None
) -> Iterator["Children"]:
    """The child processes of a run, each of which cleans one shard after the other; they end with the block.

    Where ``stop`` says so, those that are at work end at once, and none is started any more.
    """
    children = Children(clean, context, stop or Stop())
    try:
        yield children
    finally:
        children.close()


class Children:
    """Cleaning as by `clean_in_child`, with children that are reused: starting one takes 0.5 s (docs/speed.md)."""

    def __init__(self, clean: "CleanOne | None", context: "WorkContext", stop: Stop) -> None:
        self._clean = clean
        self._context = context
        self._stop = stop
        self._idle: list[Child] = []  # shared by threads: append and pop are atomic

    def __call__(self, documents: Iterable[RawDocument], settings: Settings) -> Iterator[Outcome]:
        """The outcomes of documents, in their order."""
        child = self._idle_or_new(settings)
        try:
            yield from _clean_in_chunks(child, documents)
        except BaseException:
            child.close()
            raise
        if child.documents < CHILD_DOCUMENTS:
            self._idle.append(child)
        else:
            child.close()

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """How it is pickled for another machine: there each shard gets a child of its own."""
        return _per_shard_children, (self._clean, self._context)

    def close(self) -> None:
        """End the children that wait for a shard."""
        while self._idle:
            self._idle.pop().close()

    def _idle_or_new(self, settings: Settings) -> Child:
        """A child that waits for a shard, or a new child; all children of a run have the same settings."""
        with suppress(IndexError):
            return self._idle.pop()
        return Child(settings, self._clean, self._context, self._stop)


def _per_shard_children(clean: "CleanOne | None", context: "WorkContext") -> Cleaning:
    return partial(clean_in_child, clean=clean, context=context)


def _clean_in_chunks(child: Child, documents: Iterable[RawDocument]) -> Iterator[Outcome]:
    chunks = _chunks(documents)
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


def _outcomes(child: Child, chunk: Sequence[RawDocument]) -> list[Outcome]:
    """The outcomes of a chunk that was sent to the child."""
    try:
        return child.receive(len(chunk))
    except DiedError as died:
        # A child that dies while it packs the rows has answered for all; then the last document is tried alone.
        at = min(died.answered, len(chunk) - 1)
        bad = _clean_alone(child, chunk[at], died)
        before, after = (_send_and_receive(child, rest) for rest in (chunk[:at], chunk[at + 1 :]))
        return [*before, bad, *after]


def _send_and_receive(child: Child, chunk: Sequence[RawDocument]) -> list[Outcome]:
    """Send a chunk to the child, and return its outcomes."""
    child.send(chunk)
    return _outcomes(child, chunk) if chunk else []


def _clean_alone(child: Child, raw: RawDocument, died: DiedError) -> Outcome:
    """The outcome of a document of which a child died."""
    if not died.is_final:
        child.send([raw])
        try:
            return child.receive(1)[0]
        except DiedError as again:
            died = again
    return Quarantined(raw.path, raw.sha256, died.reason, died.detail)
