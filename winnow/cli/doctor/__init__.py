"""The command ``winnow doctor``: whether this machine and this installation can do what Winnow needs."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.options import CleanFolder


def doctor_command(
    clean: CleanFolder = Path("clean"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look at this installation and machine, and say what to do where something is wrong; exit code 1 then.

    **Examples**

    `winnow doctor`

    `winnow doctor news/clean --json | jq '.[] | select(.status == "problem")'`
    """
    from winnow.cli.doctor.examination import doctor

    raise typer.Exit(doctor(clean, as_json=as_json))
