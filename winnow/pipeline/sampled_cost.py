"""What cleaning a sample of documents costs: processor seconds of each, and the bytes that are written for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import pyarrow.parquet as pq

from winnow.corpus.engine_names import THREADS
from winnow.corpus.inputs import InputFile
from winnow.corpus.listing import PackedFiles
from winnow.corpus.output import open_output
from winnow.corpus.settings import Settings
from winnow.pipeline.run import Run, clean_shards, clean_with_site_lines, score_corpus, write_shards
from winnow.pipeline.shards.engines import open_engine
from winnow.pipeline.shards.reuse import file_of
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts, Tick
from winnow.pipeline.state.manifest import kept_shards
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.tables.intermediate import read_batches, read_columns
from winnow.pipeline.workers.isolation import Cleaning

KEY: Final = "sample"  # of the shard that all documents of a sample are
COLUMNS: Final = ["metadata.raw_path", "seconds", "bytes"]


class DocumentCost(NamedTuple):
    """What a document cost, or a mean of what some cost."""

    seconds: float  # of processor time, in which it was cleaned
    row_bytes: float  # of its row as JSON, by which the bytes of files are shared out


@dataclass(frozen=True, slots=True)
class SampledCost:
    """What the documents of a sample cost, by the names of their files; those in quarantine cost nothing."""

    documents: dict[str, list[DocumentCost]]
    written: "BytesWritten"  # as documents and rejected rows
    kept: "BytesWritten"  # as cleaned shards


@dataclass(frozen=True, slots=True)
class BytesWritten:
    """How many bytes files take for what rows hold."""

    by_row_byte: float
    by_shard: int  # whatever it holds: a Parquet file describes its columns, in some 20 kB


def clean_sample(
    plan: Plan, files: Sequence[InputFile], settings: Settings, *, clean: Cleaning, tick: Tick
) -> SampledCost:
    """Clean the documents that some files take as one shard, in one process, as a run by a plan would; keep nothing."""
    shard = Shard(0, PackedFiles.of(files), KEY)
    plan, settings = replace(plan, shards=(shard,)), replace(settings, engine=THREADS, workers=1)
    with ExitStack() as resources:
        folder = Path(resources.enter_context(TemporaryDirectory(prefix="winnow-")))
        work = resources.enter_context(open_output(folder))
        engine = resources.enter_context(open_engine(settings, folder, plan.pipeline_version))
        kept = kept_shards(folder)
        run = Run(plan, settings, folder, work, kept, [Leftovers()], engine, clean, tick)
        resources.enter_context(run.stop.when_left())
        cleaned = clean_shards(run)
        finished = write_shards(run, again := clean_with_site_lines(run, cleaned), score_corpus(run, again))
        written = [work / file.path for part in finished for file in part.files]
        rows = sum(row["bytes"] for row in read_columns(again[0].rows, ["bytes"]))
        return SampledCost(
            _by_file(cleaned, {file.name for file in files}),
            _bytes_written(written, rows),
            _bytes_written({parts.rows for parts in (*cleaned, *again)}, rows),
        )


def _by_file(cleaned: Iterable[ShardParts], names: set[str]) -> dict[str, list[DocumentCost]]:
    costs = defaultdict[str, list[DocumentCost]](list)
    for batch in (batch for parts in cleaned for batch in read_batches(parts.rows, COLUMNS)):
        for row in batch.to_pylist():
            name = file_of(row["metadata"]["raw_path"], names)
            costs[name].append(DocumentCost(row["seconds"], row["bytes"]))
    return dict(costs)


def _bytes_written(paths: Iterable[Path], row_bytes: int) -> BytesWritten:
    """What files that were written for rows take for these, and beside them."""
    sizes = {path: path.stat().st_size for path in paths}
    by_shard = sum(pq.read_metadata(path).serialized_size for path in sizes if path.suffix == ".parquet")
    return BytesWritten((sum(sizes.values()) - by_shard) / row_bytes if row_bytes else 0.0, by_shard)
