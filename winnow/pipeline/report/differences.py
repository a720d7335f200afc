"""The differences between two runs, document by document, from the tables that they wrote.

Documents are matched by id (the same place and content), the others by address, and the rest by their
place in the inputs, so that a page that changed is matched with itself. Texts are compared by their hashes, and
DuckDB spills to disk what does not fit its limit.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UsageError
from winnow.corpus.versions import reading
from winnow.pipeline.report.difference_sql import (
    COLUMNS,
    CREATE_DIFFERENCES,
    CREATE_RULES,
    CREATE_RUN,
    INSERT_PIECES,
    MATCH_BY_KEY,
    SELECT_DOCUMENTS,
)
from winnow.pipeline.sources.drift import Drift, last_snapshots, moves_between
from winnow.pipeline.state.manifest import read_manifest

MEMORY: Final = "512MB"  # of DuckDB; more goes to disk
BATCH_ROWS: Final = 500
ASPECTS: Final = ("status", "text", "removals", "tags", "language", "label", "score")
# Aspects that follow from the source; a document in which nothing else changed is only counted.
OF_SOURCE: Final = ("label", "score")
SCORE_STEP: Final = 0.0005  # nearer scores are the same
REMOVAL_COLUMNS: Final = ("id", "metadata.raw_path", "metadata.removed")
COMPARED: Final = (
    *REMOVAL_COLUMNS,
    *"url metadata.raw_sha256 text language tags status reliability_label reliability_score".split(),
)
# Table: the columns that are read.
TABLES: Final = {
    "documents": COMPARED,
    "rejected": (*COMPARED, "reason"),
    "quarantine": ("path", "sha256", "reason"),
}
KEYS: Final = ("id", "url", "path")  # by which documents are matched, in this order


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A run as its report and its manifest describe it."""

    folder: Path
    run_id: str
    pipeline_version: str
    counts: Mapping[str, int]
    settings: Mapping[str, object]  # empty where they are not kept


class Comparison:
    """Two runs whose documents `compared` has matched."""

    def __init__(self, database: duckdb.DuckDBPyConnection, before: ComparedRun, now: ComparedRun) -> None:
        self._database = database
        self.before = before
        self.now = now

    def summary(self) -> dict[str, Any]:
        """Counts of documents by change, of changed ones by aspect, and of removals that came and went by rule."""
        of_changed = "FROM differences WHERE change = 'changed'"
        source_only = f"AND len(aspects) > 0 AND NOT content AND list_has_all({[*OF_SOURCE]}, aspects)"
        changes = self._counts("SELECT change FROM differences")
        return {
            "documents": dict.fromkeys(("new", "gone", "changed"), 0) | changes,
            "source_only": sum(self._counts(f"SELECT 1 {of_changed} {source_only}").values()),
            "content": sum(self._counts(f"SELECT 1 {of_changed} AND content").values()),
            "aspects": dict.fromkeys(ASPECTS, 0) | self._counts(f"SELECT unnest(aspects) {of_changed}"),
            "rules": self._rule_counts(),
        }

    def documents(self) -> Iterator[dict[str, Any]]:
        """Documents that differ: new, gone, then changed; last those in which only label or score differ."""
        rows = self._database.execute(SELECT_DOCUMENTS)
        names = [column[0] for column in rows.description or ()]
        while batch := rows.fetchmany(BATCH_ROWS):
            yield from (_difference(dict(zip(names, row, strict=True))) for row in batch)

    def sources(self) -> tuple[list[str], list[str], list[Drift]]:
        """Sources that are new, that are gone, and that moved further than their intervals."""
        before, now = (last_snapshots(run.folder / "sources.parquet") for run in (self.before, self.now))
        return (
            sorted(now.keys() - before.keys()),
            sorted(before.keys() - now.keys()),
            moves_between(before, now),
        )

    def _rule_counts(self) -> dict[str, dict[str, int]]:
        """How many removals of changed documents came and went, by kind and rule."""
        rules = "SELECT rule, sum(came)::BIGINT, sum(went)::BIGINT FROM rules GROUP BY rule ORDER BY rule"
        rows = self._database.execute(rules).fetchall()
        return {rule: {"came": came, "went": went} for rule, came, went in rows}

    def _counts(self, query: str) -> dict[str, int]:
        grouped = f"SELECT name, count(*) FROM ({query}) AS t(name) GROUP BY name ORDER BY name"  # noqa: S608  # ours
        return dict(self._database.execute(grouped).fetchall())


