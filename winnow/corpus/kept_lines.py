"""The kept text of a document line by line, each with its place on the page."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from winnow.corpus.document import Block, Cleaned
from winnow.corpus.layout.joints import LINE
from winnow.corpus.layout.laid_out import Span
from winnow.corpus.layout.layout_calls import VERBATIM
from winnow.corpus.markdown_text import clipped

LISTS: Final = frozenset({"ul", "ol"})
MAX_QUOTES: Final = 9  # quotations inside each other that are marked
LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of the kept text, and where the block that it begins in stands."""

    text: str
    tag: str
    tags: tuple[str, ...]  # of the elements around it and its own, outermost first
    table: str  # path of its table, "" outside
    block: int = 0  # number of the block
    continues: str = ""  # `Block.continues`
    code: tuple[Span, ...] = ()  # inline code in `text`

    @property
    def quotes(self) -> int:
        """How many quotations the line stands in, up to `MAX_QUOTES`."""
        return min(MAX_QUOTES, self.tags.count("blockquote"))

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists around an item, outermost first; () for a line that is no item."""
        is_item = self.tags[-1:] == ("li",) or (self.tags[-2:-1] == ("li",) and self.tag in ("p", "div"))
        return tuple(tag for tag in self.tags if tag in LISTS) or ("ul",) if is_item else ()

    @property
    def is_code(self) -> bool:
        """Whether the line is one of preformatted text."""
        return not VERBATIM.isdisjoint(self.tags)

    @property
    def kind(self) -> str:
        """Lines of the same kind side by side form one group; "" forms none."""
        if self.is_code:
            return "code"
        if self.tag == "tr":
            return self.table
        return "list" if self.lists else ""

    def goes_on(self, before: "KeptLine") -> bool:
        """Whether the line and the one before it are parted by nothing but a `br`."""
        return self.continues == LINE and self.block == before.block + 1 and self.tags == before.tags


def kept_lines(cleaned: Cleaned) -> Iterator[KeptLine]:
    """The kept text line by line; where a line break was removed, what follows belongs to the line before."""
    parts: list[tuple[int, str]] = []  # of the line, each with its place in the document
    first = 0
    for number, start, piece in _kept_pieces(cleaned):
        for match in LINES.finditer(piece):
            first = first if parts else number
            parts.append((start + match.start(), match[0]))
            if match[0].endswith("\n"):
                yield _line(cleaned, first, parts)
                parts = []
    if parts:
        yield _line(cleaned, first, parts)


def _line(cleaned: Cleaned, number: int, parts: Sequence[tuple[int, str]]) -> KeptLine:
    """A line that is put together from what is kept of it, and begins in a block."""
    document = cleaned.document
    block = document.blocks[number] if document.blocks else Block(0, len(document.text))
    labels = block.path.split("/") if block.path else [block.tag]
    tags = tuple(label.partition(".")[0] for label in labels)
    in_table = len(tags) - tags[::-1].index("table") if "table" in tags else 0
    text = "".join(part for _, part in parts).rstrip("\n")
    continues = block.continues if parts[0][0] == block.start else ""
    table = "/".join(labels[:in_table]) or "table"
    return KeptLine(text, block.tag, tags, table, number, continues, tuple(_code_in(document.code, parts)))


def _code_in(code: Sequence[Span], parts: Iterable[tuple[int, str]]) -> Iterator[Span]:
    """The spans of inline code in a line, counted from its start."""
    length = 0
    for start, part in parts:
        end = start + len(part.rstrip("\n"))
        first = max(0, bisect_right(code, (start, start)) - 1)
        last = bisect_right(code, (end, end))
        yield from ((length + a, length + b) for a, b in clipped(code[first:last], start, end))
        length += len(part)


def _kept_pieces(cleaned: Cleaned) -> Iterator[tuple[int, int, str]]:
    """What is kept of each block, in pieces: the number of the block, where the piece begins, its text."""
    text = cleaned.document.text
    blocks = cleaned.document.blocks or (Block(0, len(text)),)
    at = 0
    for start, end in _kept_spans(cleaned):
        while at < len(blocks) and blocks[at].start < end:
            block = blocks[at]
            if block.end > start:
                first = max(start, block.start)
                yield at, first, text[first : min(end, block.end)]
            if block.end > end:
                break
            at += 1


def _kept_spans(cleaned: Cleaned) -> Iterator[tuple[int, int]]:
    at = 0
    for removal in cleaned.removals:
        yield at, removal.start
        at = removal.end
    yield at, len(cleaned.document.text)
