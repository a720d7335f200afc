"""Seconds and memory of `winnow select` over 1,000,000 documents that it makes, format by format.

Usage: python -m bench.select [--rows N] [--formats parquet,jsonl.zst]

Texts are random words with the frequencies of a language (Zipf), as long as those of 12,646 articles (log-normal,
median 3,700 characters, mean 5,450); each has twelve removed spans and three signals. Each selection runs in a
process of its own. `compression_seconds` is what compressing the same rows alone costs, on one core.
"""

import argparse
import gzip
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from isal import igzip

from bench.results import ROOT, write_results
from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.selection.formats import ZSTD_LEVEL
from winnow.corpus.writers import GZIP_LEVEL, ROWS_PER_GROUP

CACHE: Final = ROOT / "bench" / "cache"
WHERE: Final = "reliability_label = 'reliable' and language = 'en' and not list_contains(tags, 'duplicate')"
# what is asked: options of the command
QUESTIONS: Final = {
    "all": [],
    "split and cap": ["--split", "90,5,5", "--per-source", "300"],
    "where": ["--where", WHERE, "--split", "90,5,5"],
    "where in the text": ["--where", "regexp_matches(text, 'qx[a-z]{2,9}z')", "--preset", "strict"],
}
WORDS: Final = 30_000
POOL_WORDS: Final = 8_000_000  # of which each text is a stretch
MEDIAN_CHARS: Final = 3_700
SIGMA: Final = 0.88  # of the log of the length: mean 5,450
SPANS: Final = 12
SAMPLE_BYTES: Final = 200_000_000  # of rows whose compression is timed
SOURCES: Final = 20_000  # their documents are Zipf-distributed


