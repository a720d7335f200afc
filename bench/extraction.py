"""Page extraction: word F1 on the Web Content Extraction Benchmark's development pages, beside trafilatura.

Usage: python -m bench.extraction [--every N]

Word F1 is the benchmark's own: words as a multiset, the mean over pages. Winnow's rows are what the
text of a document is: `layout` all visible text, `boilerplate` extraction alone, `winnow` all cleaners.
"""

import argparse
import collections
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pyarrow.parquet as pq
import trafilatura

from bench.results import SHARED, require, write_results
from cleaners import CLEANERS
from cleaners.boilerplate import boilerplate
from corpus.document import Document, clean
from corpus.errors import UnreadableError
from corpus.raw import HTML, RawDocument
from corpus.settings import Settings
from models.extraction import read_document

PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
RESAMPLES = 1000
WORD = re.compile(r"\w+")
SETTINGS = Settings()

Page = Mapping[str, object]
Texts = Mapping[str, str]


def word_f1(text: str, gold: str) -> float:
    """F1 of a text's words against the gold text's, as multisets; 1 where both have none."""
    found, wanted = (collections.Counter(WORD.findall(t.lower())) for t in (text, gold))
    if not found or not wanted:
        return float(not found and not wanted)
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def extractions(html: bytes) -> Texts:
    """What each system makes of a page."""
    document = _document(html)
    return {
        "layout": document.text,
        "winnow boilerplate": clean(document, [boilerplate]).text,
        "winnow": clean(document, CLEANERS).text,
        "trafilatura": trafilatura.extract(html) or "",
        "trafilatura without comments": trafilatura.extract(html, include_comments=False) or "",
    }


def _document(html: bytes) -> Document:
    try:
        return read_document(RawDocument("", html, HTML, "", ""), SETTINGS)
    except UnreadableError:
        return Document("")


def interval(scores: Iterable[float]) -> list[float]:
    """95 % bootstrap interval of a mean over pages."""
    values = np.array([*scores])
    draws = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    return [round(float(x), 4) for x in np.quantile(draws.mean(axis=1), (0.025, 0.975))]


def figures(pages: list[Page], texts: list[Texts]) -> dict[str, object]:
    """Mean F1, its interval, F1 by page type and snippet rates, for each system."""
    return {name: _system(pages, [t[name] for t in texts]) for name in texts[0]}


def _system(pages: list[Page], texts: list[str]) -> dict[str, object]:
    scores = [word_f1(text, str(page["main_content"])) for page, text in zip(pages, texts, strict=True)]
    types: dict[str, list[float]] = collections.defaultdict(list)
    for page, score in zip(pages, scores, strict=True):
        types[str(page["page_type"])].append(score)
    return {
        "word_f1": round(float(np.mean(scores)), 4),
        "interval_95": interval(scores),
        "by_type": {name: round(float(np.mean(types[name])), 4) for name in sorted(types)},
        "must_have_found": _share(pages, texts, "must_have", lambda snippet, text: snippet in text),
        "must_not_have_absent": _share(
            pages, texts, "must_not_have", lambda snippet, text: snippet not in text
        ),
    }


def _share(pages: list[Page], texts: list[str], column: str, is_met: Callable[[str, str], bool]) -> float:
    met = [
        is_met(_plain(str(snippet)), plain)
        for page, plain in zip(pages, map(_plain, texts), strict=True)
        for snippet in _list(page[column])
    ]
    return round(float(np.mean(met)), 4)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def main() -> None:
    """Measure every page, or every N-th."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, help="take every N-th page")
    every = parser.parse_args().every
    require(PAGES)
    pages = pq.read_table(PAGES).to_pylist()[::every]
    texts = [extractions(page["html"]) for page in pages]
    write_results("extraction", [PAGES], {"pages": len(pages), "systems": figures(pages, texts)})


if __name__ == "__main__":
    main()
