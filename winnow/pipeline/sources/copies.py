"""Copies: documents whose text is the same, or nearly the same, as that of an earlier document of the run.

Texts are compared in buckets by the hash of the text, and of each key of its signature. Nothing numbers all documents
in the order of age: each row carries its age, and buckets compare ages. Only the rule that no copy is one of a
near-copy takes a pass over all pairs of near-duplicates, in their order, which holds a number for each near-copy that
another text is near to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from winnow.corpus.mounts import fetched
from winnow.corpus.signature import are_near
from winnow.pipeline.shards.shards import Place, ShardParts
from winnow.pipeline.sources.hosts import SeparateHosts, separate_hosts_table
from winnow.pipeline.tables.bucket_files import kept_files
from winnow.pipeline.tables.intermediate import INTERMEDIATE
from winnow.pipeline.tables.joins import (
    Carry,
    Goes,
    Join,
    JoinRound,
    JoinTable,
    Over,
    bucket_count,
    carry_out_join,
    in_turn,
)

FOLDER: Final = "copies"  # in the work folder
# A table there, of a file for each bucket of shards: their copies in the order of places
COPIES: Final = "found"
READ_COLUMNS: Final = ["id", "created", "added", "source_key", "host", "text_key", "sketch", "keys"]
# In order of age: the earliest published, where that is known, then the earliest obtained, where that is known, then
# by id. A day before the web's first, such as the first of clocks (1970), is what broken dates come out as: not known.
BY_AGE: Final = (
    "{0}created < '1990-01-01', {0}created, {0}added < '1990-01-01', {0}added, {0}id, {0}shard, {0}row"
)
ROW_BITS: Final = 40  # of a place as one number
AGE: Final = "created, added, id, shard, row"
SELECT_TEXTS: Final = f"""
    SELECT {AGE}, if(host IN (FROM separate_hosts), host, source_key) AS source, text_key, sketch, keys,
        bucket_of(text_key) AS bucket
    FROM shards WHERE text_key != ''
"""  # noqa: S608  # constants of ours
# Within a bucket a document's age is a number.
RANK_TEXTS: Final = f"""
    SELECT *, min(age) OVER (PARTITION BY text_key) AS first,
        min(age) OVER (PARTITION BY text_key, source) AS first_of_source
    FROM (SELECT {AGE}, source, text_key, row_number() OVER (ORDER BY {BY_AGE.format("")}) AS age FROM texts)
"""  # noqa: S608
SELECT_EXACT: Final = """
    SELECT mine.shard, mine.row, original.id AS original, original.source = mine.source AS same_source, false AS near,
        mine.shard % buckets() AS bucket
    FROM ranked AS mine
    JOIN ranked AS original ON original.age = if(mine.first_of_source < mine.age, mine.first_of_source, mine.first)
    WHERE mine.first < mine.age
"""
# A text goes to the bucket of each of its keys, with the keys of that bucket.
SELECT_KEYS: Final = f"""
    SELECT * REPLACE (list_filter(keys, lambda key: bucket_of(key) = bucket) AS keys) FROM (
        SELECT {AGE}, bucket_of(text_key) AS text_bucket, keys,
            unnest(list_distinct(list_transform(keys, lambda key: bucket_of(key)))) AS bucket
        FROM (SELECT shard, row, keys FROM texts WHERE len(keys) > 0)
        JOIN (SELECT {AGE}, text_key FROM ranked WHERE age = first) USING (shard, row)
    )
"""  # noqa: S608
RANK_KEYS: Final = f"""
    SELECT shard, row, text_bucket, keys, row_number() OVER (ORDER BY {BY_AGE.format("")}) AS age FROM keyed
"""  # noqa: S608
# A text is compared with the oldest text of each of its keys: so with no more texts than it has keys.
SELECT_PAIRS: Final = """
    SELECT mine.shard, mine.row, older.shard AS older_shard, older.row AS older_row,
        older.text_bucket AS older_bucket, mine.text_bucket AS bucket
    FROM (
        SELECT DISTINCT age, oldest FROM (
            SELECT age, min(age) OVER (PARTITION BY key) AS oldest
            FROM (SELECT age, unnest(keys) AS key FROM ranked_keys)
        ) WHERE oldest < age
    ) AS met
    JOIN ranked_keys AS mine ON mine.age = met.age JOIN ranked_keys AS older ON older.age = met.oldest
"""
SELECT_COMPARED: Final = f"""
    SELECT {AGE}, source, sketch, older_shard, older_row, older_bucket AS bucket
    FROM (SELECT DISTINCT * FROM pairs) JOIN texts USING (shard, row)
"""  # noqa: S608
SELECT_SKETCHES: Final = """
    SELECT mine.created, mine.added, mine.id, mine.shard, mine.row, older_shard, older_row,
        older.created AS older_created, older.added AS older_added, older.id AS older_id,
        older.source = mine.source AS same_source, mine.sketch, older.sketch AS older_sketch
    FROM compared AS mine JOIN texts AS older ON older.shard = older_shard AND older.row = older_row
"""
# By age; ``is_older`` where another text is near to this one.
SELECT_NEAR_PAIRS: Final = f"""
    SELECT shard, row, older_shard, older_row, older_id AS original, same_source, true AS near,
        (shard, row) IN (SELECT (older_shard, older_row) FROM near_pairs) AS is_older
    FROM near_pairs ORDER BY {BY_AGE.format("")}, {BY_AGE.format("older_")}
