"""Seconds and memory of `winnow select` over 1,000,000 documents that it makes, format by format.

Usage: python -m bench.select [--rows N] [--formats parquet,jsonl.zst]

Texts are random words with the frequencies of a language (Zipf), as long as those of 12,646 articles (log-normal,
median 3,700 characters, mean 5,450); each has twelve removed spans and three signals. Each selection runs in a
process of its own. `compression_seconds` is what compressing the same rows alone costs, on one core.
"""

import argparse
import gzip
import resource
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

from bench.results import ROOT, write_results
from corpus.schema import DOCUMENTS
from corpus.selection.formats import ZSTD_LEVEL
from corpus.writers import GZIP_LEVEL, ROWS_PER_GROUP

CACHE: Final = ROOT / "bench" / "cache"
WHERE: Final = "reliability_label = 'reliable' and language = 'en' and not list_contains(tags, 'duplicate')"
# what is asked: options of the command
QUESTIONS: Final = {
    "all": [],
    "split and cap": ["--split", "90,5,5", "--per-source", "300"],
    "where": ["--where", WHERE, "--split", "90,5,5"],
    "where in the text": ["--where", "regexp_matches(text, 'qx[a-z]{2,9}zz')", "--preset", "strict"],
}
WORDS: Final = 30_000
POOL_WORDS: Final = 8_000_000  # of which each text is a stretch
MEDIAN_CHARS: Final = 3_700
SIGMA: Final = 0.88  # of the log of the length: mean 5,450
SPANS: Final = 12
SAMPLE: Final = 20  # files whose compression is timed
NS: Final = "tag"


def main() -> None:
    """Make the rows, if they are not there, and time each selection."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", default="parquet,jsonl.zst")
    given = parser.parse_args()
    clean = CACHE / f"select-{given.rows}"
    if not clean.exists():
        make_rows(clean, given.rows)
    formats = given.formats.split(",")
    asked = [(formats[0], name) for name in QUESTIONS] + [(kind, "all") for kind in formats[1:]]
    figures = {f"{kind}, {question}": measured(clean, kind, QUESTIONS[question]) for kind, question in asked}
    size = sum(file.stat().st_size for file in clean.rglob("*.parquet"))
    write_results("select", [], {"rows": given.rows, "megabytes_in": size // 10**6, "runs": figures})


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
from winnow.cli import main
began = time.perf_counter()
try:
    main(sys.argv[1:])
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, file=sys.stderr)
"""
