"""Findings on the Prefect server that flows talk to, and on its clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from winnow.cli.doctor.finding import OK, PROBLEM, Finding
from winnow.cli.doctor.machine import existing_place, writing_finding
from winnow.corpus.errors import WinnowError
from winnow.corpus.extras import missing_packages

# A scheduled flow would start late by as much; the header counts whole seconds.
MAX_SKEW_SECONDS: Final = 30.0
CONFIGURE: Final = "prefect config set PREFECT_API_URL=http://HOST:4200/api"


def findings() -> Iterator[Finding]:
    """Whether flows find a server: the one that Prefect's settings name, else one that a run starts itself.

    There are none where Prefect is not installed, which `installation.findings` reports.
    """
    if missing_packages("flow"):
        return
    from winnow.flows.health import embedded_home, server_address

    if address := server_address():
        yield from configured_findings(address)
        return
    home = embedded_home()
    if home is None:
        state = "no server is named, and PREFECT_SERVER_EPHEMERAL_ENABLED forbids a run to start one"
        yield Finding("prefect", PROBLEM, state, f"{CONFIGURE}, or allow it")
        return
    yield Finding("prefect", OK, "no server is named: winnow clean --flow starts one for each run")
    yield writing_finding("prefect home", existing_place(home))


def configured_findings(address: str) -> Iterator[Finding]:
    """Whether the server answers, and its clock shows what ours does."""
    from winnow.flows.health import server_time

    try:
        theirs = server_time()
    except WinnowError as error:
        advice = f"start it (prefect server start), or name another: {CONFIGURE}"
        yield Finding("prefect", PROBLEM, f"{address}: {error}", advice)
        return
    yield Finding("prefect", OK, f"{address} answers")
    if theirs:
        yield skew_finding(theirs, datetime.now(UTC))


def skew_finding(theirs: datetime, ours: datetime) -> Finding:
    """Whether two clocks show the same time."""
    skew = (theirs - ours).total_seconds()
    state = f"{skew:+.0f} s from ours"
    if abs(skew) <= MAX_SKEW_SECONDS:
        return Finding("prefect clock", OK, state)
    return Finding(
        "prefect clock", PROBLEM, state, "set both clocks (NTP), or schedules run at the wrong time"
    )
