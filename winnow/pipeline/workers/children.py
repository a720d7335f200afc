"""Child processes from the side of the run: they take chunks of documents, return outcomes, and may die of them."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Final, TypeAlias

import pyarrow as pa

from winnow.corpus.errors import WinnowError
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.tables.intermediate import INTERMEDIATE, single_rows
from winnow.pipeline.workers.child import OUT_OF_MEMORY, CleanOne, serve
from winnow.pipeline.workers.safe_path import safe_path

START_TRIES: Final = 3  # of a child, before the run ends with an error
RETRY_SECONDS: Final = 0.5  # before the next: for a while what was killed counts as alive
EXIT_SECONDS: Final = 10.0  # for a child to end that has hung up

Outcome: TypeAlias = pa.RecordBatch | Quarantined  # a batch of one row


class DiedError(Exception):
    """The child process died, or was too slow, before it had answered for all documents of a chunk."""

    def __init__(self, reason: str, detail: str, *, is_final: bool = False) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.is_final = is_final  # another try would take just as long
        self.answered = 0  # documents of the chunk for which it had answered


class Child:
    """A child process that cleans, replaced when it dies. Only one side sends at a time, so there is no deadlock."""

    def __init__(self, settings: Settings, clean: CleanOne, prepare: Callable[[], None] | None) -> None:
        self._settings = settings
        self._clean = clean
        self._prepare = prepare
        self._process: ForkServerProcess | None = None
        self.documents = 0  # sent to it in total
        self._connection: Connection[Any, Any]

    def send(self, chunk: Sequence[RawDocument]) -> None:
        """Send a chunk to be cleaned, to a new process where there is none."""
        if not chunk:
            return
        self.documents += len(chunk)
        if not self._process:
            self._process = self._start(START_TRIES)
        with suppress(ConnectionError):  # it has died: `receive` will say of what
            self._connection.send(chunk)

    def receive(self, documents: int) -> list[Outcome]:
        """The outcomes of a chunk. Raises DiedError, with the cause, where the child dies or is too slow."""
        answers: list[Quarantined | None] = []
        try:
            while len(answers) < documents:
                self._wait_for_answer()
                answers.append(self._connection.recv())
            self._wait_for_answer()
            batch = pa.ipc.read_record_batch(pa.py_buffer(self._connection.recv_bytes()), INTERMEDIATE)
        except TimeoutError:
            cause = _timeout(self._settings)
        except (EOFError, OSError):  # the latter in the middle of an answer
            cause = _cause_of_death(self._exit_code(), self._settings)
        else:
            rows = single_rows(batch)
            return [bad or next(rows) for bad in answers]
        self.close()
        cause.answered = len(answers)
        raise cause

    def _wait_for_answer(self) -> None:
        """Wait for an answer. Raises TimeoutError where it does not come in time."""
        if not self._connection.poll(self._settings.document_wall_seconds):
            raise TimeoutError

    def close(self) -> None:
        """End the child, whatever it does; one with a ``prepare`` function may first finish by itself."""
        if self._process:
            self._connection.close()
            if self._prepare:
                self._process.join(EXIT_SECONDS)
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    def _exit_code(self) -> int:
        """The exit code of the child, which has hung up."""
        assert self._process
        self._process.join(EXIT_SECONDS)
        return self._process.exitcode or 0

    def _start(self, tries: int) -> ForkServerProcess:
        """A process that is ready to clean. Raises WinnowError where none starts in so many tries."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["winnow.pipeline.workers.preload"])
        self._connection, child_end = context.Pipe()
        process = context.Process(
            target=serve, args=(child_end, self._settings, self._clean, self._prepare), daemon=True
        )
        try:
            with child_end, safe_path():
                process.start()
            trouble: str | None = self._connection.recv()
        except (
            EOFError,
            OSError,
        ) as error:  # something killed it, or what forks it: no document is the cause
            return self._start_again(process, tries, error)
        if trouble:
            process.join()
            raise WinnowError(f"the process that cleans did not start: {trouble}")
        return process

    def _start_again(self, process: ForkServerProcess, tries: int, error: Exception) -> ForkServerProcess:
        """Another process after one that did not start. Raises WinnowError where that was the last try."""
        self._connection.close()
        if process.pid:
            process.join()
        if tries > 1:
            time.sleep(RETRY_SECONDS)
            return self._start(tries - 1)
        cause = _cause_of_death(process.exitcode or 0, self._settings) if process.pid else error
        raise WinnowError(f"the process that cleans did not start: {cause}") from error


def _timeout(settings: Settings) -> DiedError:
    return DiedError(
        "timed_out",
        f"no answer after {settings.document_wall_seconds:g} seconds by the clock; "
        "raise --document-seconds to wait longer",
    )


def _cause_of_death(exit_code: int, settings: Settings) -> DiedError:
    """The error for a child that died, by its exit code; one below 0 is the number of a signal."""
    if exit_code == -signal.SIGPROF:
        detail = (
            f"over {settings.document_seconds:g} seconds of CPU time; raise --document-seconds to clean it"
        )
        return DiedError("timed_out", detail, is_final=True)
    if exit_code == OUT_OF_MEMORY:
        needed = f"over {settings.document_memory_bytes} bytes of memory"
        return DiedError("out_of_memory", f"{needed}; raise --document-memory-bytes to clean it")
    if exit_code == -signal.SIGKILL:
        return DiedError(
            "crashed", "the system killed it, most likely for want of memory; try fewer --workers"
        )
    if exit_code < 0:
        return DiedError("crashed", f"signal {-exit_code}: {signal.strsignal(-exit_code)}")
    return DiedError("crashed", f"the process ended itself with exit code {exit_code}")
