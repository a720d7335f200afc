"""Parts of a page that go with what they stand beside, whatever the model makes of them alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import NO_PARENT, Page
from winnow.corpus.layout.joints import LINES
from winnow.models.ordered_sum import ordered_sum

LINK_SHARE: Final = 0.5  # of loose text that is no link
LOOSE_SHARE: Final = 0.3  # of loose text that the model does not rule out
MOST_ALIKE: Final = 2  # texts of a page that stand loose in elements of one name; more are lines of a list


def with_whole_parts(page: Page, shares: Sequence[float]) -> list[float]:
    """Content shares of blocks, where heads of tables, preformatted and loose text go with their surroundings.

    A table of data that is content by the weight of its rows is so with its first row and its caption.
    Preformatted text between two blocks of content is content, with or without the buttons of its own element.
    Text without an element of its own that stands beside a block of content, in the element that holds
    both, is content unless the model all but rules it out, or the page has many such texts.
    """
    completed = list(shares)
    for first, first_row_end, end in _data_tables(page):
        sizes = [block.end - block.start for block in page.blocks[first:end]]
        weights = (size * share for size, share in zip(sizes, shares[first:end], strict=True))
        if ordered_sum(weights) >= CONTENT_SHARE * sum(sizes):
            completed[first:first_row_end] = [max(CONTENT_SHARE, s) for s in shares[first:first_row_end]]
    for start, stop in _preformatted(page):
        if any(_is_between(completed, *span) for span in ((start, stop), _around(page, start))):
            completed[start:stop] = [max(CONTENT_SHARE, share) for share in completed[start:stop]]
    loose = [
        number
        for number, share in enumerate(shares)
        if share < CONTENT_SHARE and _is_loose(page, number, completed)
    ]
    alike = Counter(page.blocks[number].path for number in loose)
    for number in loose:
        if shares[number] >= LOOSE_SHARE and alike[page.blocks[number].path] <= MOST_ALIKE:
            completed[number] = CONTENT_SHARE
    return completed


def _data_tables(page: Page) -> Iterator[tuple[int, int, int]]:
    """The blocks of each table of data: the first, behind those of the first row, and behind the last."""
    elements, end = page.elements, 0
    for number, joint in page.joints.items():
        if joint.row == NO_PARENT or number < end:
            continue
        table = joint.row
        while table != NO_PARENT and elements.tags[table] != "table":
            table = elements.parents[table]
        if table != NO_PARENT:
            end = elements.end_blocks[table]
            yield elements.first_blocks[table], elements.end_blocks[joint.row], end


def _preformatted(page: Page) -> Iterator[tuple[int, int]]:
    """The blocks of each run of preformatted lines: the first, and behind the last."""
    runs = groupby(range(len(page.blocks)), lambda number: page.blocks[number].tag == "pre")
    for numbers in ([*run] for is_preformatted, run in runs if is_preformatted):
        yield numbers[0], numbers[-1] + 1


def _around(page: Page, number: int) -> tuple[int, int]:
    """The blocks of the element around that of a block: the first, and behind the last; all of them at the top."""
    elements, element = page.elements, page.runs.elements[number]
    parent = elements.parents[element] if element != NO_PARENT else NO_PARENT
    if parent == NO_PARENT:
        return 0, len(page.blocks)
    return elements.first_blocks[parent], elements.end_blocks[parent]


def _is_between(shares: Sequence[float], start: int, stop: int) -> bool:
    """Whether content stands right before some blocks and right behind them."""
    inside = start > 0 and stop < len(shares)
    return inside and min(shares[start - 1], shares[stop]) >= CONTENT_SHARE


def _is_loose(page: Page, number: int, shares: Sequence[float]) -> bool:
    """Whether a block has no element of its own, and stands beside content in the element that it is in."""
    element = page.runs.elements[number]
    if (
        element == NO_PARENT
        or page.blocks[number].link_share >= LINK_SHARE
        or page.elements.tags[element] in LINES
    ):
        return False
    first, end = page.elements.first_blocks[element], page.elements.end_blocks[element]
    beside = (place for place in (number - 1, number + 1) if first <= place < end)
    return any(shares[place] >= CONTENT_SHARE and page.runs.elements[place] != element for place in beside)
