"""The Prefect servers that Winnow starts, attacked: by other users of the machine, by pages, and by runs' parameters."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import StateType
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_SERVER_API_PORT,
    temporary_settings,
)
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bench.soak import own_client, serving
from tests.runs import STORY, write_inputs
from winnow.corpus.errors import UsageError
from winnow.flows.server import prefect_server, temporary_server

ROOT = Path(__file__).parents[1]
WAIT_SECONDS = 120
UNAUTHORIZED = 401


@dataclass(frozen=True)
class Served:
    """A `winnow serve` that runs: its folder, the number of its deployment, and its server's port and login."""

    folder: Path
    deployment: UUID
    port: int
    login: str

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def order(self) -> str:
        """Where a run of the deployment is ordered."""
        return f"{self.api}/deployments/{self.deployment}/create_flow_run"

    def hostile_run(self) -> dict[str, Any]:
        """A run with parameters that would execute a command and write somewhere else."""
        folder = self.folder / "pwned"
        parameters = {"inputs": ["/nowhere"], "output": str(folder), "notify": f"touch {folder}"}
        return {"parameters": parameters, "enforce_parameter_schema": False}

    def run_count(self) -> int:
        """How many runs the server knows."""
        with own_client(self.folder) as client:
            return len(client.read_flow_runs())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    write_inputs(folder, {"a.txt": STORY})
    with serving(folder) as (_, deployment):
        [login] = (folder / "prefect" / "winnow").glob("login-*")
        yield Served(folder, deployment, int(login.name.removeprefix("login-")), login.read_text().strip())


@pytest.mark.slow
@pytest.mark.parametrize("login", [None, "", "winnow", "winnow:", "winnow:guess", "admin:admin"])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_a_process_that_does_not_know_the_login_orders_no_run(
    served: Served, login: str | None, content_type: str
) -> None:
    before = served.run_count()
    user, _, password = (login or "").partition(":")
    answer = httpx.post(
        served.order,
        content=json.dumps(served.hostile_run()),
        headers={"content-type": content_type} if content_type else {},
        auth=None if login is None else (user, password),
    )
    assert answer.status_code == UNAUTHORIZED
    assert served.run_count() == before


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/deployments/filter", "/logs/filter", "/block_documents/filter"])
def test_nothing_is_read_without_the_login(served: Served, path: str) -> None:
    assert httpx.post(f"{served.api}{path}", json={}).status_code == UNAUTHORIZED
    assert httpx.get(f"{served.api}/docs").status_code == UNAUTHORIZED


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/events/in", "/events/out", "/logs/out"])
def test_a_socket_is_closed_without_the_login(served: Served, path: str) -> None:
    address = served.api.replace("http", "ws") + path
    with connect(address, subprotocols=[Subprotocol("prefect")]) as opened:
        opened.send(json.dumps({"type": "auth", "token": "winnow:guess"}))
        with pytest.raises(ConnectionClosed):
            opened.recv(timeout=WAIT_SECONDS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "http://127.0.0.1"]
)
def test_no_other_origin_is_allowed(served: Served, origin: str) -> None:
    assert _allowed(served, origin) is None


@pytest.mark.slow
def test_the_page_of_the_server_is_allowed(served: Served) -> None:
    own = f"http://127.0.0.1:{served.port}"
    assert _allowed(served, own) == own
    assert httpx.get(f"{own}/ui-settings").json()["auth"] == "BASIC"


def _allowed(served: Served, origin: str) -> str | None:
    """The origin that a browser which asks for one is told to let through."""
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = httpx.options(served.order, headers=asked)
    plain = httpx.get(f"{served.api}/health", headers={"Origin": origin})
    name = "access-control-allow-origin"
    assert answer.headers.get(name) == plain.headers.get(name)
    return str(answer.headers[name]) if name in answer.headers else None


@pytest.mark.slow
def test_parameters_of_a_run_execute_nothing_and_change_nothing(served: Served) -> None:
    parameters = served.hostile_run()["parameters"]
    with own_client(served.folder) as client:
        hostile = client.create_flow_run_from_deployment(served.deployment, parameters=parameters)
        assert _ended(client, served, hostile.id) in (StateType.CRASHED, StateType.FAILED)
        plain = client.create_flow_run_from_deployment(served.deployment)
        assert _ended(client, served, plain.id) == StateType.COMPLETED
    assert not (served.folder / "pwned").exists()
    assert (served.folder / "clean" / "report.json").exists()


