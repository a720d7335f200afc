"""When a page was published: what it declares, then its address, then what it shows."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from winnow.corpus.dates import is_by
from winnow.corpus.page_metadata.day_reader import DayReader, is_of_other_day, page_reader
from winnow.corpus.page_metadata.declared import PageDeclarations
from winnow.corpus.page_metadata.json_ld import is_kind, texts
from winnow.corpus.page_metadata.labelled_days import labelled_day
from winnow.corpus.page_metadata.loose_days import edition_day, loose_day
from winnow.corpus.page_metadata.marked_days import marked_values
from winnow.corpus.page_metadata.shown import VisibleBylines, VisibleLine
from winnow.corpus.page_metadata.url_days import url_day

PUBLISHED: Final = (  # names of meta elements, the most telling first
    "article:published_time og:article:published_time datepublished og:published_time og:publish_date"
    " parsely-pub-date sailthru.date citation_publication_date citation_online_date citation_date"
    " dcterms.issued dc.date.issued dcterms.created dc.date.created dcterms.date dc.date".split()
)
PUBLISHED_NAME: Final = (
    re.compile(  # what other systems call it: publish_date, cXenseParse:publishtime, pubdate
        r"\A(?!(?:video|book|music|movie|product):)"
        r".{0,60}(?:(?:publi|creat|issue|post|release|pub)[a-z]{0,6}[-_.: ]?(?:date|time)"
        r"|(?:published|created|posted|issued)[-_.: ]?(?:on|at)|date[-_.: ]?(?:pub|crea|issue))"
    )
)
MAX_BODY_CHARS: Final = 40  # of a line of the running text that is a day
# Levels from the heading up to what also holds an element that is a date, but not called one of publication;
# farther up, 1 was right and 7 were others' in the half of bench.dates that was looked at
MAX_DISTANCE: Final = 1
MIN_TEASERS: Final = 3  # different days of elements of one kind that make a list
MODIFIED: Final = "article:modified_time og:updated_time datemodified dcterms.modified date ms.date".split()
# Ends of schema.org types; the date of a page is less often that of its text than one that the text shows.
WRITTEN: Final = ("Article", "Posting", "Report", "Recipe", "Question", "Episode", "Review")
PAGES: Final = ("WebPage", "VideoObject")
PUBLICATION: Final = ("datePublished", "dateCreated", "uploadDate")  # properties, the most telling first
PUBLISHED_MARK: Final = re.compile(r"publi|post|entry|creat")  # in names of elements, in lower case
DATE_MARK: Final = re.compile(r"date|publi|posted|time|submitted|stamp|meta|info|fecha|datum|zeit")


def page_date(declared: PageDeclarations, bylines: VisibleBylines, latest: str = "") -> str:
    """The day or instant of publication in ISO 8601, "" if the page names none.

    The last change is taken where no date of publication is given. Years outside 1990 to 2100 and days
    behind ``latest`` are passed over; the year of a copyright notice names no day.
    """
    return next(filter(None, _days(declared, bylines, page_reader(declared, latest))), "")


def _days(declared: PageDeclarations, bylines: VisibleBylines, reader: DayReader) -> Iterator[str]:
    """Days from the most to the least telling source, "" where one names none."""
    yield from reader.declared_days(_json_ld(declared, PUBLICATION, WRITTEN))
    others = (name for name in declared.metas if PUBLISHED_NAME.search(name))
    yield from reader.declared_days(declared.meta(*PUBLISHED, *others))
    yield from _listless([(line, [*reader.declared_days(line.stamps)]) for line in marked_values(bylines)])
    day_of_url = url_day(declared.url)
    yield day_of_url if is_by(day_of_url, reader.latest) else ""
    yield from _line_days(bylines.head, reader)
    yield from reader.declared_days(_json_ld(declared, PUBLICATION, PAGES))
    yield from _line_days(bylines.marked(PUBLISHED_MARK), reader)
    yield labelled_day(declared.tree, reader)
    near = (line for line in bylines.marked(DATE_MARK) if line.distance <= MAX_DISTANCE)
    yield from _line_days(near, reader)
    yield _body_day(bylines.body, reader)
    yield from reader.dateline_days(bylines.behind)
    yield from reader.declared_days(_json_ld(declared, ("dateModified",), WRITTEN + PAGES))
    yield from reader.declared_days(declared.meta(*MODIFIED))
    yield from reader.changed
    yield loose_day(bylines, reader)
    yield edition_day(declared.tree, reader)


def _line_days(lines: Iterable[VisibleLine], reader: DayReader) -> Iterator[str]:
    """Days of publication in lines, but for those that a list of other texts shows."""
    dated: list[tuple[VisibleLine, list[str]]] = []
    previous: VisibleLine | None = None
    for line in lines:
        if line.may_be_dated and not (previous and is_of_other_day(previous.text)):
            dated.append((line, [*filter(None, reader.shown_days([line]))]))
        previous = line
    return _listless(dated)


def _body_day(lines: Iterable[VisibleLine], reader: DayReader) -> str:
    """The only day that short lines among the running text name, "" for none or several."""
    days = [*_line_days((line for line in lines if len(line.text) <= MAX_BODY_CHARS), reader)]
    return days[0] if len({day[:10] for day in days}) == 1 else ""


def _listless(dated: Iterable[tuple[VisibleLine, list[str]]]) -> Iterator[str]:
    """The days of elements, those nearest to the heading first, without those of lists of teasers.

    A list has many elements of one kind whose days do not follow each other as those of a forum's posts do.
    """
    groups: dict[tuple[int, str], list[str]] = {}
    for line, days in dated:
        groups.setdefault((line.distance, line.names), []).extend(days[:1])
    for _, days in sorted(groups.items(), key=lambda group: group[0][0]):
        if len(set(days)) < MIN_TEASERS or days == sorted(days):
            yield from days


def _json_ld(
    declared: PageDeclarations, properties: Iterable[str], kinds: tuple[str, ...]
) -> Iterator[str]:
    """The values of properties of things of some kinds, in the order of the properties."""
    things = [thing for thing in declared.things if is_kind(thing, kinds)]
    return (text for name in properties for thing in things for text in texts(thing.get(name)))
