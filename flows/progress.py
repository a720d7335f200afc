"""A progress bar for long work, silent where nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from flows.shards import Tick


@contextmanager
def document_bar() -> Iterator[Tick]:
    """Show on the terminal's error stream how many documents are done; give the function to tell.

    Their total is not known before the last archive is read, so the bar shows count, rate and time.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("cleaning"),
        BarColumn(),
        TextColumn("{task.completed} documents"),
        TaskProgressColumn(show_speed=True),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("cleaning", total=None)
        yield lambda documents: bar.advance(task, documents)
