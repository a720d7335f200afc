"""`winnow doctor` in really broken surroundings: each fault is found, with advice."""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from winnow.cli.doctor.finding import NOTE, OK, PROBLEM, Finding
from winnow.cli.doctor.installation import extra_finding, libraries_finding, native_finding, python_finding
from winnow.cli.doctor.machine import clock_finding, room_finding, writing_finding
from winnow.cli.doctor.services import skew_finding
from winnow.corpus.extras import EXTRAS
from winnow.models.hashes import artifact_hashes, recorded_hashes

ROOT = Path(__file__).parents[1]
PACKAGES = ("winnow",)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_recorded_hashes_are_those_of_the_artifacts() -> None:
    assert recorded_hashes() == artifact_hashes(), "if they shall ship so: python -m winnow.models.hashes"


def test_where_all_is_well_it_says_so_and_ends_with_0(tmp_path: Path) -> None:
    code, findings = _doctor(tmp_path)
    assert code == 0, findings
    expected = {"python", "winnow", "native core", "libraries", "artifacts", "output folder", "temporary folder", "disk", "clock",
                "child processes", "memory limit", "prefect", "prefect home", "chromium", *(f"extra {name}" for name in EXTRAS)}  # fmt: skip
    assert set(findings) == expected
    assert findings["child processes"]["status"] == OK
    assert list(tmp_path.iterdir()) == []  # nothing is left behind


@pytest.mark.slow
def test_for_people_it_prints_a_line_a_finding(tmp_path: Path) -> None:
    done = _run(tmp_path)
    assert done.returncode == 0
    assert f"ok       artifacts: {len(recorded_hashes())} whole\n" in done.stdout


def test_a_damaged_artifact_is_named(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / "copy" / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    artifact = tmp_path / "copy" / "winnow" / "models" / "artifacts" / "lines.npz"
    content = bytearray(artifact.read_bytes())
    content[len(content) // 2] ^= 1
    artifact.write_bytes(content)
    (artifact.parent / "dumps.npz").unlink()
    code, findings = _doctor(tmp_path, code=tmp_path / "copy")
    assert code == 1
    message = "dumps.npz is missing; lines.npz is not the file that came with Winnow"
    assert (findings["artifacts"]["status"], findings["artifacts"]["found"]) == (PROBLEM, message)
    assert "--force-reinstall" in findings["artifacts"]["advice"]
    assert findings["child processes"]["status"] == PROBLEM  # for they cannot load it
    (tmp_path / "page.txt").write_text("Rain fell on the harbour town on Monday.")
    command = [sys.executable, "-m", "winnow", "clean", "page.txt", "-o", "out"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "copy")}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "npz: damaged or missing; `winnow doctor` says what to do" in done.stderr


@pytest.mark.slow
def test_an_output_folder_that_is_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "clean").write_text("no folder")
    code, findings = _doctor(tmp_path)
    assert code == 1 and findings["output folder"]["status"] == PROBLEM


def test_a_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    folder = (
        Path("/proc") if os.getuid() == 0 else tmp_path
    )  # root may write wherever a file system lets it
    tmp_path.chmod(0o500)
    try:
        finding = writing_finding("output folder", folder)
    finally:
        tmp_path.chmod(0o700)
    assert finding.status == PROBLEM and str(folder) in finding.found and "user" in finding.advice


@pytest.mark.slow
def test_files_that_may_not_grow_are_found(tmp_path: Path) -> None:
    code, findings = _doctor(
        tmp_path, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    )
    assert code == 1
    assert findings["output folder"]["found"].endswith("File too large")
    assert "ulimit -f" in findings["output folder"]["advice"]


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_found(tmp_path: Path) -> None:
    with socket.socket() as silent_socket:  # bound and not listening: nobody else can answer there
        silent_socket.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent_socket.getsockname()[1]}/api"
        code, findings = _doctor(tmp_path, PREFECT_API_URL=address)
    assert code == 1
    assert findings["prefect"]["status"] == PROBLEM and address in findings["prefect"]["found"]
    assert "prefect server start" in findings["prefect"]["advice"]


@pytest.mark.slow
def test_a_server_with_another_time_is_found(tmp_path: Path) -> None:
    with _server("Sat, 21 Nov 2015 12:00:00 GMT") as address:
        code, findings = _doctor(tmp_path, PREFECT_API_URL=address)
    assert code == 1
    assert findings["prefect"]["status"] == OK
    assert findings["prefect clock"]["status"] == PROBLEM


