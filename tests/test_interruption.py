"""Ctrl-C: at any moment it stops within two seconds, says what is kept, and leaves no process behind."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from bench.processes import command as started_as
from bench.processes import members
from tests.runs import STORY, distinct
from winnow.cli.clean_run import kept_shards_line
from winnow.pipeline.shards.progress import Estimate

ROOT: Final = Path(__file__).parents[1]
SECONDS: Final = 2.0  # within which a command ends
ALL_GONE: Final = 1.0  # seconds until the last process that it started has ended, too
MOMENTS: Final = 20
LATEST: Final = 12.0  # seconds after which Ctrl-C comes
PAGES: Final = 400
STUCK: Final = "import time\ndef stuck(document):\n    time.sleep(600)\n    return []\n"
# A program that goes on whatever comes; argument: times that it prints before.
STUBBORN: Final = """
import sys, time
from winnow.cli.interruption import INTERRUPTION
INTERRUPTION.can_unwind = True
with INTERRUPTION.watching(), INTERRUPTION.keeping(lambda: "kept all", grace_seconds=float(sys.argv[1])):
    moments = iter([lambda: print("ready", flush=True)])
    while True:
        try:
            next(moments, lambda: time.sleep(600))()
        except KeyboardInterrupt:
            pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with pages, and a cleaner that never ends."""
    (tmp_path / "raw").mkdir()
    for number in range(PAGES):
        (tmp_path / "raw" / f"{number}.txt").write_text(distinct(STORY, number), encoding="utf8")
    (tmp_path / "sticky.py").write_text(STUCK, encoding="utf8")
    return tmp_path


def started(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """A command that runs in a session of its own, as a terminal has one."""
    return _python(folder, "-m", "winnow", *arguments)


def _python(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def interrupted(run: "subprocess.Popen[str]", times: int = 1) -> tuple[float, list[str]]:
    """Interrupt all processes of a session, as a terminal does: seconds until the first ended, and what it said."""
    began = time.monotonic()
    for _ in range(times):
        os.killpg(run.pid, signal.SIGINT)
        time.sleep(0.1 * (times - 1))
    run.wait(60)
    seconds = time.monotonic() - began
    errors = run.communicate()[1]
    until = time.monotonic() + ALL_GONE
    while (left := running(run.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []
    assert "Traceback" not in errors
    return seconds, errors.splitlines()


def running(session: int) -> list[bytes]:
    """The processes of a session that have not ended; one that its parent has yet to ask for has no command."""
    return [command for pid in members(session) if (command := started_as(pid))]


def test_a_run_that_cleans_stops_at_once_and_says_what_is_kept(folder: Path) -> None:
    command = ["clean", "raw", "-o", "clean", "--cleaner", "sticky:stuck", "-v"]
    with started(folder, *command) as run:
        assert run.stderr
        while "planned" not in run.stderr.readline():
            assert run.poll() is None
        while len(members(run.pid)) < 3:  # the run, what forks its children, and one of these
            assert run.poll() is None
        seconds, said = interrupted(run)
    assert run.returncode == 130
    assert seconds < SECONDS
    assert not [*folder.glob("clean/documents/*")]  # nothing was published
    assert said[-2:] == [
        "winnow: stopping…",
        "winnow: stopped before the first shard was done, so nothing new is kept; clean is as it was before",
    ]


@pytest.mark.parametrize("seconds", [0.5, 0.9])
def test_imports_are_stopped_without_a_traceback(folder: Path, seconds: float) -> None:
    with started(folder, "score", "raw") as run:
        time.sleep(seconds)
        took, said = interrupted(run)
    assert (run.returncode, said[0]) == (130, "winnow: stopping…")
    assert took < SECONDS and len(said) == 2


@pytest.mark.parametrize(("times", "grace", "most"), [(1, 0.5, SECONDS), (2, 60.0, SECONDS)])
def test_what_does_not_stop_is_ended_in_time_or_by_a_second_ctrl_c(
    tmp_path: Path, times: int, grace: float, most: float
) -> None:
    with _python(tmp_path, "-c", STUBBORN, str(grace)) as run:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
        seconds, said = interrupted(run, times)
    assert run.returncode == 130
    assert (grace if times == 1 else 0) <= seconds < most
    assert said == ["winnow: stopping…", "winnow: kept all"]


@pytest.mark.parametrize(
    ("estimate", "kept"),
    [
        (Estimate(shards=3, files=900), "nothing new is kept"),
        (Estimate(3, 900, 1, 1200), "1 of 3 shards with 1,200 documents are kept"),
    ],
)
def test_it_is_said_what_is_kept_of_a_run(estimate: Estimate, kept: str) -> None:
    line = kept_shards_line(estimate, Path("clean"))
    assert kept in line and line.endswith("clean is as it was before")
    assert ("the same command goes on from there" in line) == bool(estimate.shards_done)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MOMENTS))
def test_a_run_stops_within_two_seconds_at_any_moment(folder: Path, number: int) -> None:
    with started(folder, "clean", "raw", "-o", "clean", "--workers", "2") as run:
        time.sleep(random.Random(number).uniform(0.2, LATEST))
        if run.poll() is not None:
            pytest.skip("the run was done before")
        seconds, said = interrupted(run)
    if run.returncode == 0:
        pytest.skip("the run was done when the signal came")
    assert run.returncode == 130
    assert seconds < SECONDS
    assert not [*folder.glob("clean/documents/*")]  # nothing was published
    assert said[0] == "winnow: stopping…" and len(said) == 2
    assert re.match(r"winnow: (stopped|nothing was begun)", said[1])
