"""What the pages of a site have in common: learned over a run, kept for the next, and applied where it matters.

The table ``site_lines.parquet`` holds for each line of a site the pages that show it. A page is told by
its address, so that it counts once however often it is cleaned, and pages of the same text count as one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.dataset import dataset

from corpus.errors import UsageError
from corpus.output import SITE_LINES
from corpus.raw import RawDocument
from corpus.settings import Settings
from corpus.writers import ROWS_PER_GROUP, Row, write_parquet, write_rows
from flows.database import open_database
from flows.document import Outcome, Processed
from flows.isolation import Cleaning
from flows.plan import Shard
from flows.shards import INTERMEDIATE, ShardParts, read_items, read_rows, shard_row
from models.site_lines import MOST_PAGES

SITE_MOST_LINES: Final = (
    4096  # of a site; those on most pages, then by key, so that runs keep the same ones
)
SCHEMA: Final = pa.schema(
    [
        pa.field("site", pa.string()),
        pa.field("line", pa.uint32()),
        pa.field("pages", pa.list_(pa.uint32())),  # the `MOST_PAGES` lowest keys of pages, in order
    ]
)
LEARN: Final = """
    WITH shown AS (
        SELECT domain AS site, unnest(line_keys) AS line, min(page_key) OVER (PARTITION BY domain, text_key) AS page
        FROM shards WHERE domain != '' AND text_key != ''
    ), found AS (
        SELECT DISTINCT * FROM (FROM shown UNION ALL SELECT site, line, unnest(pages) FROM earlier)
    )
    SELECT site, line, min(page, $most_pages) AS pages FROM found GROUP BY site, line
    QUALIFY row_number() OVER (PARTITION BY site ORDER BY len(pages) DESC, line) <= $most_lines
    ORDER BY site, line
"""
TOUCHED: Final = """
    WITH open AS (
        SELECT id, domain AS site, unnest(line_keys) AS line, unnest(line_pages) AS needed FROM shard
    )
    SELECT DISTINCT id, line, len(pages) AS pages FROM open JOIN known USING (site, line)
    WHERE needed > 0 AND len(pages) >= needed
"""


def learn_site_lines(parts: Sequence[ShardParts], folder: Path, work: Path) -> Path:
    """Add the lines of a run to those that the output folder knows from earlier ones; give the new table.

    Raises UsageError for a table there that cannot be read.
    """
    limits = {"most_pages": MOST_PAGES, "most_lines": SITE_MOST_LINES}
    with open_database(work) as database:
        database.register("shards", dataset([part.rows for part in parts]))
        database.register("earlier", _earlier(folder / SITE_LINES))
        found = database.execute(LEARN, limits)
        batches = iter(partial(found.fetchmany, ROWS_PER_GROUP), [])
        rows = (dict(zip(SCHEMA.names, row, strict=True)) for batch in batches for row in batch)
        write_parquet(work / SITE_LINES, SCHEMA, rows)
    return work / SITE_LINES


def clean_again(
    shard: Shard, parts: ShardParts, table: Path, settings: Settings, work: Path, *, clean: Cleaning
) -> ShardParts:
    """Clean those documents of a shard again in which a line is on enough pages of its site to go."""
    known = _touched(parts, table, work)
    if not known:
        return parts
    raws = (raw for raw in read_items(shard.files, settings) if isinstance(raw, RawDocument))
    again = (replace(raw, site_lines=known[raw.id]) for raw in raws if raw.id in known)
    path = parts.rows.with_suffix(".again.parquet")
    write_rows(_renewed(parts, known.keys(), clean(again, settings)), INTERMEDIATE, parquet=path)
    return replace(parts, rows=path)


def _renewed(parts: ShardParts, touched: Set[str], outcomes: Iterator[Outcome]) -> Iterator[Row]:
    """The rows of a shard, those of touched documents as they came out the second time.

    One that fails then, or is no longer there, stays as it was.
    """
    for _, row in read_rows(parts):
        outcome = next(outcomes, None) if row["id"] in touched else None
        if isinstance(outcome, Processed) and outcome.record.id == row["id"]:
            yield shard_row(outcome)
        else:
            yield row


def _touched(parts: ShardParts, table: Path, work: Path) -> dict[str, dict[int, int]]:
    """For each document that the known lines change, these lines and their pages, by its id."""
    touched: dict[str, dict[int, int]] = defaultdict(dict)
    with open_database(work) as database:
        database.register("shard", dataset(parts.rows))
        database.register("known", dataset(table))
        for document, line, pages in database.execute(TOUCHED).fetchall():
            touched[document][line] = pages
    return touched


def _earlier(table: Path) -> pa.Table:
    """The lines known from earlier runs."""
    if not table.exists():
        return SCHEMA.empty_table()
    try:
        return pq.read_table(table, schema=SCHEMA)
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"{table}: not a table of the lines of sites ({error}); delete it") from error
