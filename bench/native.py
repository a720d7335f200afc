"""What the native core saves: each of its functions beside its Python twin, and whole documents with and without it.

    python -m bench.native [--pages N] [--rounds R]

A function and its twin take turns on the same arguments, those of pages of WCXB dev. Whole documents are timed in two
processes, with the core and without, in turns; figures are CPU milliseconds a document, ratios are of the same round.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from bench.results import ROOT, require, write_results
from bench.speed import PAGES, spread_pages, systems
from bench.timing import cpu_seconds
from winnow.corpus.decode import decode
from winnow.corpus.layout import parse_page, write_page
from winnow.corpus.layout.html import LONG_TAG_CHARS, UNSEEN, long_tags
from winnow.corpus.layout.layout_walk import laid_out
from winnow.corpus.lines import bare_words, read_lines, word_runs
from winnow.corpus.mojibake import may_be_spoilt
from winnow.corpus.normal_form import visible_text, without_controls
from winnow.corpus.page_metadata.element_scan import elements_that_name, elements_with, texts_with
from winnow.corpus.page_metadata.loose_days import MAX_CHARS, YEAR_SIGNS
from winnow.corpus.page_metadata.marked_days import MARKING as NAMED_DAYS
from winnow.corpus.page_metadata.shown import BYLINE_TAGS, MARKING, MARKS, MAX_SCANNED
from winnow.corpus.quality_counts import quality_counts
from winnow.corpus.signature import sketch_and_keys
from winnow.corpus.word_breaks import words_of
from winnow.models.blocks.block_facts import facts_of_texts
from winnow.models.blocks.block_features import page_features
from winnow.models.blocks.block_model import load_model
from winnow.models.blocks.block_tokens import page_title
from winnow.models.blocks.page_measures import name_scores
from winnow.models.blocks.page_types import forced_type
from winnow.models.language import pieces_of
from winnow.models.language_features import feature_counts, load_identifier
from winnow.models.lines.line_model import load_model as load_line_model
from winnow.models.lines.token_columns import line_sums
from winnow.models.trees import leaf_sums
from winnow.native import PYTHON_BECAUSE, SWITCH

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
WHOLE = ("trafilatura", "winnow extraction", "winnow pages", "winnow texts")


def calls_of(html: bytes) -> Iterator[Call]:
    """The functions with twins, each with the arguments that it gets for a page."""
    raw = html.decode(errors="replace")
    text = decode(html, html=True)
    yield without_controls, (raw,), {}
    yield may_be_spoilt, (text,), {}
    yield visible_text, (text,), {}
    yield long_tags, (text, LONG_TAG_CHARS), {}
    tree = parse_page(text)
    yield elements_with, (tree, NAMED_DAYS), {}
    yield elements_that_name, (tree, BYLINE_TAGS, MARKING, MARKS, MAX_SCANNED), {}
    yield texts_with, (tree, YEAR_SIGNS, MAX_CHARS), {}
    yield laid_out, (tree, UNSEEN), {"with_hidden": False}
    page, title, model = laid_out(tree, UNSEEN, with_hidden=False), page_title(tree), load_model()
    if not page.blocks:
        return
    texts = [page.text[block.start : block.end - 1] for block in page.blocks]
    yield facts_of_texts, (texts, frozenset(words_of(title)), model.weights), {}
    yield name_scores, (page.elements.tags, page.elements.names, model.weights), {}
    written = write_page(page).text
    yield sketch_and_keys, (written,), {}
    yield quality_counts, (written,), {}
    yield word_runs, (written,), {}
    yield bare_words, (written.casefold(),), {}
    yield line_sums, (read_lines(written, [(0, len(written))]), load_line_model().columns), {}
    sample = " ".join(pieces_of(written)).encode(errors="replace")
    yield feature_counts, (sample, *load_identifier().tables), {}
    features = page_features(page, title, forced_type("article"), model.weights).astype(float)
    yield leaf_sums, (model.trees[0], features), {}


def twin_figures(pages: list[bytes]) -> dict[str, dict[str, float]]:
    """Milliseconds a page of each function, native and in Python, and the factor between them."""
    native: defaultdict[str, float] = defaultdict(float)
    python: defaultdict[str, float] = defaultdict(float)
    for number, html in enumerate(pages):
        for function, arguments, options in calls_of(html):
            twin = function.__wrapped__  # type: ignore[attr-defined]  # of twins
            turns = [
                (native, function),
                (python, twin),
            ]  # who comes second finds tables in the processor's cache
            for totals, run in turns if number % 2 else turns[::-1]:
                totals[function.__name__] += cpu_seconds(lambda: run(*arguments, **options))  # noqa: B023  # at once
    return {
        name: {
            "native": round(1000 * native[name] / len(pages), 3),
            "python": round(1000 * python[name] / len(pages), 3),
            "factor": round(python[name] / native[name], 2),
        }
        for name in native
    }


def main() -> None:
    """Time the functions, then whole documents, round by round."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    require(PAGES)
    rows = spread_pages(arguments.pages)
    pages, texts = [row["html"] for row in rows], [row["main_content"].encode() for row in rows]
    if arguments.whole:
        print(json.dumps(_whole(pages, [text for text in texts if text])))
        return
    if PYTHON_BECAUSE:
        sys.exit(f"there is nothing to compare, because {PYTHON_BECAUSE}")
    twin_figures(pages[:10])
    functions = twin_figures(pages)
    rounds = [
        (_process(arguments.pages, "1"), _process(arguments.pages, "0")) for _ in range(arguments.rounds)
    ]
    figures = {
        "load": os.getloadavg()[0],
        "functions": functions,
        "whole": {name: _compared([(a[name], b[name]) for a, b in rounds]) for name in WHOLE},
        "times_trafilatura": {
            name: [round(median(r[core]["trafilatura"] / r[core][name] for r in rounds), 2) for core in (0, 1)]
            for name in WHOLE[1:]
        },
    }  # fmt: skip
    write_results("native", [PAGES], figures)


def _compared(pairs: list[tuple[float, float]]) -> dict[str, float]:
    """Milliseconds with the core and without it, and how often the one goes into the other."""
    native, python = (round(median(values), 2) for values in zip(*pairs, strict=True))
    return {"native": native, "python": python, "factor": round(median(b / a for a, b in pairs), 2)}


def _process(pages: int, native: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.native", "--whole", "--pages", str(pages)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {SWITCH: native}, check=True, capture_output=True, text=True
    )
    milliseconds: dict[str, float] = json.loads(done.stdout)
    return milliseconds


def _whole(pages: list[bytes], texts: list[bytes]) -> dict[str, float]:
    """CPU milliseconds a document of each system, after one round that does not count."""
    timed = {name: run for name, run in systems(pages, texts).items() if name in WHOLE}
    for run in timed.values():
        run()
    return {
        name: 1000 * cpu_seconds(run) / len(texts if "texts" in name else pages)
        for name, run in timed.items()
    }


if __name__ == "__main__":
    main()
