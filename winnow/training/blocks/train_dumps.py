"""Train the model of raw dumps: python -m winnow.training.blocks.train_dumps PAGES [ARTIFACT]."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from sklearn.linear_model import LogisticRegression

from winnow.models.blocks.block_model import BlockModel
from winnow.models.blocks.dumps import DumpModel, dump_signs, may_be_dump, plain_page, save_dump_model
from winnow.models.blocks.outline import Floats
from winnow.models.hashes import ARTIFACTS
from winnow.training.blocks.fit_blocks import LabelledPage, domain_folds, fit
from winnow.training.blocks.train_blocks import BATCH_PAGES, labelled_page

ARTIFACT: Final = ARTIFACTS / "dumps.npz"
HALVES: Final = 2  # signs of dumps are learned on pages that the model of lines did not see


def train(pages: Path, artifact: Path = ARTIFACT) -> Path:
    """Train from a Parquet file of pages, as the block model is; equal pages give equal bytes."""
    rows = (row for batch in pq.ParquetFile(pages).iter_batches(BATCH_PAGES) for row in batch.to_pylist())
    pairs = [(page, row["main_content"]) for row in rows if (page := labelled_page(row))]
    dumps, contents = [as_dump(page) for page, _ in pairs], [content_lines(text) for _, text in pairs]
    save_dump_model(DumpModel(fit(dumps), _sign_weights(dumps, contents)), artifact)
    return artifact


def as_dump(page: LabelledPage) -> LabelledPage:
    """A page without its markup."""
    return replace(page, page=plain_page(page_lines(page)), title="", tokens=frozenset())


def page_lines(page: LabelledPage) -> list[str]:
    """The text of each block."""
    return [page.page.text[block.start : block.end - 1] for block in page.page.blocks]


def content_lines(text: str | None) -> list[str]:
    """The lines of a reference text: what a text that is all content looks like."""
    return [line for line in (text or "").split("\n") if line.strip()]


def _sign_weights(dumps: Sequence[LabelledPage], contents: Sequence[list[str]]) -> Floats:
    """Logistic regression of dumps against texts that are all content, over `SIGNS`."""
    halves = domain_folds(dumps, HALVES)
    signs, is_dump = [], []
    for half in range(HALVES):
        model = fit([dump for dump, other in zip(dumps, halves, strict=True) if other != half])
        held_out = np.flatnonzero(halves == half)
        dumped, clean = (
            [page_lines(dumps[i]) for i in held_out.tolist()],
            [contents[i] for i in held_out.tolist()],
        )
        for lines, label in ((dumped, True), (clean, False)):
            rows = [*_signs(lines, model)]
            signs += rows
            is_dump += [label] * len(rows)
    fitted = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000).fit(np.array(signs), is_dump)
    return np.asarray(fitted.coef_[0])


def _signs(texts: Sequence[Sequence[str]], model: BlockModel) -> Iterator[Floats]:
    for lines in filter(may_be_dump, texts):
        verdict = model.judge(plain_page(lines), "", model.types.probabilities(()))
        yield dump_signs(lines, verdict.probabilities, model.weights)


if __name__ == "__main__":
    print(train(*map(Path, sys.argv[1:3])))
