"""The review page behind a real nginx, with the settings of docs/review-team.md as they stand there."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from http.client import HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import uvicorn

from tests.reviewing import events
from winnow.review.app import create_app
from winnow.review.desk import Desk
from winnow.review.http_server import bind
from winnow.review.proxy import Proxy

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or ""
OPENSSL = shutil.which("openssl") or ""
PAGE = (Path(__file__).parents[1] / "docs" / "review-team.md").read_text(encoding="utf8")
WITH_PASSWORDS, WITH_OAUTH2_PROXY = re.findall(r"^```nginx\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SECRET = "0123456789abcdef" * 4
PASSWORD = "correct horse"
PEOPLE = ("ada", "bo@ledger.example", "Søren")
SECONDS = 30.0  # for nginx to start on a busy machine
MAIN = """daemon off; pid {folder}/pid; error_log {folder}/errors; {user}
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {site}
}}
"""
pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="no nginx or openssl on this machine; apt-get install nginx openssl"
)


class SignIn(BaseHTTPRequestHandler):
    """Plays oauth2-proxy: the cookie ``session`` holds the address of who is logged in."""

    def do_GET(self) -> None:
        person = re.search(r"session=([^;]+)", self.headers.get("Cookie", ""))
        self.send_response(202 if person else 401)
        if person:
            self.send_header("X-Auth-Request-User", "118364")
            self.send_header("X-Auth-Request-Email", person[1])
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running(server: uvicorn.Server | ThreadingHTTPServer, **options: object) -> Iterator[None]:
    run = server.run if isinstance(server, uvicorn.Server) else server.serve_forever
    thread = threading.Thread(target=run, kwargs=options)
    thread.start()
    try:
        yield
    finally:
        if isinstance(server, uvicorn.Server):
            server.should_exit = True
        else:
            server.shutdown()
        thread.join()


class Site:
    """The page of a team as browsers reach it, at one port of nginx."""

    def __init__(self, folder: Path, port: int, desk: Desk) -> None:
        self.port, self.desk = port, desk
        self.origin = f"https://localhost:{port}"
        self.tls = ssl.create_default_context(cafile=str(folder / "certificate"))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], **form: str
    ) -> tuple[int, str, HTTPResponse]:
        """Status, text and response of a request."""
        connection = HTTPSConnection("localhost", self.port, context=self.tls, timeout=60)
        with closing(connection):
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
            body = urlencode(form) if form else None
            connection.request(method, path, body, {**(kind if form else {}), **headers})
            response = connection.getresponse()
            return response.status, response.read().decode(), response

    def rate(self, person: str, source: str, login: Mapping[str, str]) -> int:
        token = self.desk.token_of(person)
        return self.ask("POST", "/rate", login, token=token, seen="0", rate=f"mixed {source}")[0]


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def nginx(folder: Path, port: int, site: str) -> Iterator[None]:
    user = "user root;" if os.geteuid() == 0 else ""  # its workers read the folder of the test
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, site=site, user=user), encoding="utf8")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    with subprocess.Popen(command) as process:
        try:
            until = time.monotonic() + SECONDS
            while not answers(port):
                assert process.poll() is None and time.monotonic() < until, (folder / "errors").read_text()
                time.sleep(0.02)
            yield
        finally:
            process.terminate()


@contextmanager
def published(folder: Path, desk: Desk, block: str) -> Iterator[Site]:
    """A desk behind nginx with a block of the documentation, in which addresses and files are those of this test."""
    with ExitStack() as stack:
        listener = stack.enter_context(bind(0))
        with bind(0) as free:  # nginx cannot take a free port by itself
            port = free.getsockname()[1]
        team = replace(desk, proxy=Proxy(f"https://localhost:{port}", SECRET))
        app = create_app(team, listener.getsockname()[1])
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        stack.enter_context(running(uvicorn.Server(config), sockets=[listener]))
        sign_in = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), SignIn))
        stack.enter_context(running(sign_in, poll_interval=0.05))
        for place, text in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("review.example.org;", "localhost;"),
            ("/etc/ssl/certs/review.example.org.pem", f"{folder}/certificate"),
            ("/etc/ssl/private/review.example.org.key", f"{folder}/key"),
            ("/etc/nginx/", f"{folder}/"),
            ("127.0.0.1:8765", f"127.0.0.1:{listener.getsockname()[1]}"),
            ("127.0.0.1:4180", f"127.0.0.1:{sign_in.server_port}"),
        ):
            block = block.replace(place, text)
        stack.enter_context(nginx(folder, port, block))
        yield Site(folder, port, team)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the settings name: a certificate, passwords, and the secret."""
    folder = tmp_path_factory.mktemp("nginx")
    new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = "-addext subjectAltName=DNS:localhost -addext keyUsage=digitalSignature,keyCertSign"
    pair = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run([OPENSSL, *new.split(), *names.split(), *pair], check=True, capture_output=True)
    hashed = subprocess.run([OPENSSL, "passwd", "-6", PASSWORD], check=True, capture_output=True, text=True)
    (folder / "reviewers").write_text(
        "".join(f"{person}:{hashed.stdout}" for person in PEOPLE), encoding="utf8"
    )
    [line] = re.findall(r'^proxy_set_header X-Winnow-Secret ".*?";$', PAGE, re.MULTILINE)
    (folder / "winnow-secret.conf").write_text(line.replace("the content of winnow-secret", SECRET))
    return folder


