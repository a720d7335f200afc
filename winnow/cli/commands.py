"""All commands of ``winnow``, and the order in which help lists them."""

from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from winnow.cli.brief_help import BriefCommand
from winnow.cli.clean import clean_command
from winnow.cli.decisions import decisions_app
from winnow.cli.diff import diff_command
from winnow.cli.doctor import doctor_command
from winnow.cli.explain import explain_command
from winnow.cli.plan import plan_command
from winnow.cli.ratings import ratings_command
from winnow.cli.retry import retry_command
from winnow.cli.review import review_command
from winnow.cli.score import score_command
from winnow.cli.select import select_command
from winnow.cli.serve import serve_command
from winnow.cli.settings import apply_settings, settings_command
from winnow.cli.settings_file import settings_here
from winnow.cli.status import status_command
from winnow.cli.terminal import EXIT_CODES
from winnow.cli.train import train_command
from winnow.cli.verify import verify_command
from winnow.corpus import __version__

QUIET: Final = frozenset({"-q", "--quiet"})
HELP: Final = frozenset({"--help", "--help-all"})  # is shown whatever a file of settings says
ARGUMENTS: Final = "winnow.arguments"  # all of a command, in what its contexts share


class WinnowGroup(TyperGroup):
    """All commands, which know the whole command line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the arguments, and parse those before the name of a command."""
        ctx.meta[ARGUMENTS] = frozenset(args)
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="winnow",
    cls=WinnowGroup,
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@app.callback(invoke_without_command=True)
def winnow(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False,
) -> None:
    """Clean web documents, keep every removed span with its reason, and score how reliable each source is."""
    if version:
        print(f"winnow {__version__}")
        raise typer.Exit
    arguments = context.meta[ARGUMENTS]
    if not HELP & arguments:
        apply_settings(context, settings_here(), tells=not QUIET & arguments)


CLEAN: Final = "Clean"
CORPUS: Final = "Look at a corpus, and use it"
PEOPLE: Final = "Decide"
MACHINE: Final = "Set up"

app.command("clean", epilog=EXIT_CODES, cls=BriefCommand, rich_help_panel=CLEAN)(clean_command)
app.command("plan", rich_help_panel=CLEAN)(plan_command)
app.command("status", rich_help_panel=CLEAN)(status_command)
app.command("retry", epilog=EXIT_CODES, rich_help_panel=CLEAN)(retry_command)
app.command("serve", rich_help_panel=CLEAN)(serve_command)
app.command("explain", rich_help_panel=CORPUS)(explain_command)
app.command("score", rich_help_panel=CORPUS)(score_command)
app.command("ratings", rich_help_panel=CORPUS)(ratings_command)
app.command("select", rich_help_panel=CORPUS)(select_command)
app.command("diff", rich_help_panel=CORPUS)(diff_command)
app.command("verify", rich_help_panel=CORPUS)(verify_command)
app.command("review", rich_help_panel=PEOPLE)(review_command)
app.add_typer(decisions_app, name="decisions", rich_help_panel=PEOPLE)
app.command("settings", rich_help_panel=MACHINE)(settings_command)
app.command("doctor", rich_help_panel=MACHINE)(doctor_command)
app.command("train", rich_help_panel=MACHINE)(train_command)
