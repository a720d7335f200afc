"""What of a shard's files gave no document: rows of the quarantine, and counts of records that were passed over.

Of a file with very many rows most are folded into a few with counts, so that neither the run nor its output grows with
what a hostile archive can hold: a million lines in a kilobyte.
"""

import json
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from winnow.corpus.mounts import fetched
from winnow.corpus.raw import PassedOver, Quarantined
from winnow.corpus.settings import MAX_QUARANTINE_ROWS
from winnow.corpus.writers import replacing
from winnow.pipeline.shards.reuse import file_of
from winnow.pipeline.tables.journal import note

DETAIL_CHARS: Final = 500  # some details name the fields of a record, which can be as long as the record
READ, CLEANED = "read", "cleaned"  # what failed; the rows of each come in their order in the file


class ShardQuarantine:
    """The quarantine of a shard while it is written."""

    def __init__(self, stream: BinaryIO, shard: int, files: Container[str]) -> None:
        self._stream = stream
        self._shard = shard
        self._files = files  # names of those that are read
        self._rows = Counter[tuple[str, str]]()  # written, by file and by what failed
        self._folded = Counter[tuple[str, str]]()  # inputs, by file and reason
        self._passed_over = Counter[tuple[str, str]]()  # records, by file and reason
        self.inputs = 0  # that its rows stand for

    @property
    def passed_over(self) -> int:
        """Records that were passed over."""
        return self._passed_over.total()

    def add(self, row: Quarantined, failed: str) -> None:
        """Write a row, or fold it where its file has had `MAX_QUARANTINE_ROWS` for what failed: `READ`, `CLEANED`.

        The choice depends on the file alone, not on what was read or cleaned beside it. A row about a whole file is
        always written.
        """
        self.inputs += row.count
        file = file_of(row.path, self._files)
        self._rows[file, failed] += 1
        if file != row.path and self._rows[file, failed] > MAX_QUARANTINE_ROWS:
            self._folded[file, row.reason] += row.count
        else:
            self._write(row)

    def pass_over(self, records: PassedOver) -> None:
        """Count records that are no documents."""
        self._passed_over[file_of(records.path, self._files), records.reason] += records.count

    def keep(self, row: Quarantined | PassedOver) -> None:
        """Write a row of an earlier run of which all of the file is kept, folded or not; or keep its counts."""
        if isinstance(row, PassedOver):
            self.pass_over(row)
            return
        self.inputs += row.count
        self._write(row)

    def finish(self) -> None:
        """Write the folded rows, and those of records that were passed over: one for each file and reason."""
        for (file, reason), count in sorted(self._passed_over.items()):
            self._write_line(asdict(PassedOver(file, reason, count)))
        for (file, reason), count in sorted(self._folded.items()):
            self._write(Quarantined(file, "", reason, f"{count:,} more of this file", count))

    def _write(self, row: Quarantined) -> None:
        row = replace(row, detail=row.detail[:DETAIL_CHARS])
        self._write_line(asdict(row))
        note("quarantined", shard=self._shard, path=row.path, reason=row.reason, count=row.count)

    def _write_line(self, values: dict[str, Any]) -> None:
        self._stream.write(json.dumps(values).encode() + b"\n")


@contextmanager
def open_quarantine(path: Path, shard: int, files: Container[str]) -> Iterator[ShardQuarantine]:
    """Write a quarantine that is at its path once the block has ended, and not at all if the block raises."""
    with replacing(path) as stream:
        quarantine = ShardQuarantine(stream, shard, files)
        yield quarantine
        quarantine.finish()


def read_quarantine(path: Path) -> Iterator[Quarantined]:
    """The rows of a shard's quarantine, one in memory at a time."""
    return (row for row in read_rows_and_counts(path) if isinstance(row, Quarantined))


def read_passed_over(path: Path) -> Iterator[PassedOver]:
    """How many records of each file of a shard were passed over, by reason."""
    return (row for row in read_rows_and_counts(path) if isinstance(row, PassedOver))


def read_rows_and_counts(path: Path) -> Iterator[Quarantined | PassedOver]:
    """All that the files of a shard hold besides documents."""
    with fetched(path).open(encoding="utf8") as lines:
        for values in map(json.loads, lines):
            yield Quarantined(**values) if "detail" in values else PassedOver(**values)
