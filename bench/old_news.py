"""News pages of 2011 and 2012 without today's declarations: titles and days that systems read of them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean
from typing import Any, Final

import pyarrow.parquet as pq

from bench.results import SHARED
from winnow.corpus.domains import registered_domain

PAGES: Final = SHARED / "data" / "pages" / "news2011.parquet"
FILE: Final = re.compile(r"(?P<day>\d{8})_(?P<host>[^_]+)_")  # day of fetching and host in a file's name
DAYS_BEFORE: Final = 5  # that a page of news was published before it was fetched
DAYS_BEHIND: Final = 1  # for time zones


def rows() -> list[dict[str, Any]]:
    """The pages with the first line of their reference as title, the address of their host, and their day."""
    pages = []
    for row in pq.read_table(PAGES).to_pylist():
        match = FILE.match(row["file_id"])
        assert match, row["file_id"]
        title = row["gold"].strip().partition("\n")[0]
        pages.append({**row, "title": title, "url": f"http://{match['host']}/", "fetched": match["day"]})
    return pages


def mean_by_site(rows: Sequence[Mapping[str, Any]], truths: Sequence[bool]) -> float:
    """The mean over sites of the share that is true of each, so that a site of many pages counts no more."""
    by_site = defaultdict(list)
    for row, is_true in zip(rows, truths, strict=True):
        by_site[registered_domain(row["url"])].append(is_true)
    return round(fmean(map(fmean, by_site.values())), 4)


def day_outcome(day: str, fetched: str) -> str:
    """Whether a day can be that of news fetched on another one: "near", "far" or "missing".

    >>> day_outcome("2012-01-15", "20120117"), day_outcome("2013-01-15", "20120117"), day_outcome("", "20120117")
    ('near', 'far', 'missing')
    """
    if not day:
        return "missing"
    distance = (date.fromisoformat(fetched) - date.fromisoformat(day)).days
    return "near" if -DAYS_BEHIND <= distance <= DAYS_BEFORE else "far"
