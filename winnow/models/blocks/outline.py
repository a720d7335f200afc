"""A page's tree as arrays: which elements hold which blocks, and what they hold in sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.layout import NO_PARENT, Page

LEVELS: Final = 64  # ancestors of a block that are looked at, the innermost

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outline:
    """The tree of a page of n blocks and m elements. Index m stands for "no element", which holds nothing."""

    above: Ints  # (L, n): the element around each block, the one around that, ..., m
    parents: Ints  # (m + 1,)
    depths: Ints  # (m + 1,), 1 for the outermost element, 0 for none
    first: Ints  # (m + 1,): index of an element's first block
    end: Ints  # (m + 1,): index after its last

    def level(self, number: int) -> Ints:
        """The ``number``-th ancestor of each block, 0 for the element itself, m beyond the root; (n,)."""
        return np.asarray(self.above[min(number, len(self.above) - 1)])

    def sums(self, columns: Floats) -> Floats:
        """Sums of block columns (n, k) over the blocks inside each element; (m + 1, k)."""
        cumulated = np.concatenate([np.zeros((1, columns.shape[1])), columns.cumsum(axis=0)])
        return np.asarray(cumulated[self.end] - cumulated[self.first])


def outline(page: Page) -> Outline:
    """The tree of a page with at least one block."""
    none = len(page.elements.tags)
    parents = np.array([*page.elements.parents, none], dtype=np.int64)
    parents[parents == NO_PARENT] = none
    leaves = np.array(page.runs.elements, dtype=np.int64)
    leaves[leaves == NO_PARENT] = none
    above = [leaves]
    while len(above) < LEVELS and (above[-1] != none).any():
        above.append(parents[above[-1]])
    above.append(np.full_like(leaves, none))
    first = np.array([*page.elements.first_blocks, 0], dtype=np.int64)
    end = np.array([*page.elements.end_blocks, 0], dtype=np.int64)
    return Outline(np.stack(above), parents, _depths(page.elements.parents), first, end)


def _depths(parents: Sequence[int]) -> Ints:
    depths: list[int] = []
    for parent in parents:
        depths.append(1 if parent == NO_PARENT else depths[parent] + 1)
    return np.array([*depths, 0], dtype=np.int64)
