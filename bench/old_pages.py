"""Page extraction on news of 2011 in five languages and on Chinese pages, beside its rivals.

Usage: python -m bench.old_pages [--every N]

Word F1 as in `bench.extraction`, where a letter of Chinese is a word; the mean over pages. Each page is judged by a
model that saw no page of its registered domain, as `bench.extraction` fits them. The reference texts hold the headline,
which those of the Web Content Extraction Benchmark leave out, and Winnow with them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow.parquet as pq

from bench.extraction import (
    OTHERS,
    PAGES,
    Row,
    fold_models,
    other_rows,
    page_step,
    system_texts,
)
from bench.results import require, write_results
from bench.scores import interval, word_f1


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
    every = page_step(__doc__)
    for path in (PAGES, *OTHERS):
        require(path)
    rows: Sequence[Row] = other_rows()[::every]
    main_rows = pq.read_table(PAGES).to_pylist()[::every]
    models = fold_models(main_rows, rows)[len(main_rows) :]
    systems = figures(rows, system_texts(rows, models))
    write_results("old_pages", [PAGES, *OTHERS], {"pages": len(rows), "systems": systems})


if __name__ == "__main__":
    main()
