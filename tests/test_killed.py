"""Runs that are killed, and the runs after them; `bench.kills` does this two hundred times."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.kills import OPERATION_ENDS, kill_rounds, reading
from bench.processes import command as started_as
from bench.processes import members
from tests.runs import rows
from winnow.corpus.errors import UsageError
from winnow.corpus.output import open_output

ROUNDS = 12
OPERATION_ROUNDS = 6


@pytest.mark.slow
def test_after_a_run_that_was_killed_the_next_one_gives_the_bytes_of_a_first_run(tmp_path: Path) -> None:
    assert len([*kill_rounds(tmp_path, ROUNDS, seed=7)]) == ROUNDS


@pytest.mark.slow
def test_whatever_file_operation_a_run_is_killed_before_readers_see_one_run(tmp_path: Path) -> None:
    with reading(tmp_path / "clean") as answers:
        assert len([*kill_rounds(tmp_path, OPERATION_ROUNDS, 7, OPERATION_ENDS)]) == OPERATION_ROUNDS
    assert set(answers) == {"winnow.read", "DuckDB"}
    assert all(counts["one run"] and "a mixture" not in counts for counts in answers.values()), answers


def test_a_run_outlives_the_process_that_forks_its_children(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Rain fell on the harbour town on Monday, the council said.")
    where = [str(tmp_path / "page.txt"), "-o", str(tmp_path / "clean")]
    command = [sys.executable, "-m", "winnow", "clean", *where, "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        while not (forking := [pid for pid in members(run.pid) if b"fork_server" in started_as(pid)]):
            assert run.poll() is None, run.communicate()[1]
        os.kill(forking[0], signal.SIGKILL)  # while it loads what children share: none is forked yet
        output = run.communicate()[1]
    assert run.returncode == 0, output
    assert len(rows(tmp_path, "documents")) == 1


def test_who_writes_in_a_folder_is_named_to_who_comes_second(tmp_path: Path) -> None:
    with (
        open_output(tmp_path),
        pytest.raises(UsageError, match=r"process \d+ on .+; wait"),
        open_output(tmp_path),
    ):
        pass
