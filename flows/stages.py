"""The stages of a run as plain functions. `run_here` chains them in this process, `flows.clean` under Prefect."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa

from corpus import __version__
from corpus.errors import WinnowError
from corpus.output import open_output, publish
from corpus.raw import Quarantined
from corpus.readers import Item
from corpus.schema import DOCUMENTS, QUARANTINE, REJECTED, SOURCES
from corpus.settings import Settings
from corpus.writers import write_csv, write_parquet, write_rows, write_text
from flows.card import dataset_card
from flows.drift import drifted, last_standings
from flows.finish import Knowledge, finish_row, finish_shard
from flows.hosts import own_hosts
from flows.isolation import Cleaning, clean_here
from flows.journal import note
from flows.plan import Plan, Shard, plan_run
from flows.report import orphaned, write_report
from flows.shards import ShardParts, Tick, clean_shard, read_items, read_quarantine, shard_row
from flows.site_lines import clean_again, learn_site_lines
from flows.sources import ScoredSource, find_copies, score_sources, source_row
from flows.tally import Tally
from models.reliability.calibration import Recalibration
from models.reliability.model import load_model

SHAPING: Final = ("cleaners", "corpus", "models")
DATA_SUFFIXES: Final = (".npz", ".gz", ".toml", ".txt")
EMPTY_PART: Final = "part-00000"
SOURCES_FILE: Final = "sources.parquet"


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where a run's output lies and how its counts add up."""

    folder: Path
    run_id: str
    documents: int
    rejected: int
    quarantined: int
    orphaned: int = 0  # decisions of people that found no place


class LostDocumentError(WinnowError):
    """A run whose counts do not add up. Its output is not published."""


