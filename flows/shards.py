"""A shard: its files read, cleaned and written to intermediate parts. Paths in, paths out."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.inputs import InputFile
from corpus.raw import Quarantined, RawDocument
from corpus.readers import Item, read_file, read_stream
from corpus.schema import REJECTED, document_row
from corpus.settings import Settings
from corpus.writers import Row, write_rows, write_text
from flows.document import Processed
from flows.isolation import Cleaning
from flows.plan import STDIN

PARTS: Final = "shards"  # folder of intermediate parts, below the work folder
INTERMEDIATE: Final = pa.schema(
    [
        *REJECTED,
        pa.field("source_key", pa.string()),
        pa.field("text_key", pa.string()),
        pa.field("sums", pa.string()),
        pa.field("seconds", pa.float64()),
    ]
)

BATCH_ROWS: Final = 500  # in memory while an intermediate part is read again

Place = tuple[int, int]  # of a document in a run: shard and row
Tick = Callable[[int], None]  # told how many documents more are done


@dataclass(frozen=True, slots=True)
class ShardParts:
    """Where a cleaned shard lies, and how many documents went in."""

    number: int
    rows: Path  # Parquet, `INTERMEDIATE`
    quarantine: Path  # JSON Lines of `Quarantined`
    documents: int  # read from the files, quarantined ones included


def clean_shard(
    number: int, items: Iterable[Item], settings: Settings, work: Path, clean: Cleaning, tick: Tick
) -> ShardParts:
    """Clean the documents of a shard and write its two intermediate parts."""
    quarantined: list[Quarantined] = []
    outcomes = clean(_readable(items, quarantined), settings)
    rows_path = work / PARTS / f"{number:05d}.parquet"
    rows = write_rows(_rows(outcomes, quarantined, tick), INTERMEDIATE, parquet=rows_path)
    quarantine_path = rows_path.with_suffix(".quarantine.jsonl")
    write_text(quarantine_path, "".join(json.dumps(asdict(q)) + "\n" for q in quarantined))
    return ShardParts(number, rows_path, quarantine_path, rows + len(quarantined))


def read_items(files: Iterable[InputFile], settings: Settings) -> Iterator[Item]:
    """All documents of some files, one at a time; those of standard input were obtained now."""
    for file in files:
        if file.location == STDIN:
            yield from (_obtained(item, file.modified) for item in read_stream(sys.stdin.buffer, settings))
        else:
            yield from read_file(file, settings)


def _obtained(item: Item, when: str) -> Item:
    return replace(item, added=item.added or when) if isinstance(item, RawDocument) else item


def read_rows(
    parts: ShardParts, columns: list[str] | None = None
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The intermediate rows of a shard with their places, all columns or some, a batch in memory at a time."""
    with pq.ParquetFile(parts.rows) as file:
        batches = file.iter_batches(batch_size=BATCH_ROWS, columns=columns)
        rows = (row for batch in batches for row in batch.to_pylist())
        yield from (((parts.number, index), row) for index, row in enumerate(rows))


def read_quarantine(parts: ShardParts) -> list[Quarantined]:
    """The quarantined documents of a shard."""
    lines = parts.quarantine.read_text(encoding="utf8").split("\n")
    return [Quarantined(**json.loads(line)) for line in lines if line]


def _readable(items: Iterable[Item], quarantined: list[Quarantined]) -> Iterator[RawDocument]:
    """Hand on the documents; set aside what could not be read."""
    for item in items:
        if isinstance(item, Quarantined):
            quarantined.append(item)
        else:
            yield item


def _rows(
    outcomes: Iterable[Processed | Quarantined], quarantined: list[Quarantined], tick: Tick
) -> Iterator[Row]:
    """Rows of the documents that were cleaned; the others are set aside."""
    for outcome in outcomes:
        tick(1)
        if isinstance(outcome, Quarantined):
            quarantined.append(outcome)
        else:
            yield _row(outcome)


def _row(processed: Processed) -> Row:
    return {
        **document_row(processed.record),
        "source_key": processed.record.source_key,
        "text_key": processed.text_key,
        "sums": processed.sums.to_json(),
        "seconds": processed.seconds,
    }
