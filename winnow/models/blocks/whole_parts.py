"""Parts of a page that go with what they stand beside, whatever the model makes of them alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from winnow.corpus.document import CONTENT_SHARE
from winnow.corpus.layout import NO_PARENT, Page
from winnow.corpus.layout.joints import LINES

LINK_SHARE: Final = 0.5  # of loose text that is no link
LOOSE_SHARE: Final = 0.3  # of loose text that the model does not rule out
MOST_ALIKE: Final = 2  # texts of a page that stand loose in elements of one name; more are lines of a list


def with_whole_parts(page: Page, shares: Sequence[float]) -> list[float]:
    """Content shares of blocks, where the head of a table and loose text go with their surroundings.

    A table of data that is content by the weight of its rows is so with its first row and its caption.
    Text without an element of its own that stands beside a block of content, in the element that holds
    both, is content unless the model all but rules it out, or the page has many such texts.
    """
    completed = list(shares)
    for first, first_row_end, end in _data_tables(page):
        sizes = [block.end - block.start for block in page.blocks[first:end]]
        weights = (size * share for size, share in zip(sizes, shares[first:end], strict=True))
        if sum(weights) >= CONTENT_SHARE * sum(sizes):
            completed[first:first_row_end] = [max(CONTENT_SHARE, s) for s in shares[first:first_row_end]]
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
