"""Reading a corpus that a run wrote, a few rows in memory at a time."""

import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from winnow.corpus.errors import UsageError
from winnow.corpus.extras import require_extra
from winnow.corpus.locations import located, shown_output
from winnow.corpus.mounts import fetched, mount_of, opened_files
from winnow.corpus.notebook import shown, table_html
from winnow.corpus.output import current_version
from winnow.corpus.raw import ArchiveFacts
from winnow.corpus.record import RecordMetadata, RemovedSpan, Signal
from winnow.corpus.rows import (
    DocumentRow,
    HostCount,
    ListedRating,
    QuarantineRow,
    ScoreStep,
    SourceRow,
    SourceSignal,
)
from winnow.corpus.schema import DOCUMENTS, QUARANTINE, REJECTED, SOURCES
from winnow.corpus.text_quality import TextQuality
from winnow.corpus.versions import PinnedVersion, run_of

if TYPE_CHECKING:
    from pandas import DataFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow.dataset import Dataset

BATCH_ROWS: Final = 1000  # held in memory at once, and as many read ahead
TABLES: Final = {
    "documents": ("documents", DOCUMENTS),
    "rejected": ("rejected", REJECTED),
    "quarantine": ("quarantine", QUARANTINE),
    "sources": ("sources.parquet", SOURCES),
}
SHOWN_SOURCES: Final = 20  # in a notebook
RUN_COLUMN: Final = "run_id"
ARCHIVE_FACTS: Final = tuple(fact.name for fact in fields(ArchiveFacts))

