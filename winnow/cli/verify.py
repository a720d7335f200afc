"""The command ``winnow verify``: says whether an output, or a copy of it, is as it was written."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.options import CleanFolder
from winnow.cli.terminal import DONE, FAILED, json_line, terminal_safe, warn
from winnow.corpus.locations import located, shown_output


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

    with located(folder) as output:
        files, problems = compare_hashes(output)
        name = shown_output(output)
    if as_json:
        print(json_line({"folder": name, "files": files, "problems": problems}))
    else:
        for problem in problems:
            warn(f"{name}: {problem}")
        print(terminal_safe(f"{name}: {files} files, {len(problems)} problems"))
    return FAILED if problems else DONE
