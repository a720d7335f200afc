"""Lines that the pages of a site repeat: learned over a run, kept for the next, and used to clean documents again.

The table ``site_lines.parquet`` holds for each line of a site the pages that show it. A page is known by
its address, so that it counts once however often it is cleaned, and pages of the same text count as one.
Documents whose site nobody knows have the folder, or the file of many records, that they lie in, whose name
ends in ``/`` or ``#``; what folders teach is not kept for the next run, because their files have no addresses.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from winnow.corpus.output import SITE_LINES
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import write_batches
from winnow.models.site_line_keys import MAX_PAGES, MIN_PAGES
from winnow.pipeline.shards.records import is_kept, undamaged, write_record
from winnow.pipeline.shards.reuse import Reuse
from winnow.pipeline.shards.shards import Leftovers, Shard, ShardParts
from winnow.pipeline.tables.database import open_database, read_tables
from winnow.pipeline.tables.intermediate import (
    INTERMEDIATE,
    dated,
    in_groups,
    read_batches,
    read_columns,
    regrouped,
    single_rows,
    value,
)
from winnow.pipeline.tables.keys import document_key, site_key
from winnow.pipeline.workers.children import Outcome
from winnow.pipeline.workers.file_reader import open_reader
from winnow.pipeline.workers.isolation import Cleaning

MAX_SITE_LINES: Final = 4096  # of a site; those on most pages, then by key, so that runs keep the same ones
SCHEMA: Final = pa.schema(
    [
        pa.field("site", pa.string()),
        pa.field("line", pa.uint32()),
        pa.field("pages", pa.list_(pa.uint32())),  # the `MAX_PAGES` lowest keys of pages, in order
    ]
)
SITE: Final = "if(domain != '', domain, regexp_replace(metadata.raw_path, '[^/#]*$', ''))"
# A folder may hold texts of many sites, and says half as much. One with the 7,593 articles of 96 sources gives two
# lines that their sites do not give.
COUNTED_PAGES: Final = "if(right(site, 1) IN ('/', '#'), len(pages) // 2, len(pages))"
# Lists are made outside the database: its list aggregates cannot spill to disk, and fail when memory runs out.
LEARN_LINES: Final = f"""
    WITH shown AS (
        SELECT {SITE} AS site, unnest(line_keys) AS line, min(page_key) OVER (PARTITION BY {SITE}, text_key) AS page
        FROM shards WHERE text_key != ''
    ), line_pages AS (
        SELECT DISTINCT * FROM (FROM shown UNION ALL SELECT site, line, unnest(pages) FROM earlier)
    ), lowest AS (
        SELECT *, least(count(*) OVER (PARTITION BY site, line), $max_pages) AS pages FROM line_pages
        QUALIFY row_number() OVER (PARTITION BY site, line ORDER BY page) <= $max_pages
    )
    SELECT site, line, page FROM lowest
    QUALIFY dense_rank() OVER (PARTITION BY site ORDER BY pages DESC, line) <= $max_lines
    ORDER BY site, line, page
"""  # noqa: S608  # constants of ours
REPEATED: Final = f"""
    SELECT site, line, {COUNTED_PAGES} AS pages FROM learned WHERE {COUNTED_PAGES} >= $min_pages
"""  # noqa: S608  # constants of ours
SELECT_LINES_TO_APPLY: Final = f"""
    WITH open AS (
        SELECT document_key, {SITE} AS site, unnest(line_keys) AS line, unnest(line_pages) AS needed FROM shard
    )
    SELECT DISTINCT document_key, line, pages FROM open JOIN repeated USING (site, line)
    WHERE needed > 0 AND pages >= needed
