"""The lines of a site that a rule would touch, by the keys of all lines that the index holds."""

import hashlib
import re
import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

import numpy as np

from winnow.corpus.decisions.applying import line_key
from winnow.corpus.lines import split_lines
from winnow.corpus.spans import restored_text
from winnow.corpus.taxonomy import LAYOUT

PAGE_ROWS: Final = 100  # of a preview
GOES: Final = 1  # the lowest bit of a line's key says that the run removes it
KEY_BYTES: Final = 8  # 63 bits of a hash: no two lines of a site meet
MARKS: Final = re.compile(
    r"^(?:> ?)*(?:#{1,6} |[-+*] |\d{1,9}[.)] |\| )?| \|$"
)  # of Markdown, around a line
ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class TouchedLine:
    """A line of a document that a rule is about."""

    document: str  # id
    title: str
    text: str  # as the rule has it
    goes: bool  # now: some piece of it was removed


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts of the lines that a rule would touch, one page of them, and the start of the next page, 0 at the end."""

    lines: Sequence[TouchedLine]
    staying: int  # lines in all documents that stay now
    going: int  # that go now
    documents: int  # that have such a line
    after: int


def line_keys(row: Mapping[str, Any]) -> bytes:
    """The keys of the lines of a document's row, in `KEY_BYTES` each, with `GOES` for those that were removed."""
    return array("Q", [key | goes for key, goes in _keys(row)]).tobytes()


def preview_lines(
    index: sqlite3.Connection, source: str, lines: Sequence[str], action: str, at: int
) -> Preview:
    """The lines of a source that equal any of ``lines``, those that the action changes first, from row ``at`` on.

    Reads the keys of the source's own documents, some 6 µs for each.
    """
    texts = {_key(line_key(line)): line for line in lines}
    documents, keys = _lines_like(index, source, [*texts])
    goes = (keys & np.uint64(GOES)).astype(bool)
    order = np.argsort(goes if action == "remove" else ~goes, kind="stable")[at : at + PAGE_ROWS]
    page_lines = [(int(documents[n]), texts[int(keys[n]) & ~GOES], bool(goes[n])) for n in order]
    return Preview(
        [TouchedLine(*_document(index, document), line, going) for document, line, going in page_lines],
        int(len(goes) - goes.sum()),
        int(goes.sum()),
        len(np.unique(documents)),
        at + PAGE_ROWS if len(goes) > at + PAGE_ROWS else 0,
    )


def _lines_like(
    index: sqlite3.Connection, source: str, rule_keys: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """The documents (by rowid) and keys of the lines with any of these keys, in the order of the corpus."""
    rows = index.execute(
        "select document, keys from lines where document in (select rowid from documents where source = ?) "
        "order by document",  # as they lie in the file: twice as fast as any other order
        [source],
    ).fetchall()
    keys = np.frombuffer(b"".join(blob for _, blob in rows), np.uint64)
    owners = np.repeat([document for document, _ in rows], [len(blob) // KEY_BYTES for _, blob in rows])
    matches = np.flatnonzero(np.isin(keys & ~np.uint64(GOES), np.array(rule_keys, np.uint64)))
    return owners[matches], keys[matches]


def _document(index: sqlite3.Connection, rowid: int) -> tuple[str, str]:
    """Id and title of a document of the index."""
    row = index.execute("select id, title from documents where rowid = ?", [rowid]).fetchone()
    return row["id"], row["title"]


def _keys(row: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Key of each line that is not blank, and whether it goes: some piece of it was removed."""
    removed = row["metadata"]["removed"]
    if len(row["text"]) + sum(len(span["text"]) for span in removed) != row["n_chars_in"]:
        yield from _markdown_keys(row)
        return
    text = restored_text(row["text"], ((span["start"], span["text"]) for span in removed))
    spans = [(span["start"], span["end"]) for span in removed if span["kind"] != LAYOUT]
    ends = [end for _, end in spans]
    for start, stop in split_lines(text):
        if key := line_key(text[start:stop]):
            first = bisect_right(ends, start)
            yield _key(key), int(first < len(spans) and spans[first][0] < stop)


def _markdown_keys(row: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """The same for a row of Markdown: its lines without their marks, and the removed lines."""
    kept_lines = (ESCAPED.sub(r"\1", MARKS.sub("", unescape(line))) for line in row["text"].splitlines())
    yield from ((_key(key), 0) for line in kept_lines if (key := line_key(line.replace(" | ", " "))))
    removed_lines = (line for span in row["metadata"]["removed"] for line in span["text"].splitlines())
    yield from ((_key(key), GOES) for line in removed_lines if (key := line_key(line)))


def _key(line: str) -> int:
    """63 bits of the hash of a line's key, and room for `GOES`."""
    digest = hashlib.blake2b(line.encode(errors="surrogatepass"), digest_size=KEY_BYTES).digest()
    return int.from_bytes(digest) & ~GOES
