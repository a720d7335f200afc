"""The kept text of a page in Markdown: headings, lists, quotations, code and tables as the page has them.

Nothing but marks is added: a Markdown reader shows the words of the kept text, in their order. What
would be a mark in the text itself is escaped, so that no document can bring markup of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from winnow.corpus.document import Cleaned
from winnow.corpus.kept_lines import KeptLine, kept_lines
from winnow.corpus.layout.numbering import OWN_NUMBER
from winnow.corpus.markdown_text import cells_of, clipped, escaped_heading, escaped_line, fence
from winnow.corpus.raw import TEXT

BULLET: Final = "- "
NUMBER: Final = re.compile(r"(\d{1,9})\. (?=\S)")  # of an item of an ordered list
DELIMITERS: Final = ".)"  # another one begins another list
HARD_BREAK: Final = "  "  # at the end of a line that a `br` ends
HEADING: Final = re.compile(r"h[1-6]")
MIN_FENCE: Final = 3  # backticks around code
MAX_CELLS: Final = 1_000_000  # of a table that is filled up with empty cells; readers do so themselves


def to_markdown(cleaned: Cleaned) -> str:
    r"""The kept text of a page in Markdown; a plain text is returned unchanged.

    >>> from winnow.corpus.document import Block, Document
    >>> blocks = (Block(0, 5, "body/h2", "h2"), Block(5, 10, "body/ul/li", "li"))
    >>> to_markdown(Cleaned(Document("Rain\n5 < 6\n", blocks, content_type="text/html"), ()))
    '## Rain\n\n- 5 &lt; 6\n'
    """
    if cleaned.document.content_type == TEXT:
        return cleaned.text
    lines = [line for line in kept_lines(cleaned) if line.is_code or line.text.strip()]
    written: list[str] = []
    quotes_before = 0
    for (quotes, _), members in groupby(
        zip(_group_keys(lines), lines, strict=True), key=lambda pair: pair[0]
    ):
        texts = _render_group([line for _, line in members])
        if not texts:
            continue
        if written:
            written.append(">" * quotes if quotes == quotes_before else "")
        written += [f"{'> ' * quotes}{text}" for text in texts]
        quotes_before = quotes
    return "".join(f"{text}\n" for text in written)


def _group_keys(lines: Sequence[KeptLine]) -> Iterator[tuple[int, str | int]]:
    """For each line, how many quotations it stands in and what tells its group from those beside it."""
    first = 0
    for number, line in enumerate(lines):
        if not number or not line.goes_on(lines[number - 1]) or HEADING.fullmatch(line.tag):
            first = number
        yield line.quotes, line.kind or first


def _render_group(lines: Sequence[KeptLine]) -> list[str]:
    """A group of lines of one kind in Markdown."""
    first = lines[0]
    if first.kind == "code":
        return _code([line.text for line in lines])
    if first.kind == "list":
        return _items(lines)
    if first.kind:
        rows = [cells_of(line.text, line.code) for line in lines]
        if any(len(row) > 1 for row in rows):
            return _rows(rows)
        return "\n\n".join(escaped_line(line.text, line.code) for line in lines).split("\n")
    if HEADING.fullmatch(first.tag):
        return [f"{'#' * int(first.tag[1])} {escaped_heading(first.text, first.code)}"]
    texts = [escaped_line(line.text, line.code) for line in lines]
    return [*(f"{text}{HARD_BREAK}" for text in texts[:-1]), texts[-1]]


def _code(texts: list[str]) -> list[str]:
    """Lines of code in a fence that none of them can close, without blank ones around."""
    filled = [number for number, text in enumerate(texts) if text.strip()]
    if not filled:
        return []
    marks = fence(texts, MIN_FENCE)
    return [marks, *texts[filled[0] : filled[-1] + 1], marks]


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list that is open."""

    depth: int  # on the page
    marker: str
    number: int | None = None  # that its marker shows


@dataclass(slots=True)
class _Lists:
    """Lists that are being written."""

    written: list[str] = field(default_factory=list)
    opened: list[_Item] = field(default_factory=list)

    def go_on(self, line: KeptLine, *, is_break: bool) -> None:
        """Write a line of the item that is open; a paragraph, if that item was not kept."""
        if is_break:
            self.written[-1] += HARD_BREAK
        elif self.written:
            self.written.append("")
        self.written.append(self._indent() + escaped_line(line.text, line.code))

    def begin(self, line: KeptLine, depth: int, sibling: _Item | None) -> None:
        """Write the first line of an item."""
        item, start = _item(line, depth, sibling)
        if self.written and sibling is None and item.number not in {None, 1}:
            self.written.append("")  # only a list that begins with 1 may follow text
        code = clipped(line.code, start, len(line.text))
        self.written.append(f"{self._indent()}{item.marker}{escaped_line(line.text[start:], code)}")
        self.opened.append(item)

    def close(self, depth: int) -> _Item | None:
        """End the items that are no deeper than one, and say which was the outermost of them."""
        closed = None
        while self.opened and self.opened[-1].depth >= depth:
            closed = self.opened.pop()
        return closed

    def _indent(self) -> str:
        return " " * sum(len(item.marker) for item in self.opened)


def _items(lines: Iterable[KeptLine]) -> list[str]:
    """Items of lists, indented under the item that they belong to; never deeper than one more than the last."""
    lists, before = _Lists(), None
    for line in lines:
        depth = len(line.lists)
        if line.continues:
            lists.close(depth + 1)
            lists.go_on(line, is_break=before is not None and line.goes_on(before))
        else:
            lists.begin(line, depth, lists.close(depth))
        before = line
    return lists.written


def _item(line: KeptLine, depth: int, sibling: _Item | None) -> tuple[_Item, int]:
    """The item that a line begins, and where its text begins behind the number that Markdown shows itself.

    ``sibling`` is the item before it at the same indentation. A number that does not follow its own begins
    another list, by another delimiter.
    """
    match = NUMBER.match(line.text) if line.lists[-1] == "ol" else None
    if match is None or OWN_NUMBER.match(line.text, match.end()) or str(int(match[1])) != match[1]:
        return _Item(depth, BULLET), 0
    number, delimiter = int(match[1]), DELIMITERS[0]
    if sibling and sibling.number is not None:
        place = DELIMITERS.index(sibling.marker.strip()[-1])
        delimiter = DELIMITERS[place - (number != sibling.number + 1)]
    return _Item(depth, f"{number}{delimiter} ", number), match.end()


def _rows(rows: Sequence[list[str]]) -> list[str]:
    """Rows of a table as wide as its widest, the first as its head.

    In a table of very many rows and columns only the head is as wide.
    """
    columns = max(map(len, rows))
    filled = rows if columns * len(rows) <= MAX_CELLS else rows[:1]
    for row in filled:
        row.extend([""] * (columns - len(row)))
    head, *body = rows
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *body)]
