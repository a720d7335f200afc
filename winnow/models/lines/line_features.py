"""Features of a line for the second stage: shape, place, neighbours, and the document around it."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.document import Document
from winnow.corpus.lines import Line
from winnow.corpus.word_facts import WordFacts
from winnow.models.lines.line_runs import OUTSIDE, RUN_NAMES, run_features
from winnow.models.lines.line_shapes import LOOK_NAMES, OUTLINE_NAMES, Matrix, looks, outlines
from winnow.models.lines.removal_context import CONTEXT_NAMES, Groups, context_features
from winnow.models.lines.word_model import LineScores

FAR: Final = 40  # lines beyond which distance says no more
NEAR: Final = 3  # lines on either side whose scores a line sees
SHAPE_NEAR: Final = 4  # lines on either side that are compared in length
SAME_LENGTH: Final = 0.25  # of log weight, within which two lines are of a length
KEY_WORD_CHARS: Final = 4  # from which a word may say what a text is about
TOPIC_CHARS: Final = 5  # of such a word that are compared
NO_TOPIC: Final = frozenset({""})
TITLE_LINES: Final = 3
PLACE_NAMES: Final = (
    *("share", "from_start", "from_end", "to_first", "to_last", "inside", "paragraphs_before", "paragraphs_after"),
    *("gap_before", "gap_after", "lines", "paragraph_share", "paragraph_weight", "to_previous", "to_next"),
)  # fmt: skip
AROUND_NAMES: Final = (
    *("weight-2", "weight-1", "weight+1", "weight+2", "sentence-1", "sentence+1", "bullet-1", "bullet+1"),
)
SHARED_NAMES: Final = (
    *("copies", "overlap", "title_overlap", "next_overlap", "topic_words", "same_length", "same_shape"),
    "likest_title",
)


SCORE_NAMES: Final = (*(f"score{step:+}" for step in range(-NEAR, NEAR + 1)), "before", "after", "around")


def feature_names() -> tuple[str, ...]:
    """The columns of `stage_two_rows`, in order."""
    return (
        *(*OUTLINE_NAMES, *LOOK_NAMES, *PLACE_NAMES, *AROUND_NAMES, *SHARED_NAMES, *CONTEXT_NAMES),
        *(*SCORE_NAMES, *RUN_NAMES),
    )


def stage_two_rows(
    document: Document, scores: Sequence[LineScores], removed: Groups, rows: Sequence[int]
) -> tuple[Matrix, ...]:
    """For each of ``scores`` one row a line of `Document.lines` with an index in ``rows``, columns as `feature_names`.

    ``removed`` is from `removed_groups`. Nothing but the words' scores and what is removed depends on the language.
    """
    outline, is_short = outlines(document.lines), short_lines(document)
    features = line_features(document, outline, removed, rows)
    return tuple(np.hstack([features, word_features(one, is_short, outline)[rows]]) for one in scores)


def short_lines(document: Document) -> NDArray[np.bool_]:
    """Whether each line is no paragraph."""
    return np.array([not line.is_long for line in document.lines], dtype=np.bool_)


def line_features(document: Document, outline: Matrix, removed: Groups, rows: Sequence[int]) -> Matrix:
    """The columns that need no words' scores; ``outline`` is of all lines."""
    if not len(rows):
        return np.zeros((0, len(feature_names()) - len(SCORE_NAMES) - len(RUN_NAMES)))
    look = looks(document.lines[row] for row in rows)
    context = context_features(removed, short_lines(document))
    around = np.hstack([_place(document), _around(outline), _shared(document, outline), context])
    return np.hstack([outline[rows], look, around[rows]])


def word_features(scores: LineScores, is_short: NDArray[np.bool_], outline: Matrix) -> Matrix:
    """The columns that come from the words' scores of all lines, `SCORE_NAMES` and `RUN_NAMES`."""
    weights, ends = (outline[:, OUTLINE_NAMES.index(name)] for name in ("weight", "sentence"))
    return np.hstack([_score_features(scores.total), run_features(scores, is_short, weights, ends)])


def _score_features(scores: Matrix) -> Matrix:
    """`SCORE_NAMES`: the score of a line and its neighbours, the mean before, after and around it."""
    count = len(scores)
    padded = np.concatenate([np.full(NEAR, OUTSIDE), scores, np.full(NEAR, OUTSIDE)])
    near = [padded[NEAR + step : NEAR + step + count] for step in range(-NEAR, NEAR + 1)]
    total = np.concatenate([[0.0], np.cumsum(scores)])
    places = np.arange(count)
    before = total[:-1] / np.maximum(1, places)
    after = (total[-1] - total[1:]) / np.maximum(1, count - 1 - places)
    low, high = np.maximum(0, places - SHAPE_NEAR), np.minimum(count, places + SHAPE_NEAR + 1)
    around = (total[high] - total[low]) / (high - low)
    return np.column_stack([*near, before, after, around])


def _place(document: Document) -> Matrix:
    """The place of each line between the document's ends and its paragraphs."""
    lines = document.lines
    count, places = len(lines), np.arange(len(lines))
    is_paragraph = np.zeros(count)
    is_paragraph[list(document.paragraphs)] = 1
    weights = np.array([line.weight for line in lines], dtype=float)
    before = np.cumsum(is_paragraph) - is_paragraph
    gaps = _gaps(document.text, lines)
    columns = [
        places / count,
        np.minimum(FAR, places),
        np.minimum(FAR, count - 1 - places),
        np.clip(places - document.first_paragraph, -FAR, FAR),
        np.clip(places - document.last_paragraph, -FAR, FAR),
        (places > document.first_paragraph) & (places < document.last_paragraph),
        np.minimum(FAR, before),
        np.minimum(FAR, is_paragraph.sum() - before - is_paragraph),
        gaps[:-1],
        gaps[1:],
        np.full(count, np.log1p(count)),
        np.full(count, is_paragraph.mean()),
        np.full(count, (weights * is_paragraph).sum() / max(1.0, weights.sum())),
        _distance(is_paragraph),
        _distance(is_paragraph[::-1])[::-1],
    ]
    return np.column_stack(columns)