@contextmanager
def compared(before: Path, now: Path) -> Iterator[Comparison]:
    """Two runs, matched. Raises UsageError for a folder without a run, or with a run of other columns."""
    with reading(before) as before, reading(now) as now, TemporaryDirectory(prefix="winnow-") as folder:
        runs = read_run(before), read_run(now)
        options: dict[str, Any] = {
            "memory_limit": MEMORY,
            "temp_directory": f"{folder}/spilled",
            "threads": 1,
        }
        with duckdb.connect(f"{folder}/runs.duckdb", config=options) as database:
            _match_documents(database, before, now)
            yield Comparison(database, *runs)


def _match_documents(database: duckdb.DuckDBPyConnection, before: Path, now: Path) -> None:
    """Load two runs, pair their documents, and count what differs."""
    database.execute("SET enable_progress_bar = false")  # it would appear among the lines that are printed
    database.execute("CREATE TABLE pairs (before BIGINT, now BIGINT)")
    database.execute("CREATE TABLE pieces (number BIGINT, rule VARCHAR, piece VARCHAR, sign BIGINT)")
    _load(database, "before", before)
    _load(database, "now", now)
    for key in KEYS:
        database.execute(MATCH_BY_KEY.format(key=key))
    database.execute(CREATE_DIFFERENCES.format(step=SCORE_STEP))
    _count_rules(database, before, now)


def read_run(folder: Path) -> ComparedRun:
    """The run in an output folder, as it describes itself. Raises UsageError where there is none."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf8"))
        report = {name: report[name] for name in ("run_id", "pipeline_version", "counts")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{folder}: no run there; name a folder that `winnow clean` wrote, or a copy of one"
        ) from error
    manifest = read_manifest(folder)
    return ComparedRun(folder, **report, settings=manifest.settings if manifest else {})


def _load(database: duckdb.DuckDBPyConnection, run: str, folder: Path) -> None:
    """Load the columns of a run that are compared."""
    try:
        for table, columns in TABLES.items():
            database.register(table, _table(folder, table, columns))
        kept_columns, dropped_columns = (COLUMNS.format(reason=reason) for reason in ("''", "reason"))
        database.execute(
            CREATE_RUN.format(run=run, kept_columns=kept_columns, dropped_columns=dropped_columns)
        )
    except (OSError, pa.ArrowException, duckdb.Error) as error:
        line = str(error).partition("\n")[0]
        raise UsageError(
            f"{folder}: its tables are not those of a run of this version of Winnow ({line})"
        ) from error


def _table(folder: Path, table: str, columns: Sequence[str]) -> pa.RecordBatchReader:
    """Some columns of a table, read once and a batch at a time; Arrow's own scanner would read a gigabyte ahead."""
    files = sorted((folder / table).glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"{table}/*.parquet: no such file")
    with pq.ParquetFile(files[0]) as reader:
        schema = reader.read_row_groups([], columns=columns).schema
    return pa.RecordBatchReader.from_batches(schema, _batches(files, columns))


def _batches(files: Iterable[Path], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for file in files:
        with pq.ParquetFile(file) as reader:
            for group in range(reader.num_row_groups):  # which ends by bytes, too
                yield from reader.iter_batches(BATCH_ROWS, [group], columns, use_threads=False)
        pa.default_memory_pool().release_unused()  # it would keep a gigabyte more


def _count_rules(database: duckdb.DuckDBPyConnection, before: Path, now: Path) -> None:
    """Read the removals of documents whose removals differ, and count what came and went, by rule."""
    for folder, side, sign in ((before, "b", -1), (now, "n", 1)):
        for table in ("documents", "rejected"):
            database.register(table, _table(folder, table, REMOVAL_COLUMNS))
            database.execute(INSERT_PIECES.format(table=table, side=side, sign=sign))
    database.execute(CREATE_RULES)


def _difference(row: Mapping[str, Any]) -> dict[str, Any]:
    """A document that differs, as JSON values."""
    sides = {name: _side(row[side]) for name, side in (("before", "b"), ("now", "n"))}
    last = row["b"] if row["change"] == "gone" else row["n"]
    removals = {each["rule"]: {"came": each["came"], "went": each["went"]} for each in row["rules"]}
    is_changed = row["change"] == "changed"
    return {
        "change": row["change"],
        "path": last["path"],
        "url": last["url"],
        "aspects": row["aspects"] if is_changed else [],
        "content_changed": row["content"] and is_changed,
        **sides,
        "removals": removals,
    }


def _side(side: Mapping[str, Any] | None) -> dict[str, Any] | None:
    names = ("id", "status", "reason", "chars", "language", "label", "score", "tags")
    return {name: side[name] for name in names} if side and side["number"] is not None else None
