"""Runs of `winnow serve` in a row over inputs that change: what is lost, and what grows."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import pyarrow.parquet as pq

from bench.processes import command
from bench.results import ROOT, write_results

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

RUNS: Final = 50
FIRST: Final = 60  # documents before the first run
ADDED, CHANGED, DELETED, BROKEN = 4, 4, 3, 1  # before each further run
WAIT_SECONDS: Final = 600  # for the server to come up, and for a run
LOOKS: Final = 4  # at what grows, after each run
NEVER: Final = "0 0 29 2 *"
BINARY: Final = b"\x89PNG\r\n\x1a\n" + bytes(500)  # no text
WORDS: Final = (
    "harbour council ferry storm basin dredge quay island winter contract engineer budget library tide vessel "
    "spokeswoman committee railway bridge market school hospital orchard valley weather survey repair museum"
).split()


@dataclass(slots=True)
class Inputs:
    """A folder of documents, with the mark of each good file and the names of broken ones."""

    folder: Path
    rng: random.Random
    versions: dict[str, str] = field(default_factory=dict)  # of good files: name -> the text's own mark
    broken: set[str] = field(default_factory=set)
    files_made: int = 0

    def add(self) -> None:
        """Write a file that was not there."""
        self.files_made += 1
        self.write(f"site{self.files_made % 7}.example/{self.files_made:05d}.txt")

    def write(self, name: str) -> None:
        """Write a new text to a file."""
        mark = f"mark{self.rng.getrandbits(48):012x}"
        sentences = [" ".join(self.rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(8)]
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{' '.join(sentences)} The file is {mark}.\n\nADVERTISEMENT\n", encoding="utf8")
        self.versions[name] = mark

    def change(self) -> None:
        """Add, change, delete and break some files."""
        for name in self.rng.sample(sorted(self.versions), CHANGED):
            self.write(name)
        for name in self.rng.sample(sorted(self.versions), DELETED):
            (self.folder / name).unlink()
            del self.versions[name]
        for name in self.rng.sample(sorted(self.versions), BROKEN):
            (self.folder / name).write_bytes(BINARY)
            del self.versions[name]
            self.broken.add(name)
        for _ in range(ADDED):
            self.add()


def soak(folder: Path, runs: int) -> dict[str, Any]:
    """Figures of some runs in a row in a folder. Stops with AssertionError where a document is lost."""
    inputs = Inputs(folder / "raw", random.Random(0))
    for _ in range(FIRST):
        inputs.add()
    samples: list[dict[str, float]] = []
    with serving(folder) as (process, deployment):
        for number in range(runs):
            if number:
                inputs.change()
            seconds = _run(folder, deployment)
            _check(folder / "clean", inputs)
            samples.append({"seconds": round(seconds, 1), **_least_of_looks(folder, process)})
            print(number + 1, samples[-1], flush=True)
    return {
        "runs": runs,
        "lost": 0,
        "documents": len(inputs.versions),
        "first": samples[0],
        "middle": samples[runs // 2],
        "at the end": samples[-1],
        "most": {name: max(sample[name] for sample in samples) for name in samples[0]},
    }


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], UUID]]:
    """`winnow serve` over ``raw`` in a folder, with a server of its own, and the number of its deployment."""
    (folder / "tmp").mkdir()
    variables = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_API_PORT": str(free_port()),
        "DO_NOT_TRACK": "1",
    }
    variables |= {"TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(ROOT)}
    environment = {
        name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"
    } | variables
    command = [sys.executable, "-m", "winnow", "serve", "--cron", NEVER, "--", str(folder / "raw")]
    command += ["-o", str(folder / "clean"), "--workers", "1", "--log", str(folder / "log.jsonl")]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process, _deployment(process, folder)
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def own_client(folder: Path) -> "SyncPrefectClient":
    """A client of the server that `serving` runs in a folder. Raises ValueError until that answers."""
    from prefect.client.orchestration import SyncPrefectClient  # takes long to import

    [file] = (folder / "prefect" / "winnow").glob("login-*")
    api = f"http://127.0.0.1:{file.name.removeprefix('login-')}/api"
    return SyncPrefectClient(api, auth_string=file.read_text(encoding="utf8").strip())


def _deployment(process: subprocess.Popen[bytes], folder: Path) -> UUID:
    from prefect.exceptions import ObjectNotFound

    name = str(folder / "clean").strip("/").replace("/", "-")
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with own_client(folder) as client:
                return client.read_deployment_by_name(f"clean-on-schedule/{name}").id
        except (ValueError, ObjectNotFound):  # it is not there yet
            time.sleep(1)
    raise AssertionError((folder / "serve.log").read_text(encoding="utf8"))


def _run(folder: Path, deployment: UUID) -> float:
    """Order a run, wait for its end and give its seconds."""
    began = time.monotonic()
    with own_client(folder) as client:
        run = client.create_flow_run_from_deployment(deployment)
        while not (run.state and run.state.is_final()):
            assert time.monotonic() < began + WAIT_SECONDS, "a run did not end"
            time.sleep(1)
            run = client.read_flow_run(run.id)
            if (
                run.state and run.state.name == "Skipped"
            ):  # ordered before the runner had looked for late ones
                run = client.create_flow_run_from_deployment(deployment)
        assert run.state.is_completed(), run.state
    return time.monotonic() - began


def _check(clean: Path, inputs: Inputs) -> None:
    """Each good file is there in its present version, and nothing else is; broken ones are in quarantine."""
    rows = [row for file in clean.glob("documents/*.parquet") for row in pq.read_table(file).to_pylist()]
    texts = {row["metadata"]["raw_path"].removeprefix("raw/"): row["text"] for row in rows}
    assert texts.keys() == inputs.versions.keys()
    assert all(mark in texts[name] for name, mark in inputs.versions.items())
    quarantined = pq.read_table(clean / "quarantine")["path"].to_pylist()
    assert {path.removeprefix("raw/") for path in quarantined} == inputs.broken


def _least_of_looks(folder: Path, process: subprocess.Popen[bytes]) -> dict[str, float]:
    """The least of some looks: a file that is open for a moment has not grown."""
    looks = []
    for _ in range(LOOKS):
        time.sleep(1)
        looks.append(_measure(folder, process))
    return {name: min(look[name] for look in looks) for name in looks[0]}


def _measure(folder: Path, process: subprocess.Popen[bytes]) -> dict[str, float]:
    """What could grow: of the serving process and the server, and of files that nobody asked for."""
    server = _idle_children(process.pid)
    database = sum(file.stat().st_size for file in (folder / "prefect").glob("prefect.db*"))
    return {
        "serve_mb": _memory(process.pid),
        "serve_files": len([*Path(f"/proc/{process.pid}/fd").iterdir()]),
        "serve_threads": len([*Path(f"/proc/{process.pid}/task").iterdir()]),
        "server_mb": sum(map(_memory, server)),
        "server_files": sum(len([*Path(f"/proc/{pid}/fd").iterdir()]) for pid in server),
        "processes": 1 + len(server),
        "temporary_files": len([*(folder / "tmp").rglob("*")]),
        "output_files": len([*(folder / "clean").rglob("*")]),
        "leases": len([*(folder / "prefect" / "concurrency_leases").glob("*")]),
        "prefect_files": len([*(folder / "prefect").rglob("*")]),
        "database_mb": round(database / 1e6, 2),
    }


def _idle_children(pid: int) -> list[int]:
    """The processes below the serving one once the process of the last run has ended."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, ProcessLookupError):  # one has ended between two looks
            pids = children(pid)
            if all(map(_is_idle, pids)):
                return pids
        time.sleep(1)
    raise AssertionError("a run ended, and its process did not")


def _is_idle(pid: int) -> bool:
    """Whether a process has nothing to do with a run, and has not just ended, of which an empty command tells."""
    started_as = command(pid)
    return bool(started_as) and b"prefect.engine" not in started_as


def children(pid: int) -> list[int]:
    """The processes below one."""
    pids = [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*pids, *(deeper for child in pids for deeper in children(child))]


def _memory(pid: int) -> float:
    """Resident megabytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [resident] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return round(int(resident) / 1000, 1)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="winnow-soak-") as temporary:
        figures = soak(Path(temporary), int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
    write_results("soak", [], figures)
