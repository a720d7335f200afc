"""What a rule about a line would touch on a site: looked up document by document, as far as one page's time goes."""

import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpus.decisions.applying import line_key
from corpus.lines import split_lines
from review.documents import laid_out, read_rows, source_documents

PREVIEW_SECONDS: Final = 0.08  # for looking, so that the page comes within a fifth of a second
STEP_DOCUMENTS: Final = 4  # read between two looks at the clock
MAX_FOUND: Final = 200  # lines on one page


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line of a document that a rule would touch."""

    document: str  # id
    title: str
    text: str
    kind: str  # of the removal that takes it out now, "" where it stays now


@dataclass(frozen=True, slots=True)
class Preview:
    """The lines that were found, in how many documents, and the last document looked at, "" for the end."""

    lines: Sequence[FoundLine]
    looked_at: int
    after: str


def preview_lines(
    index: sqlite3.Connection, clean: Path, source: str, lines: Collection[str], after: str
) -> Preview:
    """The lines of a source that are like one of ``lines``, from behind the document ``after`` on."""
    keys = {line_key(line) for line in lines} - {""}
    found, looked_at, stop = list[FoundLine](), 0, time.monotonic() + PREVIEW_SECONDS
    while True:
        rows = source_documents(index, source, after, STEP_DOCUMENTS)
        step = rows[:STEP_DOCUMENTS]
        for row in read_rows(index, clean, step):
            found += _like(row, keys)
        looked_at += len(step)
        if len(rows) <= STEP_DOCUMENTS:
            return Preview(found, looked_at, "")
        after = step[-1]["id"]
        if time.monotonic() > stop or len(found) >= MAX_FOUND:
            return Preview(found, looked_at, after)


def _like(row: dict[str, Any], keys: Collection[str]) -> Iterator[FoundLine]:
    """The lines of a row with one of the keys."""
    cleaned, _ = laid_out(row)
    text = cleaned.document.text
    for start, stop in split_lines(text):
        if line_key(text[start:stop]) in keys:
            kinds = [
                r.kind for r in cleaned.removals if r.start < stop and start < r.end and r.kind != "layout"
            ]
            line = text[start:stop].strip()
            metadata = row["metadata"]
            title = metadata["title"] or metadata["url"] or metadata["raw_path"]
            yield FoundLine(row["id"], title, line, kinds[0] if kinds else "")