"""  # noqa: S608
NEAR_PAIR: Final = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("created", "added", "id")),
        *(pa.field(name, pa.int64()) for name in ("shard", "row", "older_shard", "older_row")),
        *(pa.field(name, pa.string()) for name in ("older_created", "older_added", "older_id")),
        pa.field("same_source", pa.bool_()),
    ]
)
COPY: Final = pa.schema(
    [
        *(pa.field(name, pa.int64()) for name in ("shard", "row")),
        pa.field("original", pa.string()),
        *(pa.field(name, pa.bool_()) for name in ("same_source", "near")),
    ]
)
SELECT_NEAR: Final = "SELECT *, shard % buckets() AS bucket FROM chosen"
SELECT_COPIES: Final = """
    FROM (SELECT shard, row, original, same_source, near FROM exact
        UNION ALL SELECT shard, row, original, same_source, near FROM near_copies)
    ORDER BY shard, row
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A document whose text an earlier document already has."""

    original: str  # its id
    same_source: bool
    near: bool = False  # the text is nearly the same


def find_copies(
    parts: Sequence[ShardParts],
    separate_hosts: SeparateHosts,
    work: Path,
    carry: Carry = in_turn,
    buckets: int | None = None,
) -> None:
    """Write the copies in each shard into the work folder, for `read_copies`.

    An exact copy of a document of its own source names the oldest of these, else the oldest of all.
    A near-copy names the oldest text that it is near to, if that is no near-copy itself: texts that
    change little by little are not all copies of the first. No copy depends on the number of ``buckets``.
    """
    shards = [part.numbered for part in parts]
    columns = pa.schema([INTERMEDIATE.field(name) for name in READ_COLUMNS])
    join = Join(
        work / FOLDER,
        _rounds(),
        columns,
        constants={"separate_hosts": separate_hosts_table(separate_hosts)},
        buckets=buckets or bucket_count(shards),
    )
    carry_out_join(join, shards, [COPIES], carry)


def copy_tables(work: Path) -> list[Path]:
    """The files of all copies, a file for each bucket of shards; `COPY` is what they hold."""
    return kept_files(work / FOLDER / COPIES)


def read_copies(number: int, work: Path) -> dict[Place, Copy]:
    """The copies in a shard, by their places."""
    if not (tables := copy_tables(work)):
        return {}
    table = pq.read_table(fetched(tables[number % len(tables)]), filters=pc.field("shard") == number)
    return {
        (number, row["row"]): Copy(row["original"], row["same_source"], row["near"])
        for row in table.to_pylist()
    }


def _rounds() -> tuple[JoinRound, ...]:
    return (
        JoinRound(Over.SHARDS, (), (JoinTable("texts", SELECT_TEXTS, Goes.TO_BUCKETS),)),
        JoinRound(
            Over.BUCKETS,  # of texts
            ("texts",),
            (
                JoinTable("ranked", RANK_TEXTS),
                JoinTable("exact", SELECT_EXACT, Goes.TO_BUCKETS),
                JoinTable("keyed", SELECT_KEYS, Goes.TO_BUCKETS),
            ),
        ),
        JoinRound(
            Over.BUCKETS,  # of keys
            ("keyed",),
            (JoinTable("ranked_keys", RANK_KEYS), JoinTable("pairs", SELECT_PAIRS, Goes.TO_BUCKETS)),
        ),
        JoinRound(
            Over.BUCKETS,  # of texts
            ("pairs", "texts"),
            (JoinTable("compared", SELECT_COMPARED, Goes.TO_BUCKETS),),
        ),
        JoinRound(
            Over.BUCKETS,  # of the older texts
            ("compared", "texts"),
            (JoinTable("near_pairs", SELECT_SKETCHES, Goes.TO_FILE, _near_pairs, NEAR_PAIR),),
        ),
        JoinRound(
            Over.ALL,
            ("near_pairs",),
            (
                JoinTable("chosen", SELECT_NEAR_PAIRS, Goes.TO_FILE, _near_copies, COPY),
                JoinTable("near_copies", SELECT_NEAR, Goes.TO_BUCKETS),
            ),
        ),
        JoinRound(
            Over.BUCKETS,  # of shards
            ("exact", "near_copies"),
            (JoinTable(COPIES, SELECT_COPIES, Goes.TO_FILE),),
        ),
    )


def _near_pairs(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pairs whose sketches are near, without these."""
    for batch in batches:
        sketches = (batch.column(name).to_pylist() for name in ("sketch", "older_sketch"))
        if len(batch):
            yield batch.filter(pa.array(are_near(*sketches))).select(NEAR_PAIR.names)


def _near_copies(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of the pairs of each text in their order the first whose older text is no near-copy itself."""
    last, near_copies = (-1, -1), set[int]()  # of these, those that another text is near to
    for batch in batches:
        is_copy = []
        names = ("shard", "row", "older_shard", "older_row", "is_older")
        for shard, row, older_shard, older_row, is_older in zip(
            *(batch.column(name).to_pylist() for name in names), strict=True
        ):
            is_first = (shard, row) != last and older_shard << ROW_BITS | older_row not in near_copies
            is_copy.append(is_first)
            if is_first:
                last = shard, row
                near_copies |= {shard << ROW_BITS | row} if is_older else set()
        yield batch.filter(pa.array(is_copy, pa.bool_())).select(COPY.names)
