"""The command `winnow serve`: a timetable from options, and the runs it begins."""

import re
from datetime import timedelta
from typing import Final

from winnow.cli.commands import DONE, STDIN, Cleaning, prepare_prefect
from winnow.corpus.errors import UsageError

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
SPAN: Final = re.compile(r"([1-9]\d{0,5})([smhd])")
MIN_SECONDS: Final = 10  # a run takes about that long to begin
WATCH_SECONDS: Final = 30.0  # between two looks; a file that is still written has changed at the next


def span(text: str) -> timedelta:
    """A span of time from a number and a unit; 10 seconds at least.

    >>> span("90m")
    datetime.timedelta(seconds=5400)
    """
    match = SPAN.fullmatch(text)
    found = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if found < timedelta(seconds=MIN_SECONDS):
        raise UsageError(f"--every {text}: give a number and s, m, h or d, such as 30m; 10s at least")
    return found


def serve(asked: Cleaning, *, cron: str, every: str, timezone: str, watch: bool, notify: str) -> int:
    """Run what `winnow clean` was asked to do by a schedule, until stopped. Raises UsageError for a bad one."""
    if asked.output is None or STDIN in asked.inputs:
        raise UsageError("a schedule needs files or folders, and an output folder: -- raw -o clean")
    if asked.flow or asked.profile:
        raise UsageError("--flow and --profile are for `winnow clean`; scheduled runs are flows anyway")
    prepare_prefect()
    from winnow.flows.notices import check_target  # here, because Prefect is slow to import
    from winnow.flows.scheduled import Job
    from winnow.flows.serve import Timetable, serve_runs

    if notify:
        check_target(notify)
    timetable = Timetable(cron, span(every) if every else None, timezone, WATCH_SECONDS if watch else None)
    files = (str(asked.decisions or ""), notify, str(asked.log or ""))
    serve_runs(Job(tuple(asked.inputs), str(asked.output), asked.settings, *files), timetable)
    return DONE
