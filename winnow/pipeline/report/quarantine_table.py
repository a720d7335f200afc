"""The quarantine of a run: the rows of all its shards in one table, sorted on disk, and what the report says of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa

from winnow.corpus.raw import Quarantined
from winnow.corpus.schema import QUARANTINE
from winnow.corpus.writers import ROWS_PER_GROUP, write_batches
from winnow.pipeline.tables.database import open_database
from winnow.pipeline.tables.intermediate import regrouped

SHOWN_ROWS: Final = 200  # in the report; all of them are in the table
SORT: Final = "SELECT * FROM unsorted ORDER BY path, sha256, reason, detail"


@dataclass(slots=True)
class QuarantineSummary:
    """What a run could not list, read or clean."""

    inputs: int = 0
    reasons: Counter[str] = field(default_factory=Counter)  # reason -> inputs
    first: list[Quarantined] = field(default_factory=list)  # rows, `SHOWN_ROWS` at most

    def count(self, batch: pa.RecordBatch) -> None:
        """Add rows of the table."""
        for row in batch.drop_columns("run_id").to_pylist():
            self.inputs += row["count"]
            self.reasons[row["reason"]] += row["count"]
            if len(self.first) < SHOWN_ROWS:
                self.first.append(Quarantined(**row))


def write_quarantine(path: Path, rows: Iterable[Quarantined], run_id: str, work: Path) -> QuarantineSummary:
    """Write rows to a Parquet file, sorted by path; memory does not grow with them: ``work`` is for what spills."""
    summary = QuarantineSummary()
    with open_database(work) as database:
        unsorted = pa.RecordBatchReader.from_batches(QUARANTINE, _batches(rows, run_id))
        database.register("unsorted", unsorted)
        result = regrouped(database.execute(SORT).to_arrow_reader(ROWS_PER_GROUP), ROWS_PER_GROUP)
        write_batches(path, QUARANTINE, _counted(result, summary))
    return summary


def _batches(rows: Iterable[Quarantined], run_id: str) -> Iterator[pa.RecordBatch]:
    remaining = iter(rows)
    while group := [*islice(remaining, ROWS_PER_GROUP)]:
        yield pa.RecordBatch.from_pylist([{**asdict(row), "run_id": run_id} for row in group], QUARANTINE)


def _counted(batches: Iterable[pa.RecordBatch], summary: QuarantineSummary) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        summary.count(batch)
        yield pa.RecordBatch.from_arrays(batch.columns, schema=QUARANTINE)
