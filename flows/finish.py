"""The last pass over a shard: what only the whole run knows goes into its rows, and they are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from corpus.schema import DOCUMENTS, REJECTED
from corpus.settings import Settings
from corpus.tags import tag_list
from corpus.writers import Row, write_rows
from flows.copies import Copy, read_copies
from flows.hosts import OwnHosts
from flows.shards import ShardParts, read_rows
from flows.sources import ScoredSource, reliability_columns
from flows.tally import Tally
from models.reliability.flags import TAGGED
from models.reliability.model import NOT_SCORED


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a run knows once all its documents are cleaned."""

    sources: Mapping[str, ScoredSource]
    run_id: str
    pipeline_version: str
    own: OwnHosts = field(default_factory=OwnHosts)


def finish_shard(parts: ShardParts, knowledge: Knowledge, settings: Settings, work: Path) -> Tally:
    """Write the documents and the rejected rows of a shard; give their counts."""
    tally, name = Tally(), f"part-{parts.number:05d}"
    documents = (
        row for row in _finished(parts, knowledge, settings, work, tally) if row["status"] != "dropped"
    )
    folder = work / "documents"
    write_rows(documents, DOCUMENTS, parquet=folder / f"{name}.parquet", jsonl=folder / f"{name}.jsonl.gz")
    if tally.rejected:
        dropped = (
            row
            for row in _finished(parts, knowledge, settings, work, Tally())
            if row["status"] == "dropped"
        )
        write_rows(dropped, REJECTED, parquet=work / "rejected" / f"{name}.parquet")
    return tally


def _finished(
    parts: ShardParts, knowledge: Knowledge, settings: Settings, work: Path, tally: Tally
) -> Iterator[Row]:
    """The rows of a shard as they are emitted, counted."""
    copies = read_copies(parts.number, work)
    for place, row in read_rows(parts):
        finished = finish_row(row, copies.get(place), knowledge, settings)
        tally.count(finished, row["seconds"])
        yield finished


def finish_row(row: Row, copy: Copy | None, knowledge: Knowledge, settings: Settings) -> dict[str, Any]:
    """An intermediate row with what the whole run knows: copies, its source's score, status."""
    columns = cast(dict[str, Any], row)
    key = knowledge.own.key(columns)
    source = knowledge.sources.get(key)
    score = source.score if source else NOT_SCORED
    reason = _rejection(columns, copy, settings)
    kept = "review" if score.label == "mixed" and score.basis != "human" else "kept"
    flags = [flag for flag in TAGGED if source and flag in source.flags]
    flags += ["suspected_persona"] if columns["prints_persona"] else []
    tags = [*columns["tags"], f"reliability:{score.label}", *_copy_tags(copy), *flags]
    return {
        **columns,
        "domain": key if columns["domain"] else "",
        **reliability_columns(score),
        "tags": list(tag_list(tags)),
        "status": "dropped" if reason else kept,
        "reason": reason,
        "run_id": knowledge.run_id,
        "pipeline_version": knowledge.pipeline_version,
        "metadata": {**columns["metadata"], "dup_of": copy.original if copy else ""},
    }


def _copy_tags(copy: Copy | None) -> list[str]:
    if not copy:
        return []
    tag = "near_duplicate" if copy.near else "duplicate"
    return [tag] if copy.same_source else [tag, "syndicated"]


def _rejection(row: Mapping[str, Any], copy: Copy | None, settings: Settings) -> str:
    """Why a document is dropped, "" if it is not. A copy on another site stays, tagged, and so does a near-copy."""
    if len(row["text"].strip()) < settings.min_chars:
        return "empty"
    return "duplicate" if copy and copy.same_source and not copy.near else ""
