"""Which blocks of a page stand on one line: those that only elements inside a line, or the cells of a row, part."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from winnow.corpus.layout.html import BLOCKS
from winnow.corpus.layout.laid_out import NO_PARENT, Joint

# Elements that hold a line; an unknown one directly inside is part of it.
LINES: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 li dt dd td th caption figcaption summary legend pre address".split()
)
LINE, ITEM = "line", "item"  # values of `Block.continues`


@dataclass(slots=True)
class Edge:
    """What lies between the last text and the next."""

    is_hard: bool = False  # a block begins or ends
    crossed: list[int] = field(default_factory=list)  # unknown elements that begin or end
    has_space: bool = False
    line_breaks: int = 0
    bars: int = 0  # cells of a row that begin


@dataclass(slots=True)
class Joints:
    """The joints of a page, as far as it was read."""

    edge: Edge = field(default_factory=Edge)
    row: int = NO_PARENT  # the element of the row of data that is open
    row_start: int = NO_PARENT  # the first block of the row, if it has any
    row_start_bars: str = ""  # before it
    keeps_bars: bool = False  # also in a row with one cell that is not empty
    is_parted: bool = False  # whether bars part any of the row's cells
    label: str = ""  # of the item that has begun
    soft_edges: dict[int, Edge] = field(default_factory=dict)  # by number of the block
    joints: dict[int, Joint] = field(default_factory=dict)
    soft: set[int] = field(default_factory=set)  # unknown elements
    holds_blocks: set[int] = field(default_factory=set)  # those that hold blocks

    def cross(self, element: int, tag: str) -> None:
        """Note that an element begins or ends."""
        if tag in BLOCKS:
            if self.row == NO_PARENT:
                self.edge.is_hard = True
            else:
                self.edge.has_space = True
        else:
            self.edge.crossed.append(element)
            self.soft.add(element)

    def close(self, element: int, parent: int, tag: str, *, is_cell: bool) -> None:
        """Note that an element ends inside another; the end of a cell parts nothing, as the next begins."""
        if not is_cell:
            self.cross(element, tag)
        if element not in self.soft or element in self.holds_blocks:
            self.holds_blocks.add(parent)

    def break_line(self) -> None:
        """Note a line break."""
        if self.row == NO_PARENT:
            self.edge.line_breaks += 1
        else:
            self.edge.has_space = True

    def begin_row(self, element: int, *, keeps_bars: bool) -> None:
        """Begin a row of data; ``keeps_bars`` says whether it has bars where only one cell is filled."""
        self.row, self.row_start, self.row_start_bars = element, NO_PARENT, ""
        self.keeps_bars, self.is_parted = keeps_bars, False

    def without_last_bars(self, text: str) -> tuple[str, int]:
        """A text of the open row without the bars at its end, and their number."""
        bare = text.rstrip(" |")
        self.is_parted = self.is_parted or " |" in bare
        return (bare, text.count("|", len(bare))) if bare else (text, 0)

    def change(self, block: int, **changes: Any) -> None:
        """Change what is known of a block."""
        self.joints[block] = replace(self.joints.get(block, NO_JOINT), **changes)

    def end_row(self, last_block: int) -> None:
        """End the row of data that is open; cells behind its last text are empty."""
        if self.row_start != NO_PARENT and not (self.is_parted or self.keeps_bars):
            label = self.joints.get(self.row_start, NO_JOINT).label
            self.change(self.row_start, label=label.removeprefix(self.row_start_bars))
        elif self.row_start != NO_PARENT and self.edge.bars:
            self.change(last_block, ending=" |" * self.edge.bars)
        self.edge.bars, self.row, self.edge.is_hard = 0, NO_PARENT, True

    def add(self, block: int, joint: Joint, *, is_verbatim: bool) -> None:
        """Take a block with what is known of it, and what lies before it."""
        edge, self.edge = self.edge, Edge()
        label, self.label = self.label, ""
        if is_verbatim and not joint.blank_lines and edge.line_breaks > 1:
            joint = replace(joint, blank_lines=edge.line_breaks - 1)
        if label and not is_verbatim:
            joint = replace(joint, label=label)
        if self.row != NO_PARENT:
            joint = self._in_row(block, replace(joint, row=self.row), edge)
        elif not edge.is_hard and block:
            self.soft_edges[block] = edge
        if joint is not NO_JOINT:
            self.joints[block] = joint

    def _in_row(self, block: int, joint: Joint, edge: Edge) -> Joint:
        """The joint of a block inside a row: the first begins a line, the others go on."""
        bars = " |" * edge.bars
        if self.row_start == NO_PARENT:
            self.row_start, self.row_start_bars = block, f"{bars[1:]} " if bars else ""
            return replace(joint, label=f"{self.row_start_bars}{joint.label}", continues="")
        self.is_parted = self.is_parted or edge.bars > 0
        return replace(
            joint, gap=f"{bars} " if bars or edge.has_space or edge.is_hard else "", continues=""
        )

    def line_elements(
        self, tags: Sequence[str], parents: Sequence[int], with_text: set[int]
    ) -> dict[int, int]:
        """For each unknown element that is part of a line: the element that the line stands in.

        ``with_text`` are the elements that hold text of their own; where none does, and the element around is
        no paragraph, unknown elements side by side are taken for blocks.
        """
        lines: dict[int, int] = {}
        for element in sorted(self.soft):
            parent = parents[element]
            if element in self.holds_blocks or parent == NO_PARENT:
                continue
            if parent in lines or parent in with_text or tags[parent] in LINES:
                lines[element] = lines.get(parent, parent)
        return lines

    def resolve(self, lines: dict[int, int]) -> None:
        """Settle for each block whether it goes on the line before, given `line_elements`."""
        for block, edge in self.soft_edges.items():
            if not all(element in lines for element in edge.crossed):
                continue
            if not edge.line_breaks:
                self.change(block, gap=" " if edge.has_space else "", continues="")
            elif edge.line_breaks == 1:
                self.change(block, continues=LINE)


NO_JOINT: Final = Joint()
