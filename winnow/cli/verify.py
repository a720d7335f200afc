"""The command ``winnow verify``: says whether an output, or a copy of it, is as it was written."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.options import CleanFolder
from winnow.cli.terminal import DONE, FAILED, json_line, terminal_safe, warn


def verify_command(
    clean: CleanFolder = Path("clean"),
    as_json: Annotated[bool, typer.Option("--json", help="Print files and problems as JSON.")] = False,
) -> None:
    """Compare an output, or a copy of it, with the hashes in its manifest.json. Exit code 1 where a file differs.

    **Examples**

    `winnow verify clean`

    `winnow verify corpus`
    """
    raise typer.Exit(verify(clean, as_json=as_json))


def verify(folder: Path, *, as_json: bool = False) -> int:
    """Print whether all files of an output are as they were written, and return the exit code.

    Raises UsageError for a folder without a list of hashes.
    """
    from winnow.pipeline.state.verification import compare_hashes

    files, problems = compare_hashes(folder)
    if as_json:
        print(json_line({"folder": str(folder), "files": files, "problems": problems}))
    else:
        for problem in problems:
            warn(f"{folder}: {problem}")
        print(terminal_safe(f"{folder}: {files} files, {len(problems)} problems"))
    return FAILED if problems else DONE
