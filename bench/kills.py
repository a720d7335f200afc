"""Runs that are killed, what readers see meanwhile, and what the next run makes of what they left.

    python -m bench.kills --rounds 200
    python -m bench.kills --rounds 300 --operations

Each round changes some inputs, starts `winnow clean` and, at a random moment, kills the whole run, kills a
worker, or makes every write fail that would let a file grow beyond a random size, as a full disk does. With
``--operations`` every run is killed before a chosen file operation, half of them among the last, which publish. The
next run is left alone; what it leaves must be, byte for byte, what a first run over the same inputs leaves.

All the while one process reads the output through `winnow.read`, and one through DuckDB over the plain paths: what they
get must be the rows of one run, all of them. A program that lists first and opens later may miss a file; that is
counted apart.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb

from bench.processes import members
from winnow.corpus.errors import UsageError
from winnow.corpus.output import MARK, files_in_place
from winnow.corpus.reading import open_corpus
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_here

End = Callable[[Path, random.Random], int]  # starts a run, ends it, and gives its exit code
DOCUMENTS = 60
CHANGED = 6  # in a round
PUBLISHING = 100  # at most, file operations at the end of a run that publish it
FIRST_OPERATIONS = 400  # of a run, until one has counted them
# Events of Python's audit hooks that change a file system.
FILE_OPERATIONS = frozenset({"os.rename", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "open"})
HERE = Settings(shard_documents=8)  # of runs that are killed before an operation: parts enough to be mixed
PUBLISHED = "published"  # beside the output: hashes of the rows of every run, as each reader gives them
PAUSE_SECONDS = 0.01  # between two questions of a reader, so that runs get on beside it
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
    parser.add_argument("--operations", action="store_true", help="kill before chosen file operations")
    parser.add_argument(
        "--alone", nargs=2, help=argparse.SUPPRESS
    )  # folder, and the operation to end before
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)  # how, and the output
    arguments = parser.parse_args()
    if arguments.alone:
        _run_until(Path(arguments.alone[0]), int(arguments.alone[1]))
    elif arguments.read:
        _ask_for_ever(READERS[arguments.read[0]], Path(arguments.read[1]))
    else:
        _report(arguments)


def _report(arguments: argparse.Namespace) -> None:
    """Carry out the rounds and print how they ended, and what was read meanwhile."""
    ends = OPERATION_ENDS if arguments.operations else RANDOM_ENDS
    with tempfile.TemporaryDirectory() as name, reading(Path(name) / "clean") as answers:
        ended = Counter(kill_rounds(Path(name), arguments.rounds, arguments.seed, ends))
    for (how, code), rounds in sorted(ended.items()):
        print(f"{rounds:4} rounds: {how}, exit code {code}; the next run gave the bytes of a first run")
    for reader, counts in answers.items():
        print(f"{reader}: {', '.join(f'{count} times {what}' for what, count in sorted(counts.items()))}")


def kill_rounds(
    folder: Path, rounds: int, seed: int, ends: Sequence[End] = ()
) -> Iterator[tuple[str, int]]:
    """For each round how the run was ended, and its exit code. Raises AssertionError where something was lost."""
    chance = random.Random(seed)
    ends = ends or RANDOM_ENDS
    for number in range(rounds):
        _change(folder / "raw", chance, number)
        end = chance.choice(ends)
        code = end(folder, chance)
        undisturbed = subprocess.run(_command(folder, end), capture_output=True, text=True, check=False)
        assert undisturbed.returncode == 0, undisturbed.stderr
        expected = folder / f"expected-{number}"
        settings = HERE if end is _killed_before_operation else Settings()
        clean_corpus([str(folder / "raw")], expected, settings, clean=clean_here, tick=lambda _: None)
        assert output(folder / "clean") == output(expected), f"round {number}: {end.__name__}, {code}"
        assert not [*(folder / "clean" / MARK).glob("work")], f"round {number}: work was left"
        with (folder / PUBLISHED).open("a") as published:
            published.writelines(f"{rows_of(expected)}\n" for rows_of in READERS.values())
        shutil.rmtree(expected)
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


def _command(folder: Path, end: End | None = None) -> list[str]:
    if end is _killed_before_operation:
        return [sys.executable, "-m", "bench.kills", "--alone", str(folder), str(sys.maxsize)]
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


def _killed_before_operation(folder: Path, chance: random.Random) -> int:
    """End the run before a file operation: any, or one of the last, which publish."""
    last = _operations(folder)
    first = max(0, last - PUBLISHING) if chance.random() < 0.5 else 0
    command = _command(folder, _killed_before_operation)
    return subprocess.run([*command[:-1], str(chance.randrange(first, last))], check=False).returncode


def _operations(folder: Path) -> int:
    """The number of file operations of the last whole run, as that wrote it down."""
    file = folder / "operations"
    return int(file.read_text()) if file.exists() else FIRST_OPERATIONS


def _run_until(folder: Path, operation: int) -> None:
    """A run in this process, which kills itself before a file operation of that number."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in FILE_OPERATIONS and not (event == "open" and arguments[1] in (None, "r", "rb")):
            if count == operation:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

    sys.addaudithook(hook)
    clean_corpus([str(folder / "raw")], folder / "clean", HERE, clean=clean_here, tick=lambda _: None)
    (folder / "operations").write_text(str(count))


