"""Template groups: blocks whose elements look alike, such as the items of a list or the cells of a grid."""

from collections.abc import Hashable
from typing import Final

import numpy as np

from winnow.corpus.layout import NO_PARENT
from winnow.models.blocks.outline import Floats, Ints
from winnow.models.blocks.page_measures import ADDENDS, PageMeasures

GROUP: Final = ("blocks", "words", "prose", "block_words", "link_share", "text_score", "spread")
KINDS: Final = ("class", "depth")  # alike in tag and class of element and parent; in tags and depth


def group_features(measures: PageMeasures) -> Floats:
    """Of each block's group of each of `KINDS`: its size and what it holds, (n, len(KINDS) * len(GROUP))."""
    return np.concatenate([_group(measures, members) for members in _memberships(measures)], axis=1)


def _memberships(measures: PageMeasures) -> tuple[Ints, Ints]:
    """The number of each block's group, for each of `KINDS`."""
    elements, depths = measures.page.elements, measures.outline.depths.tolist()
    tag_of = [*elements.tags, ""]  # at `NO_PARENT`, the last
    class_of = [*(names[0] for names in elements.names), None]
    numbers: tuple[dict[Hashable, int], ...] = ({}, {})
    of_element: dict[int, tuple[int, int]] = {}
    for element in measures.page.runs.elements:
        if element not in of_element:
            parent = elements.parents[element] if element != NO_PARENT else NO_PARENT
            tags = tag_of[element], tag_of[parent]
            classes = class_of[element], class_of[parent]
            by_class = numbers[0].setdefault((tags, classes), len(numbers[0]))
            by_depth = numbers[1].setdefault((tags, depths[element]), len(numbers[1]))
            of_element[element] = by_class, by_depth
    members = np.array([of_element[element] for element in measures.page.runs.elements], dtype=np.int64)
    return members[:, 0], members[:, 1]


def _group(measures: PageMeasures, members: Ints) -> Floats:
    size = int(members.max()) + 1
    blocks = np.bincount(members, minlength=size)
    words, prose, linked = (
        np.bincount(members, measures.addends[:, ADDENDS.index(name)], size)
        for name in ("words", "prose", "linked")
    )
    scores = np.bincount(members, measures.fact("text_score"), size)
    total_words, total_prose = words.sum() + 1, prose.sum() + 1
    order = np.arange(len(members))
    first, last = np.empty(size), np.empty(size)
    first[members[::-1]] = order[::-1]  # of several, the last that is assigned stays
    last[members] = order
    columns = [
        blocks,
        words / total_words,
        prose / total_prose,
        words / blocks,
        linked / (words + 1),
        scores / blocks,
        (last - first) / len(members),
    ]
    return np.stack(columns, axis=1)[members]
