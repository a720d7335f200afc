"""A child process with a pipe to it: how it starts, how it ends, and of what it died."""

import signal
import time
from multiprocessing.connection import Connection
from typing import Any, Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.settings import Settings
from winnow.corpus.stages import WAKE_SECONDS
from winnow.pipeline.workers.fork_server import start_child
from winnow.pipeline.workers.forked_process import ForkedProcess
from winnow.pipeline.workers.memory_limit import OUT_OF_MEMORY
from winnow.pipeline.workers.stop import Stop

START_TRIES: Final = 3  # of a child, before the run ends with an error
RETRY_SECONDS: Final = 0.5  # before the next: for a while what was killed counts as alive
EXIT_SECONDS: Final = 10.0  # for a child to end that has hung up


class DiedError(Exception):
    """The child process died, or was too slow, before it had answered for all that it was sent."""

    def __init__(self, reason: str, detail: str, *, is_final: bool = False) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.is_final = is_final  # another try would take just as long
        self.answered = 0  # documents of a chunk for which it had answered


class ChildProcess:
    """A process that serves the other end of a pipe, started where it is needed, and again after it was closed."""

    def __init__(
        self, serve: str, arguments: tuple[object, ...], settings: Settings, stop: Stop | None = None
    ) -> None:
        self._serve = serve  # MODULE:FUNCTION
        self._arguments = arguments  # of ``serve``, behind the connection
        self._settings = settings
        self._stop = stop or Stop()
        self._process: ForkedProcess | None = None
        self._connection: Connection[Any, Any]

    def connection(self) -> "Connection[Any, Any]":
        """The pipe to the process, which is started where there is none.

        Raises WinnowError where none starts, and CancelledError where the run is to end.
        """
        self._stop.check()
        if not self._process:
            self._start(START_TRIES)
        return self._connection

    def wait_for_answer(self) -> "Connection[Any, Any]":
        """The pipe once an answer lies in it.

        Raises TimeoutError where none comes in time, and CancelledError where the run is to end.
        """
        deadline = time.monotonic() + self._settings.document_wall_seconds
        self._stop.check()
        while not self._connection.poll(min(WAKE_SECONDS, max(0.0, deadline - time.monotonic()))):
            self._stop.check()
            if time.monotonic() >= deadline:
                raise TimeoutError
        return self._connection

    def exit_code(self) -> int:
        """The exit code of the process, which has hung up."""
        assert self._process
        return self._process.exit_code(EXIT_SECONDS) or 0

    def close(self, *, may_finish: bool = False) -> None:
        """End the process, whatever it does; one that ``may_finish`` first has time to end by itself."""
        if self._process:
            self._connection.close()
            if may_finish:
                self._process.exit_code(EXIT_SECONDS)
            self._process.kill()
            self._process = None

    def _start(self, tries: int) -> None:
        """Start a process that is ready. Raises WinnowError where none is in so many tries."""
        try:
            self._process, self._connection = start_child(
                self._serve, *self._arguments, check=self._stop.check
            )
            while not self._connection.poll(WAKE_SECONDS):
                self._stop.check()
            trouble: str | None = self._connection.recv()
        except (
            EOFError,
            OSError,
        ) as error:  # something killed it, or what forks it: no document is the cause
            self._start_again(tries, error)
        else:
            if trouble:
                self.close()
                raise WinnowError(f"the process that cleans did not start: {trouble}")

    def _start_again(self, tries: int, error: Exception) -> None:
        """Start another process after one that did not start. Raises WinnowError where that was the last try."""
        code = self.exit_code() if self._process else None
        self.close()
        if tries > 1:
            time.sleep(RETRY_SECONDS)
            self._start(tries - 1)
            return
        settings = self._settings
        cause = (
            error if code is None else cause_of_death(code, settings, settings.document_seconds, "clean it")
        )
        raise WinnowError(f"the process that cleans did not start: {cause}") from error


def timeout(settings: Settings) -> DiedError:
    """The error for a child that did not answer in time."""
    return DiedError(
        "timed_out",
        f"no answer after {settings.document_wall_seconds:g} seconds by the clock; "
        "raise --document-seconds to wait longer",
    )


def cause_of_death(exit_code: int, settings: Settings, seconds: float, aim: str) -> DiedError:
    """The error for a child that died, by its exit code; one below 0 is the number of a signal.

    ``seconds`` of CPU time are what it had; ``aim`` is what a higher limit is good for: "clean it".
    """
    if exit_code == -signal.SIGPROF:
        detail = f"over {seconds:.4g} seconds of CPU time; raise --document-seconds to {aim}"
        return DiedError("timed_out", detail, is_final=True)
    if exit_code == OUT_OF_MEMORY:
        needed = f"over {settings.document_memory_bytes} bytes of memory"
        return DiedError("out_of_memory", f"{needed}; raise --document-memory-bytes to {aim}")
    if exit_code == -signal.SIGKILL:
        return DiedError(
            "crashed", "the system killed it, most likely for want of memory; try fewer --workers"
        )
    if exit_code < 0:
        return DiedError("crashed", f"signal {-exit_code}: {signal.strsignal(-exit_code)}")
    return DiedError("crashed", f"the process ended itself with exit code {exit_code}")
