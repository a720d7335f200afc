"""The line model: words score a line, then trees weigh that with its shape, place and neighbours' scores."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from winnow.corpus.document import Document
from winnow.corpus.lines import Line
from winnow.models.arrays import Arrays, read_arrays, write_arrays
from winnow.models.lines.line_features import feature_names, stage_two_rows
from winnow.models.lines.line_shapes import Matrix
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.lines.removal_context import Groups
from winnow.models.lines.token_columns import TokenColumns, line_sums
from winnow.models.lines.word_model import LineScores, Vector, WordScores
from winnow.models.trees import Trees

ARTIFACT: Final = "artifacts/lines.npz"
MIN_KIND_PROBABILITY: Final = 0.5  # below it a line is `boilerplate`, which says no more than noise
GENERAL_KIND: Final = "boilerplate"
JUDGES: Final = ("hand", "natural")  # the judges' names in the artifact
PAGE_JUDGE: Final = "page"
MAX_LOG_ODDS: Final = 6.0  # of one judge; no label is surer


@dataclass(frozen=True, slots=True)
class LineJudge:
    """Words that score a line, and trees that weigh that with its shape, place and neighbours."""

    words: WordScores
    trees: Trees

    def log_odds(self, rows: Matrix) -> Vector:
        """Log-odds of noise of lines, by their rows of features."""
        return np.clip(self.trees.raw_scores(rows), -MAX_LOG_ODDS, MAX_LOG_ODDS)


@dataclass(frozen=True, slots=True)
class LineModel:
    """Finds lines of noise; gives log-odds for every line of a document and a kind for one that is noise.

    It has two judges: one learned from labels by hand, one from what extractors leave around the content of pages.
    A third one, learned from excerpts of whole pages, is for texts without running text.
    """

    judges: tuple[LineJudge, ...]
    page_judge: LineJudge
    kind_words: WordScores
    kinds: tuple[str, ...]
    sha256: str = ""  # of the artifact
    columns: TokenColumns = field(init=False, repr=False, compare=False)  # of all judges, the page's last

    def __post_init__(self) -> None:
        words = [judge.words for judge in (*self.judges, self.page_judge)]
        object.__setattr__(self, "columns", TokenColumns.of(words))

    def word_scores(self, document: Document) -> tuple[LineScores, ...]:
        """Log-odds of noise of each of `Document.lines`, by its words, for each judge."""
        return self._scores(document)[:-1]

    def _scores(self, document: Document) -> tuple[LineScores, ...]:
        """The same, and behind them those of the judge of whole pages."""
        sizes, *sums = line_sums(document.lines, self.columns).T
        words = [judge.words for judge in (*self.judges, self.page_judge)]
        pairs = zip(sums[::2], sums[1::2], strict=True)
        return tuple(each.of_sums(sizes, *pair) for each, pair in zip(words, pairs, strict=True))

    def evidence(self, document: Document) -> Vector:
        """Of each of `Document.lines` the log-odds that its words alone add, for the judge by hand."""
        return self.word_scores(document)[JUDGES.index("hand")].evidence

    def log_odds(
        self, document: Document, scores: Sequence[LineScores], removed: Groups, rows: Sequence[int]
    ) -> Vector:
        """Log-odds of being noise of the lines with these indices, a row a judge.

        ``scores`` is from `word_scores`, ``removed`` from `removed_groups`.
        """
        features = stage_two_rows(document, scores, removed, rows)
        return np.array(
            [judge.log_odds(columns) for judge, columns in zip(self.judges, features, strict=True)]
        )

    def page_log_odds(self, document: Document, removed: Groups) -> tuple[LineScores, Vector]:
        """What the judge of whole pages says of each of `Document.lines`: scores of words, and log-odds of noise."""
        scores = self._scores(document)[-1]
        [rows] = stage_two_rows(document, [scores], removed, range(len(document.lines)))
        return scores, self.page_judge.log_odds(rows)

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
    *judges, page_judge = (_judge(arrays, name) for name in (*JUDGES, PAGE_JUDGE))
    return LineModel(
        (*judges,),
        page_judge,
        WordScores.from_arrays(arrays, "kind_"),
        tuple(arrays["kinds"].tolist()),
        sha256,
    )


def _judge(arrays: Arrays, name: str) -> LineJudge:
    trees = Trees.from_arrays(_without_prefix(arrays, f"{name}_"))
    return LineJudge(WordScores.from_arrays(arrays, f"{name}_words_"), trees)


def _without_prefix(arrays: Arrays, prefix: str) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def save_model(model: LineModel, path: Path) -> None:
    """Write a model as plain arrays, whole or not at all; equal models give equal bytes."""
    arrays = model.kind_words.arrays("kind_")
    arrays |= {"feature_names": np.array(feature_names()), "kinds": np.array(model.kinds)}
    for name, judge in zip((*JUDGES, PAGE_JUDGE), (*model.judges, model.page_judge), strict=True):
        arrays |= judge.words.arrays(f"{name}_words_")
        arrays |= {f"{name}_{part}": array for part, array in judge.trees.arrays().items()}
    write_arrays(path, arrays)
