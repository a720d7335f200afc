"""How much memory the stages behind cleaning take in the process of a run, for 10,000 and for 100,000 documents.

    python -m bench.memory

Their intermediate parts are made up: rows of a few short texts that were really cleaned, in which all that tells
documents, texts, pages, lines and sources apart is drawn at random; a twentieth are copies of others, a twentieth
near-copies. Each size is a process of its own; memory is its greatest resident set.

Beside them stand whole runs over as many short texts, children that clean included: the greatest sum over all
processes of what each holds for itself (proportional set size).
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.orchestration import write_texts
from bench.results import ROOT, write_results
from bench.throughput import WORKERS, measured
from winnow.corpus.output import open_output
from winnow.corpus.raw import TEXT, Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.signature import BIN_BITS
from winnow.corpus.writers import write_batches
from winnow.pipeline.report.finish import finish_shard
from winnow.pipeline.report.finished_parts import NOTHING_PUBLISHED
from winnow.pipeline.report.quarantine_table import QuarantineSummary
from winnow.pipeline.report.report import ReportedRun, write_report
from winnow.pipeline.report.run_cost import RunCost
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.run import Run, score_corpus
from winnow.pipeline.shards.engines import open_engine
from winnow.pipeline.shards.records import write_record
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.site_lines import learn_site_lines
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.tables.intermediate import INTERMEDIATE
from winnow.pipeline.workers.isolation import clean_here, clean_in_child

SIZES = (10_000, 100_000)
SHARD_DOCUMENTS = 1000
SITES = 2000
COPIED_SHARE = 0.1
NEAR_SHARE = 0.5  # of copies
REAL = 20  # documents that are really cleaned
LINES = 20  # of a document, two of them those of its site
KEYS = 24  # of a signature
SKETCH = 1 << BIN_BITS  # numbers of one


def main() -> None:
    """Run both sizes, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--alone", type=int, default=0, help="run this size here, and print its figures")
    arguments = parser.parse_args()
    if arguments.alone:
        print(json.dumps(_measured(arguments.alone)))
        return
    figures = {str(size): _in_its_own_process(size) for size in arguments.sizes}
    whole = {str(size): _whole_run(size) for size in arguments.sizes}
    write_results(
        "memory",
        [],
        {
            "stages behind cleaning, megabytes": figures,
            "whole runs": whole,
            "last to first": {
                "stages behind cleaning": _growth([each["written"] for each in figures.values()]),
                "whole runs": _growth([each["megabytes"] for each in whole.values()]),
            },
        },
    )


def _growth(peaks: Sequence[float]) -> float:
    return round(peaks[-1] / peaks[0], 3)


def _whole_run(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_texts(work / "raw", size)
        command = [sys.executable, "-m", "winnow", "clean", str(work / "raw"), "-o", str(work / "out")]
        return measured([*command, "--workers", str(WORKERS)], work / "log")


def _in_its_own_process(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.memory", "--alone", str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _measured(size: int) -> dict[str, float]:
    """The greatest resident set by the end of each stage, in megabytes, and seconds of CPU."""
    peaks: dict[str, float] = {}
    settings = Settings()
    with (
        tempfile.TemporaryDirectory() as name,
        open_output(Path(name)) as work,
        open_engine(settings, Path(name), "0") as engine,
    ):
        parts = _parts(work, size)
        peaks["parts made"] = _peak()
        learn_site_lines(parts, None, work)
        peaks["lines learned"] = _peak()
        plan = Plan("0" * 12, "0", "0", (), ())
        run = Run(plan, settings, Path(name), work, work, (), engine, clean_here, lambda _: None)
        facts = score_corpus(run, parts)
        peaks["sources known"] = _peak()
        finished = [finish_shard(part, facts, settings, work, NOTHING_PUBLISHED) for part in parts]
        tally = RunTally.total(part.tally for part in finished)
        write_report(
            work,
            ReportedRun(plan, size, tally, facts, QuarantineSummary(), (), (), {}, RunCost(0, 0, 0, 0, 0)),
        )
        peaks["written"] = _peak()
    assert tally.documents + tally.rejected.total() == size
    used = resource.getrusage(resource.RUSAGE_SELF)
    return peaks | {
        "rejected": tally.rejected.total(),
        "CPU seconds": round(used.ru_utime + used.ru_stime, 1),
    }


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _parts(work: Path, size: int) -> list[ShardParts]:
    """Intermediate parts of so many documents."""
    real, draw = pa.concat_batches(real_rows()), np.random.default_rng(0)
    parts = []
    for number in range(size // SHARD_DOCUMENTS):
        path = work / f"{number}.parquet"
        write_batches(path, INTERMEDIATE, [made_rows(real, number, draw)])
        write_record(work, path.stem, [path])
        parts.append(ShardParts(number, path, path, SHARD_DOCUMENTS))
    return parts


def made_rows(real: pa.RecordBatch, shard: int, draw: np.random.Generator) -> pa.RecordBatch:
    """A shard of rows made up from real ones."""
    rows = np.arange(SHARD_DOCUMENTS) + shard * SHARD_DOCUMENTS
    is_copy, is_near = (draw.random(len(rows)) < share for share in (COPIED_SHARE, NEAR_SHARE))
    texts = np.where(is_copy, draw.integers(rows[-1] + 1, size=len(rows)), rows)
    sites = [f"site{row % SITES}.example" for row in rows]
    lines = draw.integers(1 << 32, size=(SHARD_DOCUMENTS, LINES), dtype=np.uint32)
    lines[:, :2] = 1, 2
    columns = {
        "id": [f"{number:032x}" for number in draw.integers(1 << 63, size=len(rows)).tolist()],
        "domain": sites,
        "source_key": sites,
        "host": sites,
        "text_key": [f"{text:032x}" for text in np.where(is_near, rows, texts).tolist()],
        "page_key": rows,
        "keys": [*_hashes(texts, KEYS)],
        "sketch": [hashes.astype(np.uint16).tobytes() for hashes in _hashes(texts, SKETCH)],
        "line_keys": [*lines],
        "line_pages": [*np.zeros((len(rows), LINES), np.uint8)],
    }
    batch = real.take(pa.array(rows % real.num_rows))
    for name, column in columns.items():
        field = INTERMEDIATE.field(name)
        batch = batch.set_column(INTERMEDIATE.get_field_index(name), field, pa.array(column, field.type))
    return batch


def _hashes(texts: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.uint64]:
    """So many numbers for each text, that no other has."""
    counted = texts[:, None] * width + np.arange(width)
    spread = counted.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return spread ^ (spread >> np.uint64(31))


def real_rows() -> Sequence[pa.RecordBatch]:
    """Rows of documents that were cleaned, by a child: this process needs no models, as that of a run."""
    draw = random.Random(0)
    stories = (
        " ".join(f"The board voted {draw.random()} times on Tuesday." for _ in range(8))
        for _ in range(REAL)
    )
    raws = [RawDocument(f"{n}.txt", story.encode(), TEXT, "real", "") for n, story in enumerate(stories)]
    return [each for each in clean_in_child(raws, Settings()) if not isinstance(each, Quarantined)]


if __name__ == "__main__":
    main()
