"""The registered domain by which a source is named, and the host that a document is from."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract
    from tldextract.tldextract import ExtractResult

MAX_HOST_CHARS: Final = 253  # RFC 1035, section 2.3.4, in the text form
MAX_URL_CHARS: Final = 8192  # of a URL that is read at all; RFC 9110, section 4.1 asks for 8000
RESERVED: Final = frozenset({"example", "test", "invalid", "localhost"})  # RFC 2606, section 2
SCHEME: Final = re.compile(r"(?:[a-z][a-z0-9+.\-]{0,30}:)?//", re.IGNORECASE)
LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
ARCHIVED: Final = re.compile(  # how the Wayback Machine names a copy of a page
    r"\A(?:https?:)?//web\.archive\.org/web/\d{1,14}[a-z_]{0,4}/(?=\S)", re.IGNORECASE
)
PORT: Final = re.compile(r":\d{0,5}\Z")


def registered_domain(url_or_host: str) -> str:
    """The domain that its owner registered, in lower case; "" if the text names no host.

    Suffixes are those of tldextract's bundled list (nothing is downloaded), hosting services
    included, and those of ``words/hosting.toml``: each blog of blogspot.com is a source, as in the rating
    lists (12,704 of their 13,875 names are such a domain; 12,548 without the services). Under a reserved
    or unknown suffix, the last two labels. International names come in their ASCII form, IP addresses
    as they are. An archived page belongs to the site that it was copied from.

    >>> registered_domain("https://user@News.BBC.co.uk:443/a?b#c"), registered_domain("münchen.de.")
    ('bbc.co.uk', 'xn--mnchen-3ya.de')
    """
    return _domain(_host(url_or_host)) if len(url_or_host) <= MAX_URL_CHARS else ""


def is_registered(domain: str) -> bool:
    """Whether a text is a registered domain, as its owner chose it: no folder's name, and no subdomain.

    >>> is_registered("bbc.co.uk"), is_registered("news.bbc.co.uk"), is_registered("raw")
    (True, False, False)
    """
    return bool(domain) and registered_domain(domain) == domain


def site_host(url_or_host: str) -> str:
    """The host in lower case and ASCII, ``www.`` left out; "" if the text names none with a registered domain.

    >>> site_host("https://www.Daily.example/a"), site_host("news.daily.example:80"), site_host("co.uk")
    ('daily.example', 'news.daily.example', '')
    """
    domain = registered_domain(url_or_host)
    host = _ascii(_host(url_or_host))
    return host.removeprefix("www.") if host.endswith(f".{domain}") else domain


def folder_host(folder: str) -> str:
    """The `site_host` if a folder is named like a host under a known or reserved suffix, else "".

    >>> folder_host("www.daily.example"), folder_host("v1.2"), folder_host("my.notes")
    ('daily.example', '', '')
    """
    host = _host(folder) if re.search(r"[/\\@:]", folder) is None else ""
    if "." not in host and host.isascii():  # most folders: no list of suffixes need be loaded for them
        return ""
    is_host = host.rpartition(".")[2] in RESERVED or _split(host).suffix
    return site_host(host) if is_host else ""


def _host(url_or_host: str) -> str:
    """The host part of a URL or of a text that starts with one; of an archived page, that of the page."""
    text = ARCHIVED.sub("", url_or_host.strip())
    scheme = SCHEME.match(text)
    authority = re.split(r"[/?#\\]", text[scheme.end() if scheme else 0 :], maxsplit=1)[0]
    host = authority.rpartition("@")[2] if scheme else authority
    return PORT.sub("", host).rstrip(".").lower()


@lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    """The registered domain of a host, or its IP address."""
    try:
        return str(ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:  # not an address
        host = _ascii(host)
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(LABEL.fullmatch, labels)):
        return ""
    parts = _split(host)
    if not parts.suffix:
        return ".".join(labels[-2:])
    is_service = parts.is_private or parts.suffix in _hosting()
    if parts.domain and not (is_service and parts.domain == "www"):
        return f"{parts.domain}.{parts.suffix}"
    return parts.suffix if is_service else ""  # blogspot.com itself; "co.uk" is nobody's


def _ascii(host: str) -> str:
    """A host in the form that the DNS uses, "" if it has none."""
    if len(host) > MAX_HOST_CHARS:
        return ""
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _split(host: str) -> "ExtractResult":
    return _extractor()(host)


@cache
def _extractor() -> "TLDExtract":
    from tldextract import TLDExtract  # which loads an HTTP client that is never used here

    return TLDExtract(
        cache_dir=None,
        suffix_list_urls=(),
        include_psl_private_domains=True,
        extra_suffixes=_hosting(),
    )


@cache
def subdomain_labels(group: str) -> frozenset[str]:
    """Labels such as ``www`` and ``staging``: a group of ``words/subdomains.toml``, ``same`` or ``unused``."""
    return frozenset(_table("subdomains")[group])


@cache
def _hosting() -> tuple[str, ...]:
    """The hosting services of ``words/hosting.toml``."""
    return tuple(_table("hosting")["suffixes"])


def _table(name: str) -> dict[str, list[str]]:
    return tomllib.loads((files("winnow.corpus") / "words" / f"{name}.toml").read_text(encoding="utf8"))
