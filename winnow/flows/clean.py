"""The Prefect flow ``clean-documents``: a run (`winnow.pipeline.run`) with each stage as a Prefect task."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from winnow.corpus.locations import shown_output
from winnow.corpus.settings import Settings
from winnow.flows.server import temporary_server
from winnow.flows.tasks import PrefectStages
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.shards.engines import side_by_side
from winnow.pipeline.shards.progress import document_bar
from winnow.pipeline.workers.isolation import open_children
from winnow.pipeline.workers.stop import Stop

THRESHOLD_MISSED: Final = (
    "ThresholdMissed"  # name of the state of a run that missed a threshold of `--fail-under`
)


@flow(name="clean-documents", persist_result=False)
def clean_documents(
    inputs: list[str], output: str, settings: Settings | None = None, *, is_quiet: bool = False
) -> State[RunResult]:
    """Clean the documents of ``inputs`` into the folder ``output``; the state's result is the `RunResult`.

    Ends as ``CompletedWithErrors`` when something is in quarantine, fails as `THRESHOLD_MISSED` when a share of the
    run misses its threshold, and fails when the counts do not add up or an input cannot be used.
    """
    stop = Stop()  # where Prefect cancels the flow, or its time is over
    with open_children(stop=stop) as clean, document_bar(is_quiet=is_quiet) as tick:
        result = clean_corpus(
            inputs,
            Path(output),
            settings or Settings(),
            clean=clean,
            tick=tick,
            stages=PrefectStages(),
            stop=stop,
        )
    _show(result)
    if result.missed:
        return Failed(name=THRESHOLD_MISSED, message="; ".join(result.missed), data=result)
    return Completed(name="CompletedWithErrors" if result.quarantined else "Completed", data=result)


def _show(result: RunResult) -> None:
    """Show the counts of a run in Prefect's log and on its page."""
    counts = [
        {"documents": result.documents, "rejected": result.rejected, "quarantined": result.quarantined}
    ]
    get_run_logger().info("%s: %s", shown_output(result.folder), counts[0])
    create_table_artifact(key="clean-documents", table=counts, description=f"Run {result.run_id}")


def run_flow(
    inputs: Sequence[str], folder: Path, settings: Settings, *, is_quiet: bool = False
) -> RunResult:
    """Run the flow with a thread for each shard in progress; on a server of our own where none is set."""
    runner: ThreadPoolTaskRunner[object] = ThreadPoolTaskRunner(max_workers=side_by_side(settings))
    run = clean_documents.with_options(task_runner=runner)  # type: ignore[arg-type]  # Prefect's own runner
    with temporary_server():
        state = cast(
            State[RunResult],
            run([*inputs], str(folder), settings, is_quiet=is_quiet, return_state=True),
        )
        # A run that missed a threshold has a result all the same
        return cast(RunResult, state.result(raise_on_failure=state.name != THRESHOLD_MISSED))
