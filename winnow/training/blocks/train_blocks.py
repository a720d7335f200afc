"""Train the block model: python -m winnow.training.blocks.train_blocks PAGES ARTIFACT [OTHER_PAGES ...]."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from winnow.corpus.decode import decode
from winnow.corpus.domains import registered_domain
from winnow.corpus.errors import UnreadableError, UsageError
from winnow.corpus.layout import parse_page
from winnow.models.blocks.block_model import save_model
from winnow.models.blocks.block_tokens import page_title, page_tokens
from winnow.models.blocks.rendered_layout import read_page
from winnow.models.hashes import ARTIFACTS
from winnow.training.blocks.block_labels import matched_words
from winnow.training.blocks.fit_blocks import LabelledPage, fit

ARTIFACT: Final = ARTIFACTS / "blocks.npz"
BATCH_PAGES: Final = 64
COLUMNS: Final = ("file_id", "url", "html", "page_type", "main_content")
OTHER_COLUMNS: Final = ("file_id", "site", "html", "gold")  # of articles of another convention


def train(pages: Path, artifact: Path = ARTIFACT, others: Sequence[Path] = ()) -> Path:
    """Train from a Parquet file of pages and write the artifact; equal pages give equal bytes.

    ``others`` are files of articles whose reference texts follow other conventions: old pages, other languages.
    """
    examples = [*labelled_pages(pages)]
    for other in others:
        examples += other_pages(other)
    save_model(fit(examples), artifact)
    return artifact


def labelled_pages(path: Path) -> Iterator[LabelledPage]:
    """The pages of a file that show something. Raises UsageError where a column of `COLUMNS` is missing."""
    for row in _rows(path, COLUMNS):
        if page := labelled_page(row):
            yield page


def other_pages(path: Path) -> Iterator[LabelledPage]:
    """The articles of a file, as pages of another convention. Raises UsageError where a column is missing."""
    return filter(None, map(other_page, _rows(path, OTHER_COLUMNS)))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    file = pq.ParquetFile(path)
    if missing := [name for name in columns if name not in file.schema_arrow.names]:
        raise UsageError(f"{path}: no column {', '.join(missing)}; docs/training.md says what a page needs")
    for batch in file.iter_batches(BATCH_PAGES, columns=[*columns]):
        yield from batch.to_pylist()


def labelled_page(row: Mapping[str, Any]) -> LabelledPage | None:
    """A page with the words of its reference found in its blocks; None for one that cannot be read."""
    try:
        tree = parse_page(decode(row["html"], html=True))
    except UnreadableError:
        return None
    page, _ = read_page(tree)
    if not page.blocks:
        return None
    texts = [page.text[block.start : block.end] for block in page.blocks]
    words, hits = matched_words(texts, row["main_content"] or "")
    domain = registered_domain(row["url"] or "") or row["file_id"]
    title = page_title(tree)
    return LabelledPage(
        page, title, page_tokens(tree), row["page_type"], domain, np.array(words), np.array(hits)
    )


def other_page(row: Mapping[str, Any]) -> LabelledPage | None:
    """An article of another convention, with `OTHER_COLUMNS`, as `labelled_page` gives it."""
    url = f"http://{row['site']}/" if row["site"] else ""
    page = labelled_page({**row, "url": url, "page_type": "article", "main_content": row["gold"]})
    return replace(page, is_main=False) if page else None


if __name__ == "__main__":
    pages, artifact, *others = map(Path, sys.argv[1:])
    print(train(pages, artifact, others))
