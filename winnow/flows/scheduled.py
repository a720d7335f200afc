"""The flow `clean_on_schedule`: an unattended run that retries after a failure, sends notices and shows its report."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import deployment as this_deployment
from prefect.states import Completed
from prefect.tasks import exponential_backoff

from winnow.corpus.objects import absolute_location
from winnow.corpus.settings import Settings
from winnow.flows.artifacts import show_report
from winnow.flows.clean import run_flow
from winnow.flows.notices import notify_end, notify_quarantine
from winnow.flows.runs import skip_late_runs
from winnow.pipeline.sources.judgements import with_decisions
from winnow.pipeline.tables.journal import journal

RETRIES: Final = 3
RETRY_SECONDS: Final = 60.0  # before the first retry; doubled before each further one
JITTER: Final = 0.2  # share by which a delay may grow, so that machines do not all retry at once


@dataclass(frozen=True, slots=True)
class Job:
    """The work of a scheduled run; the process of the run receives it as JSON."""

    inputs: tuple[str, ...]
    output: str
    settings: Settings
    # Log of people's decisions, read when a run begins; "" for the one beside the output.
    decisions: str = ""
    notify: str = ""  # address or command for notices
    log: str = ""  # file for the structured log

    def parameters(self) -> dict[str, Any]:
        """Parameters of `clean_on_schedule` as JSON values, with absolute paths: a run may begin anywhere."""
        return {
            "inputs": [absolute_location(location) for location in self.inputs],
            "output": absolute_location(self.output),
            "settings": asdict(self.settings.with_absolute_paths()),
            "decisions": self.decisions and absolute_location(self.decisions),
            "notify": self.notify,
            "log": self.log and absolute_location(self.log),
        }


@flow(name="clean-on-schedule", persist_result=False, on_failure=[notify_end], on_crashed=[notify_end])
def clean_on_schedule(
    inputs: list[str],
    output: str,
    settings: Settings | None = None,
    decisions: str = "",
    notify: str = "",
    log: str = "",
    retries: int = RETRIES,
    retry_seconds: float = RETRY_SECONDS,
) -> State[None]:
    """Clean ``inputs`` into ``output`` as `clean_documents` does, with retries after a failure, and show the report.

    Late runs of the same deployment are skipped: this one does their work.
    """
    if this_deployment.id:
        skip_late_runs(UUID(this_deployment.id))
    before = _count_quarantined(Path(output))
    clean_with_retries = clean_once.with_options(
        retries=retries, retry_delay_seconds=exponential_backoff(retry_seconds), retry_jitter_factor=JITTER
    )
    with journal(Path(log) if log else None):
        clean_with_retries(inputs, output, settings or Settings(), decisions)
    report = json.loads((Path(output) / "report.json").read_text(encoding="utf8"))
    show_report(report, output)
    now = report["counts"]["quarantined"]
    notify_quarantine(notify, output, before, now)
    return Completed(name="CompletedWithErrors" if now else "Completed")


@task(name="clean-once", cache_policy=NO_CACHE, persist_result=False)
def clean_once(inputs: list[str], output: str, settings: Settings, decisions: str) -> None:
    """Run the flow `clean_documents` with what people have decided by now."""
    folder = Path(output)
    run_flow(
        inputs, folder, with_decisions(settings, Path(decisions) if decisions else None, folder.parent)
    )


def _count_quarantined(folder: Path) -> int:
    """The number of documents that the last run in a folder quarantined; 0 before the first run."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf8"))
    except (OSError, ValueError):
        return 0
    return int(report["counts"]["quarantined"])
