"""Who wrote a page: what it declares, then what it shows."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import zip_longest
from typing import Final

from winnow.corpus.bylines import (
    credited_names,
    inner_credit,
    is_role_or_day,
    may_have_credit,
    starts_with_credit,
)
from winnow.corpus.page_metadata.declared import PageDeclarations
from winnow.corpus.page_metadata.element_texts import one_line
from winnow.corpus.page_metadata.json_ld import Thing, by_id, is_kind, texts, things_of
from winnow.corpus.page_metadata.shown import VisibleBylines, VisibleLine
from winnow.corpus.page_metadata.title_parts import Site, title_key
from winnow.corpus.person_names import is_house, may_be_person

WRITTEN: Final = ("Article", "Posting", "Report", "Recipe", "Question", "Guide", "HowTo")  # ends of types
PAGES: Final = ("WebPage", "CreativeWork", "VideoObject", "Course")
AUTHOR_TAGS: Final = (
    "author authors article:author og:author og:article:author byl parsely-author sailthru.author citation_author"
    " citation_authors dc.creator dcterms.creator creator cxenseparse:author shareaholic:article_author_name".split()
)
LABELLED: Final = (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2"))
AUTHOR_MARK: Final = re.compile(r"author|byline|user-?name|poster", re.IGNORECASE)  # in names of elements
# In names of elements that hold something else of a byline
OTHER_MARK: Final = re.compile(
    r"(?:byline|author)[-_]{1,2}(?:tag|date|categor|separator|topic|time)|breadcrumb", re.IGNORECASE
)
SECTION_TAGS: Final = ("article:section", "og:article:section", "section", "article:tag", "og:article:tag")
LINES_OF_NAMES: Final = 4  # behind the heading, in which a name may stand without a word of credit
PART: Final = re.compile(r"\s{0,3}[|•·]\s{0,3}")
FULL_NAME: Final = re.compile(
    r"[^\W\d_a-z]\w{0,20}[.’'-]?\w{0,20}(?: [^\W\d_a-z]\w{0,20}[.’'-]?\w{0,20}){1,2}"
)
MAX_LINE_CHARS: Final = 150  # of a byline
MAX_AUTHORS: Final = 20

Names = tuple[str, ...]


def page_authors(declared: PageDeclarations, bylines: VisibleBylines, site: Site, title: str) -> Names:
    """The names of those who wrote a page, from the first source that gives any.

    The name of the site is returned only where there is no other; a name without a word of credit only where there
    is no site's. What the page shows counts only where it is written as a name, and is neither the title nor a section.
    """
    house: Names = ()
    for names in _candidates(declared, bylines, title):
        if names and title_key(names[0]) not in site.keys:
            others = (name for name in names[1:] if not site.is_named(name))
            return (names[0], *others)[:MAX_AUTHORS]
        house = house or names[:1]
    return house or next(filter(None, _names_beside_days(bylines.behind[:LINES_OF_NAMES])), ())


def _candidates(declared: PageDeclarations, bylines: VisibleBylines, title: str) -> Iterator[Names]:
    """Names from the most to the least telling source."""
    yield from _json_ld(declared)
    yield from _meta(declared)
    others = {title_key(text) for text in (title, *declared.meta(*SECTION_TAGS))}
    for names in _shown(bylines, others):
        yield tuple(name for name in names if title_key(name) not in others)


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


def _shown(bylines: VisibleBylines, others: Set[str]) -> Iterator[Names]:
    """Names that the page shows: in lines of credit before its text, in marked lines, in the same behind it.

    Marked lines that are one of the ``others``, title and sections, are passed over.
    """
    yield from _credited_authors(bylines.head)
    yield from (_marked_names(line, others) for line in bylines.head)
    for line in bylines.body:
        is_credit = starts_with_credit(line.text[:MAX_LINE_CHARS])
        names = _credited_names(line) if is_credit else _marked_names(line, others)
        yield names if line.may_be_dated else tuple(filter(_is_full_person, names))
    yield from (_marked_names(line, others) for line in bylines.marked(AUTHOR_MARK))


def _names_beside_days(lines: Sequence[VisibleLine]) -> Iterator[Names]:
    """A name alone in a line behind the heading, or first in it, if a day or a role follows at once."""
    for line, following in zip_longest(lines, lines[1:]):
        name, *rest = PART.split(line.text, maxsplit=1)
        behind = rest[0] if rest else following.text if following else ""
        is_name = FULL_NAME.fullmatch(name) and not name.isupper() and not is_house(name)
        if is_name and is_role_or_day(behind):
            yield credited_names(name)


def _credited_authors(lines: Sequence[VisibleLine]) -> Iterator[Names]:
    """The authors whom a line credits, or the line after a bare "By"."""
    for line, following in zip_longest(lines, lines[1:]):
        text = line.text
        if len(text) > MAX_LINE_CHARS:
            continue
        if starts_with_credit(text):
            yield _credited_names(line) or (_credited_names(following) if following else ())
        elif may_have_credit(text) and (credit := inner_credit(_pieces(line))):
            yield tuple(filter(_is_full_person, credited_names(credit)))


def _credited_names(line: VisibleLine) -> Names:
    """The names in a line, if all are written as those of persons or houses."""
    names = credited_names(_pieces(line)) if len(line.text) <= MAX_LINE_CHARS else ()
    return names if all(may_be_person(name) or is_house(name) for name in names) else ()


def _is_full_person(name: str) -> bool:
    """Whether a name is written as that of a person, with more than one word where words have spaces between them."""
    return may_be_person(name) and (" " in name or not name.isascii())


def _marked_names(line: VisibleLine, others: Set[str]) -> Names:
    """The names in a line whose elements are named as an author's; a word alone may be the name of a user."""
    if not AUTHOR_MARK.search(line.names) or OTHER_MARK.search(line.names):
        return ()
    pieces = _pieces(line)
    names = credited_names(inner_credit(pieces) or pieces)
    is_other = bool(names) and title_key(line.text) in others
    return names if not is_other and all(map(_may_be_author, names)) else ()


def _may_be_author(name: str) -> bool:
    """Whether a name is written as that of a person, a house or a user."""
    words = name.split()
    return len(words) == 1 or (len(words) == 2 and name.islower()) or may_be_person(name) or is_house(name)


def _pieces(line: VisibleLine) -> str:
    """A line whose parts are in separate elements, each on a line of its own."""
    return "\n".join(map(one_line, line.pieces))


def _unique(credits_given: Iterable[str]) -> Names:
    return tuple(dict.fromkeys(name for text in credits_given for name in credited_names(text)))
