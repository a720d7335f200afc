"""Installs of Winnow as users make them: from wheel, sdist and checkout, each into a new environment, offline."""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.runs import STORY

ROOT = Path(__file__).parents[1]
WAYS = ("wheel", "sdist", "editable")
ROOMS = ("corpus", "models", "cleaners", "training", "pipeline", "flows", "review", "cli", "integrations")
# Rooms of whose names the user's project has a file; of the others it has a folder.
MODULES = ("corpus", "models", "training", "cli")
DECOY = "raise RuntimeError('a file of the project was taken for one of Winnow: ' + __file__)\n"
SECONDS = 400  # for one command: Prefect's server starts in 9 to 47 on two cores, idle and busy
OURS = ("PYTHON", "PREFECT_", "WINNOW_")  # variables of the environment that the tests themselves run in


@dataclass(frozen=True, slots=True)
class Install:
    """An environment with Winnow installed in one way, and with the packages of the tests' environment."""

    python: Path

    def command(self, *arguments: str) -> list[str]:
        """A command of Python in this environment."""
        return [str(self.python), *arguments]

    def run(
        self, folder: Path, *arguments: str, stdin: str = "", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """The result of ``python ARGUMENTS`` in a folder, without environment variables that point to the checkout."""
        return run_in(folder, self.command(*arguments), stdin=stdin, **variables)


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Environment variables for a user's process, whose Prefect keeps its files beside the user's folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return inherited | {"PREFECT_HOME": f"{folder}-prefect", "NO_COLOR": "1", "COLUMNS": "120"} | variables


def run_in(
    folder: Path, command: list[str], *, stdin: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """The result of a command in a folder, as a user would start it there."""
    return subprocess.run(
        command, cwd=folder, env=environment(folder, **variables), input=stdin,
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


def install(way: str, folder: Path, *, native: bool = False) -> Install:
    """Install the checkout into a new environment below a folder, in one of `WAYS`; compiled if ``native``."""
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    site = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
    others = [path for path in sys.path if Path(path).name.endswith("-packages")]
    # Read before all other .pth files, of which that of an editable install imports a package.
    (site / "0.pth").write_text("\n".join(others), encoding="utf8")
    what = (
        ["--editable", str(ROOT)]
        if way == "editable"
        else [str(wheel(way, folder / "dist", native=native))]
    )
    options = [
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--ignore-installed",
        "--disable-pip-version-check",
    ]
    _run([str(python), "-m", "pip", "install", *options, *what], folder, native=native)
    return Install(python)


def wheel(way: str, folder: Path, *, native: bool = False) -> Path:
    """The wheel, built from the checkout, or from the sdist that is built from the checkout."""
    straight = ["--wheel"] if way == "wheel" else []
    folder.mkdir()
    _run(
        [sys.executable, "-m", "build", "--no-isolation", *straight, "--outdir", str(folder), str(ROOT)],
        folder,
        native=native,
    )
    [file] = folder.glob("*.whl")
    return file


def make_project(folder: Path) -> Path:
    """A user's folder with one page to clean, and with code under the names of Winnow's rooms."""
    for room in ROOMS:
        file = folder / f"{room}.py" if room in MODULES else folder / room / "__init__.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(DECOY, encoding="utf8")
    (folder / "page.txt").write_text(f"{STORY}\n\nADVERTISEMENT\n", encoding="utf8")
    return folder


def _run(command: list[str], folder: Path, *, native: bool) -> None:
    done = run_in(folder, command, WINNOW_NATIVE=str(int(native)))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
