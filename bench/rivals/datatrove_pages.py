"""datatrove's way with pages: trafilatura, Gopher's filters, Parquet. Run in an environment that has it."""

import sys

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.filters import GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter


def main(raw: str, out: str, tasks: str, workers: str) -> None:
    """Clean all pages of a folder of JSON Lines, a task a file."""
    steps = [
        JsonlReader(raw, text_key="html", id_key="url"),
        Trafilatura(),
        GopherRepetitionFilter(),
        GopherQualityFilter(),
        ParquetWriter(f"{out}/documents"),
    ]
    LocalPipelineExecutor(steps, tasks=int(tasks), workers=int(workers), logging_dir=f"{out}/logs").run()


if __name__ == "__main__":
    main(*sys.argv[1:])
