"""The command ``winnow diff``: what changed between two runs."""

from pathlib import Path
from typing import Annotated, Final

import typer

from winnow.cli.terminal import terminal_safe

SHOWN: Final = 20  # entries of each list, without --all


def diff_command(
    before: Annotated[Path, typer.Argument(help="Folder of the earlier run, such as a copy of it.")],
    now: Annotated[Path, typer.Argument(help="Folder of the later run.")] = Path("clean"),
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, and all of them.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every source and document that differs.")
    ] = False,
) -> None:
    """Tell what changed between two runs: counts, sources that moved, and documents with what came and went.

    **Examples**

    `cp -al clean clean.before; winnow clean raw -o clean; winnow diff clean.before clean`

    `winnow diff clean.before clean --json | jq -r 'select(.document.change == "gone") | .document.path'`
    """
    diff(before, now, as_json=as_json, everything=everything)


def diff(before: Path, now: Path, *, as_json: bool, everything: bool) -> None:
    """Print what changed between two runs: a summary, then sources and documents.

    As JSON, one object a line: the summary, then all sources and documents that differ. Raises UsageError
    for a folder that holds no run.
    """
    from winnow.cli.diff_lines import diff_lines, diff_records
    from winnow.pipeline.report.differences import compared

    with compared(before, now) as comparison:
        if as_json:
            for record in diff_records(comparison):
                print(record)
        else:
            for line in diff_lines(comparison, None if everything else SHOWN):
                print(terminal_safe(line))
