"""A folder of documents may hold files named like modules of Python: none of them is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms.\n"
SCRIPT = "from winnow.cli.main import main\n\nif __name__ == '__main__':\n    main()\n"
NAMES = ("struct", "random", "queue", "pickle", "string", "typing", "re", "numpy", "uvicorn", "prefect")
DECOY = "from pathlib import Path\nPath(__file__).with_suffix('.imported').touch()\nraise ImportError(__file__)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document and with decoys."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "1.txt").write_text(STORY)
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(DECOY)
    return tmp_path


def run(folder: Path, scripts: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`winnow clean` in a folder, from a script that lies elsewhere, as the one that pip installs does."""
    script = scripts / "winnow_script.py"
    script.write_text(SCRIPT)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    command = [sys.executable, str(script), "clean", "raw", "-o", "out", *options]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=400
    )


@pytest.mark.parametrize(
    "options", [(), pytest.param(("--flow",), marks=pytest.mark.slow)], ids=["here", "as a flow"]
)
def test_a_run_imports_nothing_from_the_folder_that_it_is_started_in(
    folder: Path, options: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    done = run(folder, tmp_path_factory.mktemp("scripts"), *options)
    assert done.returncode == 0, done.stderr
    assert "1 documents" in done.stdout
    assert list(folder.glob("*.imported")) == []
