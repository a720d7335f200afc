"""Quotations that open and break off: the text behind them was lost before it came to us."""

import re
from typing import Final

from winnow.corpus.document import Document

# A dash, a comma or a colon, then a quotation mark with nothing behind it. A lone closing mark after
# a full stop is left alone: it ends a quotation of several paragraphs.
OPENED: Final = re.compile(r"[—–:,-]\s{1,3}(?P<mark>[\"“„«])\s{0,9}\Z")
TAIL_CHARS: Final = 20


def truncated_quotes(document: Document) -> tuple[int, ...]:
    """Offsets of quotation marks that end a line of the text although they open a quotation.

    >>> from winnow.corpus.document import Block
    >>> text = 'She said — "\\nRain fell.\\n'
    >>> truncated_quotes(Document(text, (Block(0, len(text)),)))
    (11,)
    """
    offsets = []
    for line in document.lines:
        start = max(0, len(line.raw) - TAIL_CHARS)
        match = OPENED.search(line.raw, start)
        if match and line.raw.count(match["mark"]) % 2:  # an even one closes what was opened before
            offsets.append(line.start + match.start("mark"))
    return tuple(offsets)
