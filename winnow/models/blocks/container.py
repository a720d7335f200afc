"""The element that holds most of a page's prose, and the place of each block relative to it."""

from typing import Final

import numpy as np

from winnow.models.blocks.outline import Floats, Ints
from winnow.models.blocks.page_measures import ADDENDS, PageMeasures

CONTAINER: Final = (
    "inside_best",
    "levels_to_best",
    "depth_to_best",
    "before_best",
    "behind_best",
    "best_prose",
    "best_words",
    "points_0",
    "points_1",
    "points_2",
)
POINTS: Final = (0.3, 1.0, 0.5, 0.25)  # of a block's points, for the elements around it from the inside
PROSE_PARTS: Final = (0.25, 0.5, 0.8)  # of a page's prose: the lowest ancestor that holds as much
PART: Final = ("levels", "words", "prose", "below_prose", "below_words", "below_score")


def container_features(measures: PageMeasures) -> Floats:
    """The place of each block relative to the best container, (n, len(CONTAINER)).

    Containers win points from running text directly in them, fewer from deeper text, times the share of
    their words outside links: Readability's rule.
    """
    tree, index = measures.outline, np.arange(len(measures.facts))
    points = _points(measures)
    best = int(points.argmax())
    levels, meet = _meeting(measures, best)
    words, prose = (measures.element_sums[:, ADDENDS.index(name)] for name in ("words", "prose"))
    first, end = int(tree.first[best]), int(tree.end[best])
    return np.stack(
        [
            (index >= first) & (index < end),
            levels,
            tree.depths[best] - tree.depths[meet],
            first - index,
            index - end,
            np.full(len(index), prose[best] / (measures.addend("prose").sum() + 1)),
            np.full(len(index), words[best] / (measures.addend("words").sum() + 1)),
            *(points[tree.level(level)] / (points[best] + 1) for level in range(3)),
        ],
        axis=1,
    )


def _points(measures: PageMeasures) -> Floats:
    tree, prose = measures.outline, measures.addend("prose")
    of_blocks = (prose > 0) * (1 + np.minimum(prose / 30, 4) + 0.3 * measures.fact("sentences"))
    points = np.zeros(len(tree.parents))
    for level, share in enumerate(POINTS):
        points += np.bincount(tree.level(level), of_blocks * share, len(points))
    words, linked = (measures.element_sums[:, ADDENDS.index(name)] for name in ("words", "linked"))
    points *= 1 - linked / (words + 1)
    points[-1] = 0  # no element
    return points


def _meeting(measures: PageMeasures, element: int) -> tuple[Ints, Ints]:
    """How far above each block the first element is that holds ``element`` too, and which one; (n,) each."""
    tree = measures.outline
    none = len(tree.parents) - 1
    holds = np.zeros(len(tree.parents), dtype=bool)
    while element != none:
        holds[element] = True
        element = int(tree.parents[element])
    holds[none] = True
    levels = holds[tree.above].argmax(axis=0)
    return levels, tree.above[levels, np.arange(tree.above.shape[1])]


def part_features(measures: PageMeasures) -> Floats:
    """The lowest element around each block that holds a part of the prose, (n, len(PROSE_PARTS) * len(PART))."""
    above, inside = measures.outline.above, measures.element_sums
    words, prose = (inside[:, ADDENDS.index(name)] for name in ("words", "prose"))
    all_words, all_prose = measures.addend("words").sum() + 1, measures.addend("prose").sum() + 1
    columns = []
    for part in PROSE_PARTS:
        levels = (prose[above] >= part * all_prose).argmax(axis=0)
        index = np.arange(above.shape[1])
        at, below = above[levels, index], above[np.maximum(levels - 1, 0), index]
        columns += [
            levels,
            words[at] / all_words,
            prose[at] / all_prose,
            prose[below] / all_prose,
            words[below] / (words[at] + 1),
            measures.name_scores[below],
        ]
    return np.stack(columns, axis=1)
