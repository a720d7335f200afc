"""A laid-out page: its text in blocks as models measure them, its tree, and how its lines are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from winnow.corpus.document import Block

NAMING: Final = ("class", "id", "role", "itemprop", "itemtype", "aria-label", "data-testid")
Names = tuple[str | None, ...]
NAMELESS: Final[Names] = (None,) * len(NAMING)
NO_PARENT: Final = -1  # the parent of an element without one
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a page that make blocks, and table cells, parents before their children: columns."""

    tags: Sequence[str] = ()
    names: Sequence[Names] = ()  # values of `NAMING`, in that order; `NAMELESS` without a block inside
    parents: Sequence[int] = ()  # index of the element around it, `NO_PARENT` without one
    first_blocks: Sequence[int] = ()  # index of the first block inside it
    end_blocks: Sequence[int] = ()  # index after the last


@dataclass(frozen=True, slots=True)
class Runs:
    """Facts about the text of each block: columns as long as `Page.blocks`."""

    elements: Sequence[int] = ()  # index of the innermost element around it
    bold_shares: Sequence[float] = ()  # share of its characters that are bold, 0 to 1
    links: Sequence[int] = ()
    inline: Sequence[int] = ()  # elements inside the line
    pictures: Sequence[int] = ()  # `img` elements since the block before
    closed: Sequence[bool] = ()  # whether a reader has to open it before it is shown


@dataclass(frozen=True, slots=True)
class Joint:
    """How a block is written, where that is not as a line of its own."""

    gap: str | None = None  # what stands between it and the block before, on one line; None: a line begins
    blank_lines: int = 0  # before it
    label: str = ""  # in front of it: the number of an item, or bars of empty cells
    ending: str = ""  # behind it: bars of empty cells
    continues: str = ""  # `Block.continues`
    row: int = NO_PARENT  # the element of the row of a table of data that it stands in
    place: tuple[str, str] | None = None  # path and tag of the line, where they are not those of the block
    code: tuple[Span, ...] = ()  # inline code in the block's text
    breaks: tuple[int, ...] = ()  # places of `CELL_BREAK` in its text that are written as line breaks


@dataclass(frozen=True, slots=True)
class Page:
    """A laid-out page. `winnow.corpus.layout.written.write_page` gives its text as documents have it."""

    text: str = ""
    blocks: tuple[Block, ...] = ()
    runs: Runs = Runs()
    elements: Elements = Elements()
    hidden_chars: int = 0  # in elements that are not shown, markup of scripts inside them included
    joints: Mapping[int, Joint] = field(default_factory=dict)  # by number of the block
