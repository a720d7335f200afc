"""Lines that the pages of a site repeat: learned over a run, kept for the next, and used to clean documents again.

The table ``site_lines.parquet`` holds for each line of a site the pages that show it. A page is known by
its address, so that it counts once however often it is cleaned, and pages of the same text count as one.
Documents whose site nobody knows have the folder, or the file of many records, that they lie in, whose name
ends in ``/`` or ``#``; what folders teach is not kept for the next run, because their files have no addresses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from winnow.corpus.output import SITE_LINES
from winnow.corpus.writers import write_batches
from winnow.models.site_line_keys import MAX_PAGES, MIN_PAGES
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.tables.bucket_files import kept_files, merged
from winnow.pipeline.tables.database import open_database, read_tables
from winnow.pipeline.tables.intermediate import (
    INTERMEDIATE,
    regrouped,
)
from winnow.pipeline.tables.joins import (
    Carry,
    Goes,
    Join,
    JoinRound,
    JoinTable,
    Over,
    bucket_count,
    carry_out_join,
    define_buckets,
    in_turn,
)

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
SELECT_PAGES: Final = f"""
    SELECT {SITE} AS site, text_key, page_key, line_keys, bucket_of({SITE}) AS bucket FROM shards WHERE text_key != ''
"""  # noqa: S608  # constants of ours
LEARN_LINES: Final = f"""
    WITH shown AS (
        SELECT site, unnest(line_keys) AS line, min(page_key) OVER (PARTITION BY site, text_key) AS page FROM pages
    ), line_pages AS (
        SELECT DISTINCT * FROM (FROM shown UNION ALL SELECT site, line, unnest(pages) FROM earlier)
    ), lowest AS (
        SELECT *, least(count(*) OVER (PARTITION BY site, line), {MAX_PAGES}) AS pages FROM line_pages
        QUALIFY row_number() OVER (PARTITION BY site, line ORDER BY page) <= {MAX_PAGES}
    )
    SELECT site, line, page FROM lowest
    QUALIFY dense_rank() OVER (PARTITION BY site ORDER BY pages DESC, line) <= {MAX_SITE_LINES}
    ORDER BY site, line, page
"""  # noqa: S608  # constants of ours
SELECT_REPEATED: Final = f"""
    SELECT site, line, {COUNTED_PAGES} AS pages FROM learned WHERE {COUNTED_PAGES} >= {MIN_PAGES}
"""  # noqa: S608  # constants of ours
SELECT_EARLIER: Final = "SELECT *, bucket_of(site) AS bucket FROM known"
SELECT_BUCKETS: Final = f"SELECT DISTINCT bucket_of({SITE}) FROM shard"  # noqa: S608
SELECT_LINES_TO_APPLY: Final = f"""
    WITH open AS (
        SELECT document_key, {SITE} AS site, unnest(line_keys) AS line, unnest(line_pages) AS needed FROM shard
    )
    SELECT DISTINCT document_key, line, pages FROM open JOIN repeated USING (site, line)
    WHERE needed > 0 AND pages >= needed
"""  # noqa: S608  # constants of ours
LINES_AT_ONCE: Final = 20_000  # in memory, and in a group of rows
FOLDER: Final = "lines"  # in the work folder, with two tables of a file for each bucket of sites:
LEARNED: Final = "learned"  # lines of sites and of folders
REPEATED: Final = "repeated"  # those on enough pages to be removed

# Lines and their pages, by `winnow.pipeline.tables.keys.document_key`.
LinesByDocument = Mapping[str, Mapping[int, int]]


def learn_site_lines(
    parts: Sequence[ShardParts],
    earlier: Path | None,
    work: Path,
    carry: Carry = in_turn,
    buckets: int | None = None,
) -> Path:
    """Add the lines of a run to those of earlier runs, if any; give the folder of those on many pages.

    Sites are learned side by side, in ``buckets`` by their hash, on which no line depends.
    """
    shards = [part.numbered for part in parts]
    files = {"known": ((earlier,) if earlier else (), SCHEMA)}
    join = Join(work / FOLDER, _rounds(), INTERMEDIATE, files, buckets=buckets or bucket_count(shards))
    carry_out_join(join, shards, (LEARNED, REPEATED), carry)
    of_sites = regrouped(_lines_of_sites(kept_files(work / FOLDER / LEARNED)), LINES_AT_ONCE)
    write_batches(work / SITE_LINES, SCHEMA, of_sites)
    return work / FOLDER / REPEATED


def _rounds() -> tuple[JoinRound, ...]:
    pages = JoinTable("pages", SELECT_PAGES, Goes.TO_BUCKETS)
    earlier = JoinTable("earlier", SELECT_EARLIER, Goes.TO_BUCKETS)
    learned = JoinTable(LEARNED, LEARN_LINES, Goes.TO_FILE, _in_groups_with_pages, SCHEMA)
    repeated = JoinTable(REPEATED, SELECT_REPEATED, Goes.TO_FILE)
    return (
        JoinRound(Over.SHARDS, (), (pages,)),
        JoinRound(Over.ALL, ("known",), (earlier,)),
        JoinRound(Over.BUCKETS, ("pages", "earlier"), (learned, repeated)),
    )


def _lines_of_sites(learned: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    """The rows whose site is known, in the order of sites and lines."""
    for batch in merged(learned, "site"):
        yield batch.filter(pc.match_substring_regex(batch.column("site"), "[^/#]$"))


def _in_groups_with_pages(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return regrouped(_lines_with_pages(batches), LINES_AT_ONCE)


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


def lines_to_apply(parts: ShardParts, table: Path, work: Path) -> LinesByDocument:
    """For each document that repeated lines change, by its key: these lines and on how many pages each is."""
    lines_by_document: dict[str, dict[int, int]] = defaultdict(dict)
    files = kept_files(table)
    with open_database(work) as database:
        read_tables(database, "shard", [parts.rows], INTERMEDIATE)
        if len(files) > 1:
            define_buckets(database, len(files))
            files = [files[bucket] for (bucket,) in sorted(database.execute(SELECT_BUCKETS).fetchall())]
        read_tables(database, "repeated", files, SCHEMA)
        for document, line, pages in database.execute(SELECT_LINES_TO_APPLY).fetchall():
            lines_by_document[document][line] = pages
    return lines_by_document
