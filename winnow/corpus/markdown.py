"""The kept text of a page in Markdown: headings, lists, quotations, code and tables as the page has them.

Nothing but marks is added: a Markdown reader shows the words of the kept text, in their order. What
would be a mark in the text itself is escaped, so that no document can bring markup of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from winnow.corpus.document import Block, Cleaned
from winnow.corpus.layout.page import CELL_BREAK
from winnow.corpus.raw import TEXT

MARKERS: Final = {"ul": "- ", "ol": "1. "}
HEADING: Final = re.compile(r"h[1-6]")
MIN_FENCE: Final = 3  # backticks around code
MAX_CELLS: Final = (
    1_000_000  # of a table that is filled up with empty cells; Markdown readers do so themselves
)
MAX_QUOTES: Final = 9  # quotations inside each other that are marked
BACKTICKS: Final = re.compile(r"`+")
CLOSING: Final = re.compile(r"(?<=\s)#+$")  # at a heading's end it would be left out
INSIDE: Final = re.compile(r"[\\*`\[~]|(?<![^\W_])_|_(?![^\W_])")  # a `_` inside a word is no mark
AT_START: Final = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[#>|]|[+-](?:\s|$)|--))")
LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
ENTITY: Final = re.compile(r"&(?=#?[A-Za-z0-9]{1,40};)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the kept text, and where the block that it begins in stands."""

    text: str
    tag: str
    tags: tuple[str, ...]  # of the elements around it and its own, outermost first
    table: str  # path of its table, "" outside

    @property
    def quotes(self) -> int:
        """How many quotations the line stands in, up to `MAX_QUOTES`."""
        return min(MAX_QUOTES, self.tags.count("blockquote"))

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists around an item, outermost first; () for a line that is no item."""
        is_item = self.tags[-1:] == ("li",) or (self.tags[-2:-1] == ("li",) and self.tag in ("p", "div"))
        return tuple(tag for tag in self.tags if tag in MARKERS) or ("ul",) if is_item else ()

    @property
    def kind(self) -> str:
        """Lines of the same kind side by side form one group; "" forms none."""
        if "pre" in self.tags:
            return "code"
        if self.tag == "tr":
            return self.table
        return "list" if self.lists else ""


def to_markdown(cleaned: Cleaned) -> str:
    r"""The kept text of a page in Markdown; a plain text is returned unchanged.

    >>> from winnow.corpus.document import Document
    >>> blocks = (Block(0, 5, "body/h2", "h2"), Block(5, 10, "body/ul/li", "li"))
    >>> to_markdown(Cleaned(Document("Rain\n5 < 6\n", blocks, content_type="text/html"), ()))
    '## Rain\n\n- 5 &lt; 6\n'
    """
    if cleaned.document.content_type == TEXT:
        return cleaned.text
    lines = [line for line in _kept_lines(cleaned) if line.text.strip()]
    groups = groupby(enumerate(lines), key=lambda at: (at[1].quotes, at[1].kind or at[0]))
    written: list[str] = []
    quotes_before = 0
    for (quotes, _), group in groups:
        if written:
            written.append(">" * quotes if quotes == quotes_before else "")
        written += [f"{'> ' * quotes}{text}" for text in _render_group([line for _, line in group])]
        quotes_before = quotes
    return "".join(f"{text}\n" for text in written)


def _render_group(lines: Sequence[_Line]) -> Iterable[str]:
    """A group of lines of one kind in Markdown."""
    first = lines[0]
    if first.kind == "code":
        return _code([line.text for line in lines])
    if first.kind == "list":
        return _items(lines)
    if first.kind:
        return _rows([line.text.split(CELL_BREAK) for line in lines])
    if HEADING.fullmatch(first.tag):
        return [f"{'#' * int(first.tag[1])} {CLOSING.sub(_escape_mark, _escape_line(first.text))}"]
    return [_escape_line(first.text)]


def _code(texts: Sequence[str]) -> list[str]:
    """Lines of code in a fence that none of them can close."""
    longest = max((len(run) for text in texts for run in BACKTICKS.findall(text)), default=0)
    fence = "`" * max(MIN_FENCE, longest + 1)
    return [fence, *texts, fence]


def _items(lines: Iterable[_Line]) -> Iterator[str]:
    """Items of lists, indented under the item that they belong to; never deeper than one more than the last."""
    opened: list[tuple[int, int]] = []  # depth on the page, and width of the marker
    for line in lines:
        depth, marker = len(line.lists), MARKERS[line.lists[-1]]
        while opened and opened[-1][0] >= depth:
            opened.pop()
        yield " " * sum(width for _, width in opened) + marker + _escape_line(line.text)
        opened.append((depth, len(marker)))


def _rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of a table as wide as its widest, the first as its head; plain lines, if there is only one column.

    In a table of very many rows and columns only the head is as wide.
    """
    columns = max(map(len, rows))
    if columns == 1:
        return "\n\n".join(_escape_line(cell) for [cell] in rows).split("\n")
    cells = [[_inline(cell).replace("|", r"\|") for cell in row] for row in rows]
    filled = cells if columns * len(cells) <= MAX_CELLS else cells[:1]
    for row in filled:
        row.extend([""] * (columns - len(row)))
    head, *body = cells
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *body)]


def _escape_line(text: str) -> str:
    """A line of text, escaped so that Markdown sees no marks in it."""
    return AT_START.sub(lambda match: (match[1] or "") + "\\", _inline(text))


def _inline(text: str) -> str:
    """Text with all marks that count inside a line escaped."""
    text = ENTITY.sub("&amp;", INSIDE.sub(_escape_mark, text.strip()))
    return text.replace("<", "&lt;")


def _escape_mark(match: re.Match[str]) -> str:
    return "\\" + match[0]


def _kept_lines(cleaned: Cleaned) -> Iterator[_Line]:
    """The kept text line by line; where a line break was removed, what follows belongs to the line before."""
    first, text = None, ""
    for block, piece in _kept_pieces(cleaned):
        for part in LINE.findall(piece):
            first, text = first or block, text + part
            if part.endswith("\n"):
                yield _line(first, text)
                first, text = None, ""
    if first:
        yield _line(first, text)


def _line(block: Block, text: str) -> _Line:
    labels = block.path.split("/") if block.path else [block.tag]
    tags = tuple(label.partition(".")[0] for label in labels)
    in_table = len(tags) - tags[::-1].index("table") if "table" in tags else 0
    return _Line(text.rstrip("\n"), block.tag, tags, "/".join(labels[:in_table]) or "table")


def _kept_pieces(cleaned: Cleaned) -> Iterator[tuple[Block, str]]:
    """What is kept of each block, in pieces."""
    text = cleaned.document.text
    blocks = cleaned.document.blocks or (Block(0, len(text)),)
    at = 0
    for start, end in _kept_spans(cleaned):
        while at < len(blocks) and blocks[at].start < end:
            block = blocks[at]
            if block.end > start:
                yield block, text[max(start, block.start) : min(end, block.end)]
            if block.end > end:
                break
            at += 1


def _kept_spans(cleaned: Cleaned) -> Iterator[tuple[int, int]]:
    at = 0
    for removal in cleaned.removals:
        yield at, removal.start
        at = removal.end
    yield at, len(cleaned.document.text)
