"""The package's types as a user's ``mypy --strict`` sees them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import winnow
from tests.installing import Install, install, run_in

SCRIPT = (Path(__file__).parent / "typed_user.py").read_text(encoding="utf8")
MISTAKES = """
import winnow

def label(page: winnow.Cleaned) -> str:
    return winnow.score([page]).score

for row in winnow.read("clean").documents():
    print(row.txet)

winnow.run("raw", "clean", settings=winnow.Settings(workers="2"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Install:
    return install("wheel", tmp_path_factory.mktemp("wheel"))


def checked(script: str, wheel: Install, folder: Path) -> "subprocess.CompletedProcess[str]":
    """The output of mypy for a script in a folder outside the checkout."""
    (folder / "script.py").write_text(script, encoding="utf8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        str(wheel.python),
        "script.py",
    ]
    return run_in(folder, command)


def test_the_script_uses_every_public_name() -> None:
    assert set(winnow.__all__) <= set(re.findall(r"winnow\.(\w+)", SCRIPT))


@pytest.mark.slow
def test_a_script_over_the_whole_public_api_passes_and_its_mistakes_do_not(
    wheel: Install, tmp_path: Path
) -> None:
    done = checked(SCRIPT, wheel, tmp_path)
    assert done.stdout == "Success: no issues found in 1 source file\n", done.stdout + done.stderr
    mistaken = checked(MISTAKES, wheel, tmp_path)
    lines = [(line.split(":")[1], line.rpartition("[")[2]) for line in mistaken.stdout.splitlines()[:-1]]
    assert lines == [("5", "return-value]"), ("8", "attr-defined]"), ("10", "arg-type]")]
