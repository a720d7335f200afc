"""The guard before every page: it checks proxy, host and origin, limits bodies, and adds security headers."""

from collections.abc import Sequence
from hmac import compare_digest
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from winnow.review.proxy import PERSON_HEADER, Proxy, person_of

MAX_BODY_BYTES: Final = 50_000_000  # an import of some 100,000 decisions
MAX_DIGITS: Final = 20  # of a length; Python itself reads no more than some thousand
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
RAW_POLICY: Final = (  # of a raw page: its own inline styles, and nothing from anywhere
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers send forms with the Origin "null"
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}
TOO_LARGE: Final = f"more than {MAX_BODY_BYTES:,} bytes"
NOT_ASCII: Final = "the address holds bytes that are not ASCII; escape them as %XX"
READ_ONLY: Final = "read-only: this page shows, and decides nothing"
NOBODY: Final = f"the proxy must name one person in {PERSON_HEADER.decode()}: in UTF-8, without a comma"


class Guard:
    """Refuses requests that do not come from a page of this server, and adds security headers to every response.

    A foreign name that points to this machine is refused by its Host (DNS rebinding), a form of a
    foreign page by its Origin; forms of this server carry its token (see `is_token`). Behind a proxy, who does
    not know its secret gets 403 and not a word, whatever is asked; the person whom the proxy names becomes the
    request's ``user``.
    """

    def __init__(
        self, app: ASGIApp, origins: Sequence[str], *, read_only: bool = False, proxy: Proxy | None = None
    ) -> None:
        self.app = app
        self.origins = frozenset(origins)  # with port, as browsers send them
        self.hosts = frozenset(origin.partition("://")[2] for origin in origins)
        self.read_only = read_only
        self.proxy = proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.proxy:
            if not self.proxy.is_sender(scope["headers"]):
                await Response(status_code=403)(scope, receive, send)
                return
            scope = {**scope, "user": person_of(scope["headers"])}
        refusal = _unreadable_address(scope) or self._refusal(
            scope["method"], Headers(scope=scope), scope.get("user")
        )
        app = PlainTextResponse(refusal[1], refusal[0]) if refusal else self.app
        await app(scope, _bounded(receive), _with_headers(send))

    def _refusal(self, method: str, headers: Headers, person: str | None) -> tuple[int, str] | None:
        """Status and reason, None where there is nothing to refuse; ``person`` is None without a proxy."""
        if person == "":
            return 403, NOBODY
        if headers.get("host", "") not in self.hosts:
            return 421, f"this server answers to {', '.join(sorted(self.hosts))} only"
        if method in SAFE_METHODS:
            return None
        foreign = [origin for origin in headers.getlist("origin") if origin not in self.origins]
        if foreign or headers.get("sec-fetch-site") == "cross-site":
            return 403, "this form comes from another site"
        if self.read_only:
            return 403, READ_ONLY
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return 411, "say the length of the body"
        return (413, TOO_LARGE) if int(length[:MAX_DIGITS]) > MAX_BODY_BYTES else None


def is_token(token: str, expected: str) -> bool:
    """Whether a form carries the token of this server, which no other site can read."""
    return compare_digest(token.encode(), expected.encode())


def _unreadable_address(scope: Scope) -> tuple[int, str] | None:
    """Status and reason for a query with bytes that no browser sends, and that cannot be decoded; else None."""
    return None if scope["query_string"].isascii() else (400, NOT_ASCII)


def _bounded(receive: Receive) -> Receive:
    """A `receive` that counts: a body sent in chunks can be longer than its header says."""
    size = 0

    async def counted() -> Message:
        """The next message. Raises HTTPException once the body is too large."""
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            raise HTTPException(413, TOO_LARGE)
        return message

    return counted


def _with_headers(send: Send) -> Send:
    """A `send` that adds `HEADERS`, and `PAGE_POLICY` where the response has no policy."""

    async def guarded(message: Message) -> None:
        """Send a message, the one that starts an answer with the headers."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        await send(message)

    return guarded
