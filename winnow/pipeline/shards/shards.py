"""Shards: their files are read, cleaned and written as intermediate parts. Paths in, paths out.

The name of a part contains a hash of all that shapes it, so that a run that finds it need not make it again.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import WinnowError
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers import Item, holds_one_document
from winnow.corpus.settings import Settings
from winnow.corpus.writers import write_batches
from winnow.pipeline.shards.quarantine import (
    CLEANED,
    READ,
    ShardQuarantine,
    open_quarantine,
    read_quarantine,
    read_rows_and_counts,
)
from winnow.pipeline.shards.records import is_kept, undamaged, write_record
from winnow.pipeline.shards.reuse import Reuse, file_of
from winnow.pipeline.tables.intermediate import INTERMEDIATE, dated, in_groups, read_columns
from winnow.pipeline.tables.journal import note
from winnow.pipeline.tables.keys import document_key
from winnow.pipeline.workers.file_reader import Reader, open_reader
from winnow.pipeline.workers.isolation import Cleaning
from winnow.pipeline.workers.stop import Stop

Place = tuple[int, int]  # of a document in a run: shard and row
Tick = Callable[[int], None]  # called with the number of documents that were finished since the last call


class LostDocumentError(WinnowError):
    """The counts of a run do not add up. Its output is not published."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are cleaned together; the number names its parts in the output."""

    number: int
    files: Sequence[InputFile]
    key: str  # of all that shapes its rows: files, settings, decisions, limits, version; hex digits

    @property
    def size(self) -> int:
        """Bytes of its files on disk."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class ShardParts:
    """Where a cleaned shard lies, and how many documents went in."""

    number: int
    rows: Path  # Parquet, `INTERMEDIATE`
    quarantine: Path  # JSON Lines of `Quarantined` and `PassedOver`
    documents: int  # that came out of the files, quarantined ones included
    damaged: tuple[str, ...] = ()  # what was left of it and could not be believed: names of files, and why

    @property
    def numbered(self) -> tuple[int, Path, int]:
        """Its number, its rows, and about how many these are, for joins (`winnow.pipeline.tables.joins`)."""
        return self.number, self.rows, self.documents


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What earlier runs left of the files of a shard, made with the same settings by the same version.

    They lie in the folder of cleaned shards, and may have been damaged since.
    """

    rows: tuple[HashedFile, ...] = ()
    rows_again: tuple[HashedFile, ...] = ()  # cleaned with the lines of their sites
    quarantine: tuple[HashedFile, ...] = ()
    # Names of files of which all is in these, as reading them would show.
    unchanged: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Intake:
    """The documents of a shard, counted as they enter, so that none can be lost unnoticed later."""

    reuse: Reuse
    failed: Mapping[tuple[str, str], Quarantined]  # by path and hash: what need not be tried again
    tick: Tick
    # Names of files that may not need to be read, with the failures and the passed-over records of each.
    unchanged: Mapping[str, list[Quarantined | PassedOver]]
    quarantine: ShardQuarantine
    documents: int = 0
    rows: int = 0
    # (place, added or "" for as it was) of an old row, an old failure, None for what is cleaned now.
    order: deque[tuple[int, str] | Quarantined | None] = field(default_factory=deque)

    def rows_of(
        self, files: Iterable[InputFile], read: Reader, clean: Cleaning, settings: Settings
    ) -> Iterator[pa.RecordBatch]:
        """The rows of all documents in order, old ones where they are still valid."""
        for outcome in clean(self._documents_to_clean(self._items(files, read)), settings):
            yield from self._old_rows()
            self.order.popleft()
            self.tick(1)
            if isinstance(outcome, Quarantined):
                self.quarantine.add(outcome, CLEANED)
            else:
                self.rows += 1
                yield outcome
        yield from self._old_rows()

    def _items(self, files: Iterable[InputFile], read: Reader) -> Iterator[Item]:
        """The items of files that must be read; the old rows of the others are put in order."""
        for file in files:
            places, others = self._leftovers_of(file.name)
            if places or others:
                self.documents += len(places)
                self.documents += sum(each.count for each in others if isinstance(each, Quarantined))
                self.order += ((place, "") for place in places)
                for each in others:
                    self.quarantine.keep(each)
            else:
                yield from read(file)

    def _leftovers_of(self, name: str) -> tuple[Sequence[int], Sequence[Quarantined | PassedOver]]:
        """The places of the old rows of a file, and what gave none; nothing of either where the file must be read."""
        places = self.reuse.file(name) if name in self.unchanged else None
        return ((), ()) if places is None else (places, self.unchanged[name])

    def _documents_to_clean(self, items: Iterable[Item]) -> Iterator[RawDocument]:
        """The documents that must be cleaned; the old rows of the others are put in order."""
        for item in items:
            if isinstance(item, PassedOver):
                self.quarantine.pass_over(item)
                continue
            self.documents += 1
            if isinstance(item, Quarantined):
                self.quarantine.add(item, READ)
            elif self.failed and (earlier_failure := self.failed.get((item.path, item.sha256))):
                self.order.append(earlier_failure)
            elif self.reuse and (place := self.reuse.place((document_key(item), ""))) is not None:
                self.order.append((place, item.added))
            else:
                self.order.append(None)
                yield item

    def _old_rows(self) -> Iterator[pa.RecordBatch]:
        while self.order and (old := self.order[0]):
            self.order.popleft()
            self.tick(1)
            if isinstance(old, Quarantined):
                self.quarantine.add(old, CLEANED)
                continue
            self.rows += 1
            row = self.reuse.row(old[0])
            yield dated(row, old[1]) if old[1] else row


