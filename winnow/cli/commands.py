"""All commands of ``winnow``, and the order in which help lists them."""

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
from winnow.cli.terminal import EXIT_CODES
from winnow.cli.train import train_command
from winnow.cli.verify import verify_command
from winnow.corpus import __version__

app = typer.Typer(
    name="winnow",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


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
