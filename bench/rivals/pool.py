"""What people write first: a pool of processes around `trafilatura.extract` with its defaults."""

import json
import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import trafilatura

CHUNK = 16
ROWS = 1000
SCHEMA = pa.schema([("url", pa.string()), ("text", pa.string())])


def main(raw: str, out: str, workers: str) -> None:
    """Extract the texts of all pages of a folder of JSON Lines and write them as Parquet."""
    Path(out).mkdir()
    with (
        multiprocessing.Pool(int(workers)) as pool,
        pq.ParquetWriter(Path(out) / "texts.parquet", SCHEMA) as writer,
    ):
        rows = []
        for row in pool.imap(extracted, records(Path(raw)), chunksize=CHUNK):
            rows += [row] if row["text"] else []
            if len(rows) == ROWS:
                writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, SCHEMA))


def records(raw: Path) -> Iterator[dict[str, str]]:
    """The pages of all files."""
    for path in sorted(raw.glob("*.jsonl")):
        with path.open(encoding="utf8") as lines:
            yield from map(json.loads, lines)


def extracted(record: dict[str, str]) -> dict[str, str]:
    """The main text of a page."""
    return {"url": record["url"], "text": trafilatura.extract(record["html"]) or ""}


if __name__ == "__main__":
    main(*sys.argv[1:])
