"""Notices about scheduled runs, sent to a webhook or a command, for people who do not watch Prefect's page."""

import json
import os
import shlex
import subprocess
import urllib.request
from typing import Any, Final

from prefect import Flow, get_run_logger
from prefect.client.schemas.objects import FlowRun, State

from winnow.corpus.environment import SAFE_PATH
from winnow.corpus.errors import UsageError
from winnow.flows.job import read_job

MESSAGE_CHARS: Final = 500  # of the error of a failed run
SECONDS: Final = 60  # that a webhook or a command may take
SCHEMES: Final = ("https://", "http://")


def send_notice(target: str, text: str, **facts: str) -> None:
    """Send a notice as JSON: by HTTP POST where the target is an address, else to the standard input of a command.

    ``text`` is the sentence that Slack, Mattermost and the like show. Raises OSError or
    subprocess.SubprocessError where it cannot be delivered.
    """
    body = json.dumps({"text": text, **facts}).encode()
    if target.startswith(SCHEMES):
        request = urllib.request.Request(target, body, {"Content-Type": "application/json"})  # noqa: S310
        urllib.request.urlopen(request, timeout=SECONDS).close()  # noqa: S310  # http or https, from the user
    else:
        # A script of the user's imports what lies beside it, as it would without Winnow.
        environment = {name: value for name, value in os.environ.items() if name != SAFE_PATH}
        subprocess.run(shlex.split(target), input=body, env=environment, timeout=SECONDS, check=True)


def check_target(target: str) -> None:
    """Raise UsageError for a target that is neither an address nor a command line."""
    try:
        words = shlex.split(target)
    except ValueError as error:
        raise UsageError(f"--notify {target}: {error}; quote it as for a shell") from error
    if not words:
        raise UsageError("--notify: empty; give an address (https://…) or a command")


def notify_end(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001  # Prefect's form
    """Prefect's hook for runs that failed or crashed: notify the target of the job, if it has one."""
    job = read_job()
    if job.notify:
        message = (state.message or "")[:MESSAGE_CHARS]
        text = f"Winnow: {job.output}: {state.name}: {message}"
        send_notice(job.notify, text, run=flow_run.name, state=state.name or "", output=job.output)


def notify_quarantine(target: str, output: str, before: int, now: int) -> None:
    """Notify the target where more is in quarantine than after the last run; log it where that fails."""
    if not target or now <= before:
        return
    text = f"Winnow: {output}: {now} in quarantine, {before} after the last run"
    try:
        send_notice(target, text, state="CompletedWithErrors", output=output)
    except (OSError, subprocess.SubprocessError) as error:
        get_run_logger().warning("no notice sent: %s", error)
