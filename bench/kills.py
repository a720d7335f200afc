"""Runs that are killed at random moments, and what the next run makes of what they left.

    python -m bench.kills --rounds 200

Each round changes some inputs, starts `winnow clean` and, at a random moment, kills the whole run, kills a
worker, or makes every write fail that would let a file grow beyond a random size, as a full disk does. The
next run is left alone; what it leaves must be, byte for byte, what a first run over the same inputs leaves.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from bench.processes import members
from winnow.corpus.output import MARK, files_in_place
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

DOCUMENTS = 60
CHANGED = 6  # in a round
LONGEST_SECONDS = 6.0  # after which a run here is over, or nearly
SMALLEST_BYTES, LARGEST_BYTES = 100, 60_000  # to which a file may grow while the disk is full
STORY = (
    "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said. "
    "The work costs 1.2 million pounds and takes eleven weeks, according to the contract of berth {}.\n\n"
    "ADVERTISEMENT\n\nThe last dredging was {} years ago. Fishermen have asked for it since, the minutes show.\n"
)


def main() -> None:
    """Print how many rounds ended well, by how the first run of the round was ended."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ended = Counter(kill_rounds(Path(folder), arguments.rounds, arguments.seed))
    for (how, code), rounds in sorted(ended.items()):
        print(f"{rounds:4} rounds: {how}, exit code {code}; the next run gave the bytes of a first run")


def kill_rounds(folder: Path, rounds: int, seed: int) -> Iterator[tuple[str, int]]:
    """For each round how the run was ended, and its exit code. Raises AssertionError where something was lost."""
    chance = random.Random(seed)
    ends: tuple[Callable[[Path, random.Random], int], ...] = (_killed, _worker_killed, _disk_full)
    for number in range(rounds):
        _change(folder / "raw", chance, number)
        end = chance.choice(ends)
        code = end(folder, chance)
        undisturbed = subprocess.run(_command(folder), capture_output=True, text=True, check=False)
        assert undisturbed.returncode == 0, undisturbed.stderr
        expected = folder / f"expected-{number}"
        clean_corpus([str(folder / "raw")], expected, Settings(), clean=clean_here, tick=lambda _: None)
        assert output(folder / "clean") == output(expected), f"round {number}: {end.__name__}, {code}"
        assert not [*(folder / "clean" / MARK).glob("work")], f"round {number}: work was left"
        yield end.__name__.strip("_"), code


def output(folder: Path) -> dict[str, bytes]:
    """All that a run publishes and that must repeat, by name: not the report, which holds times."""
    names = (name for name in files_in_place(folder) if not name.startswith("report."))
    return {name: (folder / name).read_bytes() for name in names}


def _change(raw: Path, chance: random.Random, number: int) -> None:
    """Write some documents anew and delete one."""
    raw.mkdir(exist_ok=True)
    for name in range(DOCUMENTS) if number == 0 else chance.sample(range(DOCUMENTS), CHANGED):
        (raw / f"{name:03}.txt").write_text(STORY.format(chance.randrange(10**6), number), encoding="utf8")
    (raw / f"{chance.randrange(DOCUMENTS):03}.txt").unlink(missing_ok=True)


def _command(folder: Path) -> list[str]:
    where = [str(folder / "raw"), "-o", str(folder / "clean")]
    return [sys.executable, "-m", "winnow", "clean", *where, "--workers", "2"]


def _start(folder: Path) -> subprocess.Popen[bytes]:
    """A run in a session and a process group of its own."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(_command(folder), stdout=quiet, stderr=quiet, start_new_session=True)


def _killed(folder: Path, chance: random.Random) -> int:
    """End the run with all its processes."""
    with _start(folder) as run:
        try:
            run.wait(chance.uniform(0, LONGEST_SECONDS))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
        return run.wait()


def _worker_killed(folder: Path, chance: random.Random) -> int:
    """End the newest process below the run, one that cleans or forks such; the run itself must end well."""
    with _start(folder) as run:
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        workers = [pid for pid in members(run.pid) if pid != run.pid]
        if workers:
            with suppress(ProcessLookupError):  # it has ended since it was listed
                os.kill(workers[-1], signal.SIGKILL)
        code = run.wait()
    assert code == 0, f"a worker was killed, and the run ended with {code}"
    return code


def _disk_full(folder: Path, chance: random.Random) -> int:
    """Let no file of the run grow beyond a size."""
    size = chance.randrange(SMALLEST_BYTES, LARGEST_BYTES)
    with _start(folder) as run:
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (size, size))
        return run.wait()


if __name__ == "__main__":
    main()