Values = Mapping[str, Any]  # a row as Arrow gives it
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Corpus:
    """What ``winnow clean`` wrote, into a folder or a store. Each method streams rows, in the order of the files.

    ``where`` is an Arrow expression over columns, for example ``pc.field("language") == "en"``. All of it is of the
    run that had ended when it was opened, also while later runs are published.
    """

    folder: Path
    _version: PinnedVersion | None = field(default=None, repr=False, compare=False)

    def documents(self, where: pc.Expression | None = None) -> Iterator[DocumentRow]:
        """The documents that were kept."""
        return map(_document, self._rows("documents", where))

    def rejected(self, where: pc.Expression | None = None) -> Iterator[DocumentRow]:
        """The documents that were left out, each with its ``reason``."""
        return map(_document, self._rows("rejected", where))

    def quarantine(self) -> Iterator[QuarantineRow]:
        """The inputs that could not be read or cleaned."""
        return (
            QuarantineRow(**{**row, "count": row["count"] or 1})  # null in tables of schema 1.0
            for row in self._rows("quarantine", None)
        )

    def sources(self, where: pc.Expression | None = None) -> Iterator[SourceRow]:
        """The sources with their scores."""
        return map(_source, self._rows("sources", where))

    def batches(
        self,
        table: str = "documents",
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Arrow batches of some columns, or of all: the cheap way to a few columns of many rows.

        Raises UsageError for a table, a column or a file that is not there.
        """
        if table not in TABLES:
            raise UsageError(f"no table is called {table!r}; there are: {', '.join(TABLES)}")
        name, schema = TABLES[table]
        if unknown := sorted(set(columns or ()) - set(schema.names)):
            raise UsageError(f"{table} has no column {unknown[0]!r}; there are: {', '.join(schema.names)}")
        place = self._open_folder() / name
        scanned = _open_table(place, schema)
        batches = _scan_batches(scanned, None if columns is None else [*columns], where)
        run_id = run_of(place.parent)
        return self._hold_version(_with_run(batch, run_id) for batch in batches)

    def counts(self) -> dict[str, int]:
        """How many documents, rejected documents, quarantined inputs and sources there are; no text is read."""
        rows = {table: sum(map(len, self.batches(table, columns=[]))) for table in TABLES}
        inputs = (batch.column("count") for batch in self.batches("quarantine", columns=["count"]))
        return rows | {"quarantine": sum(pc.sum(pc.fill_null(each, 1)).as_py() for each in inputs)}

    def to_arrow(
        self,
        table: str = "documents",
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """All rows of a table in memory, or some of its columns and rows, as by `batches`."""
        batches = [*self.batches(table, columns, where)]
        schema = TABLES[table][1]
        fields_read = schema if columns is None else [schema.field(name) for name in columns]
        return pa.Table.from_batches(batches, None if batches else pa.schema(fields_read))

    def to_pandas(
        self,
        table: str = "documents",
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> "DataFrame":
        """The same as a DataFrame of pandas. Raises UsageError where pandas is not installed."""
        require_extra("pandas", "Corpus.to_pandas")
        return self.to_arrow(table, columns, where).to_pandas()

    def to_polars(
        self,
        table: str = "documents",
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> "PolarsFrame":
        """The same as a DataFrame of polars. Raises UsageError where polars is not installed."""
        require_extra("polars", "Corpus.to_polars")
        from polars import from_arrow

        return from_arrow(self.to_arrow(table, columns, where))

    def _repr_html_(self) -> str:
        """What a notebook shows: the counts, and the sources with most documents."""
        columns = ["domain", "documents", "reliability_score", "reliability_verdict"]
        rows = (
            self.to_arrow("sources", columns).sort_by([("documents", "descending")]).slice(0, SHOWN_SOURCES)
        )
        counts = table_html(("table", "rows"), self.counts().items())
        names = [name.removeprefix("reliability_") for name in columns]
        return f"<p>{shown(self.folder)}</p>{counts}{table_html(names, (row.values() for row in rows.to_pylist()))}"

    def _open_folder(self) -> Path:
        """The folder that was opened. Raises UsageError for a copy over which a run has been published since."""
        opened = self._version.folder if self._version else self.folder
        if opened == self.folder and current_version(self.folder):
            raise UsageError(f"{self.folder}: a run was published there since it was opened; open it again")
        return opened

    def _hold_version(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same batches, while whose reading the version that they are of stays."""
        yield from batches

    def _rows(self, table: str, where: pc.Expression | None) -> Iterator[dict[str, Any]]:
        return (row for batch in self.batches(table, where=where) for row in batch.to_pylist())


def open_corpus(output: Path | str) -> Corpus:
    """A corpus to read, by its folder or its URL. Raises UsageError for one that no run wrote."""
    with ExitStack() as opened:
        folder = opened.enter_context(located(output))
        version = PinnedVersion(folder)
        if not fetched(version.folder / TABLES["sources"][0]).is_file():
            raise UsageError(
                f"{shown_output(folder)}: no run has written there (sources.parquet is missing); see `winnow clean`"
            )
        weakref.finalize(version, opened.pop_all().close)
    return Corpus(folder, version)


def _open_table(place: Path, schema: pa.Schema) -> "Dataset":
    """The table whose parts lie at a place; of a store each part is read by ranges."""
    # Takes .2 s, with pandas, where that is installed.
    from pyarrow.dataset import FileSystemDataset, ParquetFileFormat, dataset

    if mount_of(place) is None:
        files = sorted(place.glob("*.parquet")) if place.is_dir() else [place]
        return dataset([*map(str, files)], schema=schema, format="parquet")
    parquet = ParquetFileFormat()
    fragments = [parquet.make_fragment(file) for file in opened_files(place, ".parquet")]
    return FileSystemDataset(fragments, schema, parquet)


def _scan_batches(
    table: "Dataset", columns: list[str] | None, where: pc.Expression | None
) -> Iterator[pa.RecordBatch]:
    """Batches of a table. Raises UsageError for an expression over columns that it lacks."""
    try:
        scanner = table.scanner(
            columns=columns, filter=where, batch_size=BATCH_ROWS, batch_readahead=1, fragment_readahead=1
        )
    except pa.ArrowInvalid as error:
        raise UsageError(f"where: {error}") from error
    return (batch for batch in scanner.to_batches() if batch.num_rows)


def _with_run(batch: pa.RecordBatch, run_id: str) -> pa.RecordBatch:
    """A batch whose column ``run_id``, where it has one, names a run: "" in files since schema 1.3."""
    index = batch.schema.get_field_index(RUN_COLUMN)
    if index < 0:
        return batch
    runs = batch.column(index)
    return batch.set_column(index, batch.field(index), pc.if_else(pc.equal(runs, ""), run_id, runs))


def _document(row: Values) -> DocumentRow:
    lists = {"tags": tuple(row["tags"]), "metadata": _metadata(row["metadata"])}
    quality = {"quality": TextQuality(**row["quality"]) if row["quality"] else None}
    return DocumentRow(**{**row, **lists, **_verdict(row), **quality})


def _verdict(row: Values) -> dict[str, str]:
    """The verdict, which tables up to schema 1.2 do not have: there it is the label."""
    return {"reliability_verdict": row["reliability_verdict"] or row["reliability_label"]}


def _metadata(row: Values) -> RecordMetadata:
    lists = {name: tuple(row[name]) for name in ("authors", "captions", "endnotes")}
    parts = {"removed": _each(RemovedSpan, row["removed"]), "signals": _each(Signal, row["signals"])}
    facts = {name: row[name] or "" for name in ARCHIVE_FACTS}  # null in tables of schema 1.1
    return RecordMetadata(**{**row, **lists, **parts, **facts})


def _source(row: Values) -> SourceRow:
    parts = {
        "flags": tuple(row["flags"]),
        "signals": _each(SourceSignal, row["signals"]),
        "ratings": _each(ListedRating, row["ratings"]),
        "hosts": _each(HostCount, row["hosts"]),
        "model_steps": _each(
            ScoreStep, row["model_steps"] or ()
        ),  # null in tables of schema 1.2, as those below
        "model_verdict": row["model_verdict"] or "unknown",
        "model_summary": row["model_summary"] or "",
    }
    return SourceRow(**{**row, **parts, **_verdict(row)})


def _each(make: Callable[..., T], rows: Sequence[Values]) -> tuple[T, ...]:
    return tuple(make(**row) for row in rows)
