"""The index over a clean corpus: built once for each run, so that no page reads the corpus from end to end."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.corpus.errors import UsageError
from winnow.corpus.guarded import DamagedFileError, read_json, remove
from winnow.corpus.hashed_files import HashedFile
from winnow.corpus.output import MARK, check_links, current_version
from winnow.corpus.writers import write_text
from winnow.review.index_rows import document_columns, held_columns, quarantined_columns, source_columns
from winnow.review.index_schema import DOCUMENT_INDICES, SOURCE_INDICES, TABLES, VERSION
from winnow.review.line_matches import line_keys
from winnow.review.run_history import add_run, carry_history, figures

NAME: Final = "review.db"  # in the corpus's `winnow.corpus.output.MARK` folder; may be deleted at any time
SOURCES_NUMBER: Final = -1  # of the table of sources, among the files of the index
BATCH_ROWS: Final = 1000
_DOCUMENT_COLUMNS: Final = (
    "id",
    "source",
    "domain",
    "language",
    "status",
    "n_chars_in",
    "n_chars_out",
    "text",
    "metadata.title",
    "metadata.url",
    "metadata.raw_path",
    "metadata.dup_of",
    "reliability_label",
    "reliability_basis",
    "reason",  # of those that are rejected
    *(f"metadata.removed.list.element.{name}" for name in ("start", "end", "kind", "text")),
)

_HOLD: Final = "insert into held values (?, ?, ?, ?, ?, ?, ?, ?)"


def index_path(clean: Path) -> Path:
    """Where the index of a clean corpus lies."""
    return clean / MARK / NAME


def corpus_stamp(clean: Path) -> str:
    """A text that changes when a run is published. Raises UsageError for no clean corpus, or links in ``.winnow``."""
    check_links(clean / MARK)
    table = (current_version(clean) or clean) / "sources.parquet"
    try:
        status = table.stat()
    except OSError as error:
        raise UsageError(
            f"{clean}: no corpus that `winnow clean` wrote; run it first, or wait for its end"
        ) from error
    return f"{VERSION} {status.st_ino} {status.st_mtime_ns} {status.st_size}"


def is_current(clean: Path) -> bool:
    """Whether the index is there and of this very run. Raises UsageError where there is no corpus."""
    stamp = corpus_stamp(clean)  # first: it refuses an index that a link leads to
    return _stamp_of(index_path(clean)) == stamp


def ensure_index(clean: Path, version: Path) -> Path:
    """Build the index of a version of the corpus unless it is there; return its path.

    Takes some minutes for a million documents. Raises UsageError where there is no corpus, or none that this
    Winnow reads.
    """
    check_links(clean / MARK)
    path, stamp = index_path(clean), corpus_stamp(version)
    if _stamp_of(path) != stamp:
        temporary = path.with_name(f".{NAME}.{os.getpid()}")
        temporary.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(temporary)) as index:
                _build(index, clean, version, stamp)
            temporary.replace(path)
            write_text(_record_path(clean), json.dumps(asdict(HashedFile.of(path.parent, NAME))))
        except (pa.ArrowException, ValueError, KeyError, TypeError, OSError) as error:
            detail = f"{type(error).__name__}: {error}"
            raise UsageError(f"{clean}: no whole corpus of this version ({detail}); clean again") from error
        finally:
            temporary.unlink(missing_ok=True)
    return path


def drop_damaged_index(clean: Path) -> str:
    """Delete an index that is not as it was built, so that it is built anew; what is wrong with it, "" for nothing."""
    check_links(clean / MARK)
    path = index_path(clean)
    try:
        file = HashedFile.from_json(read_json(_record_path(clean)))
        problem = file.damage(path.parent) if file.path == NAME else "has the record of another file"
    except (FileNotFoundError, DamagedFileError, ValueError):
        problem = "has no record of its hash" if path.exists() else ""
    if problem:
        remove(path)
    return problem


def _record_path(clean: Path) -> Path:
    return index_path(clean).with_suffix(".json")


def _stamp_of(path: Path) -> str:
    """The stamp that an index was built for, "" where there is no readable index."""
    with suppress(sqlite3.DatabaseError, TypeError):  # the latter where it has no stamp
        if path.is_file():
            with closing(sqlite3.connect(path)) as index:
                return str(index.execute("select value from facts where name = 'stamp'").fetchone()[0])
    return ""


def _build(index: sqlite3.Connection, clean: Path, version: Path, stamp: str) -> None:
    index.execute("pragma synchronous = off")  # a half-built index is thrown away
    for statement in TABLES:
        index.execute(statement)
    report = json.loads((version / "report.json").read_text(encoding="utf8"))
    _index_sources(index, clean, version / "sources.parquet")
    _index_documents(index, clean, version)
    _index_quarantine(index, version)
    for statement in DOCUMENT_INDICES:
        index.execute(statement)
    index.execute(
        "update sources set language = coalesce((select language from documents d where d.source = sources.source "
        "group by language order by count(*) desc, language limit 1), 'und')"
    )
    index.commit()
    if _stamp_of(index_path(clean)):
        carry_history(index, index_path(clean))
    add_run(index, report["run_id"], report["labels"])
    for statement in SOURCE_INDICES:  # last: what the lines above change would have to be sorted again
        index.execute(statement)
    facts = {"stamp": stamp, **{name: report[name] for name in ("run_id", "pipeline_version")}}
    facts |= {name: json.dumps(value) for name, value in figures(index, report).items()}
    index.executemany("insert into facts values (?, ?)", facts.items())
    index.execute("analyze")
    index.commit()


def _index_sources(index: sqlite3.Connection, clean: Path, table: Path) -> None:
    index.execute("insert into files values (?, ?)", [SOURCES_NUMBER, table.relative_to(clean).as_posix()])
    for group, row, source in _rows(table, None):
        values = source_columns(source) | {"row_group": group, "row": row}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        index.execute(f"insert into sources ({names}) values ({marks})", values)  # noqa: S608  # names are ours
        flags = [(flag, values["rank"], source["domain"]) for flag in set(source["flags"])]
        index.executemany("insert into flags values (?, ?, ?)", flags)


def _index_documents(index: sqlite3.Connection, clean: Path, version: Path) -> None:
    files = [
        path
        for folder in ("documents", "rejected")
        for path in sorted((version / folder).glob("*.parquet"))
    ]
    for number, path in enumerate(files):
        index.execute("insert into files values (?, ?)", [number, path.relative_to(clean).as_posix()])
        for group, at, row in _rows(path, _DOCUMENT_COLUMNS):
            statement = "insert into documents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            added = index.execute(statement, document_columns(row, number, group, at))
            index.execute("insert into lines values (?, ?)", [added.lastrowid, line_keys(row)])
            if held := held_columns(row):
                index.execute(_HOLD, held)
    index.execute("insert into held_reasons select status, reason, count(*) from held group by 1, 2")


def _index_quarantine(index: sqlite3.Connection, version: Path) -> None:
    """Each quarantined input, and how many each reason has: a row may stand for many records of a file."""
    rows = (row for path in sorted((version / "quarantine").glob("*.parquet")) for row in _rows(path, None))
    for number, (_, _, row) in enumerate(rows):
        index.execute(_HOLD, quarantined_columns(row, number))
        index.execute(
            "insert into held_reasons values ('quarantined', ?, ?) "
            "on conflict (status, reason) do update set number = number + excluded.number",
            [row["reason"], row.get("count") or 1],  # none in schema 1.0
        )


def _rows(path: Path, columns: tuple[str, ...] | None) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The rows of a Parquet file with their row group and place in it."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            at = 0
            for batch in file.iter_batches(BATCH_ROWS, [group], list(columns) if columns else None):
                for row in batch.to_pylist():
                    yield group, at, row
                    at += 1