def main() -> None:
    """Make the rows, if they are not there, and time each selection."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", default="parquet,jsonl.zst")
    arguments = parser.parse_args()
    clean = CACHE / f"select-{arguments.rows}"
    if not clean.exists():
        make_rows(clean, arguments.rows)
    formats = arguments.formats.split(",")
    runs = [(formats[0], name) for name in QUESTIONS] + [(kind, "all") for kind in formats[1:]]
    figures = {f"{kind}, {question}": measured(clean, kind, QUESTIONS[question]) for kind, question in runs}
    size = sum(file.stat().st_size for file in clean.rglob("*.parquet"))
    write_results("select", [], {"rows": arguments.rows, "megabytes_in": size // 10**6, "runs": figures})


def measured(clean: Path, kind: str, options: list[str]) -> dict[str, float]:
    """Run one selection in a process; its wall clock, CPU time and peak memory."""
    output = CACHE / "selected"
    command = [sys.executable, "-c", MEASURED, "select", clean, "-o", output, "--format", kind, *options]
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True)
    wall, cpu, megabytes = map(float, done.stderr.split()[-3:])
    files = [file for file in output.rglob("*") if file.is_file()]
    rows = int(done.stdout.split()[0])
    return {
        "documents": rows,
        "seconds": round(wall, 1),
        "cpu_seconds": round(cpu, 1),
        "compression_seconds": round(compression_seconds(output, kind), 1),
        "peak_megabytes": megabytes,
        "megabytes_out": sum(file.stat().st_size for file in files) // 10**6,
    }


MEASURED: Final = """
import resource, sys, time
from winnow.cli.main import main
began = time.perf_counter()
try:
    main(sys.argv[1:])
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, file=sys.stderr)
"""


def compression_seconds(output: Path, kind: str) -> float:
    """Seconds to compress what a corpus holds, from a sample of its rows."""
    files = sorted(file for file in output.rglob("*") if file.is_file() and file.stat().st_size)
    files = [file for file in files if "".join(file.suffixes).endswith(kind.replace("dolma", "jsonl.gz"))]
    done, packed, seconds = 0, 0, 0.0
    for piece in (piece for file in files for piece in _pieces(file)):
        began = time.process_time()
        packed += len(_packed(piece, kind))
        seconds += time.process_time() - began
        done += len(piece)
        if done > SAMPLE_BYTES:
            break
    return seconds / packed * sum(file.stat().st_size for file in files)


def _pieces(file: Path) -> Iterator[bytes]:
    """What a file holds, uncompressed, piece by piece."""
    if file.suffix == ".parquet":
        with pq.ParquetFile(file) as reader:
            for index in range(reader.num_row_groups):
                chunks = (
                    chunk for column in reader.read_row_group(index).columns for chunk in column.chunks
                )
                yield from (buffer.to_pybytes() for chunk in chunks for buffer in chunk.buffers() if buffer)
        return
    with gzip.open(file) if file.suffix == ".gz" else zstandard.open(file, "rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


def _packed(piece: bytes, kind: str) -> bytes:
    if kind == "parquet":
        return bytes(pa.Codec("zstd").compress(piece, asbytes=True))
    if kind == "jsonl.zst":
        return zstandard.ZstdCompressor(ZSTD_LEVEL).compress(piece)
    return igzip.compress(piece, GZIP_LEVEL)


def make_rows(clean: Path, rows: int) -> None:
    """Write rows of the schema as a run would: a thousand a file, zstandard."""
    random = np.random.default_rng(20261121)
    pool = _pool(random)
    for number in range(0, rows, ROWS_PER_GROUP):
        table = _table(random, pool, number, min(ROWS_PER_GROUP, rows - number))
        path = clean / "documents" / f"part-{number // ROWS_PER_GROUP:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, compression="zstd")


def _pool(random: np.random.Generator) -> str:
    letters = np.array(list("eeeettaaooiinnsshhrrddlluccmwfgypbvkjxqz"))
    words = ["".join(random.choice(letters, size)) for size in random.integers(2, 11, WORDS)]
    weights = 1 / np.arange(1, WORDS + 1)
    return " ".join(np.array(words)[random.choice(WORDS, POOL_WORDS, p=weights / weights.sum())])


def _table(random: np.random.Generator, pool: str, start: int, rows: int) -> pa.Table:
    lengths = np.exp(random.normal(np.log(MEDIAN_CHARS), SIGMA, rows)).astype(int)
    begins = random.integers(0, len(pool) - lengths.max(), rows)
    sources = np.minimum(random.zipf(1.3, rows), SOURCES)
    labels = random.choice(["reliable", "mixed", "unreliable", "unknown"], rows, p=[0.3, 0.2, 0.2, 0.3])
    records = [
        _record(random, pool, start + row, pool[begin : begin + length], f"source{source}.example", label)
        for row, (begin, length, source, label) in enumerate(
            zip(begins, lengths, sources, labels, strict=True)
        )
    ]
    return pa.Table.from_pylist(records, schema=DOCUMENTS)


def _record(
    random: np.random.Generator, pool: str, number: int, text: str, domain: str, label: str
) -> dict[str, object]:
    digits = f"{random.integers(1 << 62):016x}{number:016x}"
    language = "en" if number % 10 else "de"
    tags = [f"lang:{language}", "noise:share_bar", f"reliability:{label}"] + ["duplicate"] * (
        number % 13 == 0
    )
    spans = [
        {"start": 60 * i, "end": 60 * i + 60, "kind": "share_bar", "rule": "share_call", "cleaner": "furniture",
         "text": pool[number % 10_000 + 997 * i : number % 10_000 + 997 * i + 60], "score": 0.95}
        for i in range(SPANS)
    ]  # fmt: skip
    signals = [
        {
            "name": f"signal_{i}",
            "value": 1.0,
            "evidence": pool[number % 10_000 + 7_919 * i : number % 10_000 + 7_919 * i + 120],
        }
        for i in range(3)
    ]
    metadata = dict.fromkeys((field.name for field in DOCUMENTS.field("metadata").type), "")
    lists = {"authors": ["Ada Byron"], "captions": [], "endnotes": [], "removed": spans, "signals": signals}
    url = f"https://{domain}/{digits}"
    return dict.fromkeys(DOCUMENTS.names, "") | {
        "id": digits, "text": text, "source": "crawl", "added": "2026-11-21T00:00:00+00:00", "created": "2025-03-14",
        "url": url, "domain": domain, "language": language, "language_score": 0.99, "n_chars_in": len(text) + 720,
        "n_chars_out": len(text), "tags": tags, "reliability_score": 0.5, "reliability_low": 0.2,
        "reliability_high": 0.8, "reliability_probability": 0.5, "reliability_label": label,
        "reliability_basis": "model", "status": "kept", "run_id": "0" * 12, "pipeline_version": "0",
        "metadata": metadata | lists | {"url": url, "domain": domain, "title": text[:50]},
    }  # fmt: skip


if __name__ == "__main__":
    main()
