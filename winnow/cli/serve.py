"""The command ``winnow serve``: runs `winnow clean` on a schedule."""

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer
from typer.core import TyperGroup

from winnow.cli.clean_request import CleanRequest
from winnow.cli.interruption import INTERRUPTION
from winnow.cli.prefect_environment import prepare_prefect
from winnow.cli.standard_input import STDIN
from winnow.cli.terminal import DONE, warn
from winnow.corpus.errors import UsageError
from winnow.corpus.locations import output_url

if TYPE_CHECKING:
    from winnow.flows.job import Job

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
SPAN: Final = re.compile(r"([1-9]\d{0,5})([smhd])")
MIN_SECONDS: Final = 10  # a run takes about that long to begin
SERVE_STOP_SECONDS: Final = 60.0  # for the run in progress, which ends the shards that it cleans
RUN_CANCELLED: Final = "stopped; a run in progress is cancelled, and the last output is as it was"
WATCH_SECONDS: Final = 30.0  # between two looks; a file that is still being written differs at the next

CleanArguments = Annotated[
    list[str], typer.Argument(metavar="-- ARGUMENT...", help="Arguments of `winnow clean`.")
]
Cron = Annotated[str, typer.Option(help="Five fields: minute, hour, day, month, weekday.")]
Every = Annotated[
    str, typer.Option(metavar="TIME", help="Time between runs, counted from midnight: 30m, 6h, 1d.")
]
Timezone = Annotated[str, typer.Option(help="Where --cron and --every live, as in Europe/Berlin.")]
Watch = Annotated[
    bool, typer.Option("--watch", help="Run also when the inputs change, once they are quiet for 30 s.")
]
Notify = Annotated[
    str,
    typer.Option(
        metavar="TARGET",
        help="Address that JSON is posted to, or command that reads it, when a run fails or quarantine grows.",
    ),
]
WriteJob = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Only write what runs do, for workers of your own: docs/schedule.md says how."
    ),
]


def serve_command(
    context: typer.Context,
    arguments: CleanArguments,
    cron: Cron = "",
    every: Every = "",
    timezone: Timezone = "UTC",
    watch: Watch = False,
    notify: Notify = "",
    write_job: WriteJob = None,
) -> None:
    """Clean on a schedule, until stopped: what follows `--` are the arguments of `winnow clean`.

    One run at a time. After the machine was off, one run does the work of all that were missed. A run
    that fails is tried three times more. Prefect's page shows the runs; docs/schedule.md says how to
    run it as a service.

    **Examples**

    `winnow serve --cron '0 3 * * *' --timezone Europe/Berlin -- raw -o clean`

    `winnow serve --every 6h --watch --notify https://hooks.example/t/1 -- raw -o clean --policy article`
    """
    clean = cast(TyperGroup, context.find_root().command).commands["clean"]
    if write_job is not None:
        if cron or every or watch:
            raise UsageError(
                "--write-job: the schedule of workers of your own is Prefect's; leave ours out"
            )
        begin = partial(write_job_file, path=write_job, notify=notify)
    else:
        begin = partial(serve, cron=cron, every=every, timezone=timezone, watch=watch, notify=notify)
    settings = (context.find_root().default_map or {}).get("clean")
    clean.main(arguments, "winnow clean", obj=begin, default_map=settings)


def serve(request: CleanRequest, *, cron: str, every: str, timezone: str, watch: bool, notify: str) -> int:
    """Run a request on a schedule until stopped. Raises UsageError for a schedule or request that cannot be run."""
    job = requested_job(request, notify)
    from winnow.flows.serve import Timetable, serve_runs

    timetable = Timetable(cron, span(every) if every else None, timezone, WATCH_SECONDS if watch else None)
    with INTERRUPTION.keeping(lambda: RUN_CANCELLED, SERVE_STOP_SECONDS):
        serve_runs(job, timetable, warn)
    return DONE


def write_job_file(request: CleanRequest, *, path: Path, notify: str) -> int:
    """Write a request to a file, as the job of workers. Raises UsageError where it cannot be one or be written."""
    job = requested_job(request, notify)
    from winnow.flows.job import write_job

    write_job(job, path)
    return DONE


def requested_job(request: CleanRequest, notify: str) -> "Job":
    """A request as a job. Raises UsageError for what a schedule cannot do."""
    if request.output is None or STDIN in request.inputs:
        raise UsageError("a schedule needs files or folders, and an output folder: -- raw -o clean")
    if output_url(request.output):
        raise UsageError(
            "a schedule writes into a folder; have cron or a scheduler of yours start `winnow clean -o s3://…`"
        )
    if request.flow or request.profile:
        raise UsageError("--flow and --profile are for `winnow clean`; scheduled runs are flows anyway")
    prepare_prefect("winnow serve")
    from winnow.flows.job import Job
    from winnow.flows.notices import check_target

    if notify:
        check_target(notify)
    files = (str(request.decisions or ""), notify, str(request.log or ""))
    return Job(tuple(request.inputs), str(request.output), request.settings, *files)


def span(text: str) -> timedelta:
    """A span of time from a number and a unit; 10 seconds at least.

    >>> span("90m")
    datetime.timedelta(seconds=5400)
    """
    match = SPAN.fullmatch(text)
    interval = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if interval < timedelta(seconds=MIN_SECONDS):
        raise UsageError(f"--every {text}: give a number and s, m, h or d, such as 30m; 10s at least")
    return interval
