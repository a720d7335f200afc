"""Dates of pages whose declarations are hidden, beside htmldate, whom trafilatura asks, in one run.

Usage: python -m bench.dates [--half read|unseen]

The pages are those of the Web Content Extraction Benchmark and of other projects' tests that declare one day of
publication for machines (JSON-LD of an article, ``article:published_time``, ``datePublished``). What declares it is
hidden: meta elements, scripts, addresses. Where the page shows that day in a form of its language (those of Unicode
CLDR, by way of Babel, and numbers in any order), it is to be found. Then all these forms are blanked, too: a page
without its own days, any date of which is invented. A day counts as right if it is the declared one or a neighbour
of it, for time zones. Pages are split by their registered domain: rules were written with the errors of one half in
view, the other half was only counted.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time
from typing import Any, Final

import pyarrow.parquet as pq
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from htmldate import find_date
from lxml import etree

from bench.metadata import PAGES, is_unseen
from bench.results import SHARED, require, write_results
from winnow.corpus.dates import iso_date
from winnow.corpus.decode import decode
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import parse_page
from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.metadata import page_metadata
from winnow.corpus.page_metadata.declared import PageDeclarations, declared_language, read_declared
from winnow.corpus.page_metadata.json_ld import is_kind, texts

MORE_PAGES: Final = SHARED / "data" / "reliability" / "html_pc1.parquet"
ARTICLES: Final = ("Article", "Posting", "Report", "Recipe")
CHANGED: Final = ("article:modified_time", "og:updated_time", "datemodified")
NAMED_FORMS: Final = (
    "full,long,medium,short,d MMMM y,d MMM y,d. MMMM y,d. MMM y,MMMM d y,MMM d y"  # with Babel's letters
).split(",")
SIGNS: Final = "-/."
DATED: Final = ("datetime", "title", "content")  # attributes that a reader of pages may look at
DECLARING: Final = re.compile(rb"datepublished|published_time", re.IGNORECASE)
ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
NEAR: Final = (timedelta(0), timedelta(-1), timedelta(1))


@dataclass(frozen=True, slots=True)
class HiddenPage:
    """A page without what it declares, and again without the days that it declares; its halves."""

    html: str
    blanked: str
    day: date
    own_days: tuple[date, ...]  # of publication and of changes
    is_shown: bool
    is_unseen: bool


def declared_days(declared: PageDeclarations) -> tuple[set[str], set[str]]:
    """The days of publication that a page declares for its article, and those of changes."""
    things = [thing for thing in declared.things if is_kind(thing, ARTICLES)]
    published = [text for thing in things for text in texts(thing.get("datePublished"))]
    changed = [text for thing in declared.things for text in texts(thing.get("dateModified"))]
    published += declared.meta("article:published_time", "datepublished")
    changed += declared.meta(*CHANGED)
    return _days(published), _days(changed)


def _days(values: Iterable[str]) -> set[str]:
    return {day for value in values if (day := iso_date(value)[:10])}


def renderings(day: date, language: str) -> set[str]:
    """The forms of a day in a language and in English, in lower case, and in numbers."""
    forms = {
        format_date(day, form, locale=locale).casefold()
        for locale in _locales(language)
        for form in NAMED_FORMS
    }
    for d in (str(day.day), f"{day.day:02}"):
        for m in (str(day.month), f"{day.month:02}"):
            for y in (str(day.year), f"{day.year % 100:02}"):
                forms |= {s.join(parts) for s in SIGNS for parts in ((d, m, y), (m, d, y), (y, m, d))}
    return forms


def _locales(language: str) -> Iterator[Locale]:
    for name in (language.replace("-", "_"), "en_US", "en_GB"):
        try:
            yield Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue


def form_pattern(days: Iterable[date], language: str, text: str) -> re.Pattern[str] | None:
    """A pattern of the forms of some days and their neighbours that a text holds, the longest first; None without."""
    forms = {form for day in days for step in NEAR for form in renderings(day + step, language)}
    folded = text.casefold()
    longest = sorted((form for form in forms if form in folded), key=len, reverse=True)
    if not longest:
        return None
    return re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, longest))})(?!\d)", re.IGNORECASE)


def hide_declarations(tree: PageTree) -> None:
    """Blank what a page declares for machines: meta elements, scripts, addresses."""
    for meta in tree.iter("meta"):
        for name in ("property", "name", "itemprop", "content"):
            meta.attrib.pop(name, None)
    for script in tree.iter("script", "style", "template"):
        script.text = ""
    for link in tree.iter("link"):
        link.attrib.pop("href", None)


def shown_text(tree: PageTree) -> str:
    """The text of a page and the attributes that hold dates, on one line."""
    values = (element.get(name) or "" for element in tree.iter() for name in DATED)
    return ORDINAL.sub("", " ".join(" ".join([*tree.itertext(), *values]).split()))


def hidden_page(row: Mapping[str, Any]) -> HiddenPage | None:
    """A page with its declarations hidden, None for one that declares no day or several."""
    if not DECLARING.search(row["html"]):
        return None
    try:
        tree = parse_page(decode(row["html"], html=True))
    except UnreadableError:
        return None
    published, changed = declared_days(read_declared(tree, row["url"] or ""))
    if len(published) != 1:
        return None
    day, language = date.fromisoformat(*published), declared_language(tree)
    hide_declarations(tree)
    html = etree.tostring(tree, encoding="unicode", method="html")
    text, bare_html = shown_text(tree), ORDINAL.sub("", html)
    shown = form_pattern([day], language, text)
    own_days = (day, *map(date.fromisoformat, changed))
    own = form_pattern(own_days, language, bare_html)
    blanked = own.sub(" ", bare_html) if own else bare_html
    is_shown = shown is not None and shown.search(text) is not None
    return HiddenPage(html, blanked, day, own_days, is_shown, is_unseen(row))


def winnow(html: str) -> str:
    """The day that Winnow finds."""
    return page_metadata(parse_page(html)).published[:10]


def htmldate(html: str, *, extensive: bool) -> str:
    """The day that htmldate finds, asked for the original one."""
    return find_date(html, extensive_search=extensive, original_date=True) or ""


SYSTEMS: Final[Mapping[str, Callable[[str], str]]] = {
    "winnow": winnow,
    "htmldate, fast": lambda html: htmldate(html, extensive=False),
    "htmldate, extensive": lambda html: htmldate(html, extensive=True),
}


def outcome(answer: str, day: date) -> str:
    """What an answer is for a page that shows its day: right, wrong or missing."""
    if not answer:
        return "missing"
    return "right" if abs(date.fromisoformat(answer) - day) <= timedelta(1) else "wrong"


def is_invented(answer: str, page: HiddenPage) -> bool:
    """Whether an answer for a page without its own days is none of them, which a form might have kept."""
    return bool(answer) and all(outcome(answer, day) == "wrong" for day in page.own_days)


def figures(system: Callable[[str], str], pages: Sequence[HiddenPage]) -> dict[str, float | int]:
    """F1 where a page shows its day, the share of pages without any for which a date is given, and the CPU time."""
    start = process_time()
    counts = Counter(outcome(system(page.html), page.day) for page in pages if page.is_shown)
    shown = counts.total()
    seconds = process_time() - start
    invented = sum(is_invented(system(page.blanked), page) for page in pages)
    return {
        "pages": shown,
        **{name: counts[name] for name in ("right", "wrong", "missing")},
        "f1": round(
            2 * counts["right"] / max(1, 2 * counts["right"] + counts["wrong"] + counts["missing"]), 4
        ),
        "pages_without_a_day": len(pages),
        "invented": invented,
        "invented_share": round(invented / max(1, len(pages)), 4),
        "cpu_ms": round(seconds * 1000 / max(1, shown), 1),
    }


def rows() -> Iterator[Mapping[str, Any]]:
    """The pages of both collections, those of the second without those of the first."""
    yield from pq.read_table(PAGES).to_pylist()
    for row in pq.read_table(MORE_PAGES).to_pylist():
        if not row["file"].startswith("wcxb"):
            yield {**row, "file_id": row["file"]}


def main() -> None:
    """Measure every system on each half and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("read", "unseen"), help="print one half and write nothing")
    half = parser.parse_args().half
    for path in (PAGES, MORE_PAGES):
        require(path)
    pages = [page for row in rows() if (page := hidden_page(row))]
    halves = {name: [p for p in pages if p.is_unseen == (name == "unseen")] for name in ("read", "unseen")}
    if half:
        print({name: figures(system, halves[half]) for name, system in SYSTEMS.items()})
        return
    results = {
        name: {f"{part} half": figures(system, some) for part, some in halves.items()}
        for name, system in SYSTEMS.items()
    }
    write_results("dates", [PAGES, MORE_PAGES], results)


if __name__ == "__main__":
    main()
