"""Requests to the review page of a hostile corpus: each is answered, none with an error of ours, and all is escaped."""

import asyncio
import atexit
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import unquote_to_bytes

from anyio import to_thread
from starlette.types import ASGIApp, Message, Scope

from tests.fuzz.target import Target, as_bytes, expect
from tests.reviewing import PORT
from tests.runs import rows
from tests.test_review_hostile import FORMS, HOSTILE, PATHS, assert_elements_are_ours, hostile_desk
from winnow.corpus.decisions.events import RATING_LABELS
from winnow.review.app import create_app
from winnow.review.desk import Desk
from winnow.review.guard import PAGE_POLICY, RAW_POLICY

FIELDS: Final = (
    "after at about action back basis batch before changed confirmed count did doc everything expires file folds form kind"
    " label language name queue rate raw seen source span state text why within begins token"
).split()
VALUES: Final = (
    "TOKEN", "DOCUMENT", "SOURCE", "&", "=", "?", "/", "//evil.example", "%", "%00", "%ff", "%F0%9F%98%80", "+", "\r\n", "\r\n\r\n",
    "0", "1", "yes", "0-4", "4-0", "restore", "remove", "boilerplate", "jsonl", "csv", "2026-12-31", "mixed a.example", "all",
    "open", "GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "/static/../app.py", "/static/review.js", "host: ", "origin: ",
    "cookie: winnow_reviewer=", "content-length: ", "content-type: multipart/form-data; boundary=b", "--b\r\n", "--b--\r\n",
    'Content-Disposition: form-data; name="', '"; filename="a.csv"', "sec-fetch-site: cross-site", "transfer-encoding: chunked",
    "accept-encoding: gzip", "range: bytes=0-", "if-none-match: *", "x-forwarded-for: ", "&lt;", "<script>", "\u202e",
    '{"action": "rate_source", "who": "Ada", "when": "2026-01-31T12:00:00Z", "source": "a.example", "label": "mixed"}',
)  # fmt: skip
MAX_EVENTS_BYTES: Final = (
    200_000  # of the log, before it is put back as it was; a long one makes pages slow
)


@dataclass(slots=True)
class Answer:
    """What the application sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {
                name.decode("latin1").lower(): v.decode("latin1") for name, v in message["headers"]
            }
        self.body += message.get("body", b"")


@dataclass(frozen=True, slots=True)
class _Server:
    """The application over a desk, with what a request may name of it."""

    desk: Desk
    app: ASGIApp
    loop: asyncio.AbstractEventLoop
    names: dict[bytes, bytes]
    log: bytes


def check(data: bytes) -> None:
    """Send a request, written as HTTP/1.1; what it leaves out of host, length and type is added."""
    server = _server()
    for name, value in server.names.items():
        data = data.replace(name, value)
    head, _, body = data.partition(b"\r\n\r\n")
    answer = Answer()
    with patch.object(to_thread, "run_sync", _run_here):
        server.loop.run_until_complete(_call(server, _scope(head, len(body)), body, answer))
    expect(100 <= answer.status < 500, f"the answer is {answer.status}")
    policy = answer.headers.get("content-security-policy")
    expect(policy in (PAGE_POLICY, RAW_POLICY), "an answer has its policy")
    if (
        policy == PAGE_POLICY
        and answer.headers.get("content-type", "").startswith("text/html")
        and answer.body
    ):
        assert_elements_are_ours(answer.body.decode())
    if server.desk.log.stat().st_size > MAX_EVENTS_BYTES:
        _restore(server)


async def _run_here(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a function in this thread: the fuzzer's counters know no other, and a thread costs more than a page."""
    return call(*arguments)


async def _call(server: _Server, scope: Scope, body: bytes, answer: Answer) -> None:
    """Let the application answer; the body comes in two pieces."""
    half = len(body) // 2
    pieces = iter([(body[:half], True), (body[half:], False)])

    async def receive() -> Message:
        """The next piece of the body, then the news that the browser is gone."""
        piece, is_more = next(pieces, (None, False))
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": is_more}

    await server.app(scope, receive, answer.send)


def _scope(head: bytes, length: int) -> Scope:
    """What a server makes of the head of a request."""
    first, *lines = head.split(b"\r\n")
    method, _, target = first.partition(b" ")
    path, _, query = target.partition(b"?")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)
    }
    defaults = {
        b"host": f"127.0.0.1:{PORT}".encode(),
        b"content-length": str(length).encode(),
        b"content-type": b"application/x-www-form-urlencoded",
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method.decode("latin1").upper(),
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf8", "replace"),
        "raw_path": path,
        "root_path": "",
        "query_string": query,
        "headers": [*(defaults | headers).items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", PORT),
    }


@cache
def _server() -> _Server:
    """The server of a hostile corpus, made once."""
    place = Path(mkdtemp(prefix="winnow-fuzz-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    desk = hostile_desk(place)
    documents = rows(desk.raw, "documents")
    names = {b"TOKEN": desk.token, b"DOCUMENT": documents[0]["id"], b"SOURCE": documents[0]["domain"]}
    encoded = {name: value.encode() for name, value in names.items()}
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return _Server(desk, create_app(desk, PORT), loop, encoded, desk.log.read_bytes())


def _restore(server: _Server) -> None:
    """Put the log back as it was."""
    for file in server.desk.log.parent.glob(f"{server.desk.log.name}-*"):
        file.unlink()
    server.desk.log.write_bytes(server.log)


def _requests() -> Iterator[bytes]:
    yield from (f"GET {path}?doc=DOCUMENT&name=SOURCE&state=all\r\n\r\n".encode() for path in PATHS)
    fields = {
        "/rate": "rate=mixed SOURCE&seen=0&why=x&expires=2026-12-31",
        "/bulk": "source=SOURCE&label=mixed&seen=0&confirmed=yes&count=1",
        "/span": "doc=DOCUMENT&seen=0&action=remove&span=0-4&kind=promo",
        "/lines": "source=SOURCE&seen=0&text=Rain&action=remove&kind=promo&confirmed=yes",
        "/reviewer": "name=Ada&back=/source?name=a",
        "/import": 'form=jsonl&text={"action":"undo"}',
    }
    for path in FORMS:
        yield f"POST {path}\r\n\r\ntoken=TOKEN&{fields.get(path, 'batch=')}".encode()
    multipart = '--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nTOKEN\r\n--b--\r\n'
    yield f"POST /import\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n{multipart}".encode()


TEXTS: Final = [text for texts in HOSTILE for text in texts.values()]
PIECES: Final = as_bytes(FIELDS, VALUES, PATHS, FORMS, RATING_LABELS, TEXTS)
TARGET: Final = Target(check, _requests, PIECES, max_bytes=600)
