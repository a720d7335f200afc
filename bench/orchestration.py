"""What Prefect adds to a run: `winnow clean --flow` beside `winnow clean`, at as many tasks as 10,000 documents make.

    python -m bench.orchestration [--documents N] [--rounds R]

What a task costs does not depend on what is in its shard, so the documents are short texts, which take little time,
and the difference stands out from the noise of the machine. It is then set against the seconds that as many pages
take, by the speed in ``bench/results/throughput.json``. The server runs already, as it does behind a schedule; its
CPU time counts too.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_SERVER_API_PORT, temporary_settings

from bench.results import RESULTS, ROOT, write_results
from bench.scaling import process_seconds
from bench.soak import WORDS, children, free_port
from bench.throughput import FILE_DOCUMENTS, WORKERS
from winnow.flows.server import prefect_server

SENTENCES = 4
SECONDS = ("seconds", "cpu seconds")


def main() -> None:
    """Time both ways in turns."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = timed_rounds(Path(folder), arguments.documents, arguments.rounds)
    added = {name: [round(run["flow"][name] - run["plain"][name], 1) for run in rounds] for name in SECONDS}
    figures = {"documents": arguments.documents, "rounds": rounds, "added by Prefect": added}
    write_results("orchestration", [], figures | shares(arguments.documents, added))


def timed_rounds(work: Path, documents: int, rounds: int) -> list[dict[str, dict[str, float]]]:
    """Seconds of each round, plain and as a flow, beside a server that runs throughout."""
    write_texts(work / "raw", documents)
    os.environ |= {"PREFECT_HOME": str(work / "prefect"), "DO_NOT_TRACK": "1"}
    with temporary_settings({PREFECT_SERVER_API_PORT: free_port()}), prefect_server() as url:
        os.environ |= {
            "PREFECT_API_URL": url,
            "PREFECT_API_AUTH_STRING": str(PREFECT_API_AUTH_STRING.value()),
        }
        return [
            {"plain": timed_run(work, number), "flow": timed_run(work, number, "--flow")}
            for number in range(rounds)
        ]


def write_texts(raw: Path, documents: int) -> None:
    """Write so many short texts as JSON Lines."""
    raw.mkdir()
    chance = random.Random(0)
    for first in range(0, documents, FILE_DOCUMENTS):
        lines = (
            json.dumps(
                {
                    "id": str(number),
                    "url": f"https://s{number % 50}.example/{number}",
                    "text": _text(chance),
                }
            )
            for number in range(first, min(first + FILE_DOCUMENTS, documents))
        )
        (raw / f"{first:06}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf8")


def timed_run(work: Path, number: int, *options: str) -> dict[str, float]:
    """Seconds by the clock of a first run, and CPU seconds of all processes of this machine meanwhile."""
    output = work / f"clean-{number}{''.join(options)}"
    command = [sys.executable, "-m", "winnow", "clean", str(work / "raw"), "-o", str(output), *options]
    began, used = time.perf_counter(), _cpu_seconds()
    subprocess.run([*command, "--workers", str(WORKERS)], check=True, cwd=ROOT, capture_output=True)
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu seconds": round(_cpu_seconds() - used, 1),
    }


def shares(documents: int, added: dict[str, list[float]]) -> dict[str, float]:
    """What Prefect adds as a share of the time and the CPU time that a run over as many pages takes."""
    results = json.loads((RESULTS / "throughput.json").read_text(encoding="utf8"))
    [speed, *_] = results["figures"]["systems"]["winnow"]["documents a second"]
    seconds = documents / speed
    return {
        "seconds of as many pages": round(seconds),
        "share of the time": round(median(added["seconds"]) / seconds, 4),
        "share of the CPU time": round(median(added["cpu seconds"]) / (WORKERS * seconds), 4),
    }


def _cpu_seconds() -> float:
    """CPU seconds of all commands that have ended, without the children that clean, and of the server."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(map(process_seconds, children(os.getpid())))


def _text(chance: random.Random) -> str:
    sentences = (" ".join(chance.choices(WORDS, k=12)).capitalize() for _ in range(SENTENCES))
    return ". ".join(sentences)


if __name__ == "__main__":
    main()
