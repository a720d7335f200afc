"""What the signals of a source's score mean, and the passages of its documents that show them best."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.reliability.meanings import feature_meanings
from models.reliability.passages import Article, best_passages
from models.reliability.sums import SCORED_LANGUAGE
from review.documents import read_rows

READ_DOCUMENTS: Final = 6  # of a source, for quotations; more take longer than a page may (bench.review)
LOOKED_AT: Final = 24  # documents among which these are chosen
MAX_CHARS: Final = 20_000  # of a document that are looked at
COLUMNS: Final = ("id", "text", "metadata.title")


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of a source, as people read it."""

    name: str
    value: float
    contribution: float  # to the score; 0 for what was seen and is not scored
    meaning: str
    evidence: str  # a quotation, "" where none shows it
    document_id: str  # of the document that is quoted


def quoted_signals(
    index: sqlite3.Connection, clean: Path, source: str, signals: Sequence[Mapping[str, Any]]
) -> list[Signal]:
    """The signals with their meanings; one without evidence is quoted from the documents that kept most text."""
    missing = [signal["name"] for signal in signals if not signal["evidence"]]
    passages = best_passages(missing, _articles(index, clean, source)) if missing else {}
    meanings = feature_meanings()
    quoted = []
    for signal in signals:
        name, passage, meaning = signal["name"], passages.get(signal["name"]), meanings.get(signal["name"])
        evidence, document = signal["evidence"], signal["document_id"]
        if passage:
            evidence, document = passage.quote, passage.document_id
        text = meaning.text if meaning else ""
        quoted.append(
            Signal(name, signal["value"], signal["contribution"] or 0.0, text, evidence, document)
        )
    return quoted


def _articles(index: sqlite3.Connection, clean: Path, source: str) -> list[Article]:
    """Some documents of a source in the language that is scored."""
    places = index.execute(
        "select * from (select * from documents where source = ? order by rank desc, id desc limit ?) "
        "where language = ? and status != 'dropped' limit ?",
        [source, LOOKED_AT, SCORED_LANGUAGE, READ_DOCUMENTS],
    )
    return [*_read(read_rows(index, clean, places.fetchall(), COLUMNS))]


def _read(rows: Iterable[Mapping[str, Any]]) -> Iterable[Article]:
    return (Article(row["id"], row["metadata"]["title"], row["text"][:MAX_CHARS]) for row in rows)
