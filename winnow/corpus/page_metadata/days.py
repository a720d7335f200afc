"""When a page was published: what it declares, then what it shows, then its address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from winnow.corpus.dates import YEARS, iso_date, written_date
from winnow.corpus.domains import registered_domain
from winnow.corpus.page_metadata.declared import PageDeclarations, declared_language
from winnow.corpus.page_metadata.json_ld import is_kind, texts
from winnow.corpus.page_metadata.shown import VisibleBylines, VisibleLine

PUBLISHED: Final = (  # names of meta elements, the most telling first
    "article:published_time og:article:published_time datepublished og:published_time og:publish_date"
    " parsely-pub-date sailthru.date citation_publication_date citation_online_date citation_date"
    " dcterms.issued dc.date.issued dcterms.created dc.date.created dcterms.date dc.date".split()
)
PUBLISHED_NAME: Final = re.compile(  # what other systems call it: publish_date, cXenseParse:publishtime, pubdate
    r"(?:publi|creat|issue|post|release|pub)[a-z]{0,6}[-_.: ]?(?:date|time|on|at)|date[-_.: ]?(?:pub|crea|issue)"
)
MODIFIED: Final = "article:modified_time og:updated_time datemodified dcterms.modified date ms.date".split()
# Ends of schema.org types; the date of a page is less often that of its text than one that the text shows.
WRITTEN: Final = ("Article", "Posting", "Report", "Recipe", "Question", "Episode", "Review")
PAGES: Final = ("WebPage", "VideoObject")
PUBLICATION: Final = ("datePublished", "dateCreated", "uploadDate")  # properties, the most telling first
PUBLISHED_MARK: Final = re.compile(r"publi|post|entry|creat")  # in names of elements, in lower case
DATE_MARK: Final = re.compile(r"date|publi|posted|time")
CHANGED: Final = re.compile(
    r"updat|modif|edited|review|aktualis|mis à jour|actualiz|aggiorn|atualiz|обновл|bijgewerkt",
    re.IGNORECASE,
)
OTHER_DAY: Final = re.compile(
    r"\b(?:joined|registered|member since|expires|deadline|founded)\b", re.IGNORECASE
)
URL_DAY: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)([01]\d)\2([0-3]\d)(?!\d)")
MAX_LINE_CHARS: Final = 150  # of a line that dates a page; sentences are longer
MONTH_FIRST_REGIONS: Final = frozenset({"US", "PH"})  # CLDR, short date patterns
MONTH_FIRST_SUFFIXES: Final = frozenset({"com", "org", "net", "edu", "gov", "us", ""})


def page_date(declared: PageDeclarations, bylines: VisibleBylines) -> str:
    """The day or instant of publication in ISO 8601, "" if the page names none.

    The last change is taken where no date of publication is given. Years outside 1990 to 2100 are
    passed over; the year of a copyright notice names no day.
    """
    return next(filter(None, _days(declared, bylines)), "")


def _days(declared: PageDeclarations, bylines: VisibleBylines) -> Iterator[str]:
    """Days from the most to the least telling source, "" where one names none."""
    reader = _Reader(_is_month_first(declared))
    yield from reader.days(_json_ld(declared, PUBLICATION, WRITTEN))
    others = (name for name in declared.metas if PUBLISHED_NAME.search(name))
    yield from reader.days(declared.meta(*PUBLISHED, *others))
    yield from reader.shown_days(bylines.lines)
    yield from reader.days(_json_ld(declared, PUBLICATION, PAGES))
    yield _url_day(declared.url)
    for mark in (PUBLISHED_MARK, DATE_MARK):
        yield from reader.shown_days(bylines.marked(mark))
    yield from reader.days(_json_ld(declared, ("dateModified",), WRITTEN + PAGES))
    yield from reader.days(declared.meta(*MODIFIED))
    yield from reader.changed


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads days in the page's order of day and month."""

    month_first: bool  # 3/4/2025 is in March
    changed: list[str] = field(default_factory=list)  # days of changes that were met on the way

    def days(self, values: Iterable[str]) -> Iterator[str]:
        """Declared dates in ISO 8601, "" for one that is none or of a year before the web."""
        for value in values:
            day = iso_date(value) or written_date(value[:MAX_LINE_CHARS], month_first=self.month_first)
            yield day if day[:4].isdecimal() and int(day[:4]) in YEARS else ""

    def shown_days(self, lines: Iterable[VisibleLine]) -> Iterator[str]:
        """Days of publication in lines; those of changes are kept."""
        for line in lines:
            text = line.text
            if len(text) <= MAX_LINE_CHARS and not OTHER_DAY.search(text):
                yield from self._line_days(line, text)

    def _line_days(self, line: VisibleLine, text: str) -> list[str]:
        """The days of publication in a line; what follows "updated" is a change."""
        before, *after = CHANGED.split(text, maxsplit=1)
        days = [written_date(part, month_first=self.month_first) for part in (before, *after)]
        stamps = [*self.days(line.stamps)]
        if CHANGED.search(line.names):
            self.changed.extend(stamps + days)
            return []
        self.changed.extend(stamps + days[1:] if after else [])
        return days[:1] if after else stamps + days


def _json_ld(
    declared: PageDeclarations, properties: Iterable[str], kinds: tuple[str, ...]
) -> Iterator[str]:
    """The values of properties of things of some kinds, in the order of the properties."""
    things = [thing for thing in declared.things if is_kind(thing, kinds)]
    return (text for name in properties for thing in things for text in texts(thing.get(name)))


def _url_day(url: str) -> str:
    """The day that an address names: /2024/05/03/, 2024-05-03, 20240503."""
    match = URL_DAY.search(url)
    day = iso_date("-".join(match.group(1, 3, 4))) if match else ""
    return day if day and int(day[:4]) in YEARS else ""


def _is_month_first(declared: PageDeclarations) -> bool:
    """Whether 3/4/2025 is in March: as the language's region says, else the domain's suffix."""
    language, _, region = declared_language(declared.tree).partition("-")
    if region:
        return region in MONTH_FIRST_REGIONS
    suffix = registered_domain(declared.url).rpartition(".")[2]
    return language in ("", "en") and suffix in MONTH_FIRST_SUFFIXES