def version_of_everything() -> str:
    """Winnow's version and a hash of all packaged models and word lists: what, besides settings, shapes the output."""
    digest = hashlib.sha256()
    for package in SHAPING:
        for file in sorted(_data_files(files(package)), key=str):
            digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def _data_files(folder: Traversable) -> Iterator[Traversable]:
    """The artifacts and tables below a package, its code left out."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _data_files(entry)
        elif entry.name.endswith(DATA_SUFFIXES):
            yield entry


def clean_files(shard: Shard, settings: Settings, work: Path, *, clean: Cleaning, tick: Tick) -> ShardParts:
    """Read and clean the files of a shard, and write its intermediate parts."""
    return clean_shard(shard.number, read_items(shard.files, settings), settings, work, clean, tick)


def know_sources(plan: Plan, parts: Sequence[ShardParts]) -> Knowledge:
    """Tell the sources apart, find copies and score the sources, over all shards."""
    own = own_hosts(parts, plan.judgements.hosts)
    copies = find_copies(parts, own)
    model = load_model().recalibrated(Recalibration(*plan.recalibration))
    sources = score_sources(parts, copies, own, model, plan.judgements)
    return Knowledge(copies, sources, plan.run_id, plan.pipeline_version, own)


def write_run(
    plan: Plan,
    parts: Sequence[ShardParts],
    knowledge: Knowledge,
    tally: Tally,
    work: Path,
    folder: Path,
    seconds: Mapping[str, float],
) -> RunResult:
    """Write what belongs to the run as a whole, check that nothing was lost, and publish it all.

    Raises LostDocumentError when documents, rejected and quarantined do not add up to the inputs.
    """
    quarantined = quarantined_of(plan, parts)
    orphans = orphaned(plan, tally)
    result = RunResult(
        folder, plan.run_id, tally.documents, tally.rejected.total(), len(quarantined), len(orphans)
    )
    inputs = count_inputs(plan, parts)
    check_sums(inputs, result)
    _write_quarantine(work, quarantined, plan.run_id)
    _write_sources(work, knowledge)
    for name, schema in (("documents", DOCUMENTS), ("rejected", REJECTED)):
        _write_if_empty(work / name, schema)
    card = dataset_card(tally, len(knowledge.sources), result.quarantined, plan.pipeline_version)
    write_text(work / "README.md", card)
    drift = drifted(last_standings(folder / SOURCES_FILE), knowledge.sources.values())
    write_report(work, plan, inputs, tally, knowledge, quarantined, drift, seconds)
    publish(work, folder)
    counts = {"documents": result.documents, "rejected": result.rejected, "quarantined": result.quarantined}
    note("done", inputs=inputs, **counts, seconds=round(sum(seconds.values()), 3))
    return result


def count_inputs(plan: Plan, parts: Sequence[ShardParts]) -> int:
    """Documents that came in, counted where they entered, and inputs that could not be listed."""
    return sum(part.documents for part in parts) + len(plan.quarantined)


def check_sums(inputs: int, result: RunResult) -> None:
    """Raise LostDocumentError unless each input is in exactly one place."""
    outputs = result.documents + result.rejected + result.quarantined
    if inputs != outputs:
        raise LostDocumentError(
            f"{inputs} documents came in, but {result.documents} + {result.rejected} rejected + "
            f"{result.quarantined} quarantined went out; nothing was published, please report this"
        )


def run_here(
    inputs: Sequence[str], folder: Path, settings: Settings, *, clean: Cleaning, tick: Tick
) -> RunResult:
    """Run all stages in this process, shards side by side in ``settings.workers`` threads.

    Raises UsageError for inputs or an output folder that cannot be used.
    """
    clock = Stopwatch()
    with clock("plan"):
        plan = plan_run(inputs, settings, version_of_everything())
    with open_output(folder) as work, ThreadPoolExecutor(settings.workers) as threads:
        parts = _clean_twice(plan, folder, work, settings, threads, clean, tick, clock)
        with clock("score"):
            knowledge = know_sources(plan, parts)
        with clock("write"):
            finish = partial(finish_shard, knowledge=knowledge, settings=settings, work=work)
            tally = Tally.total(threads.map(finish, parts))
        return write_run(plan, parts, knowledge, tally, work, folder, clock.seconds)


def score_inputs(
    inputs: Sequence[str], settings: Settings, *, clean: Cleaning, tick: Tick
) -> tuple[list[ScoredSource], list[Quarantined]]:
    """Score the sources of some inputs without writing an output folder; and what could not be cleaned.

    Raises UsageError for inputs that cannot be used.
    """
    plan = plan_run(inputs, settings, version_of_everything())
    with TemporaryDirectory(prefix="winnow-") as folder, ThreadPoolExecutor(settings.workers) as threads:
        work = Path(folder)
        parts = _clean_twice(plan, work, work, settings, threads, clean, tick, Stopwatch())
        sources = know_sources(plan, parts).sources.values()
        return [*sources], quarantined_of(plan, parts)


def _clean_twice(
    plan: Plan,
    folder: Path,
    work: Path,
    settings: Settings,
    threads: Executor,
    clean: Cleaning,
    tick: Tick,
    clock: "Stopwatch",
) -> list[ShardParts]:
    """Clean all shards, and again what the lines that sites repeat change in them."""
    first = partial(clean_files, settings=settings, work=work, clean=clean, tick=tick)
    with clock("clean"):
        parts = list(threads.map(first, plan.shards))
    with clock("sites"):
        table = learn_site_lines(parts, folder, work)
        again = partial(clean_again, table=table, settings=settings, work=work, clean=clean)
        return list(threads.map(again, plan.shards, parts))


def quarantined_of(plan: Plan, parts: Sequence[ShardParts]) -> list[Quarantined]:
    """All that a run could not list, read or clean."""
    return [*plan.quarantined, *(q for part in parts for q in read_quarantine(part))]


def stream_rows(items: Iterable[Item], settings: Settings) -> Iterator[dict[str, Any] | Quarantined]:
    """Clean documents as they come and give their rows; sources are not scored, for that takes them all."""
    alone = Knowledge({}, {}, run_id="", pipeline_version=version_of_everything())
    for item in items:
        outcome = item if isinstance(item, Quarantined) else next(clean_here([item], settings))
        if isinstance(outcome, Quarantined):
            yield outcome
        else:
            yield finish_row(shard_row(outcome), (0, 0), alone, settings)


class Stopwatch:
    """Seconds of wall clock by stage, for the report."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time a block under a name."""
        began = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - began
        note("stage", stage=stage, seconds=round(self.seconds[stage], 3))


def _write_quarantine(work: Path, quarantined: Sequence[Quarantined], run_id: str) -> None:
    rows = ({**asdict(q), "run_id": run_id} for q in quarantined)
    write_parquet(work / "quarantine" / f"{EMPTY_PART}.parquet", QUARANTINE, rows)


def _write_sources(work: Path, knowledge: Knowledge) -> None:
    rows = [source_row(source) for source in knowledge.sources.values()]
    write_parquet(work / SOURCES_FILE, SOURCES, rows)
    write_csv(work / "sources.csv", SOURCES.names, rows)


def _write_if_empty(folder: Path, schema: pa.Schema) -> None:
    """A folder without rows gets one part without rows, so that every tool can open it."""
    if not folder.exists():
        jsonl = folder / f"{EMPTY_PART}.jsonl.gz" if schema is DOCUMENTS else None
        write_rows([], schema, parquet=folder / f"{EMPTY_PART}.parquet", jsonl=jsonl)
