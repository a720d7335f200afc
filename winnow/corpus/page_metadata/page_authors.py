"""Who wrote a page: what it declares, then what it shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from winnow.corpus.bylines import credited_names, starts_with_credit
from winnow.corpus.page_metadata.declared import PageDeclarations, site_names
from winnow.corpus.page_metadata.element_texts import folded, one_line
from winnow.corpus.page_metadata.json_ld import Thing, by_id, is_kind, texts, things_of
from winnow.corpus.page_metadata.shown import VisibleBylines, VisibleLine

WRITTEN: Final = ("Article", "Posting", "Report", "Recipe", "Question", "Guide", "HowTo")  # ends of types
PAGES: Final = ("WebPage", "CreativeWork", "VideoObject", "Course")
AUTHOR_TAGS: Final = (
    "author authors article:author og:author og:article:author byl parsely-author sailthru.author citation_author"
    " citation_authors dc.creator dcterms.creator creator cxenseparse:author shareaholic:article_author_name".split()
)
LABELLED: Final = (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2"))
AUTHOR_MARK: Final = re.compile(r"author|byline|user-?name|poster", re.IGNORECASE)  # in names of elements
MAX_LINE_CHARS: Final = 150  # of a byline
MAX_AUTHORS: Final = 20

Names = tuple[str, ...]


def page_authors(declared: PageDeclarations, bylines: VisibleBylines) -> Names:
    """The names of those who wrote a page, from the first source that gives any.

    The name of the site is returned only where there is no other.
    """
    sites = {folded(name) for name in site_names(declared)}
    house: Names = ()
    for names in _candidates(declared, bylines):
        if names and folded(names[0]) not in sites:
            return tuple(name for name in names if folded(name) not in sites)[:MAX_AUTHORS]
        house = house or names[:1]
    return house


def _candidates(declared: PageDeclarations, bylines: VisibleBylines) -> Iterator[Names]:
    """Names from the most to the least telling source."""
    yield from _json_ld(declared)
    yield from _meta(declared)
    yield from _credited_authors(bylines.lines)
    yield from map(_names, bylines.marked(AUTHOR_MARK))


def _json_ld(declared: PageDeclarations) -> Iterator[Names]:
    """The authors that JSON-LD names, those of articles before those of pages."""
    things_by_id = by_id(declared.things)
    for kinds in (WRITTEN, PAGES):
        for thing in declared.things:
            if is_kind(thing, kinds):
                persons = (
                    who for key in ("author", "creator") for who in things_of(thing.get(key), things_by_id)
                )
                yield _unique(map(_thing_name, persons))


def _thing_name(person: Thing) -> str:
    """The name of a person or organisation, "" if it gives none."""
    parts = (text for key in ("givenName", "familyName") for text in texts(person.get(key)))
    return next(texts(person.get("name")), "") or " ".join(parts)


def _meta(declared: PageDeclarations) -> Iterator[Names]:
    """The authors that meta elements name."""
    for name in AUTHOR_TAGS:
        values = declared.meta(name)
        yield _unique(map(_spoken_name, values) if name.startswith("citation") else values)
    for label, value in LABELLED:
        if any(map(starts_with_credit, declared.meta(label))):
            yield _unique(declared.meta(value))


def _spoken_name(name: str) -> str:
    """A name in spoken order, from that of library catalogues: "Moss, Ada" gives "Ada Moss"."""
    family, comma, given_name = name.partition(",")
    return f"{given_name.strip()} {family.strip()}" if comma and "," not in given_name else name


def _credited_authors(lines: Sequence[VisibleLine]) -> Iterator[Names]:
    """The authors whom a line near the heading credits, or the line after a bare "By"."""
    for line, following in zip_longest(lines, lines[1:]):
        text = line.text
        if len(text) > MAX_LINE_CHARS:
            continue
        if starts_with_credit(text):
            yield _names(line) or (_names(following) if following else ())
        elif AUTHOR_MARK.search(line.names):
            yield _names(line)


def _names(line: VisibleLine) -> Names:
    """The names in a byline, whose parts may be in separate elements."""
    return credited_names("\n".join(map(one_line, line.pieces)))


def _unique(credits_given: Iterable[str]) -> Names:
    return tuple(dict.fromkeys(name for text in credits_given for name in credited_names(text)))
