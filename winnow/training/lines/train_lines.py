"""Train the line model: python -m winnow.training.lines.train_lines [NOISE PAGES ARTICLES [ARTIFACT]].

NOISE is a folder of hand-labelled documents, PAGES and ARTICLES are Parquet files; without arguments those of
``../shared``. More texts of PAGES and ARTICLES are labelled in ``bench/labels/lines.jsonl``; those of pages are remade
by the extractors that made them, resiliparse 2.0.1 and trafilatura 2.3.1. The phrases of the rules
(``winnow/cleaners/words``) are read as lines of noise in thirty languages.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.models.lines.line_model import save_model
from winnow.training.lines.fit_lines import Prepared, fit_model, prepare
from winnow.training.lines.judged_texts import read_judged
from winnow.training.lines.line_examples import (
    Phrase,
    read_articles,
    read_labelled,
    read_pages,
    read_phrases,
)

ROOT: Final = Path(__file__).parents[3]
SHARED: Final = ROOT.parent / "shared" / "data"
SOURCES: Final = (
    SHARED / "noise" / "documents",
    SHARED / "wcxb" / "dev.parquet",
    SHARED / "reliability" / "articles.parquet",
)
PHRASES: Final = ROOT / "winnow" / "cleaners" / "words"
LABELS: Final = ROOT / "bench" / "labels" / "lines.jsonl"
TEST_LABELS: Final = LABELS.with_name("unseen.jsonl")  # only for its sites, which are not trained on
ARTIFACT: Final = ROOT / "winnow" / "models" / "artifacts" / "lines.npz"


def read_training(sources: Sequence[Path] = SOURCES) -> tuple[list[Prepared], list[Phrase]]:
    """All that is trained on, prepared for a fit: NOISE, PAGES, ARTICLES, and the phrases of the rules.

    Of pages and articles, sites that have a labelled text or one of the test set are left out. Raises UsageError
    where a labelled text cannot be remade, because other texts give another model.
    """
    noise, pages, articles = sources
    judged = list(read_judged(LABELS, pages, articles))
    if len(judged) < (wanted := len(_sites(LABELS))):
        raise UsageError(
            f"{LABELS.name}: {len(judged)} of {wanted} texts found; install the extractors named above"
        )
    labelled = [*read_labelled(noise), *judged]
    sites = frozenset([*(example.site for example in labelled), *_sites(TEST_LABELS)])
    examples = [*labelled, *read_pages(pages, sites), *read_articles(articles, sites, labelled)]
    return [prepare(example) for example in examples], list(read_phrases(PHRASES))


def _sites(labels: Path) -> list[str]:
    """The site of each text of a file of labels."""
    return [json.loads(line)["domain_hash"] for line in labels.read_text(encoding="utf8").splitlines()]


def train(sources: Sequence[Path] = SOURCES, artifact: Path = ARTIFACT) -> Path:
    """Write the artifact, whole or not at all; equal data give equal bytes."""
    save_model(fit_model(*read_training(sources)), artifact)
    return artifact


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    print(train(given[:3] or SOURCES, *given[3:4]))
