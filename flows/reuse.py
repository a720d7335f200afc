"""Rows of documents that an earlier run cleaned, to be had again where nothing that shapes them has changed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from corpus.settings import Settings
from flows.document import decisions_about
from flows.intermediate import read_batches, read_columns, single_rows
from flows.keys import decision_key

KNOWN_BY: Final = ["document_key", "site_key", "decision_key"]
DECIDED_BY: Final = ["domain", "host", "source", "url", "metadata.raw_path", "metadata.raw_sha256"]

Key = tuple[str, str]  # of a document, and of the lines of its site that it was cleaned with


class Reuse:
    """The rows of some files, by key. They are read once, in their order: what lies behind is out of reach."""

    def __init__(self, paths: Sequence[Path], settings: Settings) -> None:
        known = chain.from_iterable(read_columns(path, [*KNOWN_BY, *DECIDED_BY]) for path in paths)
        self._places = {
            (row["document_key"], row["site_key"]): place
            for place, row in enumerate(known)
            if row["decision_key"] == _decided_now(row, settings)
        }
        self._rows = enumerate(_rows(paths))
        self._reached = 0

    def __bool__(self) -> bool:
        """Whether it holds a row at all."""
        return bool(self._places)

    def place(self, key: Key) -> int | None:
        """Where the row of a key stands, for `row`; None where there is none, or it was passed already."""
        place = self._places.get(key, -1)
        if place < self._reached:
            return None
        self._reached = place + 1
        return place

    def row(self, place: int) -> pa.RecordBatch:
        """The row at a place; places must be asked for in the order in which `place` gave them."""
        return next(row for number, row in self._rows if number == place)


def _rows(paths: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    batches = chain.from_iterable(map(read_batches, paths))
    return chain.from_iterable(map(single_rows, batches))


def _decided_now(row: Mapping[str, Any], settings: Settings) -> str:
    """The key of the decisions that now are about the document of a row."""
    sources = (row["domain"] or row["source"], row["host"] or row["source"])
    metadata = row["metadata"]
    place = row["url"] or metadata["raw_path"]
    return decision_key(decisions_about(sources, place, metadata["raw_sha256"], settings))
