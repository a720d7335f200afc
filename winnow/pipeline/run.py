"""The stages of a run as plain functions: `run_here` chains them in this process, `winnow.flows.clean` in Prefect."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from winnow.corpus.output import MARK, open_output
from winnow.corpus.raw import Quarantined
from winnow.corpus.readers import Item
from winnow.corpus.settings import Settings
from winnow.models.reliability.calibration import Recalibration
from winnow.models.reliability.name_prior import load_name_prior
from winnow.models.reliability.source_model import load_model
from winnow.pipeline.ending import FinishedStages, RunResult, done_already, quarantined_of, write_run
from winnow.pipeline.publishing import publishing
from winnow.pipeline.report.finish import CorpusFacts, finish_row, finish_shard
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.shards.engines import Engine, open_engine
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts, Tick
from winnow.pipeline.sources.copies import find_copies
from winnow.pipeline.sources.hosts import own_hosts
from winnow.pipeline.sources.quoted import QUOTED, Quoted
from winnow.pipeline.sources.quotes import quote_sources
from winnow.pipeline.sources.scores import ScoredSource, score_sources
from winnow.pipeline.sources.site_lines import clean_again, learn_site_lines
from winnow.pipeline.state.manifest import kept_shards, leftovers, read_manifest
from winnow.pipeline.state.plan import Plan, plan_run
from winnow.pipeline.tables.journal import note
from winnow.pipeline.tables.version import version_of_everything
from winnow.pipeline.workers.isolation import Cleaning, clean_one


def know_sources(
    plan: Plan, parts: Sequence[ShardParts], work: Path, kept: Path | None = None
) -> CorpusFacts:
    """Tell the sources apart, find copies, score the sources and quote what speaks for and against each.

    ``kept`` is the file of passages that earlier runs quoted, for the next one.
    """
    own = own_hosts(parts, plan.judgements.hosts)
    find_copies(parts, own, work)
    model = load_model().recalibrated(Recalibration(*plan.recalibration))
    model = replace(model, names=load_name_prior() if plan.name_prior else None)
    scored = score_sources(parts, own, model, plan.judgements, work)
    quoted = Quoted(kept, plan.pipeline_version)
    sources = quote_sources(parts, own, scored, work, quoted)
    return CorpusFacts(sources, plan.run_id, plan.pipeline_version, own)


def run_here(
    inputs: Sequence[str], folder: Path, settings: Settings, *, clean: Cleaning, tick: Tick
) -> RunResult:
    """Run all stages in this process, shards by the engine of the settings.

    Raises UsageError for inputs or an output folder that cannot be used.
    """
    clock = Stopwatch()
    with clock("plan"):
        plan = plan_run(inputs, settings, version_of_everything())
    with ExitStack() as opened:
        work = opened.enter_context(open_output(folder))
        opened.enter_context(publishing(folder, settings.publish))
        before = read_manifest(folder)
        if done := done_already(before, plan, folder):
            return done
        engine = opened.enter_context(open_engine(settings, folder))
        left = leftovers(before, plan, settings, folder)
        with clock("clean"):
            first = _clean(plan, left, kept_shards(folder), settings, engine, clean, tick)
        with clock("sites"):
            last = _clean_again(plan, first, left, folder, work, settings, engine, clean)
        with clock("score"):
            knowledge = know_sources(plan, last, work, folder / MARK / QUOTED)
        with clock("write"):
            finish = partial(finish_shard, knowledge=knowledge, settings=settings, work=work)
            tally = RunTally.total(engine.map(finish, last))
        made = FinishedStages(plan, inputs, settings, first, last, knowledge, tally, clock.seconds)
        return write_run(made, work, folder)


def score_inputs(
    inputs: Sequence[str], settings: Settings, *, clean: Cleaning, tick: Tick
) -> tuple[list[ScoredSource], list[Quarantined]]:
    """Score the sources of some inputs without writing an output folder; and what could not be cleaned.

    Raises UsageError for inputs that cannot be used.
    """
    plan = plan_run(inputs, settings, version_of_everything())
    left = [Leftovers()] * len(plan.shards)
    with (
        TemporaryDirectory(prefix="winnow-") as folder,
        open_engine(settings, Path(folder)) as engine,
    ):
        work = Path(folder)
        first = _clean(plan, left, work, settings, engine, clean, tick)
        parts = _clean_again(plan, first, left, work, work, settings, engine, clean)
        sources = know_sources(plan, parts, work).sources.values()
        return [*sources], quarantined_of(plan, parts)


def _clean(
    plan: Plan,
    left: Sequence[Leftovers],
    kept: Path,
    settings: Settings,
    engine: Engine,
    clean: Cleaning,
    tick: Tick,
) -> list[ShardParts]:
    """Clean all shards."""
    cleaner = engine.cleaner(settings, kept, clean, tick)
    return in_order(engine.threads.map(cleaner, *largest_first(plan.shards, left)))


def largest_first(
    shards: Iterable[Shard], left: Iterable[Leftovers]
) -> tuple[list[Shard], list[Leftovers]]:
    """Shards with what is left of each, so that at the end no worker waits long for one with a large shard."""
    pairs = sorted(zip(shards, left, strict=True), key=lambda pair: -pair[0].size)
    return [shard for shard, _ in pairs], [leftovers for _, leftovers in pairs]


def in_order(parts: Iterable[ShardParts]) -> list[ShardParts]:
    """Parts in the order of their shards."""
    return sorted(parts, key=lambda part: part.number)


def _clean_again(
    plan: Plan,
    parts: Sequence[ShardParts],
    left: Sequence[Leftovers],
    folder: Path,
    work: Path,
    settings: Settings,
    engine: Engine,
    clean: Cleaning,
) -> list[ShardParts]:
    """Clean again what the lines that sites repeat change."""
    table = learn_site_lines(parts, folder, work)
    again = partial(clean_again, table=table, settings=settings, work=work, clean=clean)
    return engine.map(again, plan.shards, parts, left)


def stream_rows(items: Iterable[Item], settings: Settings) -> Iterator[dict[str, Any] | Quarantined]:
    """Clean documents as they come and give their rows; sources are not scored, for that takes them all."""
    alone = CorpusFacts({}, run_id="", pipeline_version=version_of_everything())
    for item in items:
        outcome = item if isinstance(item, Quarantined) else clean_one(item, settings)
        if isinstance(outcome, Quarantined):
            yield outcome
        else:
            yield finish_row(outcome, None, alone, settings)


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
