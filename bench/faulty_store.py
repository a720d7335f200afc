"""A store that fails as stores do: a proxy before a real one, which refuses, is slow, loses requests and answers."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

# What becomes of a request that fails.
FAULTS: Final = ("500", "503", "slow", "torn upload", "lost answer", "torn answer")
SLOW_SECONDS: Final = 0.2
PASSED_ON: Final = frozenset(
    {"connection", "transfer-encoding", "keep-alive", "date", "server"}
)  # by the proxy itself


class FaultyStore(ThreadingHTTPServer):
    """A server of S3 on a port of its own, in front of one at another, with a share of faults."""

    daemon_threads = True

    def __init__(self, host: str, port: int, fault_share: float, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = (host, port)
        self.fault_share = fault_share
        self.requests = 0
        self.faults = Counter[str]()
        self.on_request: Callable[[int], None] = lambda _: None  # called with the number of each request
        self._chance, self._turn = random.Random(seed), threading.Lock()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def draw_fault(self) -> str:
        """What becomes of the next request, "" for nothing."""
        with self._turn:
            self.requests += 1
            self.on_request(self.requests)
            if self._chance.random() >= self.fault_share:
                return ""
            fault = self._chance.choice(FAULTS)
            self.faults[fault] += 1
            return fault

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that went away: they are killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultyStore

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def _answer(self) -> None:
        fault = self.server.draw_fault()
        self.close_connection = True
        if fault == "torn upload":
            self.rfile.read(int(self.headers.get("Content-Length", 0)) // 2)
            return
        if self.headers.get("Expect", "") == "100-continue":
            pass  # the base class has answered that
        body = _body(self)
        if fault in ("500", "503"):
            self._send(int(fault), [], b"")
            return
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        status, headers, content = _ask(self, body)
        if fault != "lost answer":
            self._send(status, headers, content, torn=fault == "torn answer")

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _answer  # noqa: N815  # names of the base class

    def _send(
        self, status: int, headers: list[tuple[str, str]], content: bytes, *, torn: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in (*PASSED_ON, "content-length") or (
                name.lower() == "content-length" and self.command == "HEAD"
            ):
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if torn else content)


def _body(request: _Handler) -> bytes:
    """The body of a request, as it came; chunks are passed on whole."""
    if request.headers.get("Transfer-Encoding", "") != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length", 0)))
    lines = list[bytes]()
    while True:
        size = int((line := request.rfile.readline()).split(b";")[0], 16)
        lines += [line, request.rfile.read(size + 2)] if size else [line]
        if not size:
            while (line := request.rfile.readline()) not in (b"\r\n", b""):
                lines.append(line)
            return b"".join([*lines, b"\r\n"])


def _ask(request: _Handler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """The answer of the store behind."""
    connection = http.client.HTTPConnection(*request.server.behind, timeout=60)
    try:
        connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            if name.lower() not in ("connection", "expect"):
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


@contextmanager
def faulty_store(host: str, port: int, fault_share: float, seed: int) -> Iterator[FaultyStore]:
    """A faulty store in front of one while the block lasts."""
    with FaultyStore(host, port, fault_share, seed) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            with suppress(RuntimeError):
                thread.join()