@pytest.mark.slow
def test_without_a_server_and_forbidden_to_start_one_it_says_so(tmp_path: Path) -> None:
    code, findings = _doctor(tmp_path, PREFECT_SERVER_EPHEMERAL_ENABLED="false")
    assert code == 1 and findings["prefect"]["status"] == PROBLEM


# Now, time of a new file, expected.
CLOCKS = [
    (NOON.timestamp(), NOON.timestamp() + 0.4, OK),
    (NOON.timestamp(), None, OK),
    (NOON.timestamp(), NOON.timestamp() + 60, PROBLEM),
    (NOON.timestamp(), NOON.timestamp() - 60, PROBLEM),
    (0.0, 0.0, PROBLEM),
    (5e9, 5e9, PROBLEM),
]


@pytest.mark.parametrize(("now", "file_time", "expected"), CLOCKS)
def test_a_clock_is_wrong_in_its_year_or_beside_the_file_system(
    now: float, file_time: float | None, expected: str
) -> None:
    _says(clock_finding(now, file_time), expected)


@pytest.mark.parametrize(("seconds", "expected"), [(0, OK), (29, OK), (-31, PROBLEM), (7200, PROBLEM)])
def test_a_server_may_be_half_a_minute_off(seconds: int, expected: str) -> None:
    _says(skew_finding(NOON + timedelta(seconds=seconds), NOON), expected)


@pytest.mark.parametrize(
    ("free", "last", "expected"), [(10**9, 0, OK), (10**9 - 1, 0, PROBLEM), (10**10, 6 * 10**9, PROBLEM)]
)
def test_room_is_wanted_for_two_runs(free: int, last: int, expected: str) -> None:
    _says(room_finding(Path("/corpus"), free, last), expected)


LIBRARIES: list[tuple[Mapping[str, str], str, str]] = [
    ({"numpy": ">=2.0"}, OK, ""),
    ({"numpy": ">=900"}, PROBLEM, "pip install 'numpy>=900'"),
    ({"no-such-package-here": ">=1", "numpy": ">=2.0"}, PROBLEM, "pip install 'no-such-package-here>=1'"),
    ({}, NOTE, "pip install"),
]


@pytest.mark.parametrize(("required", "expected", "advice"), LIBRARIES)
def test_libraries_are_there_and_new_enough(
    required: Mapping[str, str], expected: str, advice: str
) -> None:
    finding = libraries_finding(required)
    _says(finding, expected)
    assert finding.advice.endswith(advice) or advice in finding.advice


@pytest.mark.parametrize(("missing", "expected"), [([], OK), (["faker"], NOTE), (["scipy", "faker"], NOTE)])
def test_a_part_that_is_not_installed_is_a_note_with_what_installs_it(
    missing: list[str], expected: str
) -> None:
    finding = extra_finding("train", "training models again", missing)
    _says(finding, expected)
    assert all(package in finding.found for package in missing)
    assert not missing or "pip install 'winnow-corpus[train]'" in finding.advice


@pytest.mark.parametrize(
    ("version", "expected"), [((3, 11), OK), ((3, 13), OK), ((3, 14), NOTE), ((4, 0), NOTE)]
)
def test_a_python_that_is_not_tested_is_a_note(version: tuple[int, int], expected: str) -> None:
    _says(python_finding(version), expected)


def _says(finding: Finding, expected: str) -> None:
    """Assert that a finding has the expected status, and advice unless that is OK."""
    assert finding.status == expected, finding
    assert bool(finding.advice) == (expected != OK)


def _run(
    folder: Path,
    *options: str,
    code: Path = ROOT,
    before: Callable[[], None] | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    home = {"PYTHONPATH": str(code), "PREFECT_HOME": str(folder.parent / f"{folder.name}-prefect")}
    return subprocess.run(
        [sys.executable, "-m", "winnow", "doctor", "clean", *options], cwd=folder, env=inherited | home | environment,
        capture_output=True, text=True, timeout=300, preexec_fn=before,
    )  # fmt: skip


def _doctor(folder: Path, **surroundings: Any) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code, and the findings by name."""
    done = _run(folder, "--json", **surroundings)
    assert done.stdout, done.stderr
    return done.returncode, {finding["name"]: finding for finding in json.loads(done.stdout)}


@contextmanager
def _server(date: str) -> Iterator[str]:
    """The address of a server that answers every request, with a date of its own."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    server.server_close()


def test_it_says_whether_the_native_core_runs_and_else_why_not() -> None:
    assert native_finding("native").status == OK
    finding = native_finding("Python, because it was not built for this Python")
    assert (finding.status, "not built" in finding.found) == (NOTE, True)
