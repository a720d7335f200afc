"""What the lines that a site repeats add to the models of pages and of raw dumps.

Usage: python -m bench.site_lines

The benchmark's sites with four pages and more are judged by models fitted on all other sites (5 minutes), alone and
with the pages of their own site; a hard rule (all that stands on three pages goes) is the rival. `fitted_step` is the
log-odds for each doubling of pages beyond two in a logistic regression over the model's own log-odds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from sklearn.linear_model import LogisticRegression

from bench.results import SHARED, require, write_results
from bench.scores import interval, word_f1
from winnow.corpus.document import CONTENT_SHARE, Block
from winnow.models.blocks.block_model import BlockModel
from winnow.models.blocks.outline import Floats, Ints
from winnow.models.site_line_keys import MAX_PAGES, MIN_PAGES, block_keys, content_with_site
from winnow.training.blocks.fit_blocks import LabelledPage, fit
from winnow.training.blocks.train_blocks import labelled_page
from winnow.training.blocks.train_dumps import as_dump

PAGES: Final = SHARED / "data" / "wcxb" / "dev.parquet"
SITE_PAGES: Final = 4  # of a site that is measured
EXTRACTORS: Final = {"pages": "blocks", "dumps": "dump"}


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A page with the verdict of a model that did not see its site."""

    page: LabelledPage
    shares: Floats  # (n,): how sure each block is to be content, .5 at the page's own cut
    site_pages: Ints  # (n,): pages of the site that show it


def judged_pages(pages: Sequence[LabelledPage], model: BlockModel) -> list[JudgedPage]:
    """The pages of some sites as a model sees them, and what they have in common."""
    keys = [block_keys(page.page.text, page.page.blocks) for page in pages]
    pages_with_key: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for key in keys[number]:
            pages_with_key[page.domain, key].add(number)
    judged = []
    for page, of_page in zip(pages, keys, strict=True):
        verdict = model.judge(page.page, page.title, model.types.probabilities(page.tokens))
        shares = np.interp(verdict.probabilities, [0.0, verdict.cut, 1.0], [0.0, CONTENT_SHARE, 1.0])
        counts = [len(pages_with_key[page.domain, key]) if key else 0 for key in of_page]
        judged.append(JudgedPage(page, shares, np.array(counts)))
    return judged


def kept_text(judged: JudgedPage, keep: Callable[[float, int], bool]) -> str:
    """The text of the blocks to keep, given how sure each is and how many pages show it."""
    page = judged.page.page
    pairs = zip(page.blocks, judged.shares.tolist(), judged.site_pages.tolist(), strict=True)
    return "\n".join(page.text[b.start : b.end] for b, share, pages in pairs if keep(share, pages))


def systems(extractor: str) -> Mapping[str, Callable[[float, int], bool]]:
    """What keeps a block, by name."""

    def softly(share: float, pages: int) -> bool:
        block = Block(0, 1, content=share, site_pages=pages if pages >= MIN_PAGES else 0)
        return content_with_site(block, extractor) >= CONTENT_SHARE

    return {
        "model alone": lambda share, _pages: share >= CONTENT_SHARE,
        "with its site": softly,
        "hard rule": lambda share, pages: share >= CONTENT_SHARE and pages < MIN_PAGES,
    }


def figures(judged: Sequence[JudgedPage], references: Sequence[str], extractor: str) -> dict[str, object]:
    """Word F1 of each system, how many pages it moves, and the step that fits best."""
    scores = {
        name: [word_f1(kept_text(one, keep), text) for one, text in zip(judged, references, strict=True)]
        for name, keep in systems(extractor).items()
    }
    alone = np.array(scores["model alone"])
    by_system: dict[str, object] = {"fitted_step": fitted_step(judged)}
    for name, values in scores.items():
        gains = np.array(values) - alone
        by_system[name] = {
            "word_f1": round(float(np.mean(values)), 4),
            "interval_95": interval(values),
            "better": int((gains > 0).sum()),
            "worse": int((gains < 0).sum()),
            "worst": round(float(gains.min()), 3),
        }
    return by_system


def fitted_step(judged: Sequence[JudgedPage]) -> float:
    """Log-odds against content for each doubling of pages beyond two, the model's own log-odds given."""
    shares = np.clip(np.concatenate([one.shares for one in judged]), 0.001, 0.999)
    pages = np.minimum(np.concatenate([one.site_pages for one in judged]), MAX_PAGES)
    doublings = np.where(pages >= MIN_PAGES, np.log2(np.maximum(pages, 1) / 2), 0)
    rows = np.column_stack([np.log(shares / (1 - shares)), doublings])
    words = np.concatenate([one.page.words for one in judged])
    hits = np.concatenate([one.page.hits for one in judged]) / np.maximum(words, 1)
    weights = np.concatenate(
        [np.sqrt(one.page.words / max(1, int(one.page.words.sum()))) for one in judged]
    )
    both = np.concatenate([np.ones(len(rows)), np.zeros(len(rows))])
    fitted = LogisticRegression(C=10.0).fit(
        np.vstack([rows, rows]), both, sample_weight=np.concatenate([weights * hits, weights * (1 - hits)])
    )
    return round(-float(fitted.coef_[0, 1]), 2)


def main() -> None:
    """Measure pages and dumps of the same sites."""
    require(PAGES)
    rows = pq.read_table(PAGES).to_pylist()
    pairs = [(page, str(row["main_content"] or "")) for row in rows if (page := labelled_page(row))]
    sizes = Counter(page.domain for page, _ in pairs)
    measured = [pair for pair in pairs if sizes[pair[0].domain] >= SITE_PAGES]
    others = [page for page, _ in pairs if sizes[page.domain] < SITE_PAGES]
    references = [reference for _, reference in measured]
    results: dict[str, object] = {
        "pages": len(measured),
        "sites": len({page.domain for page, _ in measured}),
    }
    for name, extractor in EXTRACTORS.items():
        test_pages = [as_dump(page) if name == "dumps" else page for page, _ in measured]
        training_pages = [as_dump(page) if name == "dumps" else page for page in others]
        judged = judged_pages(test_pages, fit(training_pages))
        results[name] = figures(judged, references, extractor)
    write_results("site_lines", [PAGES], results)


if __name__ == "__main__":
    main()
