"""Train the line model from texts labelled by hand and from natural labels.

Usage: python -m winnow.training.lines.train_lines DOCUMENTS PAGES ARTICLES LABELS NATURAL ARTIFACT UNSEEN BLIND

DOCUMENTS is a folder of hand-labelled documents; PAGES and ARTICLES are Parquet files. LABELS names more texts of the
two, line by line (``bench/labels/lines.jsonl``); those of pages are remade by the extractors that made them,
resiliparse 2.0.1 and trafilatura 2.3.1. NATURAL is what `natural_labels` wrote. UNSEEN
and BLIND (``bench/labels/unseen.jsonl``, ``bench/labels/blind.jsonl``) are read for their sites alone, which are not
trained on; of BLIND those of the half that nobody reads.
The phrases of the cleaners' rules are lines of noise in thirty languages.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.models.hashes import ARTIFACTS
from winnow.models.lines.line_model import save_model
from winnow.training.lines.fit_lines import fit_model, fit_natural
from winnow.training.lines.judged_texts import is_blind, read_judged
from winnow.training.lines.line_examples import (
    Phrase,
    noise_phrases,
    read_articles,
    read_labelled,
)
from winnow.training.lines.prepared_lines import Prepared, prepare, read_prepared

ARTIFACT: Final = ARTIFACTS / "lines.npz"


@dataclass(frozen=True, slots=True)
class LineSources:
    """The files that the line model is trained from."""

    documents: Path  # a folder of hand-labelled documents, `read_labelled`
    pages: Path  # Parquet, `read_pages`
    articles: Path  # Parquet, `read_articles`
    labels: Path  # JSON Lines, `read_judged`
    natural: Path  # arrays, `read_prepared`
    # JSON Lines, only for their sites, which are not trained on
    unseen: Path
    blind: Path  # of which only the sites of the blind half count, `is_blind`


@dataclass(frozen=True, slots=True)
class LineExamples:
    """All that the line model learns from."""

    natural: list[Prepared]
    prepared: list[Prepared]  # labelled by hand, and articles
    phrases: list[Phrase]


def read_training(sources: LineSources) -> LineExamples:
    """All examples, prepared for a fit, and the phrases of the rules.

    Natural examples and articles of a site that has a labelled text, or a text that measures, are left out. Raises
    UsageError where a labelled text cannot be remade, because other texts give another model.
    """
    judged = list(read_judged(sources.labels, sources.pages, sources.articles))
    if len(judged) < (labelled_texts := len(_sites(sources.labels))):
        raise UsageError(
            f"{sources.labels}: {len(judged)} of {labelled_texts} texts found in {sources.pages} and"
            f" {sources.articles}; install resiliparse 2.0.1 and trafilatura 2.3.1"
        )
    labelled = [*read_labelled(sources.documents), *judged]
    test_sites = (*_sites(sources.unseen), *filter(is_blind, _sites(sources.blind)))
    sites = frozenset([*(example.site for example in labelled), *test_sites])
    articles = read_articles(sources.articles, sites, labelled)
    return LineExamples(
        natural=[one for one in read_prepared(sources.natural) if one.site not in sites],
        prepared=[prepare(example) for example in (*labelled, *articles)],
        phrases=list(noise_phrases()),
    )


def _sites(labels: Path) -> list[str]:
    """The site of each text of a file of labels."""
    return [json.loads(line)["domain_hash"] for line in labels.read_text(encoding="utf8").splitlines()]


def train(sources: LineSources, artifact: Path = ARTIFACT) -> Path:
    """Write the artifact, whole or not at all; equal data give equal bytes."""
    examples = read_training(sources)
    natural = fit_natural(examples.natural)
    save_model(fit_model(natural, examples.prepared, examples.phrases), artifact)
    return artifact


def main(arguments: list[str]) -> None:
    """Train from the paths of a command line, and print the artifact's."""
    try:
        documents, pages, articles, labels, natural, artifact, unseen, blind = map(Path, arguments)
    except ValueError:
        sys.exit(
            "give DOCUMENTS PAGES ARTICLES LABELS NATURAL ARTIFACT UNSEEN BLIND; docs/training.md says what they hold"
        )
    sources = LineSources(documents, pages, articles, labels, natural, unseen, blind)
    print(train(sources, artifact))


if __name__ == "__main__":
    main(sys.argv[1:])
