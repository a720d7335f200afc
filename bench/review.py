"""The review page over 100,000 sources and 1,000,000 documents made here: seconds a page, memory, the index.

Each source has ten documents, each in another file, as in a crawl; 5,000 decisions by one person are there already,
and 1,000 by another on some of the same sources.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet as pq

from bench.results import ROOT, write_results
from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.log import NAME, append_events, open_log
from winnow.corpus.output import MARK
from winnow.corpus.schema import DOCUMENTS, SOURCES
from winnow.corpus.writers import ROWS_PER_GROUP

SOURCE_COUNT: Final = 100_000
DOCUMENTS_EACH: Final = 10
DECIDED: Final = 5_000
DECIDED_TWICE: Final = 1_000
REQUESTS: Final = 50
FILE_ROWS: Final = 1000  # as in a shard of small files
LABELS: Final = ("reliable", "mixed", "unreliable", "unknown")
STATUSES, STATUS_WEIGHTS = ("kept", "review"), (9, 1)
WORDS: Final = (
    "harbour board voted dredge basin storms council contract weeks ferry islands operator morning".split()
)
SIGNALS: Final = (  # without evidence, so that the card has to look for it
    "weekday", "insults", "partisan", "form_shouted", "title_reader", "title_capitalised", "mark_doubled", "opinion",
    "credits", "title_question",
)  # fmt: skip
WHEN: Final = "2026-01-31T12:00:00+00:00"


def make_corpus(folder: Path, sources: int, documents_each: int = DOCUMENTS_EACH) -> None:
    """Write the tables that a run would leave, and a log with decisions of two people."""
    chance = random.Random(5)
    (folder / "clean" / MARK).mkdir(parents=True)
    rows = [_document(chance, n) for n in range(FILE_ROWS)]
    template = pa.Table.from_pylist(rows, DOCUMENTS)
    for number in range(sources * documents_each // FILE_ROWS):
        ids = [f"{number * FILE_ROWS + n:032x}" for n in range(FILE_ROWS)]
        names = [_name((number * FILE_ROWS + n) % sources) for n in range(FILE_ROWS)]
        table = template.set_column(0, "id", pa.array(ids)).set_column(6, "domain", pa.array(names))
        path = folder / "clean" / "documents" / f"part-{number:05d}.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(table.cast(DOCUMENTS), path, compression="zstd", row_group_size=ROWS_PER_GROUP)
    table = pa.Table.from_pylist([_source(chance, n) for n in range(sources)], SOURCES)
    pq.write_table(
        table, folder / "clean" / "sources.parquet", compression="zstd", row_group_size=ROWS_PER_GROUP
    )
    removals = [{"kind": "navigation", "pieces": 1, "chars": 100, "samples": []}]
    report = {"run_id": "bench", "pipeline_version": "0", "labels": {"mixed": 1}, "removals": removals}
    report["text_decisions"] = {"placed": 0, "orphans": 0, "orphaned": []}
    (folder / "clean" / "report.json").write_text(json.dumps(report))
    decided = [chance.randrange(sources) for _ in range(min(DECIDED, sources // 2))]
    with open_log(folder / NAME) as log:
        for who, numbers in (("ada", decided), ("bo", decided[:DECIDED_TWICE])):
            labels = ((_name(number), chance.choice(LABELS)) for number in numbers)
            append_events(log, [Event("rate_source", who, WHEN, "bench", *each) for each in labels])


def measure(folder: Path, sources: int) -> dict[str, object]:
    """Milliseconds a page over `REQUESTS` requests, the server's memory, and the index."""
    chance, figures = random.Random(6), dict[str, object]()
    began = time.perf_counter()
    with _server(folder) as (base, process):
        figures["index_seconds"] = round(time.perf_counter() - began, 1)
        figures["index_mb"] = round((folder / "clean" / MARK / "review.db").stat().st_size / 1e6)
        pages = {
            name: _times(base, path, process.pid) for name, path in _pages(chance, base, sources).items()
        }
        figures["pages"] = pages
        figures["slowest_median_ms"] = max(page["median_ms"] for page in pages.values())
        figures["slowest_cpu_ms"] = max(page["cpu_ms"] for page in pages.values())
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        figures["peak_mb"] = round(int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1000)
    began = time.perf_counter()
    with _server(folder):
        figures["start_with_index_seconds"] = round(time.perf_counter() - began, 1)
    return figures


