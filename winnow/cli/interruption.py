"""Ctrl-C: what runs stops within two seconds and says what is kept; a second one ends it at once.

The handler of Python runs when the main thread comes back to Python, which libraries may delay for minutes. So a thread
waits for the signal, too: it stops the child processes, and ends this one where the main thread does not in time.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, RLock, Thread, current_thread, main_thread
from time import sleep
from types import FrameType
from typing import Final, NoReturn

INTERRUPTED: Final = 130  # the exit code of shells for Ctrl-C
GRACE_SECONDS: Final = 1.2  # to leave all blocks in order, which deletes temporary files
SAY_SECONDS: Final = 0.2  # for a message, which nobody may read
ERROR_STREAM: Final = 2
CLEAR_LINE: Final = "\r\x1b[2K"  # of a terminal, where a progress bar may be
SHOW_CURSOR: Final = "\x1b[?25h"
FORK_SERVER: Final = "winnow.pipeline.workers.fork_server"
NOTHING_BEGUN: Final = "nothing was begun"


class Interruption:
    """What Ctrl-C does in this process, and whether it has come."""

    def __init__(self) -> None:
        self.is_requested = False
        self.can_unwind = False  # not while modules are imported, which would end in all kinds of errors
        self.grace_seconds = GRACE_SECONDS
        self.what_is_kept: Callable[[], str] = lambda: NOTHING_BEGUN
        self.is_silent = False
        self._beginning = RLock()  # the handler may interrupt itself
        self._ending = Lock()

    @contextmanager
    def keeping(
        self, what_is_kept: Callable[[], str], grace_seconds: float = GRACE_SECONDS
    ) -> Iterator[None]:
        """Say this of what is kept where Ctrl-C comes while the block lasts, which has so much time to end."""
        before = self.what_is_kept, self.grace_seconds
        self.what_is_kept, self.grace_seconds = what_is_kept, grace_seconds
        yield
        self.what_is_kept, self.grace_seconds = before  # not after an interruption, which has to say it

    @contextmanager
    def as_usual(self) -> Iterator[None]:
        """Say nothing where Ctrl-C is the way to end the block."""
        self.is_silent = True
        yield
        self.is_silent = False  # not after an interruption

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take Ctrl-C while the block lasts; in another thread than the main one, leave it to the program."""
        if current_thread() is not main_thread():
            yield
            return
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        fd_before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        handler_before = signal.signal(signal.SIGINT, self._handler())
        Thread(target=self._watch, args=(reading,), daemon=True).start()
        try:
            yield
        finally:
            if self.is_requested:
                self.end()
            signal.signal(signal.SIGINT, handler_before)
            signal.set_wakeup_fd(fd_before)
            os.close(writing)  # which ends the thread

    def end(self) -> NoReturn:
        """Say what is kept, and end this process at once."""
        self._begin()
        if not self._ending.acquire(blocking=False):
            sleep(GRACE_SECONDS)  # the other thread ends this process
        sayer = Thread(target=self._say_what_is_kept, daemon=True)
        sayer.start()
        sayer.join(SAY_SECONDS)
        os._exit(INTERRUPTED)

    def _handler(self) -> Callable[[int, FrameType | None], None]:
        """The handler of this signal: it leaves all blocks by KeyboardInterrupt, and the second time none."""
        calls = 0

        def handle(_signal: int, _frame: FrameType | None) -> None:
            """Begin to stop, or end."""
            nonlocal calls
            calls += 1
            if calls > 1 or not self.can_unwind:
                self.end()
            self._begin()
            raise KeyboardInterrupt

        return handle

    def _watch(self, fd: int) -> None:
        """Wait for the numbers of signals, until nobody can send any."""
        times = 0
        while numbers := os.read(fd, 64):
            times += numbers.count(signal.SIGINT)
            if times > 1 or (times and not self.can_unwind):
                self.end()
            if times:
                self._begin()
        os.close(fd)

    def _begin(self) -> None:
        """Begin to stop, once: say so, end the child processes, and see to it that this one ends in time."""
        if not self._beginning.acquire(timeout=SAY_SECONDS):
            return  # another thread began, and waits for somebody to read what it says
        try:
            if not self.is_requested:
                self.is_requested = True
                Thread(target=self._end_in_time, daemon=True).start()
                _stop_children()
                if not self.is_silent:
                    _say("stopping…")
                _silence()
        finally:
            self._beginning.release()

    def _end_in_time(self) -> None:
        sleep(self.grace_seconds)
        self.end()

    def _say_what_is_kept(self) -> None:
        with suppress(OSError, ValueError, AttributeError):
            sys.stdout.flush()
        if not self.is_silent:
            _say(self.what_is_kept(), SHOW_CURSOR)


INTERRUPTION: Final = Interruption()
"""Of this process; a signal has one handler."""


def _stop_children() -> None:
    with suppress(KeyError, AttributeError):  # not imported, or just being so: there are no children
        sys.modules[FORK_SERVER].stop_children()


def _silence() -> None:
    """Have nothing else talk about the interruption: no logs, and no tracebacks of threads and finalizers."""
    with suppress(KeyError, AttributeError):  # not imported, or just being so
        sys.modules["logging"].disable()
    sys.unraisablehook = lambda _: None
    threading.excepthook = lambda _: None


def _say(message: str, end: str = "") -> None:
    """Print a line on the error stream, past the locks of Python's own streams."""
    is_terminal = os.isatty(ERROR_STREAM)
    line = f"{CLEAR_LINE * is_terminal}winnow: {message}\n{end * is_terminal}"
    encoding = getattr(sys.stderr, "encoding", None) or "ascii"
    with suppress(OSError):
        os.write(ERROR_STREAM, line.encode(encoding, "backslashreplace"))