"""  # noqa: S608  # constants of ours
LINES_AT_ONCE: Final = 20_000  # in memory, and in a group of rows
LEARNED_LINES: Final = "learned.parquet"  # in the work folder: lines of sites and of folders
REPEATED_LINES: Final = "repeated.parquet"  # likewise: lines on enough pages to be removed

# Lines and their pages, by `winnow.pipeline.tables.keys.document_key`.
LinesByDocument = Mapping[str, Mapping[int, int]]


def learn_site_lines(parts: Sequence[ShardParts], earlier: Path | None, work: Path) -> Path:
    """Add the lines of a run to those of earlier runs, if any; give the table of those on many pages."""
    limits = {"max_pages": MAX_PAGES, "max_lines": MAX_SITE_LINES}
    with open_database(work) as database:
        read_tables(database, "shards", [part.rows for part in parts], INTERMEDIATE)
        read_tables(database, "earlier", [earlier] if earlier else [], SCHEMA)
        lines_on_pages = database.execute(LEARN_LINES, limits).to_arrow_reader(LINES_AT_ONCE)
        lines = regrouped(_lines_with_pages(lines_on_pages), LINES_AT_ONCE)
        write_batches(work / LEARNED_LINES, SCHEMA, lines)
        read_tables(database, "learned", [work / LEARNED_LINES], SCHEMA)
        repeated = database.execute(REPEATED, {"min_pages": MIN_PAGES}).to_arrow_reader(LINES_AT_ONCE)
        write_batches(work / REPEATED_LINES, repeated.schema, repeated)
    of_sites = regrouped(_lines_of_sites(work / LEARNED_LINES), LINES_AT_ONCE)
    write_batches(work / SITE_LINES, SCHEMA, of_sites)
    return work / REPEATED_LINES


def _lines_of_sites(learned: Path) -> Iterator[pa.RecordBatch]:
    """The rows whose site is known, in their order."""
    for batch in read_batches(learned):
        yield batch.filter(pc.match_substring_regex(batch.column("site"), "[^/#]$"))


def _lines_with_pages(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of `SCHEMA`, with a list of pages each, from sorted rows with one page each."""
    last: list[pa.RecordBatch] = []  # rows of a line that may go on
    for batch in batches:
        rows = pa.concat_batches([*last, batch])
        starts = _line_starts(rows)
        yield _group_pages(rows, starts)
        last = [rows.slice(starts[-1])]
    for rows in last:
        yield _group_pages(rows, np.array([0, len(rows)]))


def _line_starts(rows: pa.RecordBatch) -> npt.NDArray[np.int64]:
    """The index of the first row of each line of a site."""
    sites, lines = rows.column("site"), rows.column("line").to_numpy()
    is_new = pc.not_equal(sites.slice(1), sites.slice(0, len(rows) - 1)).to_numpy(zero_copy_only=False)
    return np.flatnonzero(np.append(True, is_new | (lines[1:] != lines[:-1])))


def _group_pages(rows: pa.RecordBatch, starts: npt.NDArray[np.int64]) -> pa.RecordBatch:
    """A row for each line of a site with its pages, up to the last start."""
    pages = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), rows.column("page"))
    firsts = rows.take(pa.array(starts[:-1]))
    return pa.record_batch([firsts.column("site"), firsts.column("line"), pages], schema=SCHEMA)


def clean_again(
    shard: Shard,
    parts: ShardParts,
    leftovers: Leftovers,
    table: Path,
    settings: Settings,
    work: Path,
    *,
    clean: Cleaning,
) -> ShardParts:
    """The parts of a shard after its documents with repeated lines were cleaned again, without these lines.

    A part that exists already is taken as it is, and rows of ``leftovers`` are reused for documents that were
    cleaned with exactly these lines before; of neither what is damaged.
    """
    lines_by_document = _documents_to_change(parts, table, work)
    if not lines_by_document:
        return parts
    folder, stem = parts.rows.parent, f"{shard.key}-{_lines_key(lines_by_document)}"
    path, damaged = folder / f"{stem}.parquet", list[str]()
    if not is_kept(folder, stem, [path.name], damaged):
        sound = undamaged(folder, leftovers.rows_again, damaged)
        reusable = Reuse([folder / each.path for each in sound], settings)
        places = _reusable_places(parts, lines_by_document, reusable)
        to_clean = {key: lines for key, lines in lines_by_document.items() if key not in places}
        outcomes = clean(_documents_to_clean(shard, parts, to_clean, settings), settings)
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
    shard: Shard, parts: ShardParts, to_clean: LinesByDocument, settings: Settings
) -> Iterator[RawDocument]:
    """The documents that must be cleaned again, each with the lines of its site and its packed layout."""
    if not to_clean:
        return
    rows = read_columns(parts.rows, ["document_key", "packed"])
    with open_reader(settings) as read:
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


def _documents_to_change(parts: ShardParts, table: Path, work: Path) -> LinesByDocument:
    """For each document that repeated lines change, by its key: these lines and on how many pages each is."""
    lines_by_document: dict[str, dict[int, int]] = defaultdict(dict)
    with open_database(work) as database:
        read_tables(database, "shard", [parts.rows], INTERMEDIATE)
        read_tables(database, "repeated", [table], SCHEMA)
        for document, line, pages in database.execute(SELECT_LINES_TO_APPLY).fetchall():
            lines_by_document[document][line] = pages
    return lines_by_document


def _lines_key(lines_by_document: LinesByDocument) -> str:
    """A key that is equal where the same lines change the same documents; 16 hex digits."""
    sorted_lines = sorted((key, sorted(lines.items())) for key, lines in lines_by_document.items())
    return hashlib.sha256(json.dumps(sorted_lines).encode()).hexdigest()[:16]
