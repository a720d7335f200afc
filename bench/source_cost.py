"""What scoring sources costs: time to featurise a document, its share of the cleaning time, memory of many sources.

Usage: python -m bench.source_cost [--documents N] [--sources S]

Processor time. The prototype (`shared/design/prototypes/reliability`) featurises the same documents in the same run,
in turns; the share is of all that a document costs in a run but writing, for these texts and for pages of the WCXB
development set, of which the cleaned text is featurised. Memory: the growth of the process while
sources of one document each are summed and scored, one after the other.
"""

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.results import SHARED, require, write_results
from bench.scaling import PAGES, some_pages
from bench.timing import cpu_seconds
from winnow.corpus.raw import HTML, TEXT, RawDocument
from winnow.corpus.settings import Settings
from winnow.models.reliability.document_tokens import READ_CHARS
from winnow.models.reliability.source_model import load_model
from winnow.models.reliability.sums import SourceSums, sums_of
from winnow.models.reliability.wording import symbols
from winnow.pipeline.documents.clean import clean_document, clean_raw
from winnow.training.reliability.articles import read_table

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
PROTOTYPE = SHARED / "design" / "prototypes" / "reliability"
ON_PAGES = ("featurise a page's text", "clean a page")
ROUNDS = 5
MEGABYTE = 1 << 20
PAGE_BYTES = 4096


def main() -> None:
    """Measure in turns, and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--sources", type=int, default=10_000)
    arguments = parser.parse_args()
    require(ARTICLES)
    require(PAGES)
    some = read_table(ARTICLES).sample(arguments.documents, random_state=0)
    documents = [*zip(some.title, some.text, strict=True)]
    pages = _pages()
    timed = {**_timed(documents), **_timed_pages(pages)}
    rounds = [{name: cpu_seconds(run) for name, run in timed.items()} for _ in range(ROUNDS + 1)][1:]
    number = {name: len(pages) if name in ON_PAGES else len(documents) for name in timed}
    milliseconds = {name: round(1000 * median(r[name] for r in rounds) / number[name], 2) for name in timed}
    figures = {
        "documents": len(documents),
        "mean_characters_read": round(float(some.text.str.len().clip(upper=READ_CHARS).mean())),
        "milliseconds_a_document": milliseconds,
        "best_milliseconds_a_document": {
            name: round(1000 * min(r[name] for r in rounds) / number[name], 2) for name in timed
        },
        "share_of_cleaning": {
            "texts": round(median(r["featurise"] / r["clean"] for r in rounds), 3),
            "pages": round(median(r[ON_PAGES[0]] / r[ON_PAGES[1]] for r in rounds), 3),
        },
        "of_the_prototypes_time": round(median(r["featurise"] / r["prototype"] for r in rounds), 2)
        if "prototype" in timed
        else None,
        "score_a_source_milliseconds": _score_milliseconds(documents),
        "memory": _memory(documents, arguments.sources),
    }
    write_results("source_cost", [ARTICLES, PAGES], figures)


def _timed(documents: list[tuple[str, str]]) -> dict[str, Callable[[], object]]:
    """What is timed, by name: a call goes through all documents once."""
    raw = [
        RawDocument("a.txt", f"{title}\n\n{text}".encode(), TEXT, "", "", "utf-8")
        for title, text in documents
    ]
    timed = dict(zip(("featurise", "clean"), _both(documents, raw), strict=True))
    if PROTOTYPE.is_dir():
        featurise = _prototype()
        timed["prototype"] = lambda: [featurise(title, text) for title, text in documents]
    return timed


def _pages() -> list[RawDocument]:
    """Pages that show some text."""
    raw = [RawDocument("a.html", html, HTML, "", "") for html in some_pages()]
    return [page for page in raw if isinstance(clean_document(page, Settings()), dict)]


def _timed_pages(pages: list[RawDocument]) -> dict[str, Callable[[], object]]:
    """The same for pages and what is left of their texts."""
    cleaned = [clean_raw(page, Settings()) for page in pages]
    texts = [(each.document.metadata.title, each.text) for each in cleaned]
    return dict(zip(ON_PAGES, _both(texts, pages), strict=True))


def _both(
    texts: list[tuple[str, str]], raw: list[RawDocument]
) -> tuple[Callable[[], object], Callable[[], object]]:
    """Featurising of titles and texts, and cleaning of what they are from."""
    settings = Settings()
    return (
        lambda: [sums_of("", title, text, "en", []) for title, text in texts],
        lambda: [clean_document(document, settings) for document in raw],
    )


def _prototype() -> Callable[[str, str], object]:
    """The prototype's features, words and masked runs of a document."""
    sys.path.insert(0, str(PROTOTYPE))  # it imports its own lexicon by name
    prototype: Any = importlib.import_module("prototype")
    sys.path.remove(str(PROTOTYPE))
    wording = load_model().wording
    featurise: Callable[[str, str], object] = prototype.Vocab(symbols(), wording.words, ()).doc
    return featurise


def _score_milliseconds(documents: list[tuple[str, str]]) -> float:
    """Processor time to score a source once its documents are summed up."""
    model, parts = load_model(), [sums_of("", title, text, "en", []) for title, text in documents[:100]]
    sources = [sum(parts[at : at + 4], SourceSums()) for at in range(len(parts) - 4)]
    seconds = cpu_seconds(lambda: [model.score(source) for source in sources])
    return round(1000 * seconds / len(sources), 2)


def _memory(documents: list[tuple[str, str]], sources: int) -> dict[str, float]:
    """Megabytes that the process grows by over the second half of many sources of one document each."""
    model, resident = load_model(), []
    for number in range(sources):
        title, text = documents[number % len(documents)]
        model.score(sums_of(f"{number:032d}", title, f"Source {number}. {text}", "en", []))
        if number in (sources // 2, sources - 1):
            resident.append(_resident_bytes() / MEGABYTE)
    half, whole = resident
    return {
        "sources": sources,
        "resident_mb": round(whole, 1),
        "growth_of_second_half_mb": round(whole - half, 1),
    }


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    main()
