"""Small runs for tests: inputs written to a folder, a run over them, and its tables read back."""

import os
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from winnow.corpus.output import files_in_place
from winnow.corpus.settings import Settings
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.workers.isolation import Cleaning, clean_here

STORY = (
    "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said. "
    "The work costs 1.2 million pounds and takes eleven weeks, according to the contract that the council published."
)
OTHER = "A second ferry will run between the islands from June, the operator said in a statement on Monday morning."


def distinct(text: str, number: int) -> str:
    """A text with words of its own by a number, enough not to be a near-copy of the same text with another number."""
    berths = random.Random(number).sample(range(1000, 10_000), 90)
    return f"{text} The berths are {', '.join(map(str, berths))}."


def write_inputs(folder: Path, files: Mapping[str, str | bytes]) -> str:
    for name, content in files.items():
        path = folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return str(folder / "raw")


def run(
    folder: Path, files: Mapping[str, str | bytes], *, clean: Cleaning = clean_here, **settings: Any
) -> RunResult:
    inputs = write_inputs(folder, files)
    return clean_corpus([inputs], folder / "clean", Settings(**settings), clean=clean, tick=lambda n: None)


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    files = sorted((folder / "clean").glob(f"{table}/*.parquet")) or [folder / "clean" / f"{table}.parquet"]
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def output_bytes(folder: Path) -> dict[str, bytes]:
    """The contents of all files that must repeat: without the report, which holds times."""
    names = (name for name in files_in_place(folder) if not name.startswith("report."))
    return {name: (folder / name).read_bytes() for name in names}


def from_scratch(files: Mapping[str, str | bytes], **changes: Any) -> dict[str, bytes]:
    """The output of a first run over some inputs."""
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), files, **changes)
        return output_bytes(Path(folder) / "clean")
