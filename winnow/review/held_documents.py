"""The documents that are under review, rejected or quarantined, with their reasons, one page at a time."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlencode

from winnow.corpus.errors import QUARANTINE_REASONS

PAGE_ROWS: Final = 50
# What people call each, by what the tables of the run call it.
HELD: Final = {"review": "under review", "dropped": "rejected", "quarantined": "quarantined"}
# What each reason means; `docs/output.md` has the same.
MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "review": {
        "mixed by model": "its source is mixed by the model, and no person said so",
        "mixed by list": "its source is mixed by rating lists, and no person said so",
    },
    "dropped": {
        "empty": "no text is left, or less than the setting asks for",
        "duplicate": "the same text stands in an earlier document of its source",
        "machine_text": "a text for machines: a feed, a sitemap, a script, a style sheet, JSON",
        "error_page": "a page that is only a message: not found, a consent wall, a way to another page",
    },
    "quarantined": QUARANTINE_REASONS,
}
_CONDITIONS: Final = {
    "reason": "reason = :reason",
    "find": "instr(lower(source), lower(:find)) > 0",
}


@dataclass(frozen=True, slots=True)
class HeldFilters:
    """Which of the held documents, as in the page's URL; "" selects any."""

    status: str = next(iter(HELD))
    reason: str = ""
    find: str = ""  # anywhere in the name of the source, or the path of what has none

    def query(self, **more: object) -> str:
        """The filters and ``more`` as a query string, without what is empty."""
        return urlencode({k: v for k, v in {**asdict(self), **more}.items() if v})


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Some held documents in the order of reason, source and id, and the key of the next page, "" on the last."""

    rows: Sequence[sqlite3.Row]
    reasons: Mapping[str, int]  # of all with this status
    after: str


def held_page(index: sqlite3.Connection, filters: HeldFilters, after: str) -> HeldPage:
    """The page behind the held document with the id ``after`` ("" for the first)."""
    conditions = ["status = :status", *(sql for name, sql in _CONDITIONS.items() if getattr(filters, name))]
    values = {**asdict(filters), "after": after, "rows": PAGE_ROWS + 1}
    key = "(select reason, source, id from held where status = :status and id = :after)"
    if after and index.execute(f"select 1 from {key}", values).fetchone():  # noqa: S608  # parts are ours
        conditions.append(f"(reason, source, id) > {key}")
    statement = (
        f"select * from held where {' and '.join(conditions)} order by reason, source, id limit :rows"  # noqa: S608  # ours
    )
    rows = index.execute(statement, values).fetchall()
    last = rows[PAGE_ROWS - 1]["id"] if len(rows) > PAGE_ROWS else ""
    return HeldPage(rows[:PAGE_ROWS], _reasons(index, filters.status), last)


def held_numbers(index: sqlite3.Connection) -> dict[str, int]:
    """How many inputs have each status."""
    numbers = dict(index.execute("select status, sum(number) from held_reasons group by 1").fetchall())
    return {status: numbers.get(status, 0) for status in HELD}


def _reasons(index: sqlite3.Connection, status: str) -> dict[str, int]:
    statement = "select reason, number from held_reasons where status = ? order by number desc, reason"
    return dict(index.execute(statement, [status]).fetchall())
