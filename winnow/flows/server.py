"""The Prefect server for flows: the configured one, or one of our own that takes requests of ours only."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prefect.events.worker import EventsWorker
from prefect.logging import get_logger
from prefect.logging.handlers import APILogHandler
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_HOME,
    PREFECT_SERVER_API_PORT,
    get_current_settings,
    temporary_settings,
)

from winnow.corpus.environment import SAFE_PATH
from winnow.corpus.errors import UsageError, WinnowError
from winnow.corpus.private_files import write_private
from winnow.flows.job import private_folder

HOST: Final = "127.0.0.1"
SECRET_BYTES: Final = 32  # 256 bits: beyond guessing
START_SECONDS: Final = 240  # 9 to 47 were measured on two cores, idle and busy
STOP_SECONDS: Final = 30
SEND_SECONDS: Final = 10.0  # for events that wait when the block ends
ASK_SECONDS: Final = 0.5  # between two health checks
ANY_PORT: Final = 0
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

    It is the configured server (``PREFECT_API_URL``), with the configured login, or else one that is started on
    Prefect's port of this machine, with Prefect's own database and a login of its own, and stopped at the end.
    Raises UsageError where something listens there already: whatever it is, it was not named.
    """
    if url := PREFECT_API_URL.value():
        yield str(url)
        return
    port, login = PREFECT_SERVER_API_PORT.value(), _new_login()
    with _own_server(port, login) as url, _login_file(port, login) as path:
        get_logger("winnow").info(
            "Prefect's page: http://%s:%s; its login is the line in %s", HOST, port, path
        )
        yield url


@contextmanager
def temporary_server() -> Iterator[None]:
    """A server for the flows of the block, without a page, where none is configured.

    Where Prefect's settings forbid to start one, nothing is done: Prefect says so when it looks for one.
    """
    settings = get_current_settings()
    if settings.api.url or not settings.server.ephemeral.enabled:
        yield
        return
    with _own_server(ANY_PORT, _new_login(), PREFECT__SERVER_EPHEMERAL="1"):
        yield


def _new_login() -> str:
    """User and password for one start of a server."""
    return f"winnow:{secrets.token_urlsafe(SECRET_BYTES)}"


@contextmanager
def _login_file(port: int, login: str) -> Iterator[Path]:
    """A private file with the login of the page, for the person who opens it."""
    path = private_folder() / f"login-{port}"
    write_private(path, f"{login}\n")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _own_server(port: int, login: str, **variables: str) -> Iterator[str]:
    """Run a server that takes requests with a login only, and from no page but its own; give the API's address.

    It gets a socket that listens already and stays ours throughout: nobody can take the server's place
    while it starts or after its end, get the login, and say what runs there are. Raises UsageError where Prefect's
    folder cannot be written, in which its database lies.
    """
    _check_home(PREFECT_HOME.value())
    with _listener(port) as listener:
        origin = f"http://{HOST}:{listener.getsockname()[1]}"
        guarded = variables | {
            "PREFECT_SERVER_API_AUTH_STRING": login,
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": origin,
            "PREFECT_SERVER_UI_API_URL": f"{origin}/api",
        }
        with (
            temporary_settings({PREFECT_API_URL: f"{origin}/api", PREFECT_API_AUTH_STRING: login}),
            _started(listener, guarded) as server,
        ):
            _wait(server, f"{origin}/api")
            try:
                yield f"{origin}/api"
            finally:
                _send_waiting()


def _check_home(home: Path) -> None:
    """Raise UsageError where a server could keep nothing in its folder: it would fail late, and at length."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise UsageError(
            f"{home}: {error.strerror}; Prefect keeps its database there, name another folder with PREFECT_HOME"
        ) from error


def _send_waiting() -> None:
    """Send the log lines and events that wait: Prefect would do so when the process ends, without a server."""
    APILogHandler().flush()
    EventsWorker.drain_all(SEND_SECONDS)


def _listener(port: int) -> socket.socket:
    """A socket that listens on loopback. Raises UsageError where somebody else's does."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise UsageError(
            f"http://{HOST}:{port}: {error.strerror}; to use the Prefect server there, set PREFECT_API_URL and"
            f" PREFECT_API_AUTH_STRING (docs/schedule.md), or give ours another port with PREFECT_SERVER_API_PORT"
        ) from error


@contextmanager
def _started(listener: socket.socket, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server of our own, in a session of its own: Ctrl-C must not end it before the runs are ended."""
    number = listener.fileno()
    server = subprocess.Popen(
        [sys.executable, "-m", "winnow.flows.own_server", str(number)],
        env=OWN_SERVER | os.environ | variables,
        stdin=subprocess.PIPE,  # whose end tells the server that we are gone
        stdout=subprocess.DEVNULL,
        pass_fds=[number],
        start_new_session=True,
    )
    with server:  # which closes its standard input
        try:
            yield server
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


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
