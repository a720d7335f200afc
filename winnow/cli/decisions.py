"""The commands ``winnow decisions``: check the log of people's decisions, and rescue what a damaged one holds."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from winnow.cli.terminal import DONE, FAILED, terminal_safe, warn
from winnow.corpus.decisions.chain import DamagedLogError, Link, head_of, read_flaws
from winnow.corpus.decisions.log import NAME, open_log
from winnow.corpus.decisions.rescue import rescue_events

if TYPE_CHECKING:
    from winnow.pipeline.state.manifest import Manifest

SHOWN_FLAWS: Final = 20  # of the file, in SQLite's words; a damaged index has as many as there are events
CHECK_CODES: Final = (
    "Exit codes: 0 nothing is wrong; 1 damaged, or events are missing; 2 no log of decisions."
)
decisions_app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@decisions_app.callback()
def decisions_command() -> None:
    """Check the log of people's decisions, and rescue what a damaged one holds.

    **Examples**

    `winnow decisions check clean`

    `winnow decisions rescue decisions.db rescued.db`
    """


@decisions_app.command("check", epilog=CHECK_CODES)
def check_command(
    where: Annotated[
        Path, typer.Argument(help="Folder that `winnow clean` wrote, or a log.", metavar="CLEAN|LOG")
    ] = Path("clean"),
) -> None:
    """Say whether every decision is as it was written: none changed, missing, or in another place.

    With the folder, events that the last run read and that are missing at the end are told as well.

    **Examples**

    `winnow decisions check clean`

    `winnow decisions check news/decisions.db`
    """
    from winnow.pipeline.state.manifest import read_manifest

    if not where.is_dir():
        raise typer.Exit(check(where, None))
    manifest = read_manifest(where)
    log = manifest.decision_log if manifest else ""
    raise typer.Exit(check(Path(log or where.absolute().parent / NAME), manifest))


@decisions_app.command("rescue")
def rescue_command(
    log: Annotated[Path, typer.Argument(help="A damaged log; it is left as it is.", metavar="LOG")],
    new: Annotated[Path, typer.Argument(help="The log to write.", metavar="NEW")],
) -> None:
    """Write all decisions that are as they were written into a new log, and say which are not among them.

    **Examples**

    `winnow decisions rescue decisions.db rescued.db`
    """
    rescued, lost = rescue_events(log, new)
    for each in lost:
        print(terminal_safe(f"left out: {each}"))
    print(f"{rescued} events written to {new}, {len(lost)} left out; put it in the place of {log}")


def check(log: Path, manifest: "Manifest | None") -> int:
    """Print what is wrong with a log, or that nothing is, and return the exit code.

    ``manifest`` is that of the run that read it. Raises UsageError for a file that is no log.
    """
    from winnow.pipeline.state.lost_decisions import missing_events

    try:
        with open_log(log, read_only=True) as connection:
            links, flaws = read_flaws(connection)
            flaws += _flaws_of_file(connection)
        missing = missing_events(manifest, len(links)) if manifest and manifest.decision_head else ""
        problems = [f"{log}: {flaw}" for flaw in flaws] + [missing] * bool(missing)
    except DamagedLogError as error:
        problems = [str(error)]
    for problem in problems:
        print(terminal_safe(problem))
    if problems:
        warn(f"{log}: not as it was written; docs/review.md says what can be done")
        return FAILED
    print(terminal_safe(f"{log}: {_praise(links)}"))
    return DONE


def _flaws_of_file(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with its tables and indexes, through which the review page looks for events."""
    rows = connection.execute(f"pragma integrity_check({SHOWN_FLAWS})")
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _praise(links: list[Link]) -> str:
    if links and not links[0].is_chained:
        return (
            f"{len(links)} events without hashes, which an older Winnow wrote; the next decision adds them"
        )
    return f"{len(links)} events, all as they were written; head {head_of(links) or '-'}"
