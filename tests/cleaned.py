"""Cleaned corpora for tests, written without a run: rows of the schema with the values that a test needs."""

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
    """A row of a document; a test gives only the columns and fields of metadata that it is about."""
    metadata_defaults = {field.name: [] if pa.types.is_list(field.type) else "" for field in METADATA}
    bare = {
        f.name: None
        if pa.types.is_floating(f.type) or pa.types.is_struct(f.type)
        else 0
        if pa.types.is_integer(f.type)
        else ""
        for f in DOCUMENTS
    }
    values = {"id": name.encode().hex().zfill(32), "text": f"{STORY} {name}", "domain": domain, "tags": []}
    values |= {"source": "raw", "language": "en", "status": "kept", "run_id": "r1", "pipeline_version": "0"}
    values |= {"reliability_label": "unknown", "reliability_basis": "none", **columns}
    return (
        bare
        | values
        | {"metadata": metadata_defaults | {"removed": [REMOVED]} | columns.get("metadata", {})}
    )


def write_clean(folder: Path, *files: Sequence[Mapping[str, Any]]) -> Path:
    """The folder of a cleaned corpus with the given files of documents."""
    for number, rows in enumerate(files):
        write_parquet(folder / "documents" / f"part-{number:05d}.parquet", DOCUMENTS, rows)
    return folder
