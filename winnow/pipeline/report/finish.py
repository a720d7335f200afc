"""The last pass over a shard: add to its rows what only the whole run knows, and write them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from winnow.corpus.schema import DOCUMENTS, REJECTED
from winnow.corpus.settings import Settings
from winnow.corpus.tags import tag_list
from winnow.corpus.writers import Row, open_part
from winnow.models.reliability.flags import TAGGED
from winnow.models.reliability.source_model import NOT_SCORED
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.copies import Copy, read_copies
from winnow.pipeline.sources.hosts import SeparateHosts
from winnow.pipeline.sources.scores import ScoredSource, reliability_columns
from winnow.pipeline.tables.intermediate import read_batches

# Columns that `finish_row` changes; the others are copied unchanged from file to file.
CHANGED_COLUMNS: Final = (
    "domain",
    *reliability_columns(NOT_SCORED),
    "tags",
    "status",
    "reason",
    "run_id",
    "pipeline_version",
)
COPY_OF: Final = "dup_of"  # the field of the metadata that it changes, too
READ_COLUMNS: Final = [
    *REJECTED.names,
    "source_key",
    "host",
    "masked",
    "prints_persona",
    "placed",
    "seconds",
]


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """What a run knows once all its documents are cleaned."""

    sources: Mapping[str, ScoredSource]
    run_id: str
    pipeline_version: str
    separate_hosts: SeparateHosts = field(default_factory=SeparateHosts)


def finish_shard(parts: ShardParts, facts: CorpusFacts, settings: Settings, work: Path) -> RunTally:
    """Write the documents and the rejected rows of a shard, and return their counts."""
    tally, name = RunTally(), f"part-{parts.number:05d}"
    paths = (work / "documents" / f"{name}.parquet", work / "documents" / f"{name}.jsonl.gz")
    with ExitStack() as files:
        documents, rejected = files.enter_context(open_part(DOCUMENTS, *paths)), None
        for batch, rows in _finish_rows(parts, facts, settings, work):
            tally.count(batch, rows)
            if kept_rows := [row for row in rows if row["status"] != "dropped"]:
                documents.write(
                    batch.filter(pc.field("status") != "dropped").select(DOCUMENTS.names), kept_rows
                )
            if len(kept_rows) < len(rows):
                path = work / "rejected" / f"{name}.parquet"
                rejected = rejected or files.enter_context(open_part(REJECTED, path))
                rejected.write(batch.filter(pc.field("status") == "dropped").select(REJECTED.names))
    return tally


def _finish_rows(
    parts: ShardParts, facts: CorpusFacts, settings: Settings, work: Path
) -> Iterator[tuple[pa.RecordBatch, list[dict[str, Any]]]]:
    """The finished rows of a shard, as batches and as values."""
    copies, number = read_copies(parts.number, work), count()
    for batch in read_batches(parts.rows, READ_COLUMNS):
        rows = [
            finish_row(row, copies.get((parts.number, next(number))), facts, settings)
            for row in batch.to_pylist()
        ]
        yield _with_changed_columns(batch, rows), rows


def _with_changed_columns(batch: pa.RecordBatch, rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """A batch with the columns that `finish_row` changed."""
    for name in CHANGED_COLUMNS:
        column = pa.array([row[name] for row in rows], batch.schema.field(name).type)
        batch = batch.set_column(batch.schema.get_field_index(name), name, column)
    metadata = batch.column("metadata")
    fields = dict(zip(metadata.type.names, metadata.flatten(), strict=True))
    fields[COPY_OF] = pa.array([row["metadata"][COPY_OF] for row in rows], pa.string())
    new_metadata = pa.StructArray.from_arrays([*fields.values()], [*fields])
    return batch.set_column(batch.schema.get_field_index("metadata"), "metadata", new_metadata)


def finish_row(row: Row, copy: Copy | None, facts: CorpusFacts, settings: Settings) -> dict[str, Any]:
    """An intermediate row with what the whole run knows: copies, its source's score, status."""
    columns = cast(dict[str, Any], row)
    key = facts.separate_hosts.key(columns)
    source = facts.sources.get(key)
    score = source.score if source else NOT_SCORED
    reason = _rejection(columns, copy, settings)
    kept_status = "review" if score.label == "mixed" and score.basis != "human" else "kept"
    flags = [flag for flag in TAGGED if source and flag in source.flags]
    flags += ["suspected_persona"] if columns["prints_persona"] else []
    tags = [*columns["tags"], f"reliability:{score.label}", *_copy_tags(copy), *flags]
    return {
        **columns,
        "domain": key if columns["domain"] else "",
        **reliability_columns(score),
        "tags": list(tag_list(tags)),
        "status": "dropped" if reason else kept_status,
        "reason": reason,
        "run_id": facts.run_id,
        "pipeline_version": facts.pipeline_version,
        "metadata": {**columns["metadata"], "dup_of": copy.original if copy else ""},
    }


def _copy_tags(copy: Copy | None) -> list[str]:
    if not copy:
        return []
    tag = "near_duplicate" if copy.near else "duplicate"
    return [tag] if copy.same_source else [tag, "syndicated"]


def _rejection(row: Mapping[str, Any], copy: Copy | None, settings: Settings) -> str:
    """Why a document is dropped, "" if it is not. A copy on another site stays, tagged, and so does a near-copy."""
    if row["reason"]:  # which it has by itself
        return str(row["reason"])
    if len(row["text"].strip()) < settings.min_chars:
        return "empty"
    return "duplicate" if copy and copy.same_source and not copy.near else ""
