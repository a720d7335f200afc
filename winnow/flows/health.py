"""The Prefect server that a flow would talk to: its address, and whether it answers."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import httpx
from prefect.client.orchestration import get_client
from prefect.settings import get_current_settings

from winnow.corpus.errors import WinnowError

ANSWER_SECONDS: Final = 10.0


def server_address() -> str:
    """The address that Prefect's settings name; "" where a run starts a server of its own."""
    return get_current_settings().api.url or ""


def embedded_home() -> Path | None:
    """The folder for the database of a server that a run starts; None where Prefect's settings forbid starting one."""
    settings = get_current_settings()
    return settings.home if settings.server.ephemeral.enabled else None


def server_time() -> datetime | None:
    """The clock of the server that Prefect's settings name; None where its answer has no date.

    Raises WinnowError where nothing answers, or not as a Prefect server does.
    """
    with get_client(httpx_settings={"timeout": ANSWER_SECONDS}, sync_client=True) as client:
        try:
            answer = client.hello().raise_for_status()
        except httpx.HTTPError as error:
            raise WinnowError(f"{type(error).__name__}: {error}") from error
    date = answer.headers.get("date")
    return parsedate_to_datetime(date) if date else None
