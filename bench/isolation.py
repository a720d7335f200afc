"""What it costs to clean in a child: limits and messages a document, beside the cleaning itself.

Usage: python -m bench.isolation [--pages N] [--rounds R]

All of it is CPU time of one process that does by turns what run and child do between them: milliseconds a
document, and shares of the cleaning. ``start`` is the wall clock until a child has answered its first page,
the first with the server that holds the models, the others without.
"""

import argparse
import signal
import time
from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler
from statistics import median

import pyarrow as pa

from bench.results import require, write_results
from bench.speed import PAGES, spread_pages
from winnow.corpus.raw import HTML, TEXT, Quarantined, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.writers import Row
from winnow.pipeline.documents.clean import clean_safely
from winnow.pipeline.tables.intermediate import INTERMEDIATE, batch_of
from winnow.pipeline.workers.child import PAGE, warm_up
from winnow.pipeline.workers.isolation import clean_in_child

SETTINGS = Settings()
STARTS = 6
LIMITS = 100_000  # and messages, so that what is timed takes longer than a tick of the clock
MESSAGES = 20


def shares(raws: list[RawDocument], rounds: int) -> dict[str, float]:
    """Milliseconds a document for cleaning, limits and messages, and what share of the first the others are."""
    outcomes = (clean_safely(raw, SETTINGS) for raw in raws)
    rows = [outcome for outcome in outcomes if not isinstance(outcome, Quarantined)]
    cleaning = _milliseconds(lambda: [clean_safely(raw, SETTINGS) for raw in raws], rounds) / len(raws)
    limits = _milliseconds(_limit, rounds) / LIMITS
    messages = _milliseconds(lambda: _exchange(raws, rows), rounds) / len(raws) / MESSAGES
    return {
        "cleaning_ms": round(cleaning, 2),
        "limits_ms": round(limits, 4),
        "messages_ms": round(messages, 3),
        "limits_share": round(limits / cleaning, 5),
        "messages_share": round(messages / cleaning, 4),
    }


def main() -> None:
    """Measure pages and texts apart, then how long children take to start."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    require(PAGES)
    rows = spread_pages(arguments.pages)
    pages = [RawDocument("a.html", row["html"], HTML, "", "") for row in rows]
    texts = [RawDocument("a.txt", row["main_content"].encode(), TEXT, "", "", "utf-8") for row in rows]
    starts = [round(_start(), 2) for _ in range(STARTS)]
    warm_up(SETTINGS)
    figures = {
        "documents": len(rows),
        "pages": shares(pages, arguments.rounds),
        "texts": shares([raw for raw in texts if raw.content.strip()], arguments.rounds),
        "start_seconds": {"first": starts[0], "median": median(starts[1:]), "max": max(starts[1:])},
    }
    write_results("isolation", [PAGES], figures)


def _limit() -> None:
    for _ in range(LIMITS):
        signal.setitimer(signal.ITIMER_PROF, SETTINGS.document_seconds)


def _exchange(raws: list[RawDocument], rows: list[Row]) -> None:
    """Send documents to a child and get their rows, as often as `MESSAGES` says."""
    for _ in range(MESSAGES):
        ForkingPickler.loads(ForkingPickler.dumps(raws))
        pa.ipc.read_record_batch(pa.py_buffer(batch_of(rows).serialize()), INTERMEDIATE)


def _start() -> float:
    began = time.perf_counter()
    for _ in clean_in_child([PAGE], SETTINGS):
        return time.perf_counter() - began
    raise AssertionError


def _milliseconds(run: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return 1000 * median(seconds)


if __name__ == "__main__":
    main()
