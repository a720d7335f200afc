"""Memory and time of the joins over all documents, alone: lines of sites, copies, documents by source.

    python -m bench.joins [--documents 1e6 3e6 1e7] [--workers 2]

Rows are made up: those of a few short texts that were really cleaned, in which all that tells documents, texts, pages,
lines and sources apart is drawn at random; a twentieth are copies of others, a twentieth near-copies. Sites have 500
documents on the average, each shard of 1,000 documents holds 20 of them. Nothing is cleaned. The joins run as in a run
on a cluster: in workers that are processes of their own, here of this machine; their memory, as that of the process
that sends them work, is the greatest resident set. Where others use the machine, only CPU time tells.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.memory import KEYS, SHARD_DOCUMENTS, SKETCH, real_rows
from bench.results import ROOT, write_results
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.copies import find_copies, read_copies
from winnow.pipeline.sources.hosts import SeparateHosts, find_separate_hosts
from winnow.pipeline.sources.site_lines import learn_site_lines
from winnow.pipeline.sources.source_scoring import gather_documents
from winnow.pipeline.tables.bucket_files import write_kept
from winnow.pipeline.tables.intermediate import INTERMEDIATE
from winnow.pipeline.tables.joins import Carry, bucket_count

DOCUMENTS_A_SITE = 500
NEIGHBOURS = 50  # documents of one site, one after the other
LINES = 20  # of a document, two of them those of its site
COPIED_SHARE = 0.1
NEAR_SHARE = 0.5  # of copies


def main() -> None:
    """Measure each number of documents in a process of its own, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=float, nargs="+", default=[1e6])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", help="where rows and joins go; a temporary folder if none is named")
    parser.add_argument("--alone", action="store_true", help="run here, and print the figures")
    arguments = parser.parse_args()
    if arguments.alone:
        print(json.dumps(measured(int(arguments.documents[0]), arguments.workers, arguments.folder)))
        return
    figures = {str(int(size)): _in_its_own_process(size, arguments) for size in arguments.documents}
    sys.argv[1:] = []  # paths of this machine: not for the results
    write_results("joins", [], {"workers": arguments.workers, "documents": figures})


def measured(documents: int, workers: int, folder: str | None) -> dict[str, Any]:
    """Seconds of each join, CPU microseconds a document, and the memory of the processes."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        parts = made_parts(work / "shards", documents)
        figures: dict[str, Any] = {"buckets": bucket_count([part.numbered for part in parts])}
        with _worker_processes(workers) as carry:
            for stage, function in _joins(parts, work).items():
                with _timed(figures, stage, documents):
                    function(carry)
        figures["copies in the first ten shards"] = sum(
            len(read_copies(part.number, work)) for part in parts[:10]
        )
        figures["megabytes of this process"] = _peak(resource.RUSAGE_SELF)
        figures["megabytes of the largest worker"] = _peak(resource.RUSAGE_CHILDREN)
    return figures


def _joins(parts: list[ShardParts], work: Path) -> dict[str, Callable[[Carry], object]]:
    return {
        "lines of sites": lambda carry: learn_site_lines(parts, None, work, carry),
        "hosts": lambda carry: find_separate_hosts(parts, (), work, carry),
        "copies": lambda carry: find_copies(parts, SeparateHosts(), work, carry),
        "documents by source": lambda carry: gather_documents(parts, SeparateHosts(), work, carry),
    }


@contextmanager
def _timed(figures: dict[str, Any], stage: str, documents: int) -> Iterator[None]:
    """Wall seconds of a block, and CPU microseconds a document of this process and its workers."""
    began, cpu = time.perf_counter(), _cpu_seconds()
    yield
    figures[stage] = {
        "seconds": round(time.perf_counter() - began, 1),
        "CPU microseconds a document": round((_cpu_seconds() - cpu) / documents * 1e6, 1),
    }
    print(documents, stage, figures[stage], file=sys.stderr, flush=True)


@contextmanager
def _worker_processes(workers: int) -> Iterator[Carry]:
    """Carries out calls in processes that end with each round, so that their time and memory are known."""

    def carry(function: Callable[..., None], calls: Iterable[tuple[object, ...]]) -> None:
        """Wait for all calls."""
        with ProcessPoolExecutor(workers, get_context("spawn")) as processes:
            for waiting in [processes.submit(function, *arguments) for arguments in calls]:
                waiting.result()

    yield carry


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak(who: int) -> float:
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


def _in_its_own_process(documents: float, arguments: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.joins", "--alone", "--documents", str(documents)]
    command += ["--workers", str(arguments.workers)]
    command += ["--folder", arguments.folder] if arguments.folder else []
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def made_parts(folder: Path, documents: int) -> list[ShardParts]:
    """Intermediate parts of so many documents."""
    real, draw = pa.concat_batches(real_rows()), np.random.default_rng(0)
    real = real.take(pa.array(np.arange(SHARD_DOCUMENTS) % real.num_rows))
    parts = []
    for number in range(documents // SHARD_DOCUMENTS):
        path = folder / f"{number:07d}.parquet"
        write_kept(path, INTERMEDIATE, [made_rows(real, number, documents, draw)])
        parts.append(ShardParts(number, path, path, SHARD_DOCUMENTS))
    return parts


def made_rows(
    real: pa.RecordBatch, shard: int, documents: int, draw: np.random.Generator
) -> pa.RecordBatch:
    """A shard of rows made up from real ones."""
    rows = np.arange(SHARD_DOCUMENTS) + shard * SHARD_DOCUMENTS
    is_copy, is_near = (draw.random(len(rows)) < share for share in (COPIED_SHARE, NEAR_SHARE))
    texts = np.where(is_copy, draw.integers(rows[-1] + 1, size=len(rows)), rows)
    sites = [f"site{site}.example" for site in rows // NEIGHBOURS % (documents // DOCUMENTS_A_SITE)]
    lines = draw.integers(1 << 32, size=(SHARD_DOCUMENTS, LINES), dtype=np.uint32)
    lines[:, :2] = 1, 2
    columns: dict[str, Any] = {
        "id": [f"{number:032x}" for number in draw.integers(1 << 63, size=len(rows)).tolist()],
        "domain": sites,
        "source_key": sites,
        "host": sites,
        "text_key": [f"{text:032x}" for text in np.where(is_near, rows, texts).tolist()],
        "page_key": pa.array(rows, pa.uint32()),
        "keys": _lists(_hashes(texts, KEYS)),
        "sketch": [hashes.tobytes() for hashes in _hashes(texts, SKETCH).astype(np.uint16)],
        "line_keys": _lists(lines),
        "line_pages": _lists(np.full((len(rows), LINES), 3, np.uint8)),
    }
    batch = real
    for name, column in columns.items():
        field = INTERMEDIATE.field(name)
        values = column if isinstance(column, pa.Array) else pa.array(column, field.type)
        batch = batch.set_column(INTERMEDIATE.get_field_index(name), field, values.cast(field.type))
    return batch


def _lists(values: npt.NDArray[Any]) -> pa.Array:
    offsets = np.arange(len(values) + 1, dtype=np.int32) * values.shape[1]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.ravel()))


def _hashes(texts: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.uint64]:
    """So many numbers for each text, that no other has."""
    counted = texts[:, None] * width + np.arange(width)
    spread = counted.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return spread ^ (spread >> np.uint64(31))


if __name__ == "__main__":
    main()
