"""The review page behind a reverse proxy: who is let in, who decides, and what a start refuses."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from starlette.testclient import TestClient

from tests.reviewing import PORT, events, last, text_of
from tests.test_review_command import start
from tests.test_review_hostile import FORMS, PATHS, SCRIPT, assert_harmless
from winnow.cli.review import LOOPBACK, proxy_of
from winnow.corpus.errors import UsageError
from winnow.review.app import create_app
from winnow.review.desk import Desk
from winnow.review.proxy import (
    MAX_PERSON_CHARS,
    Proxy,
    person_of,
    public_origin,
    read_secret,
    strong_secret,
)

ORIGIN = "https://review.example.org"
SECRET = "0123456789abcdef" * 2
Headers = list[tuple[bytes, bytes]]


@pytest.fixture
def team(desk: Desk) -> Desk:
    return replace(desk, proxy=Proxy(ORIGIN, SECRET))


@contextmanager
def asked(team: Desk, headers: Headers) -> Iterator[TestClient]:
    """A client whose requests reach the page with these headers, and as from nobody's proxy with none."""
    app = create_app(team, PORT)
    with TestClient(app, ORIGIN, raise_server_exceptions=False, follow_redirects=False) as client:
        client.headers.clear()
        client.headers.update(headers)
        yield client


def by_proxy(name: str | bytes, *more: tuple[bytes, bytes]) -> Headers:
    person = name if isinstance(name, bytes) else name.encode()
    return [(b"X-Winnow-Secret", SECRET.encode()), (b"X-Forwarded-User", person), *more]


def rate(
    client: TestClient,
    team: Desk,
    name: str,
    source: str = "ledger.example",
    headers: Headers | None = None,
    seen: int = 0,
) -> int:
    form = {"token": team.token_of(name), "seen": str(seen), "rate": f"mixed {source}"}
    return int(client.post("/rate", data=form, headers=headers).status_code)


SECRETS: list[Headers] = [
    [],
    [(b"X-Winnow-Secret", b"")],
    [(b"X-Winnow-Secret", SECRET[:-1].encode())],
    [(b"X-Winnow-Secret", SECRET.encode() + b"0")],
    [(b"X-Winnow-Secret", "ü".encode() * 32)],
    [(b"X-Winnow-Secret", SECRET.encode()), (b"X-Winnow-Secret", SECRET.encode())],
    [(b"X-Winnow-Secret", SECRET.encode()), (b"X_Winnow_Secret", b"guess")],
    [(b"X-Winnow-Secret", f"{SECRET}, {SECRET}".encode())],
    [(b"Authorization", SECRET.encode()), (b"Cookie", f"X-Winnow-Secret={SECRET}".encode())],
]


@pytest.mark.parametrize("secret", SECRETS)
def test_who_does_not_know_the_secret_is_refused_without_a_word(team: Desk, secret: Headers) -> None:
    with asked(team, [*secret, (b"X-Forwarded-User", b"ada")]) as client:
        answers = [client.get(path) for path in (*PATHS, "/static/review.css", "/none")]
        answers += [client.post(path, data={"token": team.token_of("ada")}) for path in FORMS]
        answers += [client.get("/", headers={"host": "evil.example"}), client.options("/")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(403, b"")}
    assert {name for answer in answers for name in answer.headers} == {"content-length"}


NOBODIES: list[Headers] = [
    [],
    [(b"X-Forwarded-User", b"")],
    [(b"X-Forwarded-User", b"   ")],
    [(b"X-Forwarded-User", b"mallory"), (b"X-Forwarded-User", b"ada")],
    [(b"X-Forwarded-User", b"ada"), (b"X-Forwarded-User", b"ada")],
    [(b"X_Forwarded_User", b"mallory"), (b"X-Forwarded-User", b"ada")],
    [(b"x-forwarded_user", b"mallory"), (b"x-forwarded-user", b"ada")],
    [(b"X-Forwarded-User", b"mallory, ada")],
    [(b"X-Forwarded-User", "ada\u202e".encode())],
    [(b"X-Forwarded-User", "ada\u200b".encode())],
    [(b"X-Forwarded-User", b"a" * (MAX_PERSON_CHARS + 1))],
    [(b"X-Forwarded-Email", b"ada@example.org"), (b"Remote-User", b"ada")],
]


