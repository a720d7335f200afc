"""The wheel: built, installed into an empty environment's path, and tried."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_cleans_a_page(unpacked_wheel: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(unpacked_wheel), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "winnow", "clean", "-"]
    page = "The board voted on Tuesday to dredge the basin.\n\nADVERTISEMENT\n"
    done = subprocess.run(
        command, input=page, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert '"ad_marker"' in done.stdout
    where = subprocess.run(
        [sys.executable, "-c", "import winnow; print(winnow.__file__)"],
        capture_output=True, text=True, cwd=tmp_path, env=environment, check=True,
    )  # fmt: skip
    assert str(unpacked_wheel) in where.stdout


def test_the_wheel_names_its_command_and_holds_its_data(unpacked_wheel: Path) -> None:
    [entry_points] = unpacked_wheel.glob("*.dist-info/entry_points.txt")
    assert "winnow = winnow.cli.main:main" in entry_points.read_text()
    for file in (
        "winnow/models/artifacts/reliability.npz",
        "winnow/pipeline/report/templates/report.html",
        "winnow/review/templates/queue.html",
        "winnow/review/static/review.css",
    ):
        assert (unpacked_wheel / file).is_file()
    assert not list(unpacked_wheel.glob("tests"))
