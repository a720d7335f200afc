"""The reverse proxy before the page of a team: it names the person of each request, and proves itself by a secret."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError

SECRET_HEADER: Final = b"x-winnow-secret"
PERSON_HEADER: Final = b"x-forwarded-user"  # as oauth2-proxy and others call it
SECRET_VARIABLE: Final = "WINNOW_PROXY_SECRET"  # noqa: S105  # a name, not a secret
# 32 hex digits are 128 bits; the characters are those of RFC 9110, section 11.2, which no proxy's settings quote.
SECRET: Final = re.compile(r"[A-Za-z0-9._~+/=-]{32,512}")
MAX_PERSON_CHARS: Final = 254  # an e-mail address has no more (RFC 5321, section 4.5.3.1.3)
OTHERS_MODE: Final = 0o077  # bits of a file's mode that let others than its owner use it
ORIGIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?/?"
)
OWN_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}  # browsers leave them out
WrittenHeaders = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy that alone may ask, and the origin that it gives the page. Make the parts with the functions below."""

    origin: str  # of the page in people's browsers: "https://review.example.org"
    secret: str = field(repr=False)

    def is_sender(self, headers: WrittenHeaders) -> bool:
        """Whether a request carries the secret, once."""
        secrets = _values(headers, SECRET_HEADER)
        return len(secrets) == 1 and compare_digest(secrets[0], self.secret.encode())


def person_of(headers: WrittenHeaders) -> str:
    """The person whom the proxy names, "" unless it names one in one header, in UTF-8 that hides nothing.

    A comma is refused, too: proxies that join several headers into one put it between the values, and the first
    would be what the browser sent.
    """
    names = _values(headers, PERSON_HEADER)
    name = names[0].decode("utf8", "surrogateescape").strip() if len(names) == 1 else ""
    is_name = name.isprintable() and "," not in name and len(name) <= MAX_PERSON_CHARS
    return name if is_name else ""


def public_origin(address: str) -> str:
    """The origin of the address at which people reach the proxy, as browsers send it.

    Raises UsageError for what is no such address: one with a path, because other applications would share the
    origin and could decide in a reader's name, and one without TLS, on whose way anybody could.

    >>> public_origin("https://review.example.org:443/")
    'https://review.example.org'
    """
    match = ORIGIN.fullmatch(address)
    if match is None or (match["scheme"] == "http" and match["host"] not in OWN_HOSTS):
        raise UsageError(
            f"--behind-proxy {address!r}: give the public address like https://review.example.org, in small letters,"
            " without a path; it must be https"
        )
    port = match["port"] or ""
    return f"{match['scheme']}://{match['host']}{port if port != DEFAULT_PORTS[match['scheme']] else ''}"


def read_secret(path: Path) -> str:
    """The secret in a file. Raises UsageError for a file that others can read, and for a weak secret."""
    try:
        if path.stat().st_mode & OTHERS_MODE:
            raise UsageError(f"{path}: others can read the secret; chmod 600 it")
        return strong_secret(path.read_text(encoding="ascii").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no secret can be read there ({error})") from error


def strong_secret(secret: str, place: str) -> str:
    """The secret, if it is long enough. Raises UsageError that names its place, not what it is."""
    if not SECRET.fullmatch(secret):
        raise UsageError(
            f"{place}: give a secret of 32 to 512 letters, digits and -._~+/=, such as `openssl rand -hex 32` prints"
        )
    return secret


def _values(headers: WrittenHeaders, name: bytes) -> list[bytes]:
    """All values of a header; also of its spelling with ``_``, which some proxies pass on as the browser sent it."""
    return [value for key, value in headers if key.lower().replace(b"_", b"-") == name]
