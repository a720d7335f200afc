"""What a page says of itself in JSON-LD, where its other metadata are silent."""

import json
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

PAGE_TYPES: Final = ("Article", "Posting", "WebPage")  # ends of schema.org's names for a page and its text
MAX_CHARS: Final = 1_000_000  # of a script that is read
SCRIPTS: Final = ".//script[@type='application/ld+json']"


def json_ld_url(tree: HtmlElement) -> str:
    """The address that a page gives for itself or its article in JSON-LD, "" if it gives none.

    Sites, publishers and authors, which have addresses too, are passed over.
    """
    things = (thing for script in tree.iterfind(SCRIPTS) for thing in _things(script.text or ""))
    return next((url for thing in things for url in _urls(thing)), "")


def _things(text: str) -> Iterator[dict[str, object]]:
    """The objects of a script that are not part of another."""
    try:
        found = json.loads(text) if len(text) <= MAX_CHARS else None
    except (ValueError, RecursionError):  # not JSON, or nested without end
        return
    for top in found if isinstance(found, list) else [found]:
        if isinstance(top, dict):
            graph = top.get("@graph")
            yield from (
                t for t in [top, *(graph if isinstance(graph, list) else [])] if isinstance(t, dict)
            )


def _urls(thing: dict[str, object]) -> Iterator[str]:
    """Absolute addresses of a thing that is a page or stands for one."""
    kinds = thing.get("@type")
    if not any(str(kind).endswith(PAGE_TYPES) for kind in (kinds if isinstance(kinds, list) else [kinds])):
        return
    page = thing.get("mainEntityOfPage")
    for url in (page.get("@id") if isinstance(page, dict) else page, thing.get("url")):
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            yield url
