"""The flow `clean_on_schedule`: an unattended run that retries after a failure, sends notices and shows its report."""

import json
from pathlib import Path
from typing import Final
from uuid import UUID

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import deployment as this_deployment
from prefect.states import Completed, Failed
from prefect.tasks import exponential_backoff

from winnow.flows.artifacts import show_report
from winnow.flows.clean import THRESHOLD_MISSED, run_flow
from winnow.flows.job import Job, read_job
from winnow.flows.notices import notify_end, notify_quarantine
from winnow.flows.runs import skip_late_runs
from winnow.pipeline.state.kept_log import with_decisions_for
from winnow.pipeline.tables.journal import journal

JITTER: Final = 0.2  # share by which a delay may grow, so that machines do not all retry at once


@flow(name="clean-on-schedule", persist_result=False, on_failure=[notify_end], on_crashed=[notify_end])
def clean_on_schedule() -> State[None]:
    """Do the job that the environment names, with retries after a failure, and show the report.

    It takes no parameters: who can order a run can order this one and nothing else. Late runs of the same
    deployment are skipped: this one does their work.
    """
    job = read_job()
    if this_deployment.id:
        skip_late_runs(UUID(this_deployment.id))
    before = _count_quarantined(Path(job.output))
    clean_with_retries = clean_once.with_options(
        retries=job.retries,
        retry_delay_seconds=exponential_backoff(job.retry_seconds),
        retry_jitter_factor=JITTER,
    )
    with journal(Path(job.log) if job.log else None):
        missed = clean_with_retries(job)
    report = json.loads((Path(job.output) / "report.json").read_text(encoding="utf8"))
    show_report(report, job.output)
    now = report["counts"]["quarantined"]
    notify_quarantine(job.notify, job.output, before, now)
    if missed:
        return Failed(name=THRESHOLD_MISSED, message="; ".join(missed))
    return Completed(name="CompletedWithErrors" if now else "Completed")


@task(name="clean-once", cache_policy=NO_CACHE, persist_result=False)
def clean_once(job: Job) -> tuple[str, ...]:
    """Run the flow `clean_documents` with what people have decided by now; give the thresholds that it missed.

    Trying again would not change these, so the task does not fail.
    """
    folder = Path(job.output)
    decisions = Path(job.decisions) if job.decisions else None
    return run_flow(job.inputs, folder, with_decisions_for(job.settings, decisions, folder)).missed


def _count_quarantined(folder: Path) -> int:
    """The number of documents that the last run in a folder quarantined; 0 before the first run."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf8"))
    except (OSError, ValueError):
        return 0
    return int(report["counts"]["quarantined"])
