"""The Prefect flow ``clean-documents``: the stages of `winnow.pipeline.run`, each a task with its state."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final, cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote, unmapped

from winnow.corpus.output import MARK, open_output
from winnow.corpus.settings import Settings
from winnow.pipeline import ending
from winnow.pipeline import run as stages
from winnow.pipeline.publishing import publishing
from winnow.pipeline.report.finish import finish_shard
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.shards.engines import open_engine, side_by_side
from winnow.pipeline.shards.progress import document_bar
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts
from winnow.pipeline.sources.quoted import QUOTED
from winnow.pipeline.sources.site_lines import clean_again, learn_site_lines
from winnow.pipeline.state.manifest import kept_shards, leftovers, read_manifest
from winnow.pipeline.state.plan import plan_run
from winnow.pipeline.tables.version import version_of_everything
from winnow.pipeline.workers.isolation import open_children

CLEAN_RETRIES: Final = 1  # a shard's parts are replaced whole, so cleaning it again does no harm

# Inputs and results are paths or small values: Prefect need neither hash nor keep them.
plan_shards = task(name="plan-shards", cache_policy=NO_CACHE, persist_result=False)(plan_run)
learn_lines = task(name="learn-site-lines", cache_policy=NO_CACHE, persist_result=False)(learn_site_lines)
score_sources = task(name="score-sources", cache_policy=NO_CACHE, persist_result=False)(stages.know_sources)
report_run = task(name="write-and-report", cache_policy=NO_CACHE, persist_result=False)(ending.write_run)


@task(name="clean-shard", retries=CLEAN_RETRIES, cache_policy=NO_CACHE, persist_result=False)
def clean_shard(carry_out: Callable[..., ShardParts], shard: Shard, left: Leftovers) -> ShardParts:
    """Clean a shard where the engine's workers are."""
    return carry_out(shard, left)


@task(name="clean-again", retries=CLEAN_RETRIES, cache_policy=NO_CACHE, persist_result=False)
def clean_touched(
    carry_out: Callable[..., ShardParts], shard: Shard, parts: ShardParts, left: Leftovers
) -> ShardParts:
    """Clean again, in the same place, what the lines of its site change."""
    return carry_out(shard, parts, left)


@task(name="write-shard", cache_policy=NO_CACHE, persist_result=False)
def write_shard(carry_out: Callable[..., RunTally], parts: ShardParts) -> RunTally:
    """Write a shard of the output, in the same place."""
    return carry_out(parts)


@flow(name="clean-documents", persist_result=False)
def clean_documents(
    inputs: list[str], output: str, settings: Settings | None = None
) -> State[ending.RunResult]:
    """Clean the documents of ``inputs`` into the folder ``output``; the state's result is the `RunResult`.

    Ends as ``CompletedWithErrors`` when something is in quarantine, and fails when the counts do
    not add up or an input cannot be used.
    """
    settings = settings or Settings()
    clock, folder = stages.Stopwatch(), Path(output)
    with clock("plan"):
        plan = plan_shards(inputs, settings, version_of_everything())
    with ExitStack() as opened:
        work = opened.enter_context(open_output(folder))
        opened.enter_context(publishing(folder, settings.publish))
        before = read_manifest(folder)
        if done := ending.done_already(before, plan, folder):
            return _finished(done)
        engine = opened.enter_context(open_engine(settings, folder))
        kept = kept_shards(folder)
        left = leftovers(before, plan, settings, folder)
        clean = opened.enter_context(open_children())
        with clock("clean"), document_bar() as tick:
            cleaner = engine.cleaner(settings, kept, clean, tick)
            sized = stages.largest_first(plan.shards, left)
            first = stages.in_order(clean_shard.map(unmapped(cleaner), *sized).result())
        with clock("sites"):
            table = learn_lines(first, folder, work)
            again = partial(clean_again, table=table, settings=settings, work=work, clean=clean)
            last = clean_touched.map(unmapped(engine.bind(again)), plan.shards, first, left).result()
        with clock("score"):
            known = score_sources(plan, last, work, folder / MARK / QUOTED)
        with clock("write"):
            finish = partial(finish_shard, knowledge=known, settings=settings, work=work)
            written = write_shard.map(unmapped(engine.bind(finish)), last).result()
        tally = RunTally.total(written)
        made = ending.FinishedStages(plan, inputs, settings, first, last, known, tally, clock.seconds)
        return _finished(report_run(quote(made), work, folder))  # type: ignore[call-overload]  # unquoted by then


def _finished(result: ending.RunResult) -> State[ending.RunResult]:
    """The state in which the flow ends."""
    _show(result)
    return Completed(name="CompletedWithErrors" if result.quarantined else "Completed", data=result)


def _show(result: ending.RunResult) -> None:
    """Say in Prefect's log and page what came of the run."""
    counts = [
        {"documents": result.documents, "rejected": result.rejected, "quarantined": result.quarantined}
    ]
    get_run_logger().info("%s: %s", result.folder, counts[0])
    create_table_artifact(key="clean-documents", table=counts, description=f"Run {result.run_id}")


def run_flow(inputs: Sequence[str], folder: Path, settings: Settings) -> ending.RunResult:
    """Run the flow with a thread for each shard that is under way; Prefect starts its own server where none is set."""
    runner: ThreadPoolTaskRunner[object] = ThreadPoolTaskRunner(max_workers=side_by_side(settings))
    run = clean_documents.with_options(task_runner=runner)  # type: ignore[arg-type]  # Prefect's own runner
    return cast(
        ending.RunResult, run([*inputs], str(folder), settings)
    )  # the result of the state it returns
