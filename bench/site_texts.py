"""Which lines of real articles go because their source, or one folder with all sources, repeats them.

    python -m bench.site_texts [--samples N]

Articles of sources with twenty and more are cleaned alone, then with what their source repeats, as a run does it, and
with what a folder that holds all of them says. ``--samples`` prints so many of the removed lines, drawn at random and
each once, to be read.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow.parquet as pq

from bench.noise import plain_document
from bench.results import SHARED, require, write_results
from bench.second_hand import cleaned_again, shared_lines
from winnow.cleaners import CLEANERS
from winnow.corpus.document import Cleaned, clean
from winnow.corpus.lines import LONG_WEIGHT, text_weight
from winnow.models.site_line_keys import MIN_PAGES, SITE_RULE

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
MIN_ARTICLES: Final = 20  # of a source that is measured
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A line that a text loses because other texts have it."""

    source: str
    document: int
    text: str


def cleaned_by_source() -> dict[str, list[Cleaned]]:
    """The articles of the larger sources, each cleaned alone; one of each text."""
    texts = defaultdict[str, dict[str, None]](dict)
    for row in pq.read_table(ARTICLES, columns=["domain", "text"]).to_pylist():
        if row["domain"] and row["text"]:
            texts[row["domain"]][row["text"]] = None
    return {
        source: [clean(plain_document(text), CLEANERS) for text in of_source]
        for source, of_source in texts.items()
        if len(of_source) >= MIN_ARTICLES
    }


def lost_lines(source: str, articles: Sequence[Cleaned], pages: Mapping[int, int]) -> Iterator[SharedLine]:
    """The lines that articles lose beyond those that each loses alone."""
    for number, alone in enumerate(articles):
        removed_alone = {removal.start for removal in alone.removals}
        for removal in cleaned_again(alone, pages, CLEANERS).removals:
            if removal.rule == SITE_RULE and removal.start not in removed_alone:
                yield SharedLine(source, number, alone.document.text[removal.start : removal.end].strip())


def summary(lines: Sequence[SharedLine]) -> dict[str, int]:
    """How many lines and paragraphs go, and of how many articles and sources."""
    paragraphs = sum(text_weight(line.text) >= LONG_WEIGHT for line in lines)
    return {
        "lines": len(lines) - paragraphs,
        "paragraphs": paragraphs,
        "different texts": len({(line.source, line.text) for line in lines}),
        "articles": len({(line.source, line.document) for line in lines}),
        "sources": len({line.source for line in lines}),
    }


def print_samples(lines: Sequence[SharedLine], count: int) -> None:
    """Print lines to be read, drawn at random from the different ones."""
    different = sorted({(line.source, line.text) for line in lines})
    for source, text in random.Random(SEED).sample(different, min(count, len(different))):
        print(f"{source}: {text[:200]}", file=sys.stderr)


def main() -> None:
    """Write ``bench/results/site_texts.json``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=0, help="print so many of the removed lines")
    samples: int = parser.parse_args().samples
    require(ARTICLES)
    articles = cleaned_by_source()
    by_source, in_one_folder = list[SharedLine](), list[SharedLine]()
    everything = shared_lines(one.document for of_source in articles.values() for one in of_source)
    halves = {key: half for key, pages in everything.items() if (half := pages // 2) >= MIN_PAGES}
    for source, of_source in articles.items():
        pages = shared_lines(one.document for one in of_source)
        by_source += lost_lines(source, of_source, pages)
        in_one_folder += lost_lines(source, of_source, halves)
    print_samples(by_source, samples)
    also = {*by_source}
    figures = {
        "sources": len(articles),
        "articles": sum(map(len, articles.values())),
        "by source": summary(by_source),
        "in one folder": summary(in_one_folder),
        "in one folder and not by source": len([line for line in in_one_folder if line not in also]),
    }
    write_results("site_texts", [ARTICLES], figures)


if __name__ == "__main__":
    main()
