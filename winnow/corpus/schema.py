"""The Parquet schemas of everything in ``clean/``. Explicit, never inferred; a column is never renamed."""

from dataclasses import fields
from typing import Final

import pyarrow as pa

from winnow.corpus.record import Record, RecordMetadata, Signal
from winnow.corpus.text_quality import TextQuality

SCHEMA_VERSION: Final = "1.4"

_RELIABILITY = [
    pa.field("reliability_score", pa.float32()),
    pa.field("reliability_low", pa.float32()),
    pa.field("reliability_high", pa.float32()),
    pa.field("reliability_probability", pa.float32()),
    pa.field("reliability_label", pa.string()),
    pa.field("reliability_basis", pa.string()),
]
_REMOVED = pa.struct(
    {
        "start": pa.int64(),
        "end": pa.int64(),
        "kind": pa.string(),
        "rule": pa.string(),
        "cleaner": pa.string(),
        "text": pa.string(),
        "score": pa.float32(),
    }
)
_SIGNAL = pa.struct({"name": pa.string(), "value": pa.float32(), "evidence": pa.string()})
_STEP = pa.struct({"group": pa.string(), "change": pa.float32(), "level": pa.float32()})
_METADATA = pa.struct(
    {
        "url": pa.string(),
        "domain": pa.string(),
        "title": pa.string(),
        "authors": pa.list_(pa.string()),
        "published": pa.string(),
        "site_name": pa.string(),
        "content_type": pa.string(),
        "raw_sha256": pa.string(),
        "raw_path": pa.string(),
        "extractor": pa.string(),
        "dup_of": pa.string(),
        "captions": pa.list_(pa.string()),
        "endnotes": pa.list_(pa.string()),
        "author_bio": pa.string(),
        "removed": pa.list_(_REMOVED),
        "signals": pa.list_(_SIGNAL),
        "review_by": pa.string(),
        "review_at": pa.string(),
        "review_note": pa.string(),
        "record_id": pa.string(),
        "payload_digest": pa.string(),
        "payload_type": pa.string(),
        "truncated": pa.string(),
    }
)
_QUALITY = pa.struct(
    {each.name: pa.int64() if each.type is int else pa.float64() for each in fields(TextQuality)}
)
_DOCUMENT_FIELDS = [
    pa.field("id", pa.string()),
    pa.field("text", pa.string()),
    pa.field("source", pa.string()),
    pa.field("added", pa.string()),
    pa.field("created", pa.string()),
    pa.field("url", pa.string()),
    pa.field("domain", pa.string()),
    pa.field("language", pa.string()),
    pa.field("language_score", pa.float32()),
    pa.field("n_chars_in", pa.int64()),
    pa.field("n_chars_out", pa.int64()),
    pa.field("tags", pa.list_(pa.string())),
    *_RELIABILITY,
    pa.field("status", pa.string()),
    # "" since 1.3: all rows of a version are of one run (`winnow.corpus.versions.run_of`), and parts outlive runs.
    pa.field("run_id", pa.string()),
    pa.field("pipeline_version", pa.string()),
    pa.field("metadata", _METADATA),
    pa.field("reliability_verdict", pa.string()),
    pa.field("quality", _QUALITY),
]


def _with_version(columns: list[pa.Field]) -> pa.Schema:
    return pa.schema(columns, metadata={"winnow_schema": SCHEMA_VERSION})


DOCUMENTS: Final = _with_version(_DOCUMENT_FIELDS)
REJECTED: Final = _with_version([*_DOCUMENT_FIELDS, pa.field("reason", pa.string())])
QUARANTINE: Final = _with_version(
    [
        *(pa.field(name, pa.string()) for name in ("path", "sha256", "reason", "detail", "run_id")),
        pa.field("count", pa.int64()),
    ]
)
SOURCES: Final = _with_version(
    [
        pa.field("domain", pa.string()),
        pa.field("documents", pa.int64()),
        pa.field("originals", pa.int64()),
        *_RELIABILITY,
        pa.field("flags", pa.list_(pa.string())),
        pa.field(
            "signals",
            pa.list_(
                pa.struct(
                    {
                        "name": pa.string(),
                        "value": pa.float32(),
                        "contribution": pa.float32(),
                        "evidence": pa.string(),
                        "document_id": pa.string(),
                        "meaning": pa.string(),
                        "document": pa.string(),
                        "group": pa.string(),
                        "points": pa.float32(),
                        "rate": pa.float32(),
                        "usual_rate": pa.float32(),
                        "unit": pa.string(),
                    }
                )
            ),
        ),
        pa.field(
            "ratings",
            pa.list_(
                pa.struct(
                    {
                        "list": pa.string(),
                        "rating": pa.string(),
                        "date": pa.string(),
                        "score": pa.float32(),
                        "label": pa.string(),
                    }
                )
            ),
        ),
        pa.field("reviewed_by", pa.string()),
        pa.field("reviewed_at", pa.string()),
        pa.field("note", pa.string()),
        pa.field("model_score", pa.float32()),
        pa.field("model_low", pa.float32()),
        pa.field("model_high", pa.float32()),
        pa.field("model_probability", pa.float32()),
        pa.field("model_reason", pa.string()),
        pa.field("hosts", pa.list_(pa.struct({"host": pa.string(), "documents": pa.int64()}))),
        pa.field("reliability_verdict", pa.string()),
        pa.field("model_verdict", pa.string()),
        pa.field("model_summary", pa.string()),
        pa.field("model_steps", pa.list_(_STEP)),
    ]
)


def document_row(record: Record) -> dict[str, object]:
    """A record as one row of `REJECTED`; what only the whole run knows is still None.

    Its columns without ``reason`` are those of `DOCUMENTS`.
    """
    metadata = _values(record.metadata)
    metadata["removed"] = [span._asdict() for span in record.metadata.removed]
    metadata["signals"] = [_values(signal) for signal in record.metadata.signals]
    columns = {"metadata": metadata, "quality": _values(record.quality)}
    return dict.fromkeys(REJECTED.names) | _values(record) | columns


def _values(part: Record | RecordMetadata | Signal | TextQuality) -> dict[str, object]:
    """The fields of a part by name. `dataclasses.asdict` copies what is in them too, at 6 % of a page's time."""
    return {name: getattr(part, name) for name in part.__slots__}