def _pages(
    chance: random.Random, base: str, sources: int
) -> dict[str, Callable[[], tuple[str, bytes | None]]]:
    """For each page a function that gives a path, and the form to send, of another request each time."""
    token = re.findall(r'name="token" value="([^"]+)"', urlopen(f"{base}/help").read().decode())[0]

    def name() -> str:
        return _name(chance.randrange(sources))

    def form(**fields: str) -> bytes:
        return urlencode({"token": token, "seen": str(10**9), "source": name(), **fields}).encode()

    return {
        "queue": lambda: ("/", None),
        "queue, deep": lambda: (f"/?after={name()}", None),
        "queue, filtered": lambda: ("/?label=mixed&language=en&find=te01", None),
        "queue, a name": lambda: (f"/?find={name()[4:10]}", None),
        "queue, no such name": lambda: ("/?state=all&sort=score&find=nobody", None),
        "queue, by score": lambda: (f"/?sort=score&after={name()}", None),
        "queue, decided": lambda: (f"/?state=decided&after={name()}", None),
        "queue, disputed": lambda: ("/?state=disputed", None),
        "documents": lambda: (f"/documents?find={name()[4:10]}", None),
        "agreement": lambda: ("/agreement", None),
        "source": lambda: (f"/source?name={name()}", None),
        "document": lambda: (f"/document?doc={chance.randrange(sources * DOCUMENTS_EACH):032x}", None),
        "history": lambda: (f"/history?before={chance.randrange(DECIDED)}", None),
        "plots": lambda: ("/plots", None),
        "rule preview": lambda: ("/lines", form(text="Share this page")),
        "decide, and the next source": lambda: ("/rate", form(rate=f"mixed {name()}", queue="state=open")),
    }


def _times(base: str, request: Callable[[], tuple[str, bytes | None]], server: int) -> dict[str, float]:
    """Wall clock at the client, and the processor time of the server, which other work on the machine does not move."""
    milliseconds, before = list[float](), _cpu_seconds(server)
    for _ in range(REQUESTS):
        path, body = request()
        began = time.perf_counter()
        with urlopen(base + path, data=body) as answer:  # our own server
            answer.read()
        milliseconds.append(1000 * (time.perf_counter() - began))
    cpu = 1000 * (_cpu_seconds(server) - before) / REQUESTS
    return {
        "median_ms": round(median(milliseconds), 1),
        "p95_ms": round(quantiles(milliseconds, n=20)[-1], 1),
        "cpu_ms": round(cpu, 1),
    }


def _cpu_seconds(process: int) -> float:
    """Processor time of a process so far (proc(5): utime and stime)."""
    times = Path(f"/proc/{process}/stat").read_text(encoding="utf8").rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command itself, on a free port, stopped at the end."""
    command = [sys.executable, "-m", "winnow", "review", str(folder / "clean"), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        base = process.stdout.readline().split("/ ")[0]
        try:
            yield base, process
        finally:
            process.terminate()


def _name(number: int) -> str:
    return f"site{number:06d}.example"


def _document(chance: random.Random, number: int) -> dict[str, object]:
    """A row of some 2,000 characters with five removals."""
    paragraphs = [" ".join(chance.choices(WORDS, k=50)) for _ in range(5)]
    removed, at = [], 0
    for paragraph in paragraphs:
        at += len(paragraph) + 1
        span = {
            "start": at,
            "end": at + 16,
            "kind": "share_bar",
            "rule": "share_call",
            "cleaner": "furniture",
        }
        removed.append(span | {"text": "Share this page\n", "score": 0.95})
        at += 16
    text = "\n".join(paragraphs) + "\n"
    more = {"removed": removed, "title": f"Title {number}", "raw_path": f"raw/{number}.html"}
    metadata = _empty(DOCUMENTS.field("metadata").type) | more
    columns = {"text": text, "n_chars_in": at, "n_chars_out": len(text), "metadata": metadata, "tags": []}
    status = chance.choices(STATUSES, STATUS_WEIGHTS)[0]
    language = {"language": "en", "language_score": 1.0}
    return {**_empty(DOCUMENTS), **_score(chance), **columns, **language, "status": status}


def _source(chance: random.Random, number: int) -> dict[str, object]:
    signal = {"value": 1.0, "evidence": "", "document_id": ""}
    weighed = [{**signal, "name": name, "contribution": chance.uniform(-1, 1)} for name in SIGNALS]
    counts = {"documents": DOCUMENTS_EACH, "originals": DOCUMENTS_EACH, "signals": weighed}
    score = _score(chance)
    model = {
        f"model_{name}": score[f"reliability_{name}"] for name in ("score", "low", "high", "probability")
    }
    return {**_empty(SOURCES), **score, **model, **counts, "domain": _name(number)}


def _empty(fields: Iterable[pa.Field]) -> dict[str, object]:
    """A row that says nothing."""
    nothing = {pa.types.is_string: "", pa.types.is_list: []}
    return {
        field.name: next((value for holds, value in nothing.items() if holds(field.type)), None)
        for field in fields
    }


def _score(chance: random.Random) -> dict[str, object]:
    low, score, high = sorted(chance.random() for _ in range(3))
    names = {"reliability_label": chance.choice(LABELS), "reliability_basis": "model"}
    numbers = {"reliability_score": score, "reliability_low": low, "reliability_high": high}
    return {**names, **numbers, "reliability_probability": score}


def main() -> None:
    """Measure, and write the results file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=SOURCE_COUNT)
    sources = parser.parse_args().sources
    with TemporaryDirectory() as folder:
        make_corpus(Path(folder), sources)
        figures = {
            "sources": sources,
            "documents": sources * DOCUMENTS_EACH,
            **measure(Path(folder), sources),
        }
    write_results("review", [], figures)


if __name__ == "__main__":
    main()
