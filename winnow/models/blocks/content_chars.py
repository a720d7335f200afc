"""How much of a page's content stands in which of its elements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import NO_PARENT, Page


@dataclass(frozen=True, slots=True)
class ContentChars:
    """The blocks of a page that are content, and sums of their characters."""

    page: Page
    content: tuple[int, ...]  # the blocks
    elements: tuple[int, ...]  # those around them, in the page's order: outer ones before those inside them
    sums: tuple[int, ...]  # characters of content before each block, and in all

    @classmethod
    def of(cls, page: Page, shares: Sequence[float]) -> "ContentChars":
        """Those of a page with some content shares."""
        content = tuple(number for number, share in enumerate(shares) if share >= CONTENT_SHARE)
        chars = [0] * len(shares)
        for number in content:
            chars[number] = page.blocks[number].end - page.blocks[number].start
        return cls(page, content, _elements_around(page, content), (0, *accumulate(chars)))

    @property
    def total(self) -> int:
        """Characters of all content."""
        return self.sums[-1]

    def blocks(self, element: int) -> range:
        """The blocks in an element."""
        elements = self.page.elements
        return range(elements.first_blocks[element], elements.end_blocks[element])

    def chars(self, blocks: range) -> int:
        """Characters of content in some blocks."""
        return self.sums[blocks.stop] - self.sums[blocks.start]

    def inside(self, element: int) -> int:
        """Characters of content in an element."""
        return self.chars(self.blocks(element))

    def blocks_within(self, elements: Iterable[int], most: float) -> set[int]:
        """The blocks in some elements that together hold up to a share of the content, none where it is more.

        Elements are in the page's order, outer ones before those inside them.
        """
        within, end, chars = set[int](), 0, 0
        for blocks in map(self.blocks, elements):
            if blocks.start >= end:
                within.update(blocks)
                chars += self.chars(blocks)
                end = blocks.stop
        return within if chars <= most * self.total else set()


def _elements_around(page: Page, blocks: Iterable[int]) -> tuple[int, ...]:
    """The elements around some blocks."""
    around = {NO_PARENT}
    for number in blocks:
        element = page.runs.elements[number]
        while element not in around:
            around.add(element)
            element = page.elements.parents[element]
    return tuple(sorted(around - {NO_PARENT}))
