"""Serving of runs on a schedule: a Prefect deployment of `clean_on_schedule`, and the process that begins its runs."""

import asyncio
import fcntl
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from winnow.corpus.errors import UsageError
from winnow.corpus.output import MARK, open_output
from winnow.flows.job import Job, job_for_runs
from winnow.flows.runs import end_dead_runs, order_run, skip_late_runs
from winnow.flows.scheduled import clean_on_schedule
from winnow.flows.server import prefect_server
from winnow.pipeline.state.watch import watch

ANCHOR: Final = datetime(2024, 1, 1)  # midnight in the schedule's zone, so that 6h is 0, 6, 12, 18
ONE_AT_A_TIME: Final = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The times at which runs begin: by cron, at intervals, when inputs change, or any of these together."""

    cron: str = ""  # five fields
    every: timedelta | None = None  # counted from midnight
    timezone: str = "UTC"  # IANA name
    watch_seconds: float | None = None  # between two looks at the inputs

    def schedules(self) -> list[Schedule]:
        """Prefect's schedules. Raises UsageError for an invalid one, and where nothing begins a run."""
        if not (self.cron or self.every or self.watch_seconds):
            raise UsageError("nothing begins a run; give --cron, --every or --watch")
        try:
            anchor = ANCHOR.replace(tzinfo=ZoneInfo(self.timezone))
            by_cron = [Cron(self.cron, timezone=self.timezone)] if self.cron else []
            by_interval = [Interval(self.every, anchor, self.timezone)] if self.every else []
        except (ValueError, KeyError, OSError) as error:  # zoneinfo raises each of them for some names
            raise UsageError(f"--cron {self.cron!r}, --timezone {self.timezone!r}: {error}") from error
        return [*by_cron, *by_interval]


def serve_runs(job: Job, timetable: Timetable, tell: Callable[[str], None] = lambda _: None) -> None:
    """Begin runs of a job by a timetable until SIGTERM or Ctrl-C; one at a time, and one for all that are late.

    A run in progress is then cancelled, and the last run's output stays. ``tell`` is called with what goes on until
    runs can begin. Raises UsageError for an invalid timetable, and for an output that is served already.
    """
    deployment = make_deployment(job, timetable.schedules())
    with _serve_lock(Path(job.output)), _exit_on_sigterm(), job_for_runs(job):
        tell("waiting for Prefect's server, which takes up to a minute where it is started here")
        with prefect_server():
            tell("registering the timetable")
            _begin_runs(job, deployment, timetable, tell)


def _begin_runs(
    job: Job, deployment: RunnerDeployment, timetable: Timetable, tell: Callable[[str], None]
) -> None:
    """Begin runs with a server that answers, until they are stopped."""
    runner = _Runner(name="winnow", limit=1, pause_on_shutdown=False)
    deployment_id = cast(UUID, runner.add_deployment(deployment))  # a coroutine only where a loop runs
    if end_dead_runs(deployment_id) + skip_late_runs(deployment_id):
        order_run(deployment_id)
    if timetable.watch_seconds:
        begin_run = partial(order_run, deployment_id)
        arguments = (job.with_absolute_paths().inputs, timetable.watch_seconds, begin_run, Event())
        Thread(target=watch, args=arguments, daemon=True, name="watch").start()
    tell(f"ready: runs into {job.output} begin by the timetable; stop with Ctrl-C")
    signal.signal(signal.SIGINT, runner.handle_sigterm)
    asyncio.run(runner.start())


class _Runner(Runner):
    """Prefect's runner, repaired: on SIGTERM the original (3.8.8) does not await its stop, and runs stay RUNNING."""

    def handle_sigterm(self, *_signal: object) -> None:
        """Cancel the run in progress, wait for its process, and let `start` return."""
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(lambda: loop.create_task(self.astop()))


def make_deployment(job: Job, schedules: list[Schedule]) -> RunnerDeployment:
    """The deployment of a job, named after its output folder; one run at a time."""
    return RunnerDeployment.from_flow(
        clean_on_schedule,
        name=str(Path(job.output).absolute()).strip("/").replace("/", "-"),
        schedules=schedules,
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


@contextmanager
def _exit_on_sigterm() -> Iterator[None]:
    """Exit by an exception on SIGTERM, so that our server ends, too; later the runner handles the signal itself."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _serve_lock(folder: Path) -> Iterator[None]:
    """Lock the output folder against a second `winnow serve`. Raises UsageError where another holds the lock."""
    with open_output(folder):  # checks that the folder is ours, or makes it
        pass
    with (folder / MARK / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"{folder}: is served already by another `winnow serve`") from error
        yield