@pytest.mark.parametrize("person", NOBODIES)
def test_a_request_that_does_not_name_one_person_is_refused(team: Desk, person: Headers) -> None:
    with asked(team, [(b"X-Winnow-Secret", SECRET.encode()), *person]) as client:
        answer = client.get("/")
        assert answer.status_code == 403 and "x-forwarded-user" in answer.text
        assert rate(client, team, "ada") == 403
    assert not events(team)


def test_a_name_that_is_not_utf_8_is_nobody() -> None:
    assert person_of(by_proxy("Søren".encode("latin-1"))) == ""
    assert person_of(by_proxy("Søren".encode())) == "Søren"


@pytest.mark.parametrize(
    "name", ["ada", "ada@example.org", "Ada Lovelace", "Søren", "李雷", "a" * MAX_PERSON_CHARS, SCRIPT]
)
def test_who_decides_is_whom_the_proxy_names(
    team: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "mallory")
    with asked(team, by_proxy(name, (b"Cookie", b"winnow_reviewer=mallory"))) as client:
        assert rate(client, team, name) == 303
        page = client.get("/history")
    assert [event.who for event in events(team)] == [name]
    assert_harmless(page)
    assert name in text_of(page.text) and "mallory" not in page.text
    assert "set-cookie" not in page.headers and "Your name" not in page.text


@pytest.mark.parametrize("path", ["/reviewer", "/import"])
def test_nobody_writes_in_another_name(team: Desk, path: str) -> None:
    line = "action,who,when,source,label\nrate_source,bo,2026-01-31T12:00:00Z,a.example,mixed\n"
    form = {"token": team.token_of("ada"), "name": "bo", "form": "csv", "text": line}
    with asked(team, by_proxy("ada")) as client:
        answer = client.post(path, data=form)
    assert answer.status_code == 403 and "from the proxy alone" in answer.text
    assert not events(team) and "set-cookie" not in answer.headers


def test_the_token_of_one_person_is_of_no_use_to_another(team: Desk) -> None:
    with asked(team, by_proxy("bo")) as client:
        assert rate(client, team, "ada") == 403
        assert rate(client, team, "bo") == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"origin": ORIGIN}, 303),
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://review.example.org"}, 403),
        ({"origin": "https://review.example.org.evil.example"}, 403),
        ({"origin": "https://other.example.org", "sec-fetch-site": "same-site"}, 403),
        ({"origin": f"http://127.0.0.1:{PORT}"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"host": "evil.example"}, 421),
        ({"host": f"127.0.0.1:{PORT}"}, 421),
        ({"host": "review.example.org:8443"}, 421),
        ({"host": "evil.example", "x-forwarded-host": "review.example.org"}, 421),
    ],
)
def test_forms_come_from_the_public_address_alone(team: Desk, headers: dict[str, str], status: int) -> None:
    with asked(team, by_proxy("ada")) as client:
        client.headers.update(headers)
        assert rate(client, team, "ada") == status
    assert len(events(team)) == (status == 303)


def test_of_people_who_decide_at_once_each_is_written_down_or_told(team: Desk) -> None:
    def decide(name: str) -> list[int]:
        sources = [*(f"{name} {number}.example" for number in range(5)), "rival.example"]
        return [rate(client, team, name, source, by_proxy(name)) for source in sources]

    people = [f"person {number}" for number in range(8)]
    with asked(team, []) as client, ThreadPoolExecutor(len(people)) as pool:
        statuses = dict(zip(people, pool.map(decide, people), strict=True))
    assert [each[:5] for each in statuses.values()] == [[303] * 5] * 8
    [winner] = [name for name, each in statuses.items() if each[5] == 303]
    assert sorted(each[5] for each in statuses.values()) == [303] + [409] * 7
    whose = {event.source: event.who for event in events(team)}
    assert whose.pop("rival.example") == winner
    assert len(whose) == 40 and all(source.startswith(who) for source, who in whose.items())