def by_password(person: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{person}:{password}'.encode()).decode()}"}


def by_session(person: str) -> dict[str, str]:
    return {"Cookie": f"session={person}"}


@pytest.mark.parametrize(
    ("block", "login", "person"),
    [
        *((WITH_PASSWORDS, by_password, person) for person in PEOPLE),
        (WITH_OAUTH2_PROXY, by_session, "bo@ledger.example"),
    ],
)
def test_a_person_decides_through_nginx_under_their_own_name(
    files: Path, desk: Desk, block: str, login: Callable[[str], dict[str, str]], person: str
) -> None:
    smuggled = {
        "X-Forwarded-User": "mallory",
        "X_Forwarded_User": "mallory",
        "X-Winnow-Secret": "guess",
        "X_Winnow_Secret": "guess",
        "X-Forwarded-Host": "evil.example",
    }
    with published(files, desk, block) as site:
        status, page, response = site.ask("GET", "/help", login(person) | smuggled)
        assert status == 200 and f">{person}<" in page and "mallory" not in page
        assert response.getheader("Set-Cookie") is None
        assert site.rate(person, "ledger.example", login(person) | smuggled) == 303
        assert site.rate(person, "a.example", login(person) | {"Origin": "https://evil.example"}) == 403
        assert site.rate(person, "a.example", login(person) | {"Host": "evil.example"}) == 421
    assert [(event.who, event.source) for event in events(desk)] == [(person, "ledger.example")]


def test_without_a_login_nothing_reaches_the_page(files: Path, desk: Desk) -> None:
    with published(files, desk, WITH_PASSWORDS) as site:
        for login in ({}, by_password("ada", "guess"), {"X-Forwarded-User": "ada"}):
            assert site.ask("GET", "/", login)[0] == 401
    with published(files, desk, WITH_OAUTH2_PROXY) as site:
        status, _, response = site.ask("GET", "/history", {"X-Forwarded-User": "ada"})
        place = f"{site.origin}/oauth2/sign_in?rd={site.origin}/history"
        assert (status, response.getheader("Location")) == (302, place)
        assert site.ask("GET", "/oauth2/auth", by_session("ada"))[0] == 404
        assert site.rate("ada", "a.example", {"X-Forwarded-User": "ada"}) == 302
        # nginx sends no header whose value is empty
        assert site.ask("GET", "/", {"X-Auth-Request-Email": "ada", "Cookie": "session= ;"})[0] == 403
    assert not events(desk)


@pytest.mark.parametrize(
    ("missing", "status"), [("X-Forwarded-User $remote_user", 403), ("Host $http_host", 421)]
)
def test_settings_that_lack_a_line_let_nobody_in(
    files: Path, desk: Desk, missing: str, status: int
) -> None:
    line = f"        proxy_set_header {missing};\n"
    assert line in WITH_PASSWORDS
    with published(files, desk, WITH_PASSWORDS.replace(line, "")) as site:
        assert site.ask("GET", "/", by_password("ada"))[0] == status


def test_two_people_who_decide_at_once_through_nginx(files: Path, desk: Desk) -> None:
    sources = [f"s{number}.example" for number in range(12)]
    with published(files, desk, WITH_PASSWORDS) as site, ThreadPoolExecutor(8) as pool:

        def decide(place: tuple[str, str]) -> tuple[str, str, int]:
            person, source = place
            return person, source, site.rate(person, source, by_password(person))

        asked = [(person, source) for source in sources for person in PEOPLE[:2]]
        outcomes = list(pool.map(decide, asked))
        won = {source: person for person, source, status in outcomes if status == 303}
        lost = {source: person for person, source, status in outcomes if status == 409}
        assert won.keys() == lost.keys() == set(sources)
        assert {event.source: event.who for event in events(desk)} == won
        for source, person in lost.items():
            assert won[source] in site.ask("GET", f"/history?about={quote(source)}", by_password(person))[1]


@pytest.mark.slow
def test_two_people_in_real_browsers_see_what_each_other_decided(files: Path, desk: Desk) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from playwright.sync_api import HttpCredentials, expect

    from tests.browsing import CHROMIUM, chromium

    if not CHROMIUM:
        pytest.skip("no chromium on this machine; apt-get install chromium")
    with published(files, desk, WITH_PASSWORDS) as site, chromium() as browser:
        ada, bo = (
            browser.new_context(
                ignore_https_errors=True, http_credentials=HttpCredentials(username=name, password=PASSWORD)
            ).new_page()
            for name in PEOPLE[:2]
        )
        for page in (ada, bo):
            page.goto(f"{site.origin}/source?name=ledger.example")
        ada.locator("button[value^=mixed]").click()
        expect(ada.locator(".did")).to_contain_text("ledger.example is mixed")
        bo.locator("button[value^=reliable]").click()
        expect(bo.locator("h1")).to_have_text("Look again")
        bo.goto(f"{site.origin}/source?name=ledger.example")
        expect(bo.locator(".mine")).to_contain_text("mixed says ada")
        bo.locator("button[value^=reliable]").click()
        ada.goto(f"{site.origin}/source?name=ledger.example")
        expect(ada.locator(".mine").first).to_contain_text("reliable says bo@ledger.example")
    assert [(event.who, event.label) for event in events(desk)] == [
        (PEOPLE[0], "mixed"),
        (PEOPLE[1], "reliable"),
    ]
