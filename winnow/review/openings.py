"""How some documents of a source begin, for its card: what a person reads first before deciding."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from winnow.review.documents import read_rows

SHOWN_DOCUMENTS: Final = 3
OPENING_CHARS: Final = 320  # some four lines
IN_CORPUS: Final = "('kept', 'review')"  # the statuses of documents that are in the corpus


@dataclass(frozen=True, slots=True)
class TextOpening:
    """The beginning of a document's cleaned text."""

    document: str  # id
    title: str
    text: str
    is_cut: bool


def openings(index: sqlite3.Connection, clean: Path, source: str) -> list[TextOpening]:
    """The openings of `SHOWN_DOCUMENTS` documents that lost as much as most of the source do.

    They are from the middle of the order by what is kept: at its ends stand pages of links, and stubs. Rejected
    documents count only where there are no others.
    """
    for among in (f"and status in {IN_CORPUS}", ""):
        where = f"from documents where source = ? {among}"
        statement = f"select count(*) {where}"  # parts are ours
        [count] = index.execute(statement, [source]).fetchone()
        if count:
            first = max(0, (count - SHOWN_DOCUMENTS) // 2)
            statement = f"select * {where} order by rank, id limit ? offset ?"  # parts are ours
            places = index.execute(statement, [source, SHOWN_DOCUMENTS, first]).fetchall()
            texts = {row["id"]: row["text"] for row in read_rows(index, clean, places, ("id", "text"))}
            return [_opening(place, texts[place["id"]]) for place in places]
    return []


def _opening(place: sqlite3.Row, text: str) -> TextOpening:
    """The first `OPENING_CHARS` of a text on one line."""
    line = " ".join(text[: 2 * OPENING_CHARS].split())
    return TextOpening(place["id"], place["title"], line[:OPENING_CHARS], len(text) > OPENING_CHARS)
