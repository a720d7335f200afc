"""How much memory the process of a run takes for 10,000 and for 100,000 documents.

    python -m bench.memory

Documents are made up: 400 characters of words drawn at random, a tenth of them copies and near-copies of others, from
a fixed number of sites. Their rows are varied from those of a few that were really cleaned, in the process that runs,
so that all but cleaning is what a run does: reading, intake, lines of sites, copies, sources, writing, report. Each
size is a process of its own; memory is its greatest resident set.
"""

import argparse
import hashlib
import json
import logging
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bench.results import ROOT, write_results
from corpus.raw import TEXT, Quarantined, RawDocument
from corpus.settings import Settings
from corpus.signature import signature_of
from flows.children import Outcome
from flows.intermediate import batch_of
from flows.isolation import clean_in_child
from flows.journal import listening
from flows.keys import document_key, text_key
from flows.stages import run_here

SIZES = (10_000, 100_000)
FILE_DOCUMENTS = 1000
SITES = 2000
WORDS = 60  # of a document, about 400 characters
VOCABULARY = 20_000
COPIED_SHARE = 0.1
EDITED_WORDS = 4  # of a near-copy
REAL = 20  # documents that are really cleaned
LINES = 8  # of a document, two of them those of its site


def main() -> None:
    """Run both sizes, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--alone", type=int, default=0, help="run this size here, and print its figures")
    arguments = parser.parse_args()
    if arguments.alone:
        print(json.dumps(_measured(arguments.alone)))
        return
    figures = {str(size): _in_its_own_process(size) for size in arguments.sizes}
    peaks = [each["megabytes"] for each in figures.values()]
    write_results("memory", [], {"documents": figures, "last to first": round(peaks[-1] / peaks[0], 3)})


def _in_its_own_process(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.memory", "--alone", str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    print(size, done.stdout, flush=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _measured(size: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        raw, began = Path(name) / "raw", time.process_time()
        _write(raw, size)
        written = time.process_time() - began
        clean, listener = partial(varied, _real_rows()), _Listener()
        with listening(listener):
            result = run_here(
                [str(raw)], Path(name) / "clean", Settings(workers=2), clean=clean, tick=lambda _: None
            )
    assert result.documents + result.rejected == size
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "megabytes": _peak(),
        "megabytes_by_stage": listener.peaks,
        "cpu_seconds": round(used.ru_utime + used.ru_stime - written, 1),
        "rejected": result.rejected,
    }


class _Listener(logging.Handler):
    """Notes how much memory had been taken by the end of each stage."""

    def __init__(self) -> None:
        super().__init__()
        self.peaks: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "stage":
            self.peaks[getattr(record, "facts", {})["stage"]] = _peak()


def _peak() -> float:
    """Megabytes of the greatest resident set of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _write(raw: Path, size: int) -> None:
    """Records of made-up documents, so many a file."""
    raw.mkdir()
    records = _records(size)
    for number in range(0, size, FILE_DOCUMENTS):
        lines = (json.dumps(record) + "\n" for record in islice(records, FILE_DOCUMENTS))
        (raw / f"{number // FILE_DOCUMENTS:05d}.jsonl").write_text("".join(lines), encoding="utf8")


def _records(size: int) -> Iterator[dict[str, str]]:
    drawn, known = random.Random(0), list[list[str]]()
    for number in range(size):
        words = [f"w{drawn.randrange(VOCABULARY)}" for _ in range(WORDS)]
        if known and drawn.random() < COPIED_SHARE:
            words = [*drawn.choice(known)]
            for place in drawn.sample(range(WORDS), drawn.choice((0, EDITED_WORDS))):
                words[place] = "edited"
        elif len(known) < FILE_DOCUMENTS:
            known.append(words)
        yield {"text": " ".join(words), "url": f"https://site{number % SITES}.example/{number}"}


def varied(
    real: Sequence[dict[str, Any]], documents: Iterable[RawDocument], _: Settings
) -> Iterator[Outcome]:
    """Rows of documents as cleaning would give them: a real one's, with what tells documents apart."""
    for raw in documents:
        text, site = raw.content.decode(), raw.metadata.url.split("/")[2]
        number, signature = int(raw.metadata.url.rsplit("/", 1)[1]), signature_of(text)
        row, keys = real[number % len(real)], (_line_key(number, n) for n in range(LINES - 2))
        told = {
            "id": raw.id,
            "text": text,
            "url": raw.metadata.url,
            "domain": site,
            "source_key": site,
            "host": site,
            "text_key": text_key(text),
            "document_key": document_key(raw),
            "page_key": number,
            "sketch": signature.sketch,
            "keys": [*signature.keys],
            "line_keys": [1, 2, *keys],
            "line_pages": [0] * LINES,
        }
        metadata = {**row["metadata"], "url": raw.metadata.url, "domain": site, "raw_path": raw.path}
        yield batch_of([{**row, **told, "metadata": metadata}])


def _line_key(number: int, line: int) -> int:
    return int.from_bytes(hashlib.blake2b(f"{number} {line}".encode(), digest_size=4).digest())


def _real_rows() -> list[dict[str, Any]]:
    """Rows of documents that were cleaned, by a child: this process needs no models, as that of a run."""
    drawn = random.Random(0)
    stories = (
        " ".join(f"The board voted {drawn.random()} times on Tuesday." for _ in range(8))
        for _ in range(REAL)
    )
    raws = [RawDocument(f"{n}.txt", story.encode(), TEXT, "real", "") for n, story in enumerate(stories)]
    cleaned = [*clean_in_child(raws, Settings())]
    return [
        row for outcome in cleaned if not isinstance(outcome, Quarantined) for row in outcome.to_pylist()
    ]


if __name__ == "__main__":
    main()
