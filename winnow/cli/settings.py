"""The command ``winnow settings``: which settings hold here, and where each comes from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup

from winnow.cli.settings_file import FROM_VARIABLES, GivenSetting
from winnow.cli.terminal import json_line, print_table, warn

SHAPED: Final = ("clean", "plan", "score", "explain")  # commands with options that settings stand for
DEFAULT: Final = "default"
GIVEN: Final = "winnow.settings"  # in what all contexts of a command share


def settings_command(
    context: typer.Context,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="-- OPTION...", help="Options of `winnow clean`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show which settings hold in this folder and where each comes from: default, file, variable or option.

    Later ones win. The file is `winnow.toml`, or `[tool.winnow]` in `pyproject.toml`; a variable is WINNOW_ and the
    name of an option, such as `WINNOW_MIN_CHARS`.

    **Examples**

    `winnow settings`

    `WINNOW_CONTACTS=mask-all winnow settings -- --policy article`
    """
    rows = [*effective_settings(cast(typer.Context, context.find_root()), arguments or [])]
    if as_json:
        print(json_line({name: {"value": value, "from": origin} for name, value, origin in rows}))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("setting", "value", "from")
    for name, value, origin in rows:
        table.add_row(name, Text(_shown(value)), origin)
    print_table(table, Console())


def effective_settings(root: typer.Context, options: Sequence[str]) -> Iterator[tuple[str, Any, str]]:
    """Name, value and origin of each setting, given options of `winnow clean`."""
    command = cast(TyperGroup, root.command).commands["clean"]
    given: Mapping[str, GivenSetting] = root.meta.get(GIVEN, {})
    with command.make_context("clean", ["-", *options], parent=cast(Any, root)) as context:
        for name in FROM_VARIABLES:
            value = context.params[name]
            if is_option(cast(typer.Context, context), name):
                yield name, _plain(value), "option"
            else:
                yield name, _plain(value), given[name].origin if name in given else DEFAULT


def is_option(context: typer.Context, name: str) -> bool:
    """Whether the value of a parameter was given on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def apply_settings(root: typer.Context, given: Mapping[str, GivenSetting], *, tells: bool) -> None:
    """Have given settings take the place of defaults in all commands; if asked, tell what a file sets of this one.

    Somebody else may have put that file into the folder.
    """
    commands = cast(TyperGroup, root.command).commands
    root.meta[GIVEN] = given
    root.default_map = {
        name: {p.name: given[p.name].value for p in commands[name].params if p.name in given}
        for name in SHAPED
    }
    names = root.default_map.get(root.invoked_subcommand or "", {})
    from_file = [name for name in names if given[name].origin.endswith(".toml")]
    if from_file and tells:
        warn(f"{given[from_file[0]].origin} sets {', '.join(from_file)}")


def _plain(value: Any) -> Any:
    """A value of a parameter as JSON has it."""
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _shown(value: Any) -> str:
    """A value for people."""
    if value is None or value in ("", []):
        return "–"
    return " ".join(value) if isinstance(value, list) else str(value)
