"""The command ``winnow`` with all its commands, and its error messages and exit codes."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from winnow.cli.clean import clean_command
from winnow.cli.decisions import decisions_app
from winnow.cli.diff import diff_command
from winnow.cli.doctor import doctor_command
from winnow.cli.explain import explain_command
from winnow.cli.ratings import ratings_command
from winnow.cli.retry import retry_command
from winnow.cli.review import review_command
from winnow.cli.score import score_command
from winnow.cli.select import select_command
from winnow.cli.serve import serve_command
from winnow.cli.status import status_command
from winnow.cli.terminal import (
    EXIT_CODES,
    FAILED,
    INTERRUPTED,
    USAGE,
    escape_what_streams_cannot_hold,
    warn,
)
from winnow.cli.train import train_command
from winnow.cli.verify import verify_command
from winnow.corpus import __version__
from winnow.corpus.errors import UsageError, WinnowError

app = typer.Typer(
    name="winnow",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a user's mistake gives one line and an exit code, never a traceback."""
    escape_what_streams_cannot_hold()
    try:
        app(list(sys.argv[1:] if arguments is None else arguments))
    except UsageError as error:
        _fail(str(error), USAGE)
    except WinnowError as error:
        _fail(str(error), FAILED)
    except BrokenPipeError:
        # The reader of our output, such as `head`, has closed it.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # A full disk, a folder that vanished: the message of the system, and the file.
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}", FAILED)
    except _arrow_errors() as error:
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
app.command("ratings")(ratings_command)
app.command("select")(select_command)
app.command("verify")(verify_command)
app.command("review")(review_command)
app.add_typer(decisions_app, name="decisions")
app.command("doctor")(doctor_command)
app.command("serve")(serve_command)
app.command("train")(train_command)


def _arrow_errors() -> tuple[type[Exception], ...]:
    """The errors of pyarrow for an invalid Parquet file; none where pyarrow has not been imported."""
    arrow = sys.modules.get("pyarrow.lib")
    return (arrow.ArrowException,) if arrow else ()


def _fail(message: str, code: int) -> None:
    """Print an error message on the error stream, and exit with a code."""
    warn(message)
    sys.exit(code)
