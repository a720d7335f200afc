"""Seconds of a run with one worker and with two, by engine, and what a document costs in time, on disk and in memory.

    python -m bench.scaling [--documents N] [--rounds R] [--engines threads dask ray]

Pages of the WCXB development set, each with a line of its own so that none is a copy, spread over sites. Engines
and workers take turns, round by round; each run is a program of its own, and must write the bytes of the first. Where
others use the machine, the wall clock tells little: beside it stand the CPU seconds of all programs meanwhile.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq

from bench.kills import output
from bench.results import SHARED, require, write_results
from winnow.corpus.output import MARK
from winnow.corpus.settings import Settings
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import clean_in_child

PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
SITES = 50
PAGES_READ = 160  # a tenth of them; all take 2 GB
SHARD_DOCUMENTS = 40  # so that few documents make many shards; in use a shard holds 1,000
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Time each engine with one worker and with two."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=480)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=["threads", "dask", "ray"])
    parser.add_argument("--once", nargs=4, metavar=("RAW", "OUTPUT", "ENGINE", "WORKERS"), help="one run")
    arguments = parser.parse_args()
    if arguments.once:
        run_once(*arguments.once)
        return
    require(PAGES)
    with tempfile.TemporaryDirectory() as folder:
        raw = write_pages(Path(folder) / "raw", arguments.documents)
        runs = [
            timed_run(raw, Path(folder), engine, workers, number)
            for number, engine, workers in product(range(arguments.rounds), arguments.engines, (1, 2))
        ]
        assert all(output(Path(run["output"])) == output(Path(runs[0]["output"])) for run in runs)
        figures = {
            "documents": arguments.documents,
            "raw_bytes_a_document": _bytes(raw) // arguments.documents,
            "kept_bytes_a_document": {
                name: _bytes(Path(runs[0]["output"]) / name) // arguments.documents
                for name in ("documents", f"{MARK}/shards", "site_lines.parquet")
            },
            "speed_up_of_the_clean_stage": {e: speed_up(runs, e, "clean") for e in arguments.engines},
            "speed_up_of_the_run": {e: speed_up(runs, e, "wall") for e in arguments.engines},
            "runs": [{name: value for name, value in run.items() if name != "output"} for run in runs],
        }
    write_results("scaling", [PAGES], figures)


def write_pages(raw: Path, documents: int) -> Path:
    """Write so many pages below a folder a site, and give the folder of all."""
    pages = some_pages()
    for number in range(documents):
        path = raw / f"site{number % SITES}.example" / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pages[number % len(pages)] + f"<p>Page number {number} of this copy.</p>".encode())
    return raw


def some_pages() -> list[bytes]:
    """The first `PAGES_READ` pages."""
    with pq.ParquetFile(PAGES) as table:
        return [row["html"] for row in next(table.iter_batches(PAGES_READ, columns=["html"])).to_pylist()]


def run_once(raw: str, folder: str, engine: str, workers: str) -> None:
    """Clean all pages, and print seconds of each stage and what the run took."""
    settings = Settings(engine=engine, workers=int(workers), shard_documents=SHARD_DOCUMENTS)
    began = time.perf_counter()
    clean_corpus([raw], Path(folder), settings, clean=clean_in_child, tick=lambda _: None)
    wall = time.perf_counter() - began
    report = json.loads((Path(folder) / "report.json").read_text(encoding="utf8"))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                **report["seconds"],
                "wall": wall,
                "cpu": used.ru_utime + used.ru_stime,
                "cpu_of_children": children_seconds(),
                "most_resident_bytes": used.ru_maxrss * 1024,
            }
        )
    )


def timed_run(raw: Path, folder: Path, engine: str, workers: int, number: int) -> dict[str, Any]:
    """What a run took, and where its output lies."""
    clean = folder / f"clean-{engine}-{workers}-{number}"
    busy = busy_seconds()
    command = [sys.executable, "-m", "bench.scaling", "--once", str(raw), str(clean), engine, str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measures = json.loads(done.stdout.splitlines()[-1])
    print(engine, workers, measures, busy_seconds() - busy, file=sys.stderr, flush=True)
    return {
        "engine": engine,
        "workers": workers,
        **{name: round(value, 2) for name, value in measures.items()},
        "busy": round(busy_seconds() - busy, 1),  # CPU seconds of all programs together
        "output": str(clean),
    }


def speed_up(runs: list[dict[str, Any]], engine: str, timed: str) -> dict[str, float]:
    """By how much two workers are faster than one, round by round."""
    times = {w: [r[timed] for r in runs if (r["engine"], r["workers"]) == (engine, w)] for w in (1, 2)}
    ratios = [one / two for one, two in zip(times[1], times[2], strict=True)]
    return {name: round(of(ratios), 2) for name, of in (("median", median), ("min", min), ("max", max))}


def children_seconds() -> float:
    """CPU seconds of the children of this process and of those that they have seen end (Linux); not of a cluster's."""
    lists = Path("/proc/self/task").glob("*/children")
    pids = [pid for listed in lists for pid in listed.read_text().split()]
    return sum(map(process_seconds, map(int, pids)))


def process_seconds(pid: int) -> float:
    """CPU seconds of a process, and of its children that have ended (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def busy_seconds() -> float:
    """CPU seconds that all programs of this machine have taken since it started (Linux)."""
    user, nice, system, *_ = map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:])
    return (user + nice + system) / TICKS


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(file.stat().st_size for file in files)


if __name__ == "__main__":
    main()
