"""A shard: its files read, cleaned and written to intermediate parts. Paths in, paths out."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.inputs import InputFile
from corpus.raw import Quarantined, RawDocument
from corpus.readers import Item, read_file
from corpus.record import Record
from corpus.schema import REJECTED, document_row
from corpus.settings import Settings
from corpus.writers import Row, write_rows, write_text
from flows.document import Outcome, Processed
from flows.isolation import Cleaning
from flows.journal import note
from models.reliability.flags import prints_persona

PARTS: Final = "shards"  # folder of intermediate parts, below the work folder
INTERMEDIATE: Final = pa.schema(
    [
        *REJECTED,
        pa.field("source_key", pa.string()),
        pa.field("host", pa.string()),
        pa.field("prints_persona", pa.bool_()),
        pa.field("text_key", pa.string()),
        pa.field("page_key", pa.uint32()),  # of the address of the page
        pa.field("line_keys", pa.list_(pa.uint32())),  # of the lines of a document whose site is known
        pa.field("line_pages", pa.list_(pa.uint8())),  # of the site, from which each could go; 0 for never
        pa.field("sums", pa.string()),
        pa.field("seconds", pa.float64()),
        pa.field("placed", pa.list_(pa.string())),
    ]
)

PAGE_KEY_BYTES: Final = 4  # within a site no two pages are likely to meet
BATCH_ROWS: Final = 500  # in memory while an intermediate part is read again

Place = tuple[int, int]  # of a document in a run: shard and row
Tick = Callable[[int], None]  # told how many documents more are done


@dataclass(frozen=True, slots=True)
class ShardParts:
    """Where a cleaned shard lies, and how many documents went in."""

    number: int
    rows: Path  # Parquet, `INTERMEDIATE`
    quarantine: Path  # JSON Lines of `Quarantined`
    documents: int  # that came out of the files, quarantined ones included


@dataclass(slots=True)
class _Intake:
    """What came in, counted where it enters, so that nothing can be lost unseen behind it."""

    documents: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)

    def readable(self, items: Iterable[Item]) -> Iterator[RawDocument]:
        """Hand on the documents; set aside what could not be read."""
        for item in items:
            self.documents += 1
            if isinstance(item, Quarantined):
                self.quarantined.append(item)
            else:
                yield item

    def cleaned(self, outcomes: Iterable[Outcome], tick: Tick) -> Iterator[Row]:
        """Rows of the documents that were cleaned; the others are set aside."""
        for outcome in outcomes:
            tick(1)
            if isinstance(outcome, Quarantined):
                self.quarantined.append(outcome)
            else:
                yield shard_row(outcome)


def clean_shard(
    number: int, items: Iterable[Item], settings: Settings, work: Path, clean: Cleaning, tick: Tick
) -> ShardParts:
    """Clean the documents of a shard and write its two intermediate parts."""
    began = time.perf_counter()
    intake = _Intake()
    outcomes = clean(intake.readable(items), settings)
    rows_path = work / PARTS / f"{number:05d}.parquet"
    write_rows(intake.cleaned(outcomes, tick), INTERMEDIATE, parquet=rows_path)
    quarantine_path = rows_path.with_suffix(".quarantine.jsonl")
    write_text(quarantine_path, "".join(json.dumps(asdict(q)) + "\n" for q in intake.quarantined))
    _note_shard(number, intake, time.perf_counter() - began)
    return ShardParts(number, rows_path, quarantine_path, intake.documents)


def _note_shard(number: int, intake: _Intake, seconds: float) -> None:
    for item in intake.quarantined:
        note("quarantined", shard=number, path=item.path, reason=item.reason)
    counts = {"documents": intake.documents, "quarantined": len(intake.quarantined)}
    note("shard", shard=number, **counts, seconds=round(seconds, 3))


def read_items(files: Iterable[InputFile], settings: Settings) -> Iterator[Item]:
    """All documents of some files, one at a time."""
    for file in files:
        yield from read_file(file, settings)


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


def page_key(record: Record) -> int:
    """A number for the address of a document, or its place in the inputs, that changes of its content leave alone."""
    address = (record.url or record.metadata.raw_path).encode()
    return int.from_bytes(hashlib.blake2b(address, digest_size=PAGE_KEY_BYTES).digest())


def shard_row(processed: Processed) -> Row:
    """A cleaned document as a row of `INTERMEDIATE`."""
    return {
        **document_row(processed.record),
        "source_key": processed.record.source_key,
        "prints_persona": prints_persona(s.name for s in processed.record.metadata.signals),
        "text_key": processed.text_key,
        "page_key": page_key(processed.record),
        "line_keys": [*processed.site_lines],
        "line_pages": [*processed.site_lines.values()],
        "sums": processed.sums.to_json(),
        "seconds": processed.seconds,
        "placed": list(processed.placed),
    }
