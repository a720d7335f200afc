"""What `winnow clean` says of a run: its summary, what needs a look, and with -v each stage and shard."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from winnow.cli.status import passed_over_lines
from winnow.cli.terminal import terminal_safe, warn
from winnow.corpus.locations import shown_output
from winnow.corpus.mounts import mount_of
from winnow.corpus.output import current_version

if TYPE_CHECKING:
    from winnow.pipeline.ending import RunResult

SHOWN_DAMAGED: Final = 10  # warnings of kept files that could not be believed


def shown_table(folder: Path, name: str) -> str:
    """Where people find a table or a file of an output: by its name, in a store below the current version."""
    if version := mount_of(folder) and current_version(folder):
        return shown_output(version / name)
    return str(folder / name)


def report_location(folder: Path) -> str:
    """Where people find the report."""
    return shown_table(folder, "report.html")


def print_summary(result: "RunResult") -> None:
    """Print the counts of a run and where its report is."""
    print(
        f"{'nothing has changed: ' if result.unchanged else ''}{result.documents} documents, "
        f"{result.rejected} rejected, {result.quarantined} in quarantine; read {report_location(result.folder)}"
    )
    for line in passed_over_lines(result.passed_over):
        print(line)


def summary_record(result: "RunResult") -> dict[str, Any]:
    """The facts of a run as plain values for JSON."""
    return {
        "folder": shown_output(result.folder),
        "run_id": result.run_id,
        "documents": result.documents,
        "rejected": result.rejected,
        "quarantined": result.quarantined,
        "orphaned_decisions": result.orphaned,
        "unchanged": result.unchanged,
        "damaged": [*result.damaged],
        "passed_over": {**result.passed_over},
        "report": report_location(result.folder),
        "missed": [*result.missed],
    }


def warn_of_problems(result: "RunResult") -> None:
    """Warn of what of a run needs a look."""
    for problem in result.damaged[:SHOWN_DAMAGED]:
        warn(f"not as it was left: {problem}")
    if len(result.damaged) > SHOWN_DAMAGED:
        warn(f"{len(result.damaged) - SHOWN_DAMAGED} more; report.json lists them under `damaged`")
    if result.orphaned:
        warn(f"{result.orphaned} decisions of people found no place; the report lists them")
    for missed in result.missed:
        warn(f"--fail-under {missed}; the output is published all the same")
    if result.quarantined:
        warn(f"look at {shown_table(result.folder, 'quarantine')} for what could not be cleaned, and why")


@contextmanager
def run_log(*, is_shown: bool) -> Iterator[None]:
    """Print each event of a run on the error stream while the block lasts, if they are to be shown."""
    from winnow.pipeline.tables.journal import listening

    if not is_shown:
        yield
        return
    with listening(_EventPrinter(sys.stderr)):
        yield


class _EventPrinter(logging.StreamHandler[Any]):
    """Prints what is noted of a run, a line each: ``winnow: stage stage="plan" seconds=0.2``."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as a line."""
        return f"winnow: {terminal_safe(record.getMessage())}"
