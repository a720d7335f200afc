"""The Prefect flow ``clean-documents``: the stages of `flows.stages`, each a task with its state."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote, unmapped

from corpus.output import open_output
from corpus.settings import Settings
from flows import shards, stages
from flows.finish import finish_shard
from flows.isolation import clean_in_child
from flows.kept import kept_shards, leftovers, read_manifest
from flows.plan import plan_run
from flows.progress import document_bar
from flows.site_lines import clean_again, learn_site_lines
from flows.tally import Tally
from flows.version import version_of_everything

CLEAN_RETRIES: Final = 1  # a shard's parts are replaced whole, so cleaning it again does no harm

# Inputs and results are paths or small values: Prefect need neither hash nor keep them.
plan_shards = task(name="plan-shards", cache_policy=NO_CACHE, persist_result=False)(plan_run)
clean_shard = task(name="clean-shard", retries=CLEAN_RETRIES, cache_policy=NO_CACHE, persist_result=False)(
    shards.clean_shard
)
learn_lines = task(name="learn-site-lines", cache_policy=NO_CACHE, persist_result=False)(learn_site_lines)
clean_touched = task(
    name="clean-again", retries=CLEAN_RETRIES, cache_policy=NO_CACHE, persist_result=False
)(clean_again)
score_sources = task(name="score-sources", cache_policy=NO_CACHE, persist_result=False)(stages.know_sources)
write_shard = task(name="write-shard", cache_policy=NO_CACHE, persist_result=False)(finish_shard)
report_run = task(name="write-and-report", cache_policy=NO_CACHE, persist_result=False)(stages.write_run)


@flow(name="clean-documents", persist_result=False)
def clean_documents(
    inputs: list[str], output: str, settings: Settings | None = None
) -> State[stages.RunResult]:
    """Clean the documents of ``inputs`` into the folder ``output``; the state's result is the `RunResult`.

    Ends as ``CompletedWithErrors`` when something is in quarantine, and fails when the counts do
    not add up or an input cannot be used.
    """
    settings = settings or Settings()
    clock, folder = stages.Stopwatch(), Path(output)
    with clock("plan"):
        plan = plan_shards(inputs, settings, version_of_everything())
    with open_output(folder) as work:
        if done := stages.done_already(plan, folder):
            return _finished(done)
        left = leftovers(read_manifest(folder), plan, settings, kept_shards(folder))
        with clock("clean"), document_bar() as tick:
            first = clean_shard.map(
                plan.shards,
                left,
                unmapped(settings),
                unmapped(kept_shards(folder)),
                clean=unmapped(clean_in_child),
                tick=unmapped(tick),
            ).result()
        with clock("sites"):
            table = learn_lines(first, folder, work)
            last = clean_touched.map(
                plan.shards,
                first,
                left,
                unmapped(table),
                unmapped(settings),
                unmapped(work),
                clean=unmapped(clean_in_child),
            ).result()
        with clock("score"):
            known = score_sources(plan, last, work)
        with clock("write"):
            hidden = quote(known)  # from Prefect's search for futures in parameters
            written = write_shard.map(last, unmapped(hidden), unmapped(settings), unmapped(work)).result()
        tally = Tally.total(written)
        made = stages.Made(plan, inputs, settings, first, last, known, tally, clock.seconds)
        return _finished(report_run(quote(made), work, folder))  # type: ignore[call-overload]  # unquoted by then


def _finished(result: stages.RunResult) -> State[stages.RunResult]:
    """The state in which the flow ends."""
    _show(result)
    return Completed(name="CompletedWithErrors" if result.quarantined else "Completed", data=result)


def _show(result: stages.RunResult) -> None:
    """Say in Prefect's log and page what came of the run."""
    counts = [
        {"documents": result.documents, "rejected": result.rejected, "quarantined": result.quarantined}
    ]
    get_run_logger().info("%s: %s", result.folder, counts[0])
    create_table_artifact(key="clean-documents", table=counts, description=f"Run {result.run_id}")


def run_flow(inputs: Sequence[str], folder: Path, settings: Settings) -> stages.RunResult:
    """Run the flow with as many threads as workers; Prefect starts its own server where none is set."""
    runner: ThreadPoolTaskRunner[object] = ThreadPoolTaskRunner(max_workers=settings.workers)
    run = clean_documents.with_options(task_runner=runner)  # type: ignore[arg-type]  # Prefect's own runner
    return cast(
        stages.RunResult, run([*inputs], str(folder), settings)
    )  # the result of the state it returns
