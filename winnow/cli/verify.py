"""The command ``winnow verify``: says whether an output, or a copy of it, is as it was written."""

from pathlib import Path

import typer

from winnow.cli.options import CleanFolder
from winnow.cli.terminal import DONE, FAILED, terminal_safe, warn


def verify_command(clean: CleanFolder = Path("clean")) -> None:
    """Compare an output, or a copy of it, with the hashes in its manifest.json. Exit code 1 where a file differs.

    **Examples**

    `winnow verify clean`

    `winnow verify corpus`
    """
    raise typer.Exit(verify(clean))


def verify(folder: Path) -> int:
    """Print whether all files of an output are as they were written, and return the exit code.

    Raises UsageError for a folder without a list of hashes.
    """
    from winnow.pipeline.state.verification import compare_hashes

    files, problems = compare_hashes(folder)
    for problem in problems:
        warn(f"{folder}: {problem}")
    print(terminal_safe(f"{folder}: {files} files, {len(problems)} problems"))
    return FAILED if problems else DONE
