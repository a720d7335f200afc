"""A progress bar for long work; nothing is shown where the error stream is no terminal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from winnow.pipeline.shards.shards import Tick
from winnow.pipeline.tables.journal import listening


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


@contextmanager
def document_bar() -> Iterator[Tick]:
    """Show documents, rate and remaining time on the terminal's error stream; give the function that advances the bar.

    The remaining time appears as soon as the total can be estimated, see `Estimate`.
    """
    console = Console(stderr=True)
    listener = _Listener()
    with (
        listening(listener),
        Progress(*_columns(), console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("cleaning", total=None)

        def tick(documents: int) -> None:
            """Move the bar by documents that are done."""
            bar.advance(task, documents)
            bar.update(task, total=listener.estimate.total(round(bar.tasks[0].completed)))

        yield tick


def _columns() -> tuple[ProgressColumn, ...]:
    return (
        TextColumn("cleaning"),
        BarColumn(),
        TextColumn("{task.completed} documents"),
        _Rate("{task.speed}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )


class _Listener(logging.Handler):
    """Keeps an estimate up to date with what the run logs of its plan and its shards."""

    def __init__(self) -> None:
        super().__init__()
        self.estimate = Estimate()

    def emit(self, record: logging.LogRecord) -> None:
        """Update the estimate by a message of the run."""
        event, facts = getattr(record, "event", ""), getattr(record, "facts", {})
        if event == "planned":
            self.estimate = Estimate(facts["shards"], facts["files"])
        elif event == "shard":
            self.estimate.shards_done += 1
            self.estimate.documents_done += facts["documents"]


class _Rate(TextColumn):
    """Documents a second over the last half minute."""

    def render(self, task: Task) -> Text:
        """The rate as text."""
        return Text(f"{task.speed or 0:.1f}/s")
