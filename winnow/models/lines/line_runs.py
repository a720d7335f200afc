"""Features of the run of lines that a line stands in: noise comes in runs of short lines."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.models.lines.word_model import LineScores, Vector

FAR: Final = 40  # lines of a run, beyond which its length says no more
OUTSIDE: Final = -9.0  # stands for a line beyond the run; no log-odds are so low
STRONG_EVIDENCE: Final = 0.4  # log-odds by words alone, from which a line's words speak for noise

SIZE_NAMES: Final = ("run_lines", "run_before", "run_after", "is_first_run", "is_last_run")
WHOLE_NAMES: Final = (
    *("run_max", "run_min", "run_strong", "run_mean", "run_evidence", "run_weight", "run_sentences"),
)
AROUND_NAMES: Final = ("mean_above", "mean_below", "max_above", "max_below")
TEXT_NAMES: Final = ("evidence", "text_strong", "text_mean")
RUN_NAMES: Final = (*SIZE_NAMES, *WHOLE_NAMES, *AROUND_NAMES, *TEXT_NAMES)

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LineRuns:
    """The runs of n lines: short ones, or paragraphs, that nothing parts."""

    starts: Places  # (runs,): index of each run's first line
    sizes: Places  # (runs,)
    of_line: Places  # (n,): index of each line's run

    @classmethod
    def of(cls, is_short: NDArray[np.bool_]) -> "LineRuns":
        """The runs of at least one line."""
        starts = np.concatenate([[0], np.flatnonzero(is_short[1:] != is_short[:-1]) + 1])
        sizes = np.diff(np.concatenate([starts, [len(is_short)]]))
        return cls(starts, sizes, np.repeat(np.arange(len(starts)), sizes))


def run_features(scores: LineScores, is_short: NDArray[np.bool_], weights: Vector, ends: Vector) -> Vector:
    """One row a line, columns `RUN_NAMES`.

    ``weights`` and ``ends`` are the columns ``weight`` and ``sentence`` of `winnow.models.lines.line_features`.
    """
    if not len(is_short):
        return np.zeros((0, len(RUN_NAMES)))
    runs = LineRuns.of(is_short)
    strong = scores.evidence > STRONG_EVIDENCE
    whole = [
        *(operation.reduceat(scores.total, runs.starts) for operation in (np.maximum, np.minimum)),
        np.add.reduceat(strong.astype(np.int64), runs.starts),
    ]
    means = [
        np.add.reduceat(column, runs.starts) / runs.sizes
        for column in (scores.total, scores.evidence, weights, ends)
    ]
    text_mean = scores.total[is_short].mean() if is_short.any() else 0.0
    of_text = np.broadcast_to([strong.sum(), text_mean], (len(is_short), 2))
    return np.column_stack(
        [
            *_sizes(runs),
            *(column[runs.of_line] for column in (*whole, *means)),
            *_around(scores.total, runs),
            scores.evidence,
            of_text,
        ]
    )


def _sizes(runs: LineRuns) -> tuple[Places, ...]:
    """`SIZE_NAMES`: lines of the run, of it before and after the line, and whether it is the text's first or last."""
    run = runs.of_line
    size, before = runs.sizes[run], np.arange(len(run)) - runs.starts[run]
    lines = (np.minimum(FAR, count) for count in (size, before, size - 1 - before))
    return (*lines, run == 0, run == len(runs.starts) - 1)


def _around(words: Vector, runs: LineRuns) -> tuple[Vector, ...]:
    """`AROUND_NAMES`: mean and highest score of the run's lines above and below the line."""
    scores, run = words.tolist(), runs.of_line.tolist()
    mean_above, max_above = np.array(_above(scores, run)).T
    mean_below, max_below = np.array(_above(scores[::-1], run[::-1])[::-1]).T
    return mean_above, mean_below, max_above, max_below


def _above(scores: list[float], runs: list[int]) -> list[tuple[float, float]]:
    """Mean and maximum of the scores before each in its run; 0 and `OUTSIDE` for the first.

    Runs are a few lines each, for which numpy's calls take ten times as long.
    """
    rows, current = list[tuple[float, float]](), -1
    total, count, highest = 0.0, 0, OUTSIDE
    for score, run in zip(scores, runs, strict=True):
        if run != current:
            total, count, highest, current = 0.0, 0, OUTSIDE, run
        rows.append((total / max(1, count), highest))
        total, count, highest = total + score, count + 1, max(highest, score)
    return rows
