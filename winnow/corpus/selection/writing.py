"""The second pass: the chosen rows are read again, whole, and written split by split in their order.

A large corpus is cut into stretches, each written by a thread into files of its own. Where the cuts lie follows from
the number of rows alone, so that the bytes are the same however many threads there are.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from threading import Event
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import WinnowError
from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.selection.choosing import SelectedRows
from winnow.corpus.selection.corpus_counts import CorpusCounts
from winnow.corpus.selection.formats import FORMATS, RowFormat, TextFormat
from winnow.corpus.selection.selection_settings import BYTES_PER_MB, SPLITS, Selection
from winnow.corpus.writers import replacing, sync_folder

GROUP_ROWS: Final = 5_000  # rows held for each split until they are written together
GROUP_BYTES: Final = 64_000_000  # or as many bytes of them
# Minimum of a stretch: 0.5 GB of articles as Parquet, a file of the usual length
STRETCH_ROWS: Final = 250_000
# Each ends with a file that is shorter than the others, and holds memory while it is written
MAX_STRETCHES: Final = 4
DOCUMENT_ID: Final = re.compile(r"[0-9a-f]{32}")  # the only ids that become names of files
METADATA: Final = DOCUMENTS.field("metadata").type
LEAVES: Final = [name for name in DOCUMENTS.names if name != "metadata"] + [
    f"metadata.{field.name}" for field in METADATA if field.name != "removed"
]


class Sink(Protocol):
    """Where the rows of a split go."""

    def write(self, table: pa.Table) -> None:
        """Take rows."""

    def close(self) -> None:
        """Take no more rows, and make those written durable."""


def write_splits(chosen: Sequence[SelectedRows], selection: Selection, folder: Path) -> CorpusCounts:
    """Write the chosen rows below a folder, and count them."""
    stretches = _stretches(chosen)
    stop = Event()
    write = partial(_write_stretch, selection=selection, folder=folder, stop=stop)
    with ThreadPoolExecutor(min(len(stretches), os.cpu_count() or 1)) as threads:
        try:
            tally = CorpusCounts.total(threads.map(write, count(), stretches))
        except BaseException:  # Ctrl-C too must not wait until all is written
            stop.set()
            raise
    if isinstance(form := FORMATS[selection.format], RowFormat):
        _number_files(folder / form.folder)
    return tally


def _stretches(chosen: Sequence[SelectedRows]) -> list[list[SelectedRows]]:
    """The chosen rows cut into parts of the same length, in their order."""
    starts = np.cumsum([0, *(len(part.rows) for part in chosen)]).tolist()
    number = min(max(starts[-1] // STRETCH_ROWS, 1), MAX_STRETCHES)
    cuts = [starts[-1] * cut // number for cut in range(number + 1)]
    return [
        [
            part.between(max(low - start, 0), high - start)
            for part, (start, stop) in zip(chosen, pairwise(starts), strict=True)
            if start < high and stop > low
        ]
        for low, high in pairwise(cuts)
    ]


def _write_stretch(
    number: int, chosen: Sequence[SelectedRows], selection: Selection, folder: Path, stop: Event
) -> CorpusCounts:
    tally = CorpusCounts()
    with ExitStack() as sinks:
        opened: dict[str, Sink] = {}
        for split, table in _read_ahead(_rows_by_split(chosen, with_removed=selection.with_removed)):
            if stop.is_set():
                break
            if split not in opened:
                opened[split] = _sink(folder, split, number, selection)
                sinks.callback(opened[split].close)
            opened[split].write(table)
            tally.count(split, table)
    return tally


def _number_files(folder: Path) -> None:
    """Number the files of each split through, those of the first stretch first."""
    for split in SPLITS:
        for number, file in enumerate(sorted(folder.glob(f"{split}-*"))):
            file.rename(file.with_name(f"{split}-{number:05d}{''.join(file.suffixes)}"))
    sync_folder(folder)


def _rows_by_split(chosen: Iterable[SelectedRows], *, with_removed: bool) -> Iterator[tuple[str, pa.Table]]:
    for part in chosen:
        for table, splits in _row_groups(part, with_removed=with_removed):
            split_numbers = np.unique(splits)
            for number in split_numbers:
                rows = table if len(split_numbers) == 1 else table.filter(pa.array(splits == number))
                yield SPLITS[number], rows


def _row_groups(
    part: SelectedRows, *, with_removed: bool
) -> Iterator[tuple[pa.Table, npt.NDArray[np.int64]]]:
    """The chosen rows of a file, a row group at a time, and the numbers of their splits."""
    with pq.ParquetFile(part.file) as reader:
        sizes = [reader.metadata.row_group(index).num_rows for index in range(reader.num_row_groups)]
        for index, (start, stop) in enumerate(pairwise(np.cumsum([0, *sizes]))):
            low, high = np.searchsorted(part.rows, (start, stop))
            if low < high:
                group = reader.read_row_group(index, columns=None if with_removed else LEAVES)
                is_whole = high - low == stop - start
                rows = group if is_whole else group.take(pa.array(part.rows[low:high] - start))
                yield (rows if with_removed else _without_removed(rows)), part.splits[low:high]


def _without_removed(table: pa.Table) -> pa.Table:
    """Rows whose metadata lists nothing removed: a corpus does not publish what was cleaned out of it."""
    parts = table["metadata"].combine_chunks()
    arrays = dict(zip((field.name for field in parts.type), parts.flatten(), strict=True))
    none = pa.ListArray.from_arrays(
        np.zeros(len(table) + 1, np.int32), pa.array([], METADATA.field("removed").type.value_type)
    )
    children = [arrays.get(field.name, none) for field in METADATA]
    metadata = pa.StructArray.from_arrays(children, fields=list(METADATA))
    place = table.schema.get_field_index("metadata")  # leaves are read in another order than columns
    return table.set_column(place, DOCUMENTS.field("metadata"), metadata).select(DOCUMENTS.names)


def _read_ahead(rows: Iterator[tuple[str, pa.Table]]) -> Iterator[tuple[str, pa.Table]]:
    """The same rows, the next table read while this one is written."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, rows, None)
        while (current := coming.result()) is not None:
            coming = thread.submit(next, rows, None)
            yield current