@contextmanager
def reading(output_folder: Path) -> Iterator[dict[str, dict[str, int]]]:
    """Read an output all the while in processes of their own; gives what they got, once the block has ended."""
    answers: dict[str, dict[str, int]] = {}
    command = [sys.executable, "-m", "bench.kills", "--read"]
    readers = {
        name: subprocess.Popen([*command, name, str(output_folder)], stdout=subprocess.PIPE, text=True)
        for name in READERS
    }
    yield answers
    for name, reader in readers.items():
        reader.terminate()
        answers[name] = _told_apart(json.loads(reader.communicate()[0]), output_folder.parent / PUBLISHED)


def _told_apart(answers: dict[str, int], published: Path) -> dict[str, int]:
    """How often a reader got what: the rows of a run, by their hashes, are told from those of none."""
    runs, counts = set(published.read_text().split()), Counter[str]()
    for answer, count in answers.items():
        is_hash = " " not in answer
        counts["one run" if answer in runs else "a mixture" if is_hash else answer] += count
    return dict(counts)


def _ask_for_ever(rows_of: Callable[[Path], str], output_folder: Path) -> None:
    """Ask for the rows of an output until this process is told to stop, then print how often it got what."""
    answers = Counter[str]()

    def answer(*_: object) -> None:
        print(json.dumps(answers), flush=True)
        os._exit(0)  # an exception would be lost in a query

    signal.signal(signal.SIGTERM, answer)
    while True:
        time.sleep(PAUSE_SECONDS)
        try:
            answers[rows_of(output_folder)] += 1
        except UsageError:
            answers["no output yet"] += 1
        except duckdb.IOException as error:
            is_early = "No files found" in str(error)
            answers["no output yet" if is_early else "a file was missing"] += 1


def _rows_by_winnow(folder: Path) -> str:
    """A hash of what `winnow.read` gives of an output."""
    corpus = open_corpus(folder)
    rows = [[row.id, row.text, row.run_id, row.reason] for row in (*corpus.documents(), *corpus.rejected())]
    return _hash([*rows, *([row.path, row.run_id] for row in corpus.quarantine())])


def _rows_by_duckdb(folder: Path) -> str:
    """A hash of what DuckDB gives of the documents of an output."""
    query = f"SELECT id, text FROM '{folder}/documents/*.parquet' ORDER BY ALL"  # a folder of ours
    return _hash([*map(list, duckdb.sql(query).fetchall())])


def _hash(rows: list[list[str]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


RANDOM_ENDS: Final[tuple[End, ...]] = (_killed, _worker_killed, _disk_full)
OPERATION_ENDS: Final[tuple[End, ...]] = (_killed_before_operation,)
READERS: Final = {"winnow.read": _rows_by_winnow, "DuckDB": _rows_by_duckdb}

if __name__ == "__main__":
    main()
