"""Documents a second on one core, whole pages and texts, beside trafilatura's default on the same pages.

Usage: python -m bench.speed [--pages N] [--rounds R]

The systems take turns on the same pages in one process; figures are of CPU time, ratios are of the
same round. `winnow extraction` is a page's main content as text, which is what trafilatura's default gives;
`winnow pages` and `winnow texts` are all that a document costs in a run but writing: reading, layout, extraction,
metadata, cleaning, language, signals and features of its source.
"""

import argparse
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import pyarrow.parquet as pq
import trafilatura

from bench.results import SHARED, require, write_results
from bench.timing import cpu_seconds
from winnow.corpus.decode import decode
from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import parse_page
from winnow.corpus.raw import HTML, TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.models.blocks.block_model import load_model
from winnow.models.extraction import read_content
from winnow.pipeline.documents.clean import clean_document

SETTINGS = Settings()
PAGES = SHARED / "data" / "wcxb" / "dev.parquet"


def systems(pages: list[bytes], texts: list[bytes]) -> dict[str, Callable[[], object]]:
    """What is timed, by name: a call goes through all pages or texts once."""
    raw_pages = [RawDocument("a.html", page, HTML, "", "") for page in pages]
    raw_texts = [RawDocument("a.txt", text, TEXT, "", "", "utf-8") for text in texts]
    with_metadata = partial(trafilatura.extract, with_metadata=True)
    winnow = partial(clean_document, settings=SETTINGS)
    return {
        "trafilatura": lambda: [*map(trafilatura.extract, pages)],
        "trafilatura with metadata": lambda: [*map(with_metadata, pages)],
        "winnow extraction": lambda: [*map(main_text, pages)],
        "winnow pages": lambda: [*map(winnow, raw_pages)],
        "winnow texts": lambda: [*map(winnow, raw_texts)],
    }


def main_text(html: bytes) -> str:
    """The main content of a page."""
    text = decode(html, html=True)
    content = read_content(parse_page(text), text, SETTINGS.policy, load_model())
    return "".join(
        content.text[block.start : block.end] for block in content.blocks if block.content >= CONTENT_SHARE
    )


def spread_pages(number: int) -> list[dict[str, Any]]:
    """So many pages, from all over the set, each with ``html`` and ``main_content``."""
    table = pq.read_table(PAGES, columns=["html", "main_content"])
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows[:: max(1, len(rows) // number)][:number]


def main() -> None:
    """Time each system in turn, round by round, after one round that does not count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    require(PAGES)
    rows = spread_pages(arguments.pages)
    timed = systems(
        [r["html"] for r in rows], [r["main_content"].encode() for r in rows if r["main_content"]]
    )
    rounds = [{name: cpu_seconds(run) for name, run in timed.items()} for _ in range(arguments.rounds + 1)][
        1:
    ]
    figures = {
        "pages": len(rows),
        "documents_a_second": {name: _spread([len(rows) / r[name] for r in rounds]) for name in timed},
        "times_trafilatura": {
            name: _spread([r["trafilatura"] / r[name] for r in rounds]) for name in timed
        },
    }
    write_results("speed", [PAGES], figures)


def _spread(values: list[float]) -> dict[str, float]:
    return {name: round(of(values), 2) for name, of in (("median", median), ("min", min), ("max", max))}


if __name__ == "__main__":
    main()
