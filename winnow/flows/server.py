"""The Prefect server for schedules: the configured one, or one of our own."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_API_PORT, temporary_settings

from winnow.corpus.errors import WinnowError
from winnow.pipeline.workers.safe_path import SAFE_PATH

START_SECONDS: Final = 240  # 9 to 47 were measured on two cores, idle and busy
STOP_SECONDS: Final = 30
ASK_SECONDS: Final = 0.5  # between two health checks
# Environment of our server, against data that the defaults of Prefect 3.8 let grow or leak; the user's own wins.
OWN_SERVER: Final = {
    "DO_NOT_TRACK": "1",
    SAFE_PATH: "1",  # a module of the current folder must not take the place of one of the server's
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Deletes those older than 90 days; by default runs stay forever.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": '["events","flow_runs"]',
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}


@contextmanager
def prefect_server() -> Iterator[str]:
    """The address of the API of a server that answers while the block lasts; Prefect uses it.

    It is the configured server (``PREFECT_API_URL``), or one that answers on Prefect's port of this machine,
    or else one that is started there, with Prefect's own database, and stopped at the end.
    """
    configured = PREFECT_API_URL.value()
    url = configured or f"http://127.0.0.1:{PREFECT_SERVER_API_PORT.value()}/api"
    with temporary_settings({PREFECT_API_URL: url}):
        if configured or _answers(url):
            yield url
            return
        with _own_server(url):
            yield url


@contextmanager
def _own_server(url: str) -> Iterator[None]:
    """Run our own server in a new session, so that Ctrl-C does not end it before the runs have ended."""
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    command += ["--port", str(PREFECT_SERVER_API_PORT.value())]
    server = subprocess.Popen(
        command, env=OWN_SERVER | os.environ, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(server, url)
        yield
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    """Wait until a server answers. Raises WinnowError where it does not start."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise WinnowError(
                f"{url}: no Prefect server came up; `prefect server start` says why, PREFECT_API_URL names another"
            )
        time.sleep(ASK_SECONDS)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as reply:  # noqa: S310  # our own http address
            return bool(reply.status == 200)
    except OSError:
        return False