def _distance(is_paragraph: Matrix) -> Matrix:
    """Lines since the last paragraph above, `FAR` at most."""
    places = np.arange(len(is_paragraph))
    last = np.maximum.accumulate(np.where(is_paragraph > 0, places, -FAR))
    return np.asarray(np.minimum(FAR, places - np.concatenate([[-FAR], last[:-1]])))


def _gaps(text: str, lines: Sequence[Line]) -> Matrix:
    """Blank lines before each line and after the last, less the document's usual number, -3 to 3."""
    gaps = [text.count("\n", a.stop, b.start) for a, b in pairwise(lines)]
    usual = Counter(gaps).most_common(1)[0][0] if gaps else 0
    return np.asarray(np.clip(np.array([usual, *gaps, usual], dtype=float) - usual, -3, 3))


def _around(outline: Matrix) -> Matrix:
    """Length, sentence and bullet of the lines before and after."""
    column = {name: outline[:, OUTLINE_NAMES.index(name)] for name in ("weight", "sentence", "bullet")}
    steps = [("weight", -2), ("weight", -1), ("weight", 1), ("weight", 2)]
    steps += [("sentence", -1), ("sentence", 1), ("bullet", -1), ("bullet", 1)]
    return np.column_stack([_shifted(column[name], step) for name, step in steps])


def _shifted(column: Matrix, step: int) -> Matrix:
    """The value of the line ``step`` lines further on, -1 beyond the ends."""
    count = len(column)
    padded = np.concatenate([[-1.0, -1.0], column, [-1.0, -1.0]])
    return padded[2 + step : 2 + step + count]


def _shared(document: Document, outline: Matrix) -> Matrix:
    """Features that compare a line with others: copies, words of paragraphs and title, length, looks."""
    copies = Counter(line.key for line in document.lines)
    overlaps = _overlaps(document)
    columns = [
        np.array([min(9, copies[line.key]) for line in document.lines]),
        overlaps,
        _same_length(outline[:, 0]),
        _same_shape(outline),
        _is_likest_title(overlaps, document.first_paragraph),
    ]
    return np.column_stack(columns)


def _overlaps(document: Document) -> Matrix:
    """Share of a line's topic words in all paragraphs, in the title and in the next paragraph; their number."""
    lines = document.lines
    topics = [_topics(line) for line in lines]
    times = Counter(chain.from_iterable(topics[index] for index in document.paragraphs))
    everywhere = frozenset(times)
    twice = frozenset(word for word in times if times[word] > 1)
    title = frozenset[str]().union(*topics[:TITLE_LINES])
    rows = []
    for index, after in enumerate(_following(document)):
        words = topics[index]
        following = topics[after] if after < len(lines) else frozenset()
        others = twice if lines[index].is_long else everywhere  # a paragraph's own words are among them
        everywhere_share = _share(len(words & others), len(words))
        title_share = _share(len(words & title), len(words)) if index >= TITLE_LINES else -1.0
        rows.append([everywhere_share, title_share, _share(len(words & following), len(words)), len(words)])
    return np.array(rows, dtype=float)


def _same_length(weights: Matrix) -> Matrix:
    """How many of the nearest lines are about as long."""
    steps = [step for step in range(-SHAPE_NEAR, SHAPE_NEAR + 1) if step]
    padded = np.concatenate([np.full(SHAPE_NEAR, np.inf), weights, np.full(SHAPE_NEAR, np.inf)])
    starts = [SHAPE_NEAR + step for step in steps]
    near = np.array([padded[start : start + len(weights)] for start in starts])
    return np.asarray((np.abs(near - weights) < SAME_LENGTH).sum(axis=0))


def _same_shape(outline: Matrix) -> Matrix:
    """How many lines look alike: half a step of log length, the end, the bullet, the first character."""
    masks = np.column_stack([np.round(2 * outline[:, 0]), outline[:, 3:]])
    _, which, counts = np.unique(masks, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(np.minimum(FAR, counts[which.ravel()]))


def _following(document: Document) -> list[int]:
    """For each line the index of the next paragraph below it; the number of lines where there is none."""
    count = len(document.lines)
    following, at = [count] * count, count
    paragraphs = frozenset(document.paragraphs)
    for index in reversed(range(count)):
        following[index] = at
        at = index if index in paragraphs else at
    return following


def _is_likest_title(overlaps: Matrix, first_paragraph: int) -> Matrix:
    """1 for the line above the first paragraph that shares most words with all paragraphs, else 0."""
    shared, words = overlaps[:first_paragraph, 0], overlaps[:first_paragraph, 3]
    head = np.where(words > 1, shared * words, 0)
    marks = np.zeros(len(overlaps))
    if head.max(initial=0) > 0:
        marks[int(np.argmax(head))] = 1
    return marks


def _topics(line: Line) -> frozenset[str]:
    """Topic words of a line: beginnings of its longer words, so that inflections match; pairs of ideographs."""
    if line.weight > len(line.text):  # it has ideographs
        return frozenset(a + b for word in line.runs for a, b in pairwise(word.casefold()))
    return frozenset(map(_known_topics().__getitem__, line.runs)) - NO_TOPIC


@cache
def _known_topics() -> WordFacts[str]:
    return WordFacts(lambda word: word[:TOPIC_CHARS].casefold() if len(word) >= KEY_WORD_CHARS else "")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else -1.0
