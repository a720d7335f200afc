"""What the column ``quality`` costs: its share of a document's time, with the native core and in Python.

    python -m bench.quality [--documents N]

Processor time, in turns, of the same texts and pages; what `winnow clean` does with a document is all but writing. How
the presets agree with datatrove's filters, `make contracts` measures.
"""

import argparse
from collections.abc import Callable
from statistics import median

from bench.results import SHARED, require, write_results
from bench.scaling import PAGES, some_pages
from bench.timing import cpu_seconds
from winnow.corpus.quality_counts import quality_counts
from winnow.corpus.raw import HTML, TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.corpus.text_quality import text_quality
from winnow.pipeline.documents.clean import clean_document, clean_raw
from winnow.training.reliability.articles import read_table

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
ROUNDS = 5


def main() -> None:
    """Measure in turns, and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=200)
    number = parser.parse_args().documents
    require(ARTICLES)
    require(PAGES)
    texts = read_table(ARTICLES).sample(number, random_state=0).text
    kinds = {
        "texts": [RawDocument("a.txt", text.encode(), TEXT, "", "", "utf-8") for text in texts],
        "pages": [RawDocument("a.html", html, HTML, "", "") for html in some_pages()[:number]],
    }
    write_results("quality", [ARTICLES, PAGES], {kind: _figures(raw) for kind, raw in kinds.items()})


def _figures(raw: list[RawDocument]) -> dict[str, float]:
    """Milliseconds a document of each part, and the share of the column in all."""
    settings = Settings()
    documents = [each for each in raw if isinstance(clean_document(each, settings), dict)]
    cleaned = [clean_raw(each, settings) for each in documents]
    python = getattr(quality_counts, "__wrapped__", quality_counts)
    timed: dict[str, Callable[[], object]] = {
        "clean": lambda: [clean_document(each, settings) for each in documents],
        "quality": lambda: [text_quality(each) for each in cleaned],
        "counts": lambda: [quality_counts(each.text) for each in cleaned],
        "counts in Python": lambda: [python(each.text) for each in cleaned],
    }
    rounds = [{name: cpu_seconds(run) for name, run in timed.items()} for _ in range(ROUNDS)]
    milliseconds = {
        name: round(1000 * median(each[name] for each in rounds) / len(documents), 3) for name in timed
    }
    return {
        "documents": len(documents),
        "mean_characters": round(sum(len(each.text) for each in cleaned) / len(cleaned)),
        **milliseconds,
        "share": round(median(each["quality"] / each["clean"] for each in rounds), 4),
    }


if __name__ == "__main__":
    main()
