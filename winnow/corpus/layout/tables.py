"""Tables of data, whose rows become one line each; tables that only place things on a page are told apart."""

from dataclasses import dataclass, field
from typing import Final

from winnow.corpus.layout.html import PageTree

CELLS: Final = frozenset({"td", "th"})
HEADS: Final = frozenset({"th", "caption", "thead"})
PLACING_ROLES: Final = frozenset({"presentation", "none"})
# What no cell of a table of data holds: more than one line of a row could say.
PARTS: Final = frozenset(
    "table pre listing article section blockquote form fieldset h1 h2 h3 h4 nav main header footer hr".split()
)
PARAGRAPHS: Final = frozenset({"p", "div"})
MAX_CELL_CHARS: Final = 400  # of a cell of data; longer ones hold a page's text
MAX_HEADED_CELL_CHARS: Final = 2_000  # the same in a table with heads or a caption
MAX_PARAGRAPHS: Final = 2  # of a cell in a table without heads
MAX_SPAN: Final = 20  # columns and rows that a cell is followed over


def data_table(table: PageTree) -> "DataTable | None":
    """The table that an element is, None for one whose rows are no rows of data.

    That is a table that holds another, or headings, code, forms or long texts, which is there to place
    things on a page. Looks no further than the first of them, so that nested tables take linear time.
    """
    if (table.get("role") or "").lower() in PLACING_ROLES:
        return None
    chars, longest, has_heads = 0, 0, False
    paragraphs, most_paragraphs = 0, 0
    for element in table.iterdescendants():
        tag = element.tag
        if tag in PARTS:
            return None
        if tag in CELLS:
            chars = paragraphs = 0
        has_heads = has_heads or tag in HEADS
        chars += len(element.text or "") + len(element.tail or "")
        paragraphs += tag in PARAGRAPHS
        longest, most_paragraphs = max(longest, chars), max(most_paragraphs, paragraphs)
        if longest > MAX_HEADED_CELL_CHARS:
            return None
    is_plain = longest <= MAX_CELL_CHARS and most_paragraphs <= MAX_PARAGRAPHS
    return DataTable(has_heads) if has_heads or is_plain else None


@dataclass(slots=True)
class DataTable:
    """Where the reading of a table of data stands."""

    has_heads: bool  # or a caption: its columns mean something, also where cells are empty
    row: int = 0
    column: int = 0
    owed_bars: int = 0  # before the next cell of the row
    filled_until: dict[int, int] = field(
        default_factory=dict
    )  # by column: the last row that a cell above reaches

    def begin_row(self) -> None:
        """Begin a row."""
        self.row, self.column, self.owed_bars = self.row + 1, 0, 0

    def begin_cell(self, cell: PageTree) -> int:
        """How many bars stand before a cell: one for each column since the cell before it."""
        while self.filled_until.get(self.column, 0) >= self.row:
            self.column += 1
            self.owed_bars += 1
        bars, width = self.owed_bars, _span(cell, "colspan")
        if (height := _span(cell, "rowspan")) > 1 and self.column < MAX_SPAN:
            self.filled_until.update(
                dict.fromkeys(range(self.column, self.column + width), self.row + height - 1)
            )
        self.column += width
        self.owed_bars = width
        return bars


def _span(cell: PageTree, name: str) -> int:
    """How many columns or rows a cell takes."""
    value = cell.get(name) or ""
    return max(1, min(MAX_SPAN, int(value))) if value.isdecimal() and len(value) < MAX_SPAN else 1
