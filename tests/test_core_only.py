"""Cleaning with the core alone: commands run where no package of an extra can be imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core_only import refuse_extras, refused_modules
from tests.deciding import rating, write_log
from tests.installing import ROOT, SECONDS, environment
from tests.runs import STORY, distinct, write_inputs

PAGES = {f"site.example/{n}.txt": f"{distinct(STORY, n)}\n\nADVERTISEMENT\n" for n in range(4)}
# Command line: what it prints.
COMMANDS = {
    "--version": "winnow ",
    "--help": "reliable each source is",
    "status clean": "a run would do nothing",
    "explain raw/site.example/1.txt": "ad_marker",
    "score raw": "site.example",
    "select clean -o selected": "4 documents",
    "diff clean clean": "documents: 0 new, 0 gone, 0 changed",
    "doctor clean": "python",
    "decisions check decisions.db": "1 events, all as they were written",
}


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """The result of a Python command in a folder, where only the core can be imported."""
    path = os.pathsep.join([str(folder / "refusing"), str(ROOT)])
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment(folder, PYTHONPATH=path),
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pages in raw/, and clean/ written by a run that could import only the core."""
    folder = tmp_path_factory.mktemp("core")
    refuse_extras(folder / "refusing")
    write_inputs(folder, PAGES)
    write_log(folder, rating("site.example", "mixed"))
    done = run(folder, "-m", "winnow", "clean", "raw", "-o", "clean")
    assert done.returncode == 0 and done.stdout.startswith("4 documents"), done.stderr
    return folder


def test_the_packages_of_extras_cannot_be_imported_and_cleaning_does_not_need_them(folder: Path) -> None:
    refused = refused_modules()
    assert {"prefect", "fastapi", "sklearn", "scipy", "pandas", "faker", "boto3", "distributed"} <= {
        *refused
    }
    assert not {"winnow", "numpy", "pyarrow", "trafilatura", "typer", "yaml"} & {*refused}
    done = run(folder, "-c", "import numpy, prefect")
    assert "ModuleNotFoundError: No module named 'prefect'" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "message"),
    COMMANDS.items(),
)
def test_a_command_needs_the_core_only(folder: Path, command: str, message: str) -> None:
    done = run(folder, "-m", "winnow", *command.split())
    assert done.returncode == 0, done.stderr
    assert message in done.stdout and "Traceback" not in done.stderr
