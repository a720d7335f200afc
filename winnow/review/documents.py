"""Documents of a clean corpus, read by their row group, and laid out again from kept text and removed spans."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from winnow.corpus.contacts.mask import mask_contacts
from winnow.corpus.decisions.applying import ReviewedDocument, decide
from winnow.corpus.decisions.current import fold
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import read_events
from winnow.corpus.document import Cleaned, Document, Removal
from winnow.corpus.errors import UnreadableError
from winnow.corpus.settings import Settings
from winnow.corpus.spans import restored_text
from winnow.review.desk import NotThereError, now
from winnow.review.history import undos_of
from winnow.review.raw_page import find_raw

BATCH_ROWS: Final = 100  # decoded at once while looking for a row
PAGE_ROWS: Final = 30  # documents on a source's card
REMOVAL_FIELDS: Final = ("start", "end", "kind", "rule", "score", "cleaner")  # as `Removal` takes them
TEXT_COLUMNS: Final = (
    "id", "text", "n_chars_in", "metadata.title", "metadata.url", "metadata.raw_path", "metadata.removed"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A document of the run, and the same document after the decisions in force now."""

    row: Mapping[str, Any]  # of `documents` or `rejected`
    emitted: Cleaned  # as the run left it
    decided: ReviewedDocument  # as the next run will leave it, as far as this one's text tells
    is_whole: bool  # False where the laid-out text is not available: Markdown without its raw page
    is_markdown: bool  # the run wrote it so; what is shown is the laid-out text all the same


def read_document(index: sqlite3.Connection, clean: Path, raw: Path, document_id: str) -> PageDocument:
    """A document with all its columns; one in Markdown is laid out again from its raw page. Raises NotThereError."""
    place = index.execute("select * from documents where id = ?", [document_id]).fetchone()
    if place is None:
        raise NotThereError("no document of this run has that id")
    [row] = read_rows(index, clean, [place], None)
    emitted, is_plain = laid_out(row)
    again = None if is_plain else _laid_out_again(raw, row, emitted.removals)
    is_whole = is_plain or again is not None
    events = _document_events(index, row) if is_whole else ()
    return PageDocument(row, again or emitted, decide(again or emitted, events), is_whole, not is_plain)


def read_rows(
    index: sqlite3.Connection,
    clean: Path,
    places: Iterable[sqlite3.Row],
    columns: Sequence[str] | None = TEXT_COLUMNS,
) -> Iterator[dict[str, Any]]:
    """The rows at some places, each row group read once and no further than needed.

    Raises NotThereError where a file has other rows than the index says, as while a run is published.
    """
    ordered = sorted(places, key=lambda p: (p["file"], p["row_group"], p["row"]))
    for (file, group), group_places in groupby(ordered, key=lambda p: (p["file"], p["row_group"])):
        [name] = index.execute("select path from files where number = ?", [file]).fetchone()
        ids = {place["row"]: place["id"] for place in group_places}
        for at, row in _group_rows(clean / name, group, set(ids), columns):
            if row["id"] != ids[at]:
                raise NotThereError("a new run is being published; load the page again")
            yield row


def laid_out(row: Mapping[str, Any]) -> tuple[Cleaned, bool]:
    """A row's document with its removals, and whether kept and removed pieces add up to its laid-out text."""
    spans = row["metadata"]["removed"]
    text = restored_text(row["text"], ((span["start"], span["text"]) for span in spans))
    removals = tuple(Removal(*(span[name] for name in REMOVAL_FIELDS)) for span in spans)
    return Cleaned(Document(text), removals), len(text) == row["n_chars_in"]


def _laid_out_again(root: Path, row: Mapping[str, Any], removals: Sequence[Removal]) -> Cleaned | None:
    """A row's document from its raw page, None where that is missing or has another layout now."""
    document = _raw_layout(root, row["metadata"]["raw_path"], row["metadata"]["raw_sha256"])
    if document is None or len(document.text) != row["n_chars_in"]:
        return None
    stored = [span["text"] for span in row["metadata"]["removed"]]
    for text in (document.text, mask_contacts(document.text)):  # whatever the run's setting was
        if stored == [text[removal.start : removal.end] for removal in removals]:
            return Cleaned(replace(document, text=text), tuple(removals))
    return None


@lru_cache(maxsize=4)  # a person decides several times on one document
def _raw_layout(root: Path, raw_path: str, sha256: str) -> Document | None:
    # Here, because only Markdown needs the models.
    from winnow.models.extraction import read_document as read_page

    try:
        return read_page(find_raw(root, raw_path, sha256), Settings())
    except (NotThereError, UnreadableError):
        return None


def place_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """The address and the hash of the content by which events name a row's document."""
    return row["metadata"]["url"] or row["metadata"]["raw_path"], row["metadata"]["raw_sha256"]


def source_documents(
    index: sqlite3.Connection, source: str, after: str = "", rows: int = PAGE_ROWS
) -> list[sqlite3.Row]:
    """A page of a source's documents after ``after``, those that lost most first, and one more if there is one."""
    key = (
        index.execute("select rank, id from documents where id = ?", [after]).fetchone() if after else None
    )
    behind, values = ("and (rank, id) > (?, ?)", [*key]) if key else ("", [])
    statement = f"select * from documents where source = ? {behind} order by rank, id limit ?"  # noqa: S608  # parts are ours
    return list(index.execute(statement, [source, *values, rows + 1]))


def _document_events(index: sqlite3.Connection, row: Mapping[str, Any]) -> tuple[Event, ...]:
    """The decisions in force about a row's text (see `Decisions.of_document`)."""
    place, content = place_of(row)
    source = row["domain"] or row["source"]
    events = read_events(
        index,
        "(source = ? and action in ('restore_line', 'remove_line', 'undo')) or (place = ? and place != '') "
        "or (content = ? and content != '')",
        [source, place, content],
    )
    return fold([*events, *undos_of(index, events)], now()).of_document([source], place, content)


def _group_rows(
    path: Path, group: int, row_numbers: set[int], columns: Sequence[str] | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Some rows of a row group with their places in it."""
    try:
        with pq.ParquetFile(path) as file:
            at, last = 0, max(row_numbers)
            for batch in file.iter_batches(
                BATCH_ROWS, [group], list(columns) if columns else None, use_threads=False
            ):
                for row in sorted(r for r in row_numbers if at <= r < at + batch.num_rows):
                    yield row, batch.slice(row - at, 1).to_pylist()[0]
                at += batch.num_rows
                if at > last:
                    return
    except (FileNotFoundError, IndexError) as error:
        raise NotThereError("a new run is being published; load the page again") from error
