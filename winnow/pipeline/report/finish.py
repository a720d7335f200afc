"""The last pass over a shard: add to its rows what only the whole run knows, and write them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
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
from winnow.models.reliability.source_score import NOT_SCORED
from winnow.pipeline.report.finished_parts import (
    FinishedPart,
    PublishedParts,
    carry_over,
    keep_part,
    places,
    record_name,
)
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.shards.shards import Place, ShardParts
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
    pipeline_version: str
    separate_hosts: SeparateHosts = field(default_factory=SeparateHosts)


def finish_shard(
    parts: ShardParts, facts: CorpusFacts, settings: Settings, work: Path, published: PublishedParts
) -> FinishedPart:
    """The documents and the rejected rows of a shard as files below the work folder, with their counts.

    They are those of the last run where it ``published`` the same ones.
    """
    copies, shards, stem = read_copies(parts.number, work), parts.rows.parent, f"part-{parts.number:05d}"
    shown = (_shown_of_source(place, facts) for place in places(parts))
    name = record_name(parts, shown, copies, settings, facts.pipeline_version)
    part = carry_over(shards, name, stem, published, work)
    if isinstance(part, FinishedPart):
        return part
    paths, tally = _write_part(parts, copies, facts, settings, work / "documents" / stem)
    return replace(keep_part(shards, name, work, paths, tally), damaged=part)


def _shown_of_source(place: Mapping[str, Any], facts: CorpusFacts) -> list[object]:
    """All that the rows of a place show of their source."""
    key = facts.separate_hosts.key(place)
    source = facts.sources.get(key)
    return [
        *place.values(),
        key,
        reliability_columns(source.score if source else NOT_SCORED),
        _flags(source),
    ]


def _write_part(
    parts: ShardParts,
    copies: Mapping[Place, Copy],
    facts: CorpusFacts,
    settings: Settings,
    stem: Path,
) -> tuple[list[Path], RunTally]:
    """Write the finished rows of a shard; give the files and the counts."""
    tally = RunTally()
    paths = [stem.with_suffix(".parquet"), stem.with_suffix(".jsonl.gz")]
    with ExitStack() as files:
        documents, rejected = files.enter_context(open_part(DOCUMENTS, *paths)), None
        for batch, rows in _finish_rows(parts, copies, facts, settings):
            tally.count(batch, rows)
            if kept_rows := [row for row in rows if row["status"] != "dropped"]:
                documents.write(
                    batch.filter(pc.field("status") != "dropped").select(DOCUMENTS.names), kept_rows
                )
            if len(kept_rows) < len(rows):
                if not rejected:
                    paths.append(stem.parents[1] / "rejected" / f"{stem.name}.parquet")
                    rejected = files.enter_context(open_part(REJECTED, paths[-1]))
                rejected.write(batch.filter(pc.field("status") == "dropped").select(REJECTED.names))
    return paths, tally


def _finish_rows(
    parts: ShardParts, copies: Mapping[Place, Copy], facts: CorpusFacts, settings: Settings
) -> Iterator[tuple[pa.RecordBatch, list[dict[str, Any]]]]:
    """The finished rows of a shard, as batches and as values."""
    number = count()
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
    flags = [*_flags(source), *(["suspected_persona"] if columns["prints_persona"] else [])]
    tags = [*columns["tags"], f"reliability:{score.label}", *_copy_tags(copy), *flags]
    return {
        **columns,
        "domain": key if columns["domain"] else "",
        **reliability_columns(score),
        "tags": list(tag_list(tags)),
        "status": "dropped" if reason else kept_status,
        "reason": reason,
        "run_id": "",  # the rows of a part that does not change are of many runs
        "pipeline_version": facts.pipeline_version,
        "metadata": {**columns["metadata"], "dup_of": copy.original if copy else ""},
    }


def _flags(source: ScoredSource | None) -> list[str]:
    """The flags of a source that its documents show as tags."""
    return [flag for flag in TAGGED if source and flag in source.flags]


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
