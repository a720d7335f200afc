"""What a page says of itself in JSON-LD."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from winnow.corpus.layout.html import PageTree
from winnow.corpus.page_metadata.element_texts import one_line

Thing = Mapping[str, object]

PAGE_TYPES: Final = ("Article", "Posting", "WebPage")  # ends of schema.org's names for a page and its text
MAX_CHARS: Final = 1_000_000  # of a script that is read
MAX_THINGS: Final = 1_000  # of a page
MAX_VALUES: Final = 50  # of one property
WRAPPING: Final = re.compile(r"\A\s{0,99}(?:<!--|/?/?\*?\s{0,9}<!\[CDATA\[(?:\*/)?)")
TRAILING_COMMA: Final = re.compile(r",(?=\s{0,99}[}\]])")
FIELD: Final = re.compile(r'"(headline|datePublished|dateModified)"\s{0,9}:\s{0,9}"([^"\\]{1,300})"')
AUTHOR: Final = re.compile(r'"author"\s{0,9}:[^}]{0,300}?"name"\s{0,9}:\s{0,9}"([^"\\]{1,100})"')
DECODER: Final = json.JSONDecoder(strict=False)


def read_json_ld(tree: PageTree) -> tuple[Thing, ...]:
    """The objects of a page's JSON-LD that are not part of another, in their order.

    Those of lists and of ``@graph`` count. Of a script that is not JSON, what can be told by eye:
    headline, dates and author.
    """
    things: list[Thing] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and len(things) < MAX_THINGS:
            things.extend(_things(script.text or ""))
    return tuple(things[:MAX_THINGS])


def json_ld_url(tree: PageTree) -> str:
    """The address that a page gives for itself or its article in JSON-LD, "" if it gives none.

    Sites, publishers and authors, which have addresses too, are passed over.
    """
    return next((url for thing in read_json_ld(tree) for url in thing_urls(thing)), "")


def thing_urls(thing: Thing) -> Iterator[str]:
    """Absolute addresses of a thing that is a page or stands for one."""
    if not is_kind(thing, PAGE_TYPES):
        return
    page = thing.get("mainEntityOfPage")
    for url in (page.get("@id") if isinstance(page, dict) else page, thing.get("url")):
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            yield url


def is_kind(thing: Thing, endings: tuple[str, ...]) -> bool:
    """Whether one of a thing's types ends in one of these."""
    return any(isinstance(kind, str) and kind.endswith(endings) for kind in _listed(thing.get("@type")))


def with_parts(things: Iterable[Thing]) -> Iterator[Thing]:
    """Things, each followed by what it says its page is about."""
    for thing in things:
        yield thing
        for name in ("mainEntity", "mainEntityOfPage"):
            yield from (part for part in _listed(thing.get(name)) if isinstance(part, dict))


def texts(value: object) -> Iterator[str]:
    """What a property says, on one line each: texts, and names of things."""
    for item in _listed(value):
        said = item.get("@value") or item.get("name") if isinstance(item, dict) else item
        said = next(iter(said), None) if isinstance(said, list) else said
        if isinstance(said, str) and (text := one_line(said)):
            yield text


def things_of(value: object, known: Mapping[str, Thing]) -> Iterator[Thing]:
    """The things that a property such as ``author`` names, references looked up by their ``@id``."""
    for item in _listed(value):
        if isinstance(item, str):
            yield {"name": item}
        elif isinstance(item, dict):
            reference = item.get("@id")
            is_reference = "name" not in item and isinstance(reference, str)
            yield known.get(str(reference), item) if is_reference else item


def by_id(things: Iterable[Thing]) -> dict[str, Thing]:
    """Things with a name by their ``@id``."""
    named = (thing for thing in things if "name" in thing)
    return {key: thing for thing in named if isinstance(key := thing.get("@id"), str)}


def _listed(value: object) -> list[object]:
    return value[:MAX_VALUES] if isinstance(value, list) else [value]


def _things(text: str) -> Iterator[Thing]:
    """The objects of one script."""
    found = _parsed(text) if len(text) <= MAX_CHARS else None
    for top in found if isinstance(found, list) else [found]:
        if isinstance(top, dict):
            graph = top.get("@graph")
            inner = graph if isinstance(graph, list) else [graph]
            yield from (thing for thing in [top, *inner] if isinstance(thing, dict))


def _parsed(text: str) -> object:
    """The value of a script, mended as templates break it: comments around it, commas at an end, a rest behind."""
    text = WRAPPING.sub("", text).strip()
    for attempt in (text, TRAILING_COMMA.sub("", text)):
        try:
            return DECODER.raw_decode(attempt)[0]
        except ValueError:
            continue
        except RecursionError:  # nested without end
            return None
    return _salvaged(text)


def _salvaged(text: str) -> Thing | None:
    """An article made of the fields that can be found in broken JSON."""
    fields: dict[str, object] = {}
    for name, value in FIELD.findall(text):
        fields.setdefault(name, value)
    authors = AUTHOR.findall(text)
    if authors:
        fields["author"] = [{"name": name} for name in authors[:MAX_VALUES]]
    return {"@type": "Article", **fields} if "headline" in fields else None
