"""The walk over the tree of a page, in which its layout is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml.etree import iterwalk

from winnow.corpus.layout.formulas import script_tex
from winnow.corpus.layout.html import INLINE, UNSEEN, PageTree
from winnow.corpus.layout.inline import MARKED, NAMED
from winnow.corpus.layout.joints import ITEM, NO_JOINT, Joints
from winnow.corpus.layout.laid_out import NO_PARENT, Joint, Page
from winnow.corpus.layout.layout_calls import CALLS, LISTS, VERBATIM
from winnow.corpus.layout.numbering import OWN_NUMBER, Numbering, numbering
from winnow.corpus.layout.open_elements import OpenElements
from winnow.corpus.layout.openable import OpenableElements, is_shown
from winnow.corpus.layout.page_blocks import MAX_BLOCKS, PageBlocks
from winnow.corpus.layout.paragraph import Paragraph
from winnow.corpus.layout.piece_marks import CELL
from winnow.corpus.layout.tables import CELLS, DataTable, data_table
from winnow.corpus.layout.written import CELL_BREAK
from winnow.native import native_twin

PARTS: Final = frozenset({*LISTS, "table", "tr", "li"})


@native_twin(CALLS)
def laid_out(tree: PageTree, unseen: frozenset[str], *, with_hidden: bool) -> Page:
    """The page of a tree without the elements in ``unseen``, and without hidden ones unless they are asked for."""
    openable, skipped = OpenableElements(tree), None
    layout = _Layout(Paragraph(tree.get("lang") or ""), openable)
    paragraph, add = layout.paragraph, layout.paragraph.add
    walk = iterwalk(tree, events=("start", "end"))  # pages can be nested deeper than Python's calls
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if element is not skipped:
                layout.leave(tag)
            if openable.entered:
                openable.leave(element)
            if tail := element.tail:
                add(tail)
        elif tag not in unseen and (with_hidden or is_shown(element) or openable.enter(element)):
            has_stand_in = tag in MARKED or (tag in NAMED and element.attrib)
            if has_stand_in and paragraph.add_stand_in(element):
                skipped = element
                walk.skip_subtree()
            else:
                layout.enter(tag, element)
        else:
            skipped = element
            walk.skip_subtree()
            layout.skip(element)
    return layout.page()


@dataclass(slots=True)
class _Layout:
    """The page so far, and the paragraph that is being collected."""

    paragraph: Paragraph
    openable: OpenableElements
    elements: OpenElements = field(default_factory=OpenElements)
    joints: Joints = field(default_factory=Joints)
    made: PageBlocks = field(default_factory=PageBlocks)
    # Those that are open; None for a table without data, and for a list without numbers.
    tables: list[DataTable | None] = field(default_factory=list)
    lists: list[Numbering | None] = field(default_factory=list)
    items: list[bool] = field(default_factory=list)  # of lists that are open: whether they have text
    hidden_chars: int = 0

    def enter(self, tag: str, element: PageTree) -> None:
        """Begin an element and take the text before its first child."""
        if tag in INLINE:
            self.paragraph.enter(tag, element)
        else:
            self._open(tag, element)
        if text := element.text:
            self.paragraph.add(text)

    def leave(self, tag: str) -> None:
        """End an element."""
        if tag in INLINE:
            self.paragraph.leave(tag)
        elif tag != "br":
            self._close(tag)

    def skip(self, element: PageTree) -> None:
        """Pass over an element that is not shown."""
        if element.tag == "script":
            self.paragraph.add_once(script_tex(element))
        elif element.tag not in UNSEEN or element.tag == "noscript":
            self.hidden_chars += sum(map(len, element.itertext()))

    def page(self) -> Page:
        """The finished page."""
        self._end_block()  # outside the body
        made, columns, joints = self.made, self.elements.columns(), self._settled_joints()
        return Page(made.text(), tuple(made.blocks), made.runs(), columns, self.hidden_chars, joints)

    def _open(self, tag: str, element: PageTree) -> None:
        if tag in CELLS:
            self._open_cell(element)
        elif self.paragraph.pieces:
            self._end_block()
        if tag == "br":
            self.joints.break_line()
            return
        number = self.elements.open(tag, element, len(self.made.blocks))
        self.paragraph.open_verbatim += tag in VERBATIM
        if tag not in CELLS:
            self.joints.cross(number, tag)
        if tag in PARTS:
            self._open_part(tag, element, number)

    def _open_part(self, tag: str, element: PageTree, number: int) -> None:
        """Begin a table, a row, a list or an item."""
        if tag == "table":
            self.tables.append(data_table(element))
        elif tag == "tr":
            if self.tables and (table := self.tables[-1]) and self.joints.row == NO_PARENT:
                table.begin_row()
                self.joints.begin_row(number, keeps_bars=table.has_heads)
                self.paragraph.in_row = True
        elif tag == "li":
            self.items.append(False)
            numbers = self.lists[-1] if self.lists else None
            self.joints.label += numbers.label(element) if numbers else ""
        else:
            self.lists.append(numbering(element) if tag == "ol" else None)

    def _open_cell(self, cell: PageTree) -> None:
        """Begin a cell: in a table of data bars stand before it, in any other it begins a line."""
        table = self.tables[-1] if self.tables else None
        bars = table.begin_cell(cell) if table and self.joints.row != NO_PARENT else None
        if not self.paragraph.has_text:
            self.joints.edge.bars += bars or 0
            self.joints.edge.is_hard |= bars is None
        elif bars is not None:
            self.paragraph.pieces.append(" |" * bars + " ")
        elif self.paragraph.open_verbatim:
            self.paragraph.pieces.append(CELL_BREAK)
        else:
            self.paragraph.mark(f" {CELL} ")

    def _close(self, tag: str) -> None:
        if tag not in CELLS and self.paragraph.pieces:
            self._end_block()
        closed, parent = self.elements.close(len(self.made.blocks))
        self.paragraph.open_verbatim -= tag in VERBATIM
        if tag in PARTS:
            self._close_part(tag, closed)
        self.joints.close(closed, parent, tag, is_cell=tag in CELLS)

    def _close_part(self, tag: str, number: int) -> None:
        """End a table, a row, a list or an item."""
        if tag == "table":
            self.tables.pop()
        elif tag == "tr":
            if self.joints.row == number:
                self.joints.end_row(len(self.made.blocks) - 1)
                self.paragraph.in_row = False
        elif tag == "li":
            self.items.pop()
            self.joints.label = ""
        else:
            self.lists.pop()

    def _end_block(self) -> None:
        """Make a block of the paragraph so far, if it has text; in ``pre``, of each of its lines."""
        paragraph = self.paragraph
        if not paragraph.pieces:
            return
        ends = paragraph.pieces[-1][-1:].isspace()
        if paragraph.has_text:
            self.joints.edge.has_space |= paragraph.pieces[0][:1].isspace()
            text, code, breaks = paragraph.read()
            bars = 0
            if self.joints.row != NO_PARENT:
                text, bars = self.joints.without_last_bars(text)
            self._add_lines(text, Joint(code=code, breaks=breaks) if code or breaks else NO_JOINT)
            self.joints.edge.bars += bars
        self.joints.edge.has_space |= ends
        paragraph.clear()

    def _add_lines(self, text: str, joint: Joint) -> None:
        """Make a block of each line of a paragraph; blank ones between them are written before the next."""
        blank_lines, has_line = 0, False
        for number, line in enumerate(text.split("\n")):
            self.joints.edge.is_hard |= number > 0
            if bare := line.rstrip():
                self._add_block(
                    bare, len(text), replace(joint, blank_lines=blank_lines) if blank_lines else joint
                )
                blank_lines, has_line = 0, True
            else:
                blank_lines += has_line

    def _add_block(self, line: str, chars: int, joint: Joint) -> None:
        if len(self.made.blocks) == MAX_BLOCKS:
            self.made.lengthen(line)
            return
        joint, element = self._in_item(line, joint), self.elements.at
        self.joints.add(len(self.made.blocks), joint, is_verbatim=self.paragraph.open_verbatim > 0)
        place, is_closed = self.elements.place(element), bool(self.openable.entered)
        self.made.add(line, place, element, self.paragraph, chars, is_closed=is_closed)

    def _in_item(self, line: str, joint: Joint) -> Joint:
        """A joint with what the block is to the item of a list that it stands in."""
        if self.joints.label and OWN_NUMBER.match(line):
            self.joints.label = ""
        if not self.items:
            return joint
        is_first, self.items[-1] = not self.items[-1], True
        return joint if is_first else replace(joint, continues=ITEM)

    def _settled_joints(self) -> Mapping[int, Joint]:
        """The joints of the page, now that all its elements are known."""
        joints, elements = self.joints, self.elements
        lines = joints.line_elements(elements.tags, elements.parents, {*self.made.elements})
        joints.resolve(lines)
        places = (
            {block: lines[e] for block, e in enumerate(self.made.elements) if e in lines} if lines else {}
        )
        rows = {block: joint.row for block, joint in joints.joints.items() if joint.row != NO_PARENT}
        for block, element in (places | rows).items():
            joints.change(block, place=elements.place(element))
        return joints.joints
