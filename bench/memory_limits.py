"""How much memory a run takes over very long documents, and over inputs of which nearly all is quarantined.

    python -m bench.memory_limits
    python -m bench.memory_limits --documents 10 20 40 --lines 100000 1000000

Long documents are packed texts of words in paragraphs that no two share, `--megabytes` long each. Quarantined lines are
JSON objects without a text, `--lines-per-file` in a file: with up to 100, none of their rows is folded. The inputs lie
in a temporary folder and are deleted afterwards.

Memory is the greatest proportional set size, of the run's own process and of all its processes together, those that
read and clean and the server that they are forked from included, sampled every tenth of a second.
"""

import argparse
import gzip
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.processes import members, proportional_bytes
from bench.results import ROOT, write_results

SAMPLE_SECONDS = 0.1
WORDS = 30_000  # that the texts are made of
PARAGRAPH_WORDS = 60
GZIP_LEVEL = 1
QUARANTINED = 3  # exit code of a run that quarantined something


def main() -> None:
    """Measure runs of each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, nargs="*", default=(10, 1000))
    parser.add_argument("--megabytes", type=float, default=19.9, help="of a document; up to 20 are read")
    parser.add_argument("--lines", type=int, nargs="*", default=(100_000, 1_000_000))
    parser.add_argument("--lines-per-file", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    long = {n: _long_documents(n, arguments.megabytes, arguments.workers) for n in arguments.documents}
    bad = {n: _bad_lines(n, arguments.lines_per_file, arguments.workers) for n in arguments.lines}
    write_results("memory_limits", [], {"long documents": long, "quarantined lines": bad})


def _long_documents(documents: int, megabytes: float, workers: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "raw"
        raw.mkdir()
        for number in range(documents):
            text = _long_text(number, int(megabytes * 1e6)).encode()
            (raw / f"{number:06}.txt.gz").write_bytes(gzip.compress(text, GZIP_LEVEL, mtime=0))
        return _peaks(raw, workers)


def _long_text(number: int, size: int) -> str:
    """A text of a size, of words that no other number draws in this order."""
    chance = random.Random(number)
    words = [f"{chance.choice(('harbour', 'basin', 'ferry', 'council'))}{n}" for n in range(WORDS)]
    paragraphs, length = list[str](), 0
    while length < size:
        paragraphs.append(" ".join(chance.choices(words, k=PARAGRAPH_WORDS)) + ".\n\n")
        length += len(paragraphs[-1])
    return "".join(paragraphs)[:size]


def _bad_lines(lines: int, lines_per_file: int, workers: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "raw"
        raw.mkdir()
        for first in range(0, lines, lines_per_file):
            number = min(lines_per_file, lines - first)
            content = "".join(f'{{"number": {first + line}}}\n' for line in range(number))
            (raw / f"{first:08}.jsonl").write_text(content, encoding="utf8")
        return _peaks(raw, workers)


def _peaks(raw: Path, workers: int) -> dict[str, float]:
    """Seconds of a run by the clock, and the most that its processes held, in megabytes."""
    command = [sys.executable, "-m", "winnow", "clean", str(raw), "-o", str(raw.parent / "out")]
    with (raw.parent / "log").open("wb") as log:
        began, alone, together = time.perf_counter(), 0, 0
        run = subprocess.Popen(
            [*command, "--workers", str(workers)], stdout=log, stderr=log, cwd=ROOT, start_new_session=True
        )
        while run.poll() is None:
            sizes = _sizes(run.pid)
            alone, together = max(alone, sizes[0]), max(together, sum(sizes))
            time.sleep(SAMPLE_SECONDS)
    if run.returncode not in (0, QUARANTINED):
        sys.exit(f"{command} ended with {run.returncode}:\n{(raw.parent / 'log').read_text()[-2000:]}")
    seconds = round(time.perf_counter() - began, 1)
    figures = {"seconds": seconds, "run process": round(alone / 1e6), "all": round(together / 1e6)}
    print(raw.parent.name, figures, flush=True)
    return figures


def _sizes(session: int) -> Sequence[int]:
    """Bytes that each process of a session holds, its first before the others."""
    pids = [session, *(pid for pid in members(session) if pid != session)]
    return [proportional_bytes(pid) for pid in pids]


if __name__ == "__main__":
    main()
