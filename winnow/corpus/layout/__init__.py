"""Layout: HTML and plain text become the same thing, one immutable text with blocks."""

from winnow.corpus.document import Block
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout.html import parse_page
from winnow.corpus.layout.laid_out import NO_PARENT, Page
from winnow.corpus.layout.page import lay_out_page
from winnow.corpus.layout.written import WrittenPage, write_page
from winnow.corpus.lines import split_lines

__all__ = ["NO_PARENT", "Page", "WrittenPage", "lay_out_page", "lay_out_text", "parse_page", "write_page"]


def lay_out_text(text: str) -> tuple[str, tuple[Block, ...]]:
    r"""A plain text as it is, one block a line. Raises UnreadableError (``empty``) for white space.

    >>> lay_out_text("Rain.\nSun.")[1]  # doctest: +ELLIPSIS
    (Block(start=0, end=6, ...), Block(start=6, end=10, ...))
    """
    if not text.strip():
        raise UnreadableError("empty", "nothing but white space and control characters")
    return text, tuple(Block(start, end) for start, end in split_lines(text))
