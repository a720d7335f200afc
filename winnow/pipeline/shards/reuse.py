"""Rows of documents that an earlier run cleaned, reusable where nothing that shapes them has changed."""

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from winnow.corpus.decisions.snapshot import decisions_about
from winnow.corpus.settings import Settings
from winnow.pipeline.tables.intermediate import read_batches, read_columns, single_rows
from winnow.pipeline.tables.keys import decision_key

KEY_COLUMNS: Final = ["document_key", "site_key", "decision_key"]
DECISION_COLUMNS: Final = ["domain", "host", "source", "url", "metadata.raw_path", "metadata.raw_sha256"]

Key = tuple[str, str]  # of a document, and of the lines of its site that it was cleaned with


class Reuse:
    """The rows of some Parquet files, by key. Rows are read once, in order: earlier ones are out of reach."""

    def __init__(
        self, paths: Sequence[Path], settings: Settings, unchanged: Container[str] = frozenset()
    ) -> None:
        self._places: dict[Key, int] = {}
        self._files: dict[str, list[int]] = {}  # places by the name of an unchanged file
        self._stale: set[str] = set()  # names of files with a row that is out of date
        rows = chain.from_iterable(read_columns(path, [*KEY_COLUMNS, *DECISION_COLUMNS]) for path in paths)
        for place, row in enumerate(rows):
            name = file_of(row["metadata"]["raw_path"], unchanged)
            if row["decision_key"] == _current_decision_key(row, settings):
                self._places[row["document_key"], row["site_key"]] = place
                self._files.setdefault(name, []).append(place)
            else:
                self._stale.add(name)
        self._rows = enumerate(_rows(paths))
        self._reached = 0

    def __bool__(self) -> bool:
        """Whether it holds a row at all."""
        return bool(self._places)

    def place(self, key: Key) -> int | None:
        """The place of the row of a key, for `row`; None where there is none, or it is out of reach."""
        place = self._places.get(key, -1)
        if place < self._reached:
            return None
        self._reached = place + 1
        return place

    def file(self, name: str) -> Sequence[int] | None:
        """The places of the rows of an unchanged file, for `row`; None where some are out of date or out of reach."""
        places = self._files.get(name, ())
        if name in self._stale or (places and places[0] < self._reached):
            return None
        self._reached = places[-1] + 1 if places else self._reached
        return places

    def row(self, place: int) -> pa.RecordBatch:
        """The row at a place; call it in the order in which `place` gave the places."""
        return next(row for number, row in self._rows if number == place)


def file_of(path: str, names: Container[str]) -> str:
    """The file among some names that a document's path begins with, "" if none does.

    >>> file_of("raw/a.jsonl#3", {"raw/a.jsonl"}), file_of("raw/c#.html", {"raw/c#.html"})
    ('raw/a.jsonl', 'raw/c#.html')
    """
    return next((name for name in (path, path.rpartition("#")[0]) if name in names), "")


def _rows(paths: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    batches = chain.from_iterable(map(read_batches, paths))
    return chain.from_iterable(map(single_rows, batches))


def _current_decision_key(row: Mapping[str, Any], settings: Settings) -> str:
    """The key of the decisions that concern the document of a row now."""
    sources = (row["domain"] or row["source"], row["host"] or row["source"])
    metadata = row["metadata"]
    place = row["url"] or metadata["raw_path"]
    return decision_key(decisions_about(settings.decisions, sources, place, metadata["raw_sha256"]))
