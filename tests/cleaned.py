"""Cleaned corpora for tests, written without a run: rows of the schema with what matters to a test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.writers import write_parquet

METADATA = DOCUMENTS.field("metadata").type
STORY = "The board voted to dredge the basin."
REMOVED = {
    "start": 0,
    "end": 4,
    "kind": "author_bio",
    "rule": "r",
    "cleaner": "c",
    "text": "Bio\n",
    "score": 0.5,
}


def document(name: str, domain: str = "", **columns: Any) -> dict[str, Any]:
    """A row; ``metadata`` needs only the fields that a test is about."""
    known = {field.name: [] if pa.types.is_list(field.type) else "" for field in METADATA}
    bare = {
        f.name: None if pa.types.is_floating(f.type) else 0 if pa.types.is_integer(f.type) else ""
        for f in DOCUMENTS
    }
    given = {"id": name.encode().hex().zfill(32), "text": f"{STORY} {name}", "domain": domain, "tags": []}
    given |= {"source": "raw", "language": "en", "status": "kept", "run_id": "r1", "pipeline_version": "0"}
    given |= {"reliability_label": "unknown", "reliability_basis": "none", **columns}
    return bare | given | {"metadata": known | {"removed": [REMOVED]} | columns.get("metadata", {})}


def write_clean(folder: Path, *files: Sequence[Mapping[str, Any]]) -> Path:
    """A cleaned corpus with some files of documents."""
    for number, rows in enumerate(files):
        write_parquet(folder / "documents" / f"part-{number:05d}.parquet", DOCUMENTS, rows)
    return folder