def _ended(client: SyncPrefectClient, served: Served, run: UUID) -> StateType:
    """How a run ended; no command line shows the login meanwhile."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        assert not _command_lines_with(served.login.partition(":")[2])
        state = client.read_flow_run(run).state
        if state and state.is_final():
            return state.type
        time.sleep(0.5)
    raise AssertionError("a run did not end")


def _command_lines_with(text: str) -> list[bytes]:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes())
        except OSError:  # it has ended
            continue
    return [line for line in lines if text.encode() in line]


@pytest.mark.slow
def test_the_server_listens_on_loopback_alone(served: Served) -> None:
    listening = "0A"
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    port = f"{served.port:04X}"
    assert {row[1] for row in rows if row[3] == listening and row[1].endswith(f":{port}")} == {
        f"0100007F:{port}"
    }


@pytest.mark.slow
def test_login_and_job_lie_in_files_that_only_their_owner_reads(served: Served) -> None:
    folder = served.folder / "prefect" / "winnow"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name.partition("-")[0]: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "job": 0o600,
        "login": 0o600,
    }
    said = (served.folder / "serve.log").read_text()
    assert str(folder / f"login-{served.port}") in said.replace("\n", "")
    assert served.login.partition(":")[2] not in said


@pytest.mark.slow
def test_a_server_ends_with_the_process_that_started_it_however_that_ends(tmp_path: Path) -> None:
    write_inputs(tmp_path, {"a.txt": STORY})
    with serving(tmp_path) as (process, _):
        [login] = (tmp_path / "prefect" / "winnow").glob("login-*")
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _becomes_free(int(login.name.removeprefix("login-")))


def _becomes_free(port: int) -> bool:
    """Whether somebody else can listen on a port before long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.5)
        else:
            return True
    return False


@pytest.mark.slow
def test_a_flow_has_a_server_that_takes_only_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    with temporary_settings(restore_defaults={PREFECT_API_URL, PREFECT_API_AUTH_STRING}):
        with temporary_server():
            api, login = str(PREFECT_API_URL.value()), str(PREFECT_API_AUTH_STRING.value())
            request = partial(httpx.post, f"{api}/deployments/filter", json={})
            foreign = request(headers={"Origin": "https://evil.example"})
            assert foreign.status_code == UNAUTHORIZED
            assert "access-control-allow-origin" not in foreign.headers
            assert request(auth=httpx.BasicAuth(*login.split(":"))).is_success
            assert not _command_lines_with(login.partition(":")[2])
        with pytest.raises(httpx.ConnectError):
            request()


@pytest.mark.slow
def test_a_flow_ends_well_on_a_server_of_its_own(tmp_path: Path) -> None:
    raw = write_inputs(tmp_path, {"a.txt": STORY})
    variables = {"PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(ROOT)}
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")
    } | variables
    command = [sys.executable, "-m", "winnow", "clean", raw, "-o", str(tmp_path / "clean"), "--flow"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, "Error" in done.stderr) == (0, False), done.stderr


def test_what_listens_on_the_port_already_is_not_taken_for_ours() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        temporary_settings(
            {PREFECT_SERVER_API_PORT: taken.getsockname()[1]}, restore_defaults={PREFECT_API_URL}
        ),
    ):
        with pytest.raises(UsageError, match="set PREFECT_API_URL and PREFECT_API_AUTH_STRING"):
            prefect_server().__enter__()
        taken.settimeout(0)
        with pytest.raises(BlockingIOError):  # nobody has even connected
            taken.accept()


def test_a_server_that_is_configured_keeps_its_own_login() -> None:
    theirs = {PREFECT_API_URL: "https://prefect.example/api", PREFECT_API_AUTH_STRING: "team:theirs"}
    with temporary_settings(theirs), prefect_server() as url, temporary_server():
        assert url == PREFECT_API_URL.value() == "https://prefect.example/api"
        assert PREFECT_API_AUTH_STRING.value() == "team:theirs"


ATTACK = """async ([address, body]) => {
  const ways = [{mode: "no-cors"}, {mode: "no-cors", headers: {"content-type": "text/plain"}}, {mode: "cors"},
                {mode: "cors", headers: {"content-type": "application/json"}, credentials: "include"}];
  const seen = [];
  for (const way of ways) {
    try { const answer = await fetch(address, {method: "POST", body, ...way}); seen.push(answer.type); }
    catch (error) { seen.push("refused"); }
  }
  return seen;
}"""
OWN_PAGE = """async ([address, login]) => {
  const headers = {authorization: "Basic " + btoa(login), "content-type": "application/json"};
  return (await fetch(address, {method: "POST", body: "{}", headers})).status;
}"""


@pytest.fixture
def foreign_page(tmp_path: Path) -> Iterator[str]:
    """The address of a page of another origin, on this machine as a rebound name would be."""
    (tmp_path / "index.html").write_text("<p>Hello")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_a_foreign_page_in_a_browser_orders_no_run_and_reads_nothing(
    served: Served, foreign_page: str
) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from tests.browsing import CHROMIUM, chromium

    if not CHROMIUM:
        pytest.skip("no chromium on this machine; apt-get install chromium")
    before = served.run_count()
    with chromium() as browser:
        page = browser.new_page()
        page.goto(foreign_page)
        seen = page.evaluate(ATTACK, [served.order, json.dumps(served.hostile_run())])
        page.goto(f"http://127.0.0.1:{served.port}/")
        own = page.evaluate(OWN_PAGE, [f"{served.api}/deployments/filter", served.login])
    assert seen == ["opaque", "opaque", "refused", "refused"]
    assert own == 200
    assert served.run_count() == before
    assert not (served.folder / "pwned").exists()
