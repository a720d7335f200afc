"""The command ``winnow``: a thin top over the stages of `winnow.pipeline`."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from pyarrow.lib import ArrowException
from typer.main import get_command

from winnow.cli import schedules, training
from winnow.cli.cleaning import clean_command, diff_command, retry_command, status_command
from winnow.cli.judging import explain_command, review_command, score_command
from winnow.cli.options import (
    Artifact,
    AsOf,
    CleanArguments,
    CleanFolder,
    Cron,
    Every,
    Examples,
    Force,
    Labels,
    Notify,
    ReviewedCorpus,
    ReviewedDecisions,
    Timezone,
    TrainedModel,
    Watch,
    decided_at,
)
from winnow.cli.selecting import select_command
from winnow.cli.terminal import warn
from winnow.corpus import __version__
from winnow.corpus.errors import UsageError, WinnowError

FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130  # what shells give for Ctrl-C
EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 failed, nothing half-written; 2 wrong usage; "
    "3 done, and something is in quarantine."
)

app = typer.Typer(
    name="winnow",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a mistake of the user ends in one line and an exit code, never in a traceback."""
    try:
        app(list(sys.argv[1:] if arguments is None else arguments))
    except UsageError as error:
        _fail(str(error), USAGE)
    except WinnowError as error:
        _fail(str(error), FAILED)
    except BrokenPipeError:  # the reader of our output, such as `head`, has had enough
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:  # a full disk, a folder that vanished: what the system said, and where
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}", FAILED)
    except ArrowException as error:  # a Parquet file that is none
        _fail(f"not a Parquet file that can be read: {error}", FAILED)
    except KeyboardInterrupt:
        _fail("interrupted; nothing half-written", INTERRUPTED)


@app.callback(invoke_without_command=True)
def winnow(
    version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False,
) -> None:
    """Clean web documents, keep every removed span with its reason, and score how reliable each source is."""
    if version:
        print(f"winnow {__version__}")
        raise typer.Exit


app.command("clean", epilog=EXIT_CODES)(clean_command)
app.command("status")(status_command)
app.command("diff")(diff_command)
app.command("retry", epilog=EXIT_CODES)(retry_command)
app.command("explain")(explain_command)
app.command("score")(score_command)
app.command("select")(select_command)
app.command("review")(review_command)


@app.command()
def doctor(
    clean: CleanFolder = Path("clean"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look at this installation and machine, and say what to do where something is wrong; exit code 1 then.

    **Examples**

    `winnow doctor`

    `winnow doctor news/clean --json | jq '.[] | select(.status == "problem")'`
    """
    from winnow.cli.doctor import doctor as examined  # here, because it loads Prefect

    raise typer.Exit(examined(clean, as_json=as_json))


@app.command()
def serve(
    arguments: CleanArguments,
    cron: Cron = "",
    every: Every = "",
    timezone: Timezone = "UTC",
    watch: Watch = False,
    notify: Notify = "",
) -> None:
    """Clean on a schedule, until stopped: what follows `--` are the arguments of `winnow clean`.

    One run at a time. After the machine was off, one run does the work of all that were missed. A run
    that fails is tried three times more. Prefect's page shows the runs; docs/schedule.md says how to
    run it as a service.

    **Examples**

    `winnow serve --cron '0 3 * * *' --timezone Europe/Berlin -- raw -o clean`

    `winnow serve --every 6h --watch --notify https://hooks.example/t/1 -- raw -o clean --policy article`
    """
    command = get_command(app).commands["clean"]  # type: ignore[attr-defined]  # a group
    begin = partial(schedules.serve, cron=cron, every=every, timezone=timezone, watch=watch, notify=notify)
    command.main(arguments, "winnow clean", obj=begin)


@app.command()
def train(
    what: TrainedModel,
    examples: Examples = None,
    output: Artifact = None,
    calibrate: Labels = None,
    reviewed: ReviewedCorpus = None,
    decisions: ReviewedDecisions = None,
    as_of: AsOf = "",
    force: Force = False,
    flow: Annotated[bool, typer.Option("--flow", help="Train reliability as a Prefect flow.")] = False,
) -> None:
    """Train a model again; deterministic, and written whole or not at all.

    **Examples**

    `winnow train reliability articles.parquet -o reliability.npz`

    `winnow train blocks pages.parquet -o blocks.npz`

    `winnow train reliability articles.parquet --reviewed clean -o reliability.npz` learns from people's decisions too

    `winnow train reliability clean --calibrate labels.csv -o calibration.json`
    """
    at = decided_at(as_of)
    if calibrate:
        training.calibrate(what, examples, calibrate, output, at)
    elif what == "reliability":
        people = training.people(reviewed, decisions, at)
        training.train_reliability(examples, output, people, force=force, flow=flow)
    else:
        training.train(what, examples, output)


def _fail(message: str, code: int) -> None:
    """Say what went wrong on the error stream, and leave."""
    warn(message)
    sys.exit(code)
