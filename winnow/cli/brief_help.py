"""Help on one screen: the options that most people need, and all of them with ``--help-all``."""

from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperOption

ALL: Final = "winnow.help_all"  # in what the contexts of a command share
# Of `winnow clean`, by parameter.
BRIEF: Final = frozenset(
    {
        "output",
        "form",
        "quiet",
        "is_dry",
        "flow",
        "policy",
        "markdown",
        "comments",
        "contacts",
        "kind",
        "ratings",
        "help",
        "help_all",
    }
)


class BriefCommand(TyperCommand):
    """A command whose help shows the options of `BRIEF`."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help into a formatter, as Typer does it."""
        for option in self.params:
            if isinstance(option, TyperOption):
                option.hidden = not ctx.meta.get(ALL) and option.name not in BRIEF
        super().format_help(ctx, formatter)


def _show_all(context: typer.Context, is_wanted: bool) -> None:  # as Typer calls it
    """Show help with all options, and stop."""
    if is_wanted:
        context.meta[ALL] = True
        context.get_help()
        raise typer.Exit


HelpAll = Annotated[
    bool,
    typer.Option(
        "--help-all",
        is_eager=True,
        callback=_show_all,
        help="Show all options and exit.",
        show_default=False,
    ),
]
