"""The line model: words score a line, then trees weigh that with its shape, place and neighbours' scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from winnow.corpus.document import Document
from winnow.corpus.lines import Line
from winnow.models.arrays import read_arrays, write_arrays
from winnow.models.lines.line_features import feature_names, stage_two_rows
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.lines.word_model import LineScores, Vector, WordScores
from winnow.models.trees import Trees

ARTIFACT: Final = "artifacts/lines.npz"
MIN_KIND_PROBABILITY: Final = 0.5  # below it a line is `boilerplate`, which says no more than noise
GENERAL_KIND: Final = "boilerplate"


@dataclass(frozen=True, slots=True)
class LineModel:
    """Finds lines of noise; gives a probability for every line of a document and a kind for one that is noise."""

    words: WordScores
    kind_words: WordScores
    kinds: tuple[str, ...]
    trees: Trees
    sha256: str = ""  # of the artifact

    def word_scores(self, document: Document) -> LineScores:
        """Log-odds of noise of each of `Document.lines`, by its words."""
        return self.words.of_lines([line_tokens(line) for line in document.lines])

    def judge(self, document: Document, scores: LineScores, rows: Sequence[int]) -> Vector:
        """The probability of being noise, in the training's mixture of texts, of the lines with these indices.

        ``scores`` is from `word_scores`. Of paragraphs the model has learned nothing.
        """
        odds = self.trees.raw_scores(stage_two_rows(document, scores, rows))
        return np.asarray(1 / (1 + np.exp(-odds)))

    def kind(self, line: Line) -> str:
        """What kind of noise a line is, by its words; `boilerplate` where they do not say."""
        scores = self.kind_words.of(line_tokens(line))
        chances = 1 / (1 + np.exp(-scores))
        best = int(np.argmax(chances))
        return self.kinds[best] if chances[best] >= MIN_KIND_PROBABILITY else GENERAL_KIND


@cache
def load_model(path: Path | None = None) -> LineModel:
    """The model of an artifact, the packaged one if none is named. Nothing in it is executed."""
    arrays, sha256 = read_arrays(path, ARTIFACT)
    if tuple(arrays["feature_names"]) != feature_names():
        raise ValueError("the line artifact was trained with other features; train it again")
    return LineModel(
        words=WordScores.from_arrays(arrays, "words_"),
        kind_words=WordScores.from_arrays(arrays, "kind_"),
        kinds=tuple(arrays["kinds"].tolist()),
        trees=Trees.from_arrays(arrays),
        sha256=sha256,
    )


def save_model(model: LineModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all; equal models give equal bytes."""
    arrays = model.trees.arrays() | model.words.arrays("words_") | model.kind_words.arrays("kind_")
    arrays |= {"feature_names": np.array(feature_names()), "kinds": np.array(model.kinds)}
    write_arrays(path, arrays)
