"""Train the line model: python -m models.lines.train [NOISE PAGES ARTICLES [ARTIFACT]].

NOISE is a folder of hand-labelled documents, PAGES and ARTICLES are Parquet files; without arguments those of
``../shared``. The phrases of the rules (``cleaners/words``) are read as lines of noise in thirty languages.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from models.lines.examples import Phrase, read_articles, read_labelled, read_pages, read_phrases
from models.lines.model import save_model
from models.lines.training import Prepared, fit_model, prepare

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared" / "data"
SOURCES: Final = (
    SHARED / "noise" / "documents",
    SHARED / "wcxb" / "dev.parquet",
    SHARED / "reliability" / "articles.parquet",
)
PHRASES: Final = ROOT / "cleaners" / "words"
ARTIFACT: Final = ROOT / "models" / "artifacts" / "lines.npz"


def read_training(sources: Sequence[Path] = SOURCES) -> tuple[list[Prepared], list[Phrase]]:
    """All that is trained on, prepared for a fit: NOISE, PAGES, ARTICLES, and the phrases of the rules."""
    noise, pages, articles = sources
    labelled = list(read_labelled(noise))
    sites = frozenset(example.site for example in labelled)
    examples = [*labelled, *read_pages(pages, sites), *read_articles(articles, labelled)]
    return [prepare(example) for example in examples], list(read_phrases(PHRASES))


def train(sources: Sequence[Path] = SOURCES, artifact: Path = ARTIFACT) -> Path:
    """Write the artifact, whole or not at all; equal data give equal bytes."""
    save_model(fit_model(*read_training(sources)), artifact)
    return artifact


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    print(train(given[:3] or SOURCES, *given[3:4]))  # noqa: T201
