"""A process that the server of `winnow.pipeline.workers.fork_server` has forked, from the side of who asked for it."""

import os
import selectors
import signal
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from winnow.corpus.stages import WAKE_SECONDS

NUMBER: Final = struct.Struct("<q")  # of a status: the child's process id, then its exit code
KILLED: Final = -signal.SIGKILL  # exit code of a child of which the server, itself killed, can tell none


class ForkedProcess:
    """A child that the server has forked, from the side of who asked for it.

    Until the server has, ``check`` is called again and again, and may raise an error.
    """

    def __init__(self, status: int, check: Callable[[], None]) -> None:
        self._status = status  # file descriptor
        self._exit_code: int | None = None
        while not _is_readable(status, WAKE_SECONDS):
            check()
        self.pid = _number(status)

    def exit_code(self, seconds: float) -> int | None:
        """Its exit code, that of a signal below 0; None where it still runs after so many seconds."""
        if self._exit_code is None and _is_readable(self._status, seconds):
            try:
                self._exit_code = _number(self._status)
            except EOFError:
                self._exit_code = KILLED
            os.close(self._status)
        return self._exit_code

    def kill(self) -> None:
        """End it at once, and wait until it has ended."""
        while self.exit_code(0) is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.exit_code(1)


def _number(status: int) -> int:
    """The next number of a status. Raises EOFError where the server has died."""
    packed = os.read(status, NUMBER.size)
    if len(packed) < NUMBER.size:
        raise EOFError("the process that forks children has died")
    number: int = NUMBER.unpack(packed)[0]
    return number


def _is_readable(fd: int, seconds: float) -> bool:
    """Whether there is something to read within so many seconds."""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        return bool(selector.select(seconds))
