"""Metadata of pages: title, authors and day on WCXB's development pages and others.

Usage: python -m bench.metadata [--every N]

Winnow beside trafilatura with its fast and its extensive search for dates, in one run. Pages are
split by their registered domain: rules were written with the errors of one half in view, the other
half was only counted. CPU counts the reading of metadata alone, from a tree or, for trafilatura,
from the page less what parsing costs. The second suite are news pages of 2011 and 2012, whose titles are known, and
whose days lie shortly before the day on which they were fetched. On both, and on pages of a third one without
references, authors are counted that are labels, days, houses or sentences (`bench.odd_authors`, whose word lists are
its own).
"""

import argparse
import hashlib
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from time import process_time
from typing import Any

import pyarrow.parquet as pq
from trafilatura import extract_metadata
from trafilatura.utils import load_html

from bench import old_news
from bench.odd_authors import odd_counts
from bench.results import SHARED, require, write_results
from winnow.corpus.decode import decode
from winnow.corpus.domains import registered_domain
from winnow.corpus.layout import parse_page
from winnow.corpus.layout.metadata import page_metadata

PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
MORE_PAGES = SHARED / "data" / "reliability" / "html_pc1.parquet"  # without references
WORD = re.compile(r"\w+")
NAME_BREAK = re.compile(r"\s*[;,&|]\s*|\s+and\s+", re.IGNORECASE)
DEGREE = re.compile(r"(?:[A-Z]\.?){2,5}")  # "MD", "D.O.": dropped from gold and names in answers alike
FIELDS = ("title", "author", "publish_date")

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """The metadata that a system reads of a page, in the form of the gold, and the CPU seconds it took."""

    title: str
    author: str  # names with "; " between them
    publish_date: str
    seconds: float


def winnow(html: bytes, url: str) -> PageAnswer:
    """Winnow's metadata."""
    tree = parse_page(decode(html, html=True))
    start = process_time()
    metadata = page_metadata(tree, url)
    return PageAnswer(
        metadata.title, "; ".join(metadata.authors), metadata.published[:10], process_time() - start
    )


def trafilatura(html: bytes, url: str, *, extensive: bool) -> PageAnswer:
    """Trafilatura's metadata, from a tree of its own parser."""
    tree = load_html(html)
    start = process_time()
    metadata = extract_metadata(tree, default_url=url or None, extensive=extensive)
    spent = process_time() - start
    return PageAnswer(metadata.title or "", metadata.author or "", (metadata.date or "")[:10], spent)


SYSTEMS: Mapping[str, Callable[[bytes, str], PageAnswer]] = {
    "winnow": winnow,
    "trafilatura, fast dates": lambda html, url: trafilatura(html, url, extensive=False),
    "trafilatura, extensive dates": lambda html, url: trafilatura(html, url, extensive=True),
}


def is_unseen(row: Row) -> bool:
    """Whether a page belongs to the half whose errors nobody read."""
    source = registered_domain(str(row["url"] or "")) or str(row["file_id"])
    return hashlib.sha256(source.encode()).digest()[0] % 2 == 1


def words(text: str) -> list[str]:
    """The words of a text, to compare by: case, white space and punctuation do not count."""
    return WORD.findall(text.casefold())


def names(text: str) -> frozenset[str]:
    """The names in a text, to compare by; degrees behind a name are no names."""
    parts = [part.strip() for part in NAME_BREAK.split(text)]
    return frozenset(" ".join(words(p)) for p in parts if p and not DEGREE.fullmatch(p)) - {""}


def word_f1(answer: str, gold: str) -> float:
    """F1 of the words of two texts as multisets, 0 to 1."""
    some, other = Counter(words(answer)), Counter(words(gold))
    return 2 * (some & other).total() / max(1, some.total() + other.total())


def is_right(field: str, answer: str, gold: str) -> bool:
    """Whether a value is the gold's: equal words, equal sets of names, equal days."""
    if field == "author":
        return names(answer) == names(gold)
    return words(answer) == words(gold) if field == "title" else answer == gold[:10]


