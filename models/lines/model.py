"""The model: words give a line a score, then trees weigh it with its shape, its place and its neighbours' scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.lines import Line
from models.arrays import packed_words, read_arrays, unpacked_words, write_arrays
from models.lines.features import feature_names, line_features, score_features
from models.lines.tokens import line_tokens
from models.trees import Trees

ARTIFACT: Final = "artifacts/lines.npz"
SHAPES: Final = "§."  # first characters of tokens that are no words
MIN_KIND_PROBABILITY: Final = 0.5  # below it a line is `boilerplate`, which says no more than noise
GENERAL_KIND: Final = "boilerplate"

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WordScores:
    """A logistic regression over tokens: T of them, K classes (1 for noise or not)."""

    places: Mapping[str, int]  # token -> row
    weights: NDArray[np.float32]  # (T, K)
    intercepts: NDArray[np.float32]  # (K,)

    def of(self, tokens: frozenset[str]) -> Vector:
        """Log-odds of a line's tokens for each class; a token is worth less where there are more of them."""
        rows = [self.places[token] for token in tokens if token in self.places]
        total = self.weights[sorted(rows)].sum(axis=0, dtype=np.float64)
        return np.asarray(total / np.sqrt(max(1, len(tokens))) + self.intercepts)

    def evidence(self, tokens: frozenset[str]) -> float:
        """Log-odds that the words among the tokens add to the first class."""
        rows = sorted(self.places[one] for one in tokens if one[0] not in SHAPES and one in self.places)
        return float(self.weights[rows, 0].sum(dtype=np.float64)) / float(np.sqrt(max(1, len(tokens))))

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """What `numpy.savez` keeps; tokens as UTF-8, one a line."""
        found: dict[str, NDArray[Any]] = {
            "tokens": packed_words(self.places),
            "weights": self.weights.astype(np.float16),
            "intercepts": self.intercepts,
        }
        return {prefix + name: values for name, values in found.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> "WordScores":
        """What `arrays` gave."""
        tokens = unpacked_words(arrays[prefix + "tokens"])
        weights = arrays[prefix + "weights"].astype(np.float32)
        return cls({token: row for row, token in enumerate(tokens)}, weights, arrays[prefix + "intercepts"])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of each line of a document."""

    probabilities: Vector  # that it is noise, in the training's mixture of texts
    evidence: Vector  # log-odds that its words alone add, without its shape and place; 0 for unknown words


@dataclass(frozen=True, slots=True)
class LineModel:
    """Finds lines of noise; gives a probability for every line of a document and a kind for one that is noise."""

    words: WordScores
    kind_words: WordScores
    kinds: tuple[str, ...]
    trees: Trees
    sha256: str = ""  # of the artifact

    def judge(self, document: Document) -> "Judgement":
        """Judge every one of `Document.lines`; of paragraphs the model has learned nothing, leave their values."""
        tokens = [line_tokens(line) for line in document.lines]
        words = np.array([self.words.of(one)[0] for one in tokens])
        scores = self.trees.raw_scores(stage_two_rows(document, words))
        evidence = np.array([self.words.evidence(one) for one in tokens])
        return Judgement(np.asarray(1 / (1 + np.exp(-scores))), evidence)

    def kind(self, line: Line) -> str:
        """What kind of noise a line is, by its words; `boilerplate` where they do not say."""
        scores = self.kind_words.of(line_tokens(line))
        chances = 1 / (1 + np.exp(-scores))
        best = int(np.argmax(chances))
        return self.kinds[best] if chances[best] >= MIN_KIND_PROBABILITY else GENERAL_KIND


def stage_two_rows(document: Document, words: Vector) -> Vector:
    """The trees' features, shape (lines, F), from the words' score of every line."""
    return np.hstack([line_features(document), score_features(words)])


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
