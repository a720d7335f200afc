"""datatrove reads every format of rows, and writes what it read."""

from pathlib import Path

import pytest

pytest.importorskip("datatrove", reason="datatrove is not installed here: run `make contracts`")

from datatrove.data import DocumentsPipeline
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import JsonlWriter

ROWS = 100_000
READERS = {
    "parquet": (ParquetReader, "data/*.parquet"),
    "jsonl.gz": (JsonlReader, "data/*.jsonl.gz"),
    "jsonl.zst": (JsonlReader, "data/*.jsonl.zst"),
    "dolma": (JsonlReader, "documents/*.jsonl.gz"),
}


@pytest.mark.parametrize("form", READERS)
def test_every_row_is_read_with_its_metadata(corpora: Path, form: str) -> None:
    reader, pattern = READERS[form]
    read = list(reader(str(corpora / form), glob_pattern=pattern).run())
    assert len(read) == len({document.id for document in read}) == ROWS
    full = [document for document in read if document.metadata["title"]]
    assert len(full) == 80_000
    assert full[0].metadata["authors"] == ["Ada Byron"]
    assert full[0].metadata["reliability_score"] == 0.75


def reliable(documents: DocumentsPipeline, rank: int, world_size: int) -> DocumentsPipeline:
    """A step of a pipeline; datatrove's own filters ask for more packages."""
    yield from (document for document in documents if document.metadata["reliability_label"] == "reliable")


@pytest.mark.parametrize("form", READERS)
def test_a_pipeline_filters_by_label_and_writes(corpora: Path, tmp_path: Path, form: str) -> None:
    reader, pattern = READERS[form]
    steps = [
        reader(str(corpora / form), glob_pattern=pattern, limit=40_000),
        reliable,
        JsonlWriter(str(tmp_path / "out")),
    ]
    LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    written = list(JsonlReader(str(tmp_path / "out")).run())
    assert written and {document.metadata["reliability_label"] for document in written} == {"reliable"}
