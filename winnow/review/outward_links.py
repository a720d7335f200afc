"""Links that leave the page: to a site or document on the web, for a person to open. Winnow itself fetches nothing."""

from urllib.parse import urlsplit

from winnow.corpus.domains import site_host


def web_host(url: str) -> str:
    """The host of an address that a browser may open, "" for any other: only http and https, and nothing hidden.

    Addresses in numbers are left out: a document must not lead a reader to a machine of their own network.

    >>> web_host("https://www.bbc.co.uk/news"), web_host("javascript:alert(1)"), web_host("http://127.0.0.1/")
    ('bbc.co.uk', '', '')
    """
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:  # of brackets that hold no address
        return ""
    is_plain = url.isprintable() and not set(url) & set(" \\\"'<>`")
    host = site_host(url) if is_web and is_plain else ""
    return "" if ":" in host or host.rpartition(".")[2].isdecimal() else host


def site_address(source: str) -> str:
    """The address of a source's site, "" for one that is no host, as a folder is.

    >>> site_address("bbc.co.uk"), site_address("raw"), site_address("a.example/../b")
    ('https://bbc.co.uk/', '', '')
    """
    address = f"https://{source}/"
    return address if "." in source and web_host(address) == source else ""
