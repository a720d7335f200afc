"""Help on one screen, all options behind --help-all, panels, and completion by the shell."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_group
from typer.testing import CliRunner

from winnow.cli.brief_help import BRIEF
from winnow.cli.commands import app

ROOT: Final = Path(__file__).parents[1]
SCREEN: Final = {"NO_COLOR": "1", "TERM": "dumb"}
LINES: Final = 40
AS_COMMAND: Final = "import sys; sys.argv[0] = 'winnow'; from winnow.cli.main import main; main()"
OPTIONS: Final = {
    param.name: param.opts[0]
    for param in get_group(app).commands["clean"].params
    if param.opts[0].startswith("-")
}


def shown(*arguments: str, columns: int = 80) -> str:
    done = CliRunner().invoke(app, [*arguments], env=SCREEN | {"COLUMNS": str(columns)})
    assert done.exit_code == 0
    return done.output


def test_help_of_clean_fits_on_a_screen_and_shows_what_most_people_need() -> None:
    output = shown("clean", "--help")
    assert len(output.rstrip().splitlines()) <= LINES
    assert "…" not in output  # nothing is cut
    assert {name for name, option in OPTIONS.items() if f"│ {option} " in output} == BRIEF - {"help"}


def test_all_options_are_behind_help_all() -> None:
    output = shown("clean", "--help-all", columns=100)
    assert [option for option in OPTIONS.values() if f"│ {option} " not in output] == []
    for panel in ("Text", "Reading", "Sources", "Limits of a document", "Run"):
        assert f"─ {panel} ─" in output
    assert "--engine" not in shown("clean", "--help")  # also afterwards


def test_commands_are_in_panels() -> None:
    lines = shown("--help").splitlines()
    panels = [line.split("─")[1].strip() for line in lines if line.startswith("╭")]
    assert panels == ["Options", "Clean", "Look at a corpus, and use it", "Decide", "Set up"]


@pytest.mark.parametrize(
    ("words", "completed"),
    [("winnow cl", "clean"), ("winnow sco", "score"), ("winnow clean --pol", "--policy")],
)
def test_the_shell_completes_commands_and_options(words: str, completed: str) -> None:
    variables = {
        "_WINNOW_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", AS_COMMAND],
        env=os.environ | variables, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert completed in done.stdout.split()


def test_the_script_for_the_shell_is_shown() -> None:
    variables = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", AS_COMMAND, "--show-completion", "bash"],
        env=os.environ | variables, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "_WINNOW_COMPLETE=complete_bash" in done.stdout
