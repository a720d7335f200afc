"""The end of a run before its time: because its caller asks for it, or because an exception leaves the run.

Whoever works for a run asks `Stop.check` before each document and while waiting, so that all is quiet within a second.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Protocol

from winnow.corpus.errors import CancelledError


class CancelRequest(Protocol):
    """What a caller asks for the end of a run with: `threading.Event`, or anything that says so in the same way."""

    def is_set(self) -> bool:
        """Whether the run is to end; asked often, and from several threads."""
        ...


class Stop:
    """Whether a run is to end before its time; pickled for another machine, it is one that nobody requests."""

    def __init__(self, cancel: CancelRequest | None = None) -> None:
        self._is_left = Event()
        self._cancel = cancel

    def check(self) -> None:
        """Raise CancelledError where the run is to end."""
        if self._is_left.is_set() or (self._cancel and self._cancel.is_set()):
            raise CancelledError(
                "cancelled: nothing was published; what was cleaned is kept, and the next run goes on from there"
            )

    @contextmanager
    def when_left(self) -> Iterator[None]:
        """Have all who work for the run end where an exception leaves the block: a timeout, Ctrl-C, an error."""
        try:
            yield
        except BaseException:
            self._is_left.set()
            raise

    def __reduce__(self) -> tuple[Callable[[], "Stop"], tuple[()]]:
        """How it is pickled."""
        return Stop, ()