def _sink(folder: Path, split: str, stretch: int, selection: Selection) -> Sink:
    form = FORMATS[selection.format]
    if isinstance(form, TextFormat):
        return _Texts(folder / split, form)
    return _Shards(folder / form.folder / f"{split}-{stretch}", form, selection.shard_mb * BYTES_PER_MB)


class _Shards:
    """Files of many documents, each ended once it is long enough."""

    def __init__(self, name: Path, kind: RowFormat, shard_bytes: int) -> None:
        self._names = (name.with_name(f"{name.name}-{number:05d}{kind.suffix}") for number in count())
        self._kind, self._shard_bytes = kind, shard_bytes
        self._waiting: list[pa.Table] = []
        self._rows = self._bytes = 0  # that wait
        self._file = ExitStack()
        self._length: Callable[[], int] | None = None  # of the file that is open

    def write(self, table: pa.Table) -> None:
        """Take rows; they are written in groups."""
        self._waiting.append(table)
        self._rows += len(table)
        self._bytes += table.nbytes
        if self._rows >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
            self._write_waiting()

    def close(self) -> None:
        """Write the waiting rows, and end the last file."""
        if self._waiting:
            self._write_waiting()
        self._file.close()

    def _write_waiting(self) -> None:
        if self._length is None or self._length() >= self._shard_bytes:
            self._file.close()
            stream = self._file.enter_context(replacing(next(self._names)))
            self._append = self._file.enter_context(self._kind.open(stream))
            self._length = stream.tell
        self._append(self._kind.columns(pa.concat_tables(self._waiting)))
        self._waiting, self._rows, self._bytes = [], 0, 0


class _Texts:
    """A file a document, in folders by the first digits of the id."""

    def __init__(self, folder: Path, form: TextFormat) -> None:
        self._folder, self._form = folder, form

    def write(self, table: pa.Table) -> None:
        """Write rows. Raises WinnowError for an invalid id, which could lead out of the folder."""
        for row in table.to_pylist():
            if not DOCUMENT_ID.fullmatch(row["id"]):
                raise WinnowError(f"{row['id']!a}: is no id of a document; nothing was written")
            folder = self._folder / row["id"][:2]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{row['id']}{self._form.suffix}").write_bytes(self._form.render(row).encode())

    def close(self) -> None:
        """Nothing: syncing the files one by one would take a hundred times as long."""
