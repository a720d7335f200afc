"""What an ordinary user may not read or write is named, and costs nothing else; as root, without root's privileges."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runs import STORY, rows, write_inputs
from winnow.corpus.output import MARK

SETPRIV = shutil.which("setpriv")
PRIVILEGES = "-dac_override,-dac_read_search"  # to pass over the modes of files
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() == 0 and not SETPRIV, reason="root may read all, and setpriv is missing"
    ),
]


def clean(folder: Path) -> tuple[int, str]:
    """The exit code and the messages of a run by a user who must obey the modes of files."""
    drop = (
        [str(SETPRIV), "--bounding-set", PRIVILEGES, "--inh-caps", PRIVILEGES] if os.geteuid() == 0 else []
    )
    command = [*drop, sys.executable, "-m", "winnow", "clean", "raw", "-o", "clean", "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with inputs, cleaned once."""
    write_inputs(tmp_path, {"a.txt": STORY, "b.txt": f"{STORY} Part 2.", "shut/c.txt": STORY})
    assert clean(tmp_path)[0] == 0
    return tmp_path


def test_inputs_that_may_not_be_read_are_in_quarantine(folder: Path) -> None:
    (folder / "raw" / "b.txt").chmod(0)
    (folder / "raw" / "shut").chmod(0)
    code, _ = clean(folder)
    (folder / "raw" / "shut").chmod(0o755)
    assert code == 3
    assert len(rows(folder, "documents")) == 1
    quarantined = {row["path"]: (row["reason"], row["detail"]) for row in rows(folder, "quarantine")}
    assert quarantined.keys() == {"raw/b.txt", "raw/shut"}
    assert all(
        reason == "unreadable" and "Permission denied; check its permissions" in detail
        for reason, detail in quarantined.values()
    )


@pytest.mark.parametrize(
    ("name", "mode", "code", "message"),
    [
        (MARK, 0o555, 1, "Permission denied"),
        (f"{MARK}/current/run.json", 0, 0, "not as it was left: run.json"),
        (f"{MARK}/current/documents", 0, 0, ""),
    ],
)
def test_what_may_not_be_read_or_written_in_the_output_is_named(
    folder: Path, name: str, mode: int, code: int, message: str
) -> None:
    (folder / "raw" / "d.txt").write_text(f"{STORY} Part 4.")
    place = (folder / "clean" / name).resolve()
    before = place.stat().st_mode
    place.chmod(mode)
    result, told = clean(folder)
    if place.exists():
        place.chmod(before)
    assert (result, message in told) == (code, True), told
    assert "Traceback" not in told
    assert clean(folder)[0] == 0
    assert len(rows(folder, "documents")) == 3
