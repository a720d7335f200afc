"""The JSON-LD of a page."""

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

    Those of lists and of ``@graph`` count. From a script that is not valid JSON,
    headline, dates and author are taken by pattern.
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
    """Absolute addresses of a thing that is a page or represents one."""
    if not is_kind(thing, PAGE_TYPES):
        return
    page = thing.get("mainEntityOfPage")
    for url in (page.get("@id") if isinstance(page, dict) else page, thing.get("url")):
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            yield url


def is_kind(thing: Thing, endings: tuple[str, ...]) -> bool:
    """Whether any type of a thing ends in any of these names."""
    return any(isinstance(kind, str) and kind.endswith(endings) for kind in _as_list(thing.get("@type")))


def with_parts(things: Iterable[Thing]) -> Iterator[Thing]:
    """Things, each followed by what it says its page is about."""
    for thing in things:
        yield thing
        for name in ("mainEntity", "mainEntityOfPage"):
            yield from (part for part in _as_list(thing.get(name)) if isinstance(part, dict))


def texts(value: object) -> Iterator[str]:
    """The values of a property, each on one line: texts, and names of things."""
    for item in _as_list(value):
        item_text = item.get("@value") or item.get("name") if isinstance(item, dict) else item
        item_text = next(iter(item_text), None) if isinstance(item_text, list) else item_text
        if isinstance(item_text, str) and (text := one_line(item_text)):
            yield text


def things_of(value: object, things_by_id: Mapping[str, Thing]) -> Iterator[Thing]:
    """The things that a property such as ``author`` names, references looked up by their ``@id``."""
    for item in _as_list(value):
        if isinstance(item, str):
            yield {"name": item}
        elif isinstance(item, dict):
            reference = item.get("@id")
            is_reference = "name" not in item and isinstance(reference, str)
            yield things_by_id.get(str(reference), item) if is_reference else item


def by_id(things: Iterable[Thing]) -> dict[str, Thing]:
    """Things with a name by their ``@id``."""
    named_things = (thing for thing in things if "name" in thing)
    return {key: thing for thing in named_things if isinstance(key := thing.get("@id"), str)}


def _as_list(value: object) -> list[object]:
    return value[:MAX_VALUES] if isinstance(value, list) else [value]


def _things(text: str) -> Iterator[Thing]:
    """The objects of one script."""
    parsed = _parse_script(text) if len(text) <= MAX_CHARS else None
    for top in parsed if isinstance(parsed, list) else [parsed]:
        if isinstance(top, dict):
            graph = top.get("@graph")
            inner = graph if isinstance(graph, list) else [graph]
            yield from (thing for thing in [top, *inner] if isinstance(thing, dict))


def _parse_script(text: str) -> object:
    """The value of a script, repaired where templates break it: comments around it, trailing commas or text."""
    text = WRAPPING.sub("", text).strip()
    for attempt in (text, TRAILING_COMMA.sub("", text)):
        try:
            return DECODER.raw_decode(attempt)[0]
        except ValueError:
            continue
        except RecursionError:  # nested without end
            return None
    return _salvage_article(text)


def _salvage_article(text: str) -> Thing | None:
    """An article made of the fields that can be found in broken JSON."""
    fields: dict[str, object] = {}
    for name, value in FIELD.findall(text):
        fields.setdefault(name, value)
    authors = AUTHOR.findall(text)
    if authors:
        fields["author"] = [{"name": name} for name in authors[:MAX_VALUES]]
    return {"@type": "Article", **fields} if "headline" in fields else None