def test_each_sees_what_the_other_decided_and_undo_takes_back_ones_own(team: Desk) -> None:
    with asked(team, by_proxy("ada")) as ada, asked(team, by_proxy("bo")) as bo:
        assert rate(ada, team, "ada") == 303
        assert "mixed says ada" in text_of(bo.get("/source?name=ledger.example").text)
        assert rate(bo, team, "bo", "blaze.example") == 303
        assert ada.post("/undo", data={"token": team.token_of("ada")}).status_code == 303
        assert "mixed says bo" in text_of(ada.get("/source?name=blaze.example").text)
        assert "says ada" not in text_of(bo.get("/source?name=ledger.example").text)
        assert rate(ada, team, "ada", "blaze.example", seen=0) == 409
        assert rate(ada, team, "ada", "blaze.example", seen=last(team)) == 303
    assert [(event.who, event.action) for event in events(team)][2] == ("ada", "undo")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://review.example.org", ORIGIN),
        ("https://review.example.org/", ORIGIN),
        ("https://review.example.org:443", ORIGIN),
        ("https://review.example.org:8443", f"{ORIGIN}:8443"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_the_public_address_gives_its_origin(address: str, origin: str) -> None:
    assert public_origin(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "review.example.org",
        "http://review.example.org",
        "https://review.example.org/winnow",
        "https://review.example.org?a",
        "https://ada:secret@review.example.org",
        "https://Review.example.org",
        "https://review.example.org, https://evil.example",
        "https://*.example.org",
        "https://",
        "javascript:alert(1)",
        "https://review.example.org\n",
    ],
)
def test_what_is_no_public_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="--behind-proxy"):
        public_origin(address)


@pytest.mark.parametrize(
    "secret", ["", "a" * 31, "a" * 513, "a b" * 16, "ü" * 32, f"{'a' * 32}\n{'b' * 32}", f"{'a' * 32}$x"]
)
def test_a_weak_secret_is_refused_and_not_told(tmp_path: Path, secret: str) -> None:
    path = tmp_path / "secret"
    path.write_text(secret)
    path.chmod(0o600)
    for read in (read_secret, lambda place: strong_secret(secret, str(place))):
        with pytest.raises(UsageError) as error:
            read(path)
        assert str(path) in str(error.value) and (not secret or secret not in str(error.value))


@pytest.mark.parametrize(
    ("mode", "is_private"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False)]
)
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int, is_private: bool) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    path.chmod(mode)
    if is_private:
        assert read_secret(path) == SECRET
        return
    with pytest.raises(UsageError, match="chmod 600"):
        read_secret(path)


@pytest.mark.parametrize(
    ("address", "secret", "host", "says"),
    [
        ("", "", "0.0.0.0", "--behind-proxy"),
        ("", "", "::", "--behind-proxy"),
        ("", "", "127.0.0.2", "--behind-proxy"),
        (ORIGIN, "", "0.0.0.0", "WINNOW_PROXY_SECRET"),
        (ORIGIN, "", LOOPBACK, "WINNOW_PROXY_SECRET"),
        (ORIGIN, "none", LOOPBACK, "none"),
        ("", "secret", LOOPBACK, "--behind-proxy"),
        ("http://review.example.org", "secret", LOOPBACK, "must be https"),
    ],
)
def test_a_start_that_would_trust_anybody_is_refused(
    tmp_path: Path, address: str, secret: str, host: str, says: str
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    with pytest.raises(UsageError, match=says):
        proxy_of(address, tmp_path / secret if secret else None, host)


@pytest.mark.parametrize(
    "arguments",
    [["--host", "0.0.0.0"], ["--behind-proxy", ORIGIN, "--proxy-secret", "secret", "--reviewer", "bo"]],
)
def test_the_command_says_in_one_line_what_it_refuses(
    desk: Desk, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    process = start(tmp_path, "--port", "0", *arguments)
    output, message = process.communicate(timeout=120)
    assert process.returncode == 2 and "-proxy" in message and "Traceback" not in message
    assert not output and SECRET not in message


@pytest.mark.slow
def test_the_command_serves_a_team_with_the_secret_of_its_environment(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINNOW_PROXY_SECRET", SECRET)
    with start(tmp_path, "--port", "0", "--host", "0.0.0.0", "--behind-proxy", ORIGIN) as process:
        assert process.stdout and process.stderr
        line = process.stdout.readline()
        assert line.startswith(f"{ORIGIN}/ shows") and SECRET not in line
        address = line.partition("before ")[2].partition(";")[0].replace("0.0.0.0", "127.0.0.1")
        with pytest.raises(HTTPError) as refusal:
            urlopen(address)
        headers = {name.decode(): value.decode() for name, value in by_proxy("ada")}
        page = urlopen(Request(address, headers=headers | {"Host": "review.example.org"})).read().decode()
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert not process.stderr.read()
    assert (refusal.value.status, refusal.value.read()) == (403, b"")
    assert "ledger.example" in page and ">ada<" in page
