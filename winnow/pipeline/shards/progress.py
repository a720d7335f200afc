"""The progress of long work on the error stream: a bar on a terminal, and else a line every 30 seconds."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from winnow.pipeline.shards.shards import Tick
from winnow.pipeline.tables.journal import listening

LINE_SECONDS: Final = 30.0  # between two lines
# What goes on once a stage of a run is done.
AFTER_STAGE: Final = {
    "plan": "cleaning",
    "clean": "removing what sites repeat",
    "sites": "scoring sources",
    "score": "writing",
}


@dataclass(slots=True)
class Estimate:
    """An estimate of the number of documents: exact where each file holds one, else from the finished shards."""

    shards: int = 0
    files: int = 0
    shards_done: int = 0
    documents_done: int = 0  # of these shards

    def total(self, completed: int) -> int | None:
        """Documents of the whole run, given how many are done; None while that cannot be estimated.

        >>> Estimate(shards=4, files=4, shards_done=1, documents_done=900).total(completed=1000)
        3600
        """
        if self.shards_done:
            return max(completed, round(self.documents_done * self.shards / self.shards_done))
        return self.files if 0 < completed <= self.files else None


class RunListener(logging.Handler):
    """Keeps an estimate up to date with what a run logs of its plan and its shards, and the stage that it is in."""

    def __init__(self) -> None:
        super().__init__()
        self.estimate = Estimate()
        self.doing = AFTER_STAGE["plan"]

    def emit(self, record: logging.LogRecord) -> None:
        """Take in a message of the run."""
        event, facts = getattr(record, "event", ""), getattr(record, "facts", {})
        if event == "planned":
            self.estimate = Estimate(facts["shards"], facts["files"])
        elif event == "shard":
            self.estimate.shards_done += 1
            self.estimate.documents_done += facts["documents"]
        elif event == "stage":
            self.doing = AFTER_STAGE.get(facts["stage"], self.doing)


@contextmanager
def document_bar(*, is_quiet: bool = False, line_seconds: float = LINE_SECONDS) -> Iterator[Tick]:
    """Show documents, rate and remaining time on the error stream; give the function that counts documents.

    The remaining time appears as soon as the total can be estimated, see `Estimate`. Nothing is shown where it
    ``is_quiet``.
    """
    console, listener = Console(stderr=True), RunListener()
    is_drawn = console.is_terminal and not is_quiet
    columns = (
        BarColumn(),
        _DoneColumn(listener),
        TimeElapsedColumn(),
        TextColumn("elapsed"),
        _LeftColumn(listener),
    )
    says_lines = not (is_quiet or is_drawn)
    with (
        listening(listener),
        Progress(*columns, console=console, transient=True, disable=not is_drawn) as bar,
        _lines(bar, listener, line_seconds) if says_lines else nullcontext(),
    ):
        task = bar.add_task("cleaning", total=None)

        def tick(documents: int) -> None:
            """Count documents that are done."""
            bar.advance(task, documents)
            bar.update(task, total=listener.estimate.total(round(bar.tasks[0].completed)))

        yield tick


class _DoneColumn(ProgressColumn):
    """What goes on, how many documents are done, and how many of them a second, over the last half minute."""

    def __init__(self, listener: RunListener) -> None:
        super().__init__()
        self._listener = listener

    def render(self, task: Task) -> Text:
        """The facts as text."""
        return Text(f"{self._listener.doing}: {task.completed:,.0f} documents, {task.speed or 0:.1f}/s")


class _LeftColumn(ProgressColumn):
    """The time that cleaning still takes; nothing where that is not known."""

    def __init__(self, listener: RunListener) -> None:
        super().__init__()
        self._listener = listener

    def render(self, task: Task) -> Text:
        """The time as text."""
        return Text(_left(task, self._listener))


def _left(task: Task, listener: RunListener) -> str:
    """``about 0:01:10 left``, or nothing."""
    seconds = task.time_remaining if task.total and listener.doing == AFTER_STAGE["plan"] else None
    return f"about {timedelta(seconds=int(seconds))} left" if seconds is not None else ""


@contextmanager
def _lines(bar: Progress, listener: RunListener, every_seconds: float) -> Iterator[None]:
    """Print a line of progress on the error stream every so many seconds while the block lasts."""
    is_done, began = Event(), time.monotonic()

    def say() -> None:
        """Print lines until the block is left."""
        while not is_done.wait(every_seconds):
            sys.stderr.write(f"winnow: {_line(bar.tasks[0], listener, time.monotonic() - began)}\n")
            sys.stderr.flush()

    Thread(target=say, daemon=True, name="progress").start()
    try:
        yield
    finally:
        is_done.set()


def _line(task: Task, listener: RunListener, seconds: float) -> str:
    left = _left(task, listener)
    elapsed = f"{timedelta(seconds=int(seconds))} elapsed"
    return f"{_DoneColumn(listener).render(task)}; {elapsed}{left and f', {left}'}"
