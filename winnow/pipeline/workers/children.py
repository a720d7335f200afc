"""Child processes from the side of the run: they take chunks of documents, return outcomes, and may die of them."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa

from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.pipeline.tables.intermediate import INTERMEDIATE, single_rows
from winnow.pipeline.workers.process import ChildProcess, cause_of_death, timeout
from winnow.pipeline.workers.stop import Stop

if TYPE_CHECKING:
    from winnow.pipeline.workers.child import CleanOne, WorkContext

SERVE: Final = "winnow.pipeline.workers.child:serve"  # the work of the process
AIM: Final = "clean it"  # for which a limit is to be raised

Outcome: TypeAlias = pa.RecordBatch | Quarantined  # a batch of one row


class Child:
    """A child process that cleans, replaced when it dies. Only one side sends at a time, so there is no deadlock."""

    def __init__(
        self, settings: Settings, clean: "CleanOne | None", context: "WorkContext", stop: Stop
    ) -> None:
        self._settings = settings
        self._may_finish = context is not nullcontext
        self._process = ChildProcess(SERVE, (settings, clean, context), settings, stop)
        self.documents = 0  # sent to it in total

    def send(self, chunk: Sequence[RawDocument]) -> None:
        """Send a chunk to be cleaned, to a new process where there is none."""
        if not chunk:
            return
        self.documents += len(chunk)
        connection = self._process.connection()
        with suppress(ConnectionError):  # it has died: `receive` will say of what
            connection.send(chunk)

    def receive(self, documents: int) -> list[Outcome]:
        """The outcomes of a chunk. Raises DiedError, with the cause, where the child dies or is too slow."""
        answers: list[Quarantined | None] = []
        try:
            while len(answers) < documents:
                answers.append(self._process.wait_for_answer().recv())
            packed = self._process.wait_for_answer().recv_bytes()
            batch = pa.ipc.read_record_batch(pa.py_buffer(packed), INTERMEDIATE)
        except TimeoutError:
            cause = timeout(self._settings)
        except (EOFError, OSError):  # the latter in the middle of an answer
            code, seconds = self._process.exit_code(), self._settings.document_seconds
            cause = cause_of_death(code, self._settings, seconds, AIM)
        else:
            rows = single_rows(batch)
            return [bad or next(rows) for bad in answers]
        self.close()
        cause.answered = len(answers)
        raise cause

    def close(self) -> None:
        """End the child, whatever it does; one with a context may first leave it."""
        self._process.close(may_finish=self._may_finish)
