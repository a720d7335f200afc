"""Everything that a page declares for machines, read once."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from winnow.corpus.domains import MAX_URL_CHARS
from winnow.corpus.layout.html import PageTree
from winnow.corpus.page_metadata.element_texts import one_line
from winnow.corpus.page_metadata.json_ld import Thing, is_kind, read_json_ld, texts, thing_urls, with_parts

MAX_TAGS: Final = 1_000  # meta elements that are read
MAX_NAME_CHARS: Final = 100  # of the name of a site
WEB: Final = ("https://", "http://")
LANGUAGE_NAMES: Final = frozenset({"og:locale", "content-language"})
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGE: Final = re.compile(r"([a-zA-Z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class PageDeclarations:
    """A page's declarations and its tree. Names of meta elements are in lower case."""

    tree: PageTree
    url: str  # where the page was found, else what it gives as its address; "" without
    metas: Mapping[str, list[str]]
    things: tuple[Thing, ...]  # of JSON-LD, each followed by what it is about

    def meta(self, *names: str) -> Iterator[str]:
        """The values of meta elements with these names, in the order of the names."""
        for name in names:
            yield from filter(None, map(one_line, self.metas.get(name, ())))


def read_declared(tree: PageTree, url: str) -> PageDeclarations:
    """What a page declares in ``meta`` and ``link`` elements and in JSON-LD."""
    metas: dict[str, list[str]] = defaultdict(list)
    for element in islice(tree.iter("meta"), MAX_TAGS):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content:
            metas[name.strip().lower()].append(content)
    things = read_json_ld(tree)
    page_url = url or _own_url(tree, metas, things)
    return PageDeclarations(tree, page_url, metas, tuple(with_parts(things)))


def _own_url(tree: PageTree, metas: Mapping[str, list[str]], things: tuple[Thing, ...]) -> str:
    """The absolute address that a page gives for itself, "" if it gives none."""
    links = (
        link.get("href") or "" for link in tree.iter("link") if link.get("rel", "").lower() == "canonical"
    )
    thing_links = (url for thing in things for url in thing_urls(thing))
    urls = map(one_line, chain(links, metas.get("og:url", ()), thing_links))
    return next((url for url in urls if url.startswith(WEB) and len(url) <= MAX_URL_CHARS), "")


def site_names(declared: PageDeclarations) -> list[str]:
    """The names that a page gives to its site, the one for readers first."""
    sites = (thing for thing in declared.things if is_kind(thing, ("WebSite",)))
    houses = (thing for thing in declared.things if is_kind(thing, ("Organization",)))
    names = chain(
        declared.meta("og:site_name"),
        (name for thing in sites for key in ("name", "alternateName") for name in texts(thing.get(key))),
        (name for thing in declared.things for name in texts(thing.get("publisher"))),
        declared.meta("application-name", "apple-mobile-web-app-title"),
        (name for thing in houses for name in texts(thing.get("name"))),
        (handle.lstrip("@") for handle in declared.meta("twitter:site")),
    )
    return [name for name in dict.fromkeys(names) if 0 < len(name) <= MAX_NAME_CHARS and "//" not in name]


def declared_language(tree: PageTree) -> str:
    """The language that a page declares, as a tag such as ``en`` or ``en-US``; "" if it declares none.

    Read from the ``lang`` of the page, else from ``og:locale`` and ``content-language``.
    """
    attributes = (tree.get(name) for name in ("lang", "xml:lang", XML_LANG))
    metas = islice(tree.iter("meta"), MAX_TAGS)
    others = (m.get("content") for m in metas if LANGUAGE_NAMES & {*map(str.lower, m.values())})
    tags = (LANGUAGE.match(value.strip().replace("_", "-")) for value in chain(attributes, others) if value)
    tag = next(filter(None, tags), None)
    return "-".join(filter(None, (tag[1].lower(), (tag[2] or "").upper()))) if tag else ""
