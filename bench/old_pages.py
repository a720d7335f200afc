"""Page extraction on news of 2011 in five languages and on Chinese pages, beside its rivals.

Usage: python -m bench.old_pages [--every N]

Word F1 as in `bench.extraction`, where a letter of Chinese is a word; the mean over pages. Each page is judged by a
model that saw no page of its registered domain, as `bench.extraction` fits them. The reference texts hold the headline,
which those of the Web Content Extraction Benchmark leave out, and Winnow with them.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bench.extraction import OTHERS, PAGES, fold_models, other_rows, winnow_texts
from bench.results import require, write_results
from bench.rivals import rivals
from bench.scores import interval, word_f1

Row = Mapping[str, Any]


def figures(rows: Sequence[Row], texts: Sequence[Mapping[str, str]]) -> dict[str, object]:
    """Word F1 of each system: over all pages of 2011, by language, and of the Chinese pages without a site."""
    return {name: _system(rows, [of_page[name] for of_page in texts]) for name in texts[0]}


def _system(rows: Sequence[Row], texts: Sequence[str]) -> dict[str, object]:
    scores: dict[str, list[float]] = defaultdict(list)
    for row, text in zip(rows, texts, strict=True):
        score = word_f1(text, str(row["gold"]))
        groups = ("news of 2011", str(row["lang"])) if row["site"] else ("Chinese pages",)
        for group in groups:
            scores[group].append(score)
    means = {group: round(float(np.mean(values)), 4) for group, values in sorted(scores.items())}
    return {"word_f1": means, "interval_95": interval(scores["news of 2011"])}


def main() -> None:
    """Measure every page, or every N-th."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, help="take every N-th page")
    every = parser.parse_args().every
    for path in (PAGES, *OTHERS):
        require(path)
    rows: Sequence[Row] = other_rows()[::every]
    main_rows = pq.read_table(PAGES).to_pylist()[::every]
    models, others = fold_models(main_rows, rows)[len(main_rows) :], rivals()
    texts = [
        {**winnow_texts(row["html"], model), **{name: run(row["html"]) for name, run in others.items()}}
        for row, model in zip(rows, models, strict=True)
    ]
    write_results("old_pages", [PAGES, *OTHERS], {"pages": len(rows), "systems": figures(rows, texts)})


if __name__ == "__main__":
    main()
