"""Who wrote a page: what it declares, then what it shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from winnow.corpus.bylines import credited_names, starts_with_credit
from winnow.corpus.page_metadata.declared import PageDeclarations, site_names
from winnow.corpus.page_metadata.element_texts import folded, one_line
from winnow.corpus.page_metadata.json_ld import Thing, by_id, is_kind, texts, things_of
from winnow.corpus.page_metadata.shown import Line, VisibleBylines

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


def page_authors(declared: PageDeclarations, shown: VisibleBylines) -> Names:
    """The names of those who wrote a page, from the first source that gives any.

    The site itself is named only where nobody else is.
    """
    sites = {folded(name) for name in site_names(declared)}
    house: Names = ()
    for names in _candidates(declared, shown):
        if names and folded(names[0]) not in sites:
            return tuple(name for name in names if folded(name) not in sites)[:MAX_AUTHORS]
        house = house or names[:1]
    return house


def _candidates(declared: PageDeclarations, shown: VisibleBylines) -> Iterator[Names]:
    """Names from the most to the least telling source."""
    yield from _json_ld(declared)
    yield from _meta(declared)
    yield from _credited(shown.lines)
    yield from map(_names, shown.marked(AUTHOR_MARK))


def _json_ld(declared: PageDeclarations) -> Iterator[Names]:
    """The authors that JSON-LD names, those of articles before those of pages."""
    known = by_id(declared.things)
    for kinds in (WRITTEN, PAGES):
        for thing in declared.things:
            if is_kind(thing, kinds):
                found = (who for key in ("author", "creator") for who in things_of(thing.get(key), known))
                yield _unique(map(_thing_name, found))


def _thing_name(person: Thing) -> str:
    """The name of a person or organisation, "" if it gives none."""
    parts = (text for key in ("givenName", "familyName") for text in texts(person.get(key)))
    return next(texts(person.get("name")), "") or " ".join(parts)


def _meta(declared: PageDeclarations) -> Iterator[Names]:
    """The authors that meta elements name."""
    for name in AUTHOR_TAGS:
        values = declared.meta(name)
        yield _unique(map(_spoken, values) if name.startswith("citation") else values)
    for label, value in LABELLED:
        if any(map(starts_with_credit, declared.meta(label))):
            yield _unique(declared.meta(value))


def _spoken(name: str) -> str:
    """A name as it is spoken, of one as libraries write it: "Moss, Ada"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given else name


def _credited(lines: Sequence[Line]) -> Iterator[Names]:
    """The authors whom a line near the heading credits, or the line after a bare "By"."""
    for line, following in zip_longest(lines, lines[1:]):
        text = line.text
        if len(text) > MAX_LINE_CHARS:
            continue
        if starts_with_credit(text):
            yield _names(line) or (_names(following) if following else ())
        elif AUTHOR_MARK.search(line.names):
            yield _names(line)


def _names(line: Line) -> Names:
    """The names in a byline, whose parts may stand in elements of their own."""
    return credited_names("\n".join(map(one_line, line.pieces)))


def _unique(credits_given: Iterable[str]) -> Names:
    return tuple(dict.fromkeys(name for text in credits_given for name in credited_names(text)))
