"""A run from its inputs to its output: the stages as plain functions over a `Run`, and their one order.

`clean_corpus` carries them out. Its ``stages`` decide how each is called: plainly in this process, or as tasks of
the Prefect flow (`winnow.flows.clean`).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from winnow.corpus.guarded import ensure_folder
from winnow.corpus.output import SITE_LINES, is_part
from winnow.corpus.settings import Settings
from winnow.corpus.stages import PLAIN, Stages
from winnow.corpus.store_output import drop_replaced_versions, open_run
from winnow.pipeline.ending import (
    SOURCES_FILE,
    FinishedStages,
    RunResult,
    unchanged_result,
    write_run,
)
from winnow.pipeline.publishing import publishing
from winnow.pipeline.report.finish import CorpusFacts, finish_shard
from winnow.pipeline.report.finished_parts import NOTHING_PUBLISHED, FinishedPart, PublishedParts
from winnow.pipeline.shards.engines import Engine, open_engine
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts, Tick
from winnow.pipeline.sources.copies import find_copies
from winnow.pipeline.sources.hosts import find_separate_hosts
from winnow.pipeline.sources.list_matches import match_lists, note_matches
from winnow.pipeline.sources.quotation_cache import QUOTATIONS, QuotationCache
from winnow.pipeline.sources.quotes import quote_sources
from winnow.pipeline.sources.second_cleaning import clean_again
from winnow.pipeline.sources.site_lines import learn_site_lines
from winnow.pipeline.sources.source_scoring import Scoring, gather_documents, in_order_of_keys, score_bucket
from winnow.pipeline.state.leftovers import leftovers
from winnow.pipeline.state.lost_decisions import lost_decisions
from winnow.pipeline.state.manifest import (
    Manifest,
    collecting_damage,
    kept_file,
    kept_shards,
    last_version,
    note_damage,
    published_file,
    read_manifest,
)
from winnow.pipeline.state.plan import Plan, plan_run
from winnow.pipeline.state.replaceable import check_replaceable
from winnow.pipeline.tables.joins import Carry
from winnow.pipeline.tables.journal import note
from winnow.pipeline.tables.version import version_of_everything
from winnow.pipeline.workers.isolation import Cleaning
from winnow.pipeline.workers.stop import Stop


@dataclass(frozen=True, slots=True)
class EarlierFiles:
    """What a run reads of the last one besides its shards; None for what is not there, or was damaged."""

    site_lines: Path | None = None
    quotations: Path | None = None
    sources: Path | None = None
    parts: PublishedParts = NOTHING_PUBLISHED


NOTHING_EARLIER: Final = EarlierFiles()


@dataclass(frozen=True, slots=True)
class Run:
    """What all stages of a run share, once its folders are open."""

    plan: Plan
    settings: Settings
    folder: Path  # the output folder, with the site lines and quotations of earlier runs
    work: Path  # empty at first: what this run makes, before it is published
    shard_folder: Path  # cleaned shards, of this run and earlier ones
    leftovers: Sequence[Leftovers]  # what earlier runs left of each shard of the plan
    engine: Engine
    clean: Cleaning
    tick: Tick
    stages: Stages = PLAIN
    stop: Stop = field(default_factory=Stop)
    earlier: EarlierFiles = NOTHING_EARLIER


def clean_corpus(
    inputs: Sequence[str],
    folder: Path,
    settings: Settings,
    *,
    clean: Cleaning,
    tick: Tick,
    stages: Stages = PLAIN,
    stop: Stop | None = None,
) -> RunResult:
    """Clean inputs into an output folder and count them; shards are carried out by the engine of the settings.

    Raises UsageError for inputs or an output folder that cannot be used, CancelledError where ``stop`` says so.
    """
    clock, stop = Stopwatch(), stop or Stop()
    with clock("plan"):
        plan = stages.call("plan-shards", plan_run, inputs, settings, version_of_everything())
    with ExitStack() as resources:
        work = resources.enter_context(open_run(folder))
        resources.enter_context(publishing(folder, settings.publish))
        damaged = resources.enter_context(collecting_damage())
        ensure_folder(kept_shards(folder))
        drop_replaced_versions(folder)  # of runs that were cut off, and those that somebody read until now
        last = read_manifest(folder)
        if problem := lost_decisions(last, plan.decisions):
            note_damage(problem)
        if result := unchanged_result(last, plan, folder, settings.fail_under):
            return replace(result, damaged=tuple(damaged))
        check_replaceable(folder, last)
        engine = resources.enter_context(open_engine(settings, folder, plan.pipeline_version))
        resources.enter_context(stop.when_left())  # before the engine waits for its threads
        reusable = leftovers(last, plan, settings, folder)
        kept, earlier = kept_shards(folder), earlier_files(last, folder)
        run = Run(plan, settings, folder, work, kept, reusable, engine, clean, tick, stages, stop, earlier)
        return _carry_out_stages(run, inputs, clock, damaged)


def earlier_files(last: Manifest | None, folder: Path) -> EarlierFiles:
    """What a run may read of the last one besides its shards."""
    return EarlierFiles(
        site_lines=published_file(last, folder, SITE_LINES),
        quotations=kept_file(last, folder, QUOTATIONS),
        sources=published_file(last, folder, SOURCES_FILE),
        parts=published_parts(last, folder),
    )


def published_parts(last: Manifest | None, folder: Path) -> PublishedParts:
    """The parts that the last run published, and its records of them."""
    if last is None:
        return NOTHING_PUBLISHED
    records = {shard.part.path: shard.part for shard in last.shards if shard.part}
    names = {sha256: name for name, sha256 in last.hashes.items() if is_part(name)}
    return PublishedParts(last_version(folder).absolute(), records, names)


def _carry_out_stages(
    run: Run, inputs: Sequence[str], clock: "Stopwatch", damaged: Sequence[str]
) -> RunResult:
    """The result of the stages of a run, from cleaning its shards to publishing its output.

    ``damaged`` grows while the run finds what of earlier ones cannot be believed.
    """
    with clock("clean"):
        first = clean_shards(run)
    with clock("sites"):
        cleaned = clean_with_site_lines(run, first)
    for part in cleaned:
        for problem in part.damaged:
            note_damage(problem)
    with clock("score"):
        facts = score_corpus(run, cleaned)
    with clock("write"):
        finished_parts = write_shards(run, cleaned, facts)
    for problem in chain.from_iterable(each.damaged for each in finished_parts):
        note_damage(problem)
    finished = FinishedStages(
        run.plan,
        inputs,
        run.settings,
        first,
        cleaned,
        facts,
        finished_parts,
        clock.seconds,
        run.earlier.sources,
        damaged,
    )
    return run.stages.call("write-and-report", write_run, finished, run.work, run.folder)


def clean_shards(run: Run) -> list[ShardParts]:
    """The shards of a run, in order, with each document cleaned on its own."""
    cleaner = run.engine.cleaner(run.settings, run.shard_folder, run.clean, run.tick, run.stop)
    parts = run.stages.map("clean-shard", cleaner, _largest_first(run), run.engine.threads)
    return sorted(parts, key=lambda part: part.number)


def clean_with_site_lines(run: Run, parts: Sequence[ShardParts]) -> list[ShardParts]:
    """The shards after a second pass over the documents from which lines go that their sites repeat."""
    carry = _carry(run, "learn-site-lines")
    table = learn_site_lines(parts, run.earlier.site_lines, run.work, carry)
    again = partial(
        clean_again, table=table, settings=run.settings, work=run.work, clean=run.clean, stop=run.stop
    )
    calls = zip(run.plan.shards, parts, run.leftovers, strict=True)
    return run.stages.map("clean-again", run.engine.bind(again), calls, run.engine.threads)


def score_corpus(run: Run, parts: Sequence[ShardParts]) -> CorpusFacts:
    """What all documents together show: separate sources, copies, and scores with quotations for and against."""
    plan, work = run.plan, run.work
    separate_hosts = find_separate_hosts(parts, plan.judgements.hosts, work, _carry(run, "find-hosts"))
    find_copies(parts, separate_hosts, work, _carry(run, "find-copies"))
    files = gather_documents(parts, separate_hosts, work, _carry(run, "gather-documents"))
    scoring = Scoring(separate_hosts, plan.judgements, plan.recalibration, plan.name_prior)
    score = run.engine.bind(partial(score_bucket, scoring=scoring))
    scored = run.stages.map("score-sources", score, ((file,) for file in files), run.engine.threads)
    run.stop.check()
    sources = in_order_of_keys(scored)
    note_matches(match_lists(plan.judgements.lists, (source.ratings for source, _ in sources.values())))
    cache = QuotationCache(run.earlier.quotations, work / QUOTATIONS, plan.pipeline_version)
    quoted = run.stages.call("quote-sources", quote_sources, parts, sources, cache)
    return CorpusFacts(quoted, plan.pipeline_version, separate_hosts)


def write_shards(run: Run, parts: Sequence[ShardParts], facts: CorpusFacts) -> list[FinishedPart]:
    """Write the documents and rejected rows of all shards and count them, or carry them over from the last run."""
    finish = partial(
        finish_shard, facts=facts, settings=run.settings, work=run.work, published=run.earlier.parts
    )
    calls = ((part,) for part in parts)
    return run.stages.map("write-shard", run.engine.bind(finish), calls, run.engine.threads)


def _carry(run: Run, stage: str) -> Carry:
    """Carries out the rounds of a join as shards are: by the engine, each call a task of the stage."""

    def carry(function: Callable[..., None], calls: Iterable[tuple[object, ...]]) -> list[None]:
        """Wait for the calls of a round."""
        return run.stages.map(stage, run.engine.bind(function), calls, run.engine.threads)

    return carry


def _largest_first(run: Run) -> list[tuple[Shard, Leftovers]]:
    """Shards with their leftovers, the largest first: at the end no worker waits long for another one."""
    pairs = zip(run.plan.shards, run.leftovers, strict=True)
    return sorted(pairs, key=lambda pair: -pair[0].size)


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