def field_figures(field: str, rows: Sequence[Row], answers: Sequence[PageAnswer]) -> dict[str, float | int]:
    """Of one field: share right and word F1 where the gold has a value, share given where it has none."""
    pairs = [(getattr(f, field), str(row[field] or "")) for row, f in zip(rows, answers, strict=True)]
    with_gold = [(value, gold) for value, gold in pairs if gold]
    without_gold = [value for value, gold in pairs if not gold]
    figures: dict[str, float | int] = {"pages": len(with_gold)}
    if with_gold:
        figures["right"] = _share([is_right(field, value, gold) for value, gold in with_gold])
        figures["missing"] = _share([not value for value, _ in with_gold])
        if field != "publish_date":
            figures["word_f1"] = round(fmean(word_f1(value, gold) for value, gold in with_gold), 4)
    if without_gold:
        figures["pages_without"] = len(without_gold)
        figures["given_without"] = _share([bool(value) for value in without_gold])
    return figures


def _share(truths: Sequence[bool]) -> float:
    return round(fmean(truths), 4)


def system_figures(rows: Sequence[Row], answers: Sequence[PageAnswer]) -> dict[str, object]:
    """All fields on all pages, on each half, and by page type; and the CPU time."""
    groups = {"all": [True] * len(rows), "read half": [not is_unseen(r) for r in rows]}
    groups["unseen half"] = [is_unseen(r) for r in rows]
    for kind in sorted({str(r["page_type"]) for r in rows}):
        groups[kind] = [r["page_type"] == kind for r in rows]
    milliseconds = [f.seconds * 1000 for f in answers]
    figures: dict[str, object] = {
        "cpu_ms": {"mean": round(fmean(milliseconds), 2), "median": round(median(milliseconds), 2)}
    }
    for name, mask in groups.items():
        some = [row for row, is_in in zip(rows, mask, strict=True) if is_in]
        theirs = [f for f, is_in in zip(answers, mask, strict=True) if is_in]
        figures[name] = {field: field_figures(field, some, theirs) for field in FIELDS}
    return figures


def _answers(
    system: Callable[[bytes, str], PageAnswer], rows: Sequence[Mapping[str, Any]]
) -> list[PageAnswer]:
    """What a system says of each page; a first page that is not counted loads its word lists."""
    system(rows[0]["html"], rows[0]["url"] or "")
    return [system(row["html"], row["url"] or "") for row in rows]


def old_page_figures(rows: Sequence[Mapping[str, Any]], answers: Sequence[PageAnswer]) -> dict[str, object]:
    """Titles that are right and days that can be, of old pages of each half and each language."""
    groups = {"read half": [not is_unseen(r) for r in rows], "unseen half": [is_unseen(r) for r in rows]}
    groups |= {lang: [r["lang"] == lang for r in rows] for lang in sorted({r["lang"] for r in rows})}
    figures: dict[str, object] = {}
    for name, mask in {"all": [True] * len(rows), **groups}.items():
        some = [row for row, is_in in zip(rows, mask, strict=True) if is_in]
        theirs = [answer for answer, is_in in zip(answers, mask, strict=True) if is_in]
        right = [is_right("title", f.title, row["title"]) for row, f in zip(some, theirs, strict=True)]
        days = Counter(
            old_news.day_outcome(f.publish_date, row["fetched"])
            for row, f in zip(some, theirs, strict=True)
        )
        figures[name] = {
            "pages": len(some),
            "title_right": _share(right),
            "title_right_mean_of_sites": old_news.mean_by_site(some, right),
            **{f"day_{outcome}": days[outcome] for outcome in ("near", "far", "missing")},
        }
    return figures


def figures_of(
    system: Callable[[bytes, str], PageAnswer], suites: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, object]:
    """All figures of a system."""
    answers = {name: _answers(system, rows) for name, rows in suites.items()}
    return {
        **system_figures(suites["wcxb"], answers["wcxb"]),
        "news of 2011": old_page_figures(suites["news of 2011"], answers["news of 2011"]),
        "odd authors": {
            name: odd_counts(filter(None, answer.author.split("; ")) for answer in some)
            for name, some in answers.items()
        },
    }


def main() -> None:
    """Measure every system on every page and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth page")
    every = parser.parse_args().every
    for path in (PAGES, old_news.PAGES, MORE_PAGES):
        require(path)
    suites = {
        "wcxb": pq.read_table(PAGES).to_pylist()[::every],
        "news of 2011": old_news.rows()[::every],
        "pages without references": [
            row for row in pq.read_table(MORE_PAGES).to_pylist() if not row["file"].startswith("wcxb")
        ][::every],
    }
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    figures = {name: figures_of(system, suites) for name, system in SYSTEMS.items()}
    write_results("metadata", [PAGES, old_news.PAGES, MORE_PAGES], figures)


if __name__ == "__main__":
    main()