def clean_shard(
    shard: Shard,
    leftovers: Leftovers,
    settings: Settings,
    folder: Path,
    *,
    clean: Cleaning,
    tick: Tick,
    stop: Stop | None = None,
) -> ShardParts:
    """Clean the documents of a shard and write its two intermediate parts into a folder.

    Parts that exist already are taken as they are; rows of ``leftovers`` are reused for unchanged documents; of
    neither what is damaged. Raises LostDocumentError where documents are missing.
    """
    path, quarantine = folder / f"{shard.key}.parquet", folder / f"{shard.key}.quarantine.jsonl"
    damaged = list[str]()
    if is_kept(folder, shard.key, [path.name, quarantine.name], damaged):
        failed = sum(each.count for each in read_quarantine(quarantine))
        documents = pq.read_metadata(path).num_rows + failed
        tick(documents)
        return ShardParts(shard.number, path, quarantine, documents)
    began = time.perf_counter()
    names = frozenset(file.name for file in shard.files)
    sound = _undamaged(leftovers, folder, damaged)
    with open_quarantine(quarantine, shard.number, names) as failures, open_reader(settings, stop) as read:
        intake = _intake(sound, settings, folder, tick, failures)
        write_batches(path, INTERMEDIATE, in_groups(intake.rows_of(shard.files, read, clean, settings)))
        _check_count(intake, shard.files)
    write_record(folder, shard.key, [path, quarantine])
    counts = {
        "documents": intake.documents,
        "quarantined": intake.quarantine.inputs,
        "passed_over": intake.quarantine.passed_over,
    }
    note("shard", shard=shard.number, **counts, seconds=round(time.perf_counter() - began, 3))
    return ShardParts(shard.number, path, quarantine, intake.documents, tuple(damaged))


def _undamaged(leftovers: Leftovers, folder: Path, damaged: list[str]) -> Leftovers:
    """What of leftovers is as it was written; the others are added to ``damaged``."""
    rows = undamaged(folder, leftovers.rows, damaged)
    quarantine = undamaged(folder, leftovers.quarantine, damaged)
    is_whole = len(rows) == len(leftovers.rows) and len(quarantine) == len(leftovers.quarantine)
    unchanged = leftovers.unchanged if is_whole else frozenset[str]()
    return Leftovers(rows, leftovers.rows_again, quarantine, unchanged)


def _intake(
    leftovers: Leftovers, settings: Settings, folder: Path, tick: Tick, quarantine: ShardQuarantine
) -> _Intake:
    """An intake that reuses what earlier runs left."""
    others = [row for old in leftovers.quarantine for row in read_rows_and_counts(folder / old.path)]
    unchanged: dict[str, list[Quarantined | PassedOver]] = {name: [] for name in leftovers.unchanged}
    for each in others:
        if name := file_of(each.path, leftovers.unchanged):
            unchanged[name].append(each)
    failed = (row for row in others if isinstance(row, Quarantined))
    earlier_failure = {(each.path, each.sha256): each for each in failed if each.sha256}
    rows = [folder / each.path for each in leftovers.rows]
    reuse = Reuse(rows, settings, leftovers.unchanged)
    return _Intake(reuse, earlier_failure, tick, unchanged, quarantine)


def read_rows(
    parts: ShardParts, columns: list[str] | None = None
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The intermediate rows of a shard with their places, all columns or some, a batch in memory at a time."""
    yield from (((parts.number, index), row) for index, row in enumerate(read_columns(parts.rows, columns)))


def _check_count(intake: _Intake, files: Sequence[InputFile]) -> None:
    """Raise LostDocumentError unless all that came in went out, and all files of the plan came in."""
    if intake.documents != intake.rows + intake.quarantine.inputs:
        raise LostDocumentError(
            f"{intake.documents} documents came in, but {intake.rows} and {intake.quarantine.inputs} quarantined "
            "went out; nothing was published, please report this"
        )
    planned = sum(map(holds_one_document, files))
    if intake.documents < planned or (planned == len(files) and intake.documents != planned):
        raise LostDocumentError(
            f"{files[0].name} to {files[-1].name}: {intake.documents} documents came in, but the plan has "
            f"{planned} files of one document each; nothing was published, please report this"
        )
