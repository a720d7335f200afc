"""The second cleaning: documents from which lines go that their sites repeat (`winnow.pipeline.sources.site_lines`)."""

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pyarrow as pa

from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import write_batches
from winnow.pipeline.shards.records import is_kept, undamaged, write_record
from winnow.pipeline.shards.reuse import Reuse
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts
from winnow.pipeline.sources.site_lines import LinesByDocument, lines_to_apply
from winnow.pipeline.tables.intermediate import (
    INTERMEDIATE,
    dated,
    in_groups,
    read_batches,
    read_columns,
    single_rows,
    value,
)
from winnow.pipeline.tables.keys import document_key, site_key
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.file_reader import open_reader
from winnow.pipeline.workers.isolation import Cleaning
from winnow.pipeline.workers.stop import Stop


def clean_again(
    shard: Shard,
    parts: ShardParts,
    leftovers: Leftovers,
    table: Path,
    settings: Settings,
    work: Path,
    *,
    clean: Cleaning,
    stop: Stop,
) -> ShardParts:
    """The parts of a shard after its documents with repeated lines were cleaned again, without these lines.

    A part that exists already is taken as it is, and rows of ``leftovers`` are reused for documents that were
    cleaned with exactly these lines before; of neither what is damaged.
    """
    lines_by_document = lines_to_apply(parts, table, work)
    if not lines_by_document:
        return parts
    folder, stem = parts.rows.parent, f"{shard.key}-{_lines_key(lines_by_document)}"
    path, damaged = folder / f"{stem}.parquet", list[str]()
    if not is_kept(folder, stem, [path.name], damaged):
        sound = undamaged(folder, leftovers.rows_again, damaged)
        reusable = Reuse([folder / each.path for each in sound], settings)
        places = _reusable_places(parts, lines_by_document, reusable)
        to_clean = {key: lines for key, lines in lines_by_document.items() if key not in places}
        outcomes = clean(_documents_to_clean(shard, parts, to_clean, settings, stop), settings)
        write_batches(
            path, INTERMEDIATE, in_groups(_updated_rows(parts, reusable, places, to_clean, outcomes))
        )
        write_record(folder, stem, [path])
    return replace(parts, rows=path, damaged=(*parts.damaged, *damaged))


def _reusable_places(
    parts: ShardParts, lines_by_document: LinesByDocument, reusable: Reuse
) -> dict[str, int]:
    """The places of reusable rows, by document: those that were cleaned with exactly these lines before."""
    keys = {document: site_key(lines) for document, lines in lines_by_document.items()}
    places = ((key, reusable.place((key, keys[key]))) for key in _documents(parts) if key in keys)
    return {key: place for key, place in places if place is not None}


def _documents(parts: ShardParts) -> Iterator[str]:
    """The keys of the documents of a shard, in the order of their rows."""
    return (row["document_key"] for row in read_columns(parts.rows, ["document_key"]))


def _updated_rows(
    parts: ShardParts,
    reusable: Reuse,
    places: Mapping[str, int],
    to_clean: Container[str],
    outcomes: Iterator[Outcome],
) -> Iterator[pa.RecordBatch]:
    """The rows of a shard, with the row of the second cleaning, new or reused, for each document that lines change.

    A document that fails in the second cleaning, or has vanished, keeps its first row.
    """
    outcome = next(outcomes, None)
    rows = chain.from_iterable(map(single_rows, read_batches(parts.rows)))
    for key, row in zip(_documents(parts), rows, strict=True):
        if key in places:
            yield dated(reusable.row(places[key]), value(row, "added"))
        elif outcome is None or key not in to_clean or not _is_about(outcome, row):
            yield row
        else:
            yield row if isinstance(outcome, Quarantined) else outcome
            outcome = next(outcomes, None)


def _documents_to_clean(
    shard: Shard, parts: ShardParts, to_clean: LinesByDocument, settings: Settings, stop: Stop
) -> Iterator[RawDocument]:
    """The documents that must be cleaned again, each with the lines of its site and its packed layout."""
    if not to_clean:
        return
    rows = read_columns(parts.rows, ["document_key", "packed"])
    with open_reader(settings, stop) as read:
        for item in chain.from_iterable(map(read, shard.files)):
            if isinstance(item, RawDocument) and (lines := to_clean.get(key := document_key(item))):
                # Rows lie in the order of the documents; one that has changed its place is laid out anew.
                packed = next((row["packed"] for row in rows if row["document_key"] == key), b"")
                yield replace(item, site_lines=lines, packed=packed)


def _is_about(outcome: Outcome, row: pa.RecordBatch) -> bool:
    """Whether an outcome belongs to the document of a row."""
    if isinstance(outcome, Quarantined):
        metadata = value(row, "metadata")
        return (outcome.path, outcome.sha256) == (metadata["raw_path"], metadata["raw_sha256"])
    return bool(value(outcome, "document_key") == value(row, "document_key"))


def _lines_key(lines_by_document: LinesByDocument) -> str:
    """A key that is equal where the same lines change the same documents; 16 hex digits."""
    sorted_lines = sorted((key, sorted(lines.items())) for key, lines in lines_by_document.items())
    return hashlib.sha256(json.dumps(sorted_lines).encode()).hexdigest()[:16]
