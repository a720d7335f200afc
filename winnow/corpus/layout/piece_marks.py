"""Marks inside a paragraph that is being collected: where inline code and cells begin."""

import re
from typing import Final

from winnow.corpus.layout.laid_out import Span
from winnow.corpus.normal_form import plain_text

CODE_START: Final = "\ufdd0"  # noncharacters, which Unicode leaves to programs
CODE_END: Final = "\ufdd1"
CELL: Final = "\ufdd2"
BAR: Final = "|"
NO_MARKS: Final = dict.fromkeys(map(ord, (CODE_START, CODE_END, CELL)))
MARK: Final = re.compile(f"([{CODE_START}{CODE_END}{CELL}])")


def read_marks(text: str) -> tuple[str, tuple[Span, ...], tuple[int, ...]]:
    """A paragraph without its marks, the spans of its inline code, and where cells are parted by `` | ``."""
    pieces: list[str] = []
    code: list[Span] = []
    bars: list[int] = []
    start, length, has_space = -1, 0, True
    for part in MARK.split(text):
        if part == CODE_START:
            start = length
        elif part == CODE_END:
            code.append((start, length))
            start = -1
        else:
            if part == CELL:
                bars.append(length - 1)
            bare = BAR if part == CELL else plain_text(part.removeprefix(" ") if has_space else part)
            if bare:
                pieces.append(bare)
                length, has_space = length + len(bare), bare.endswith(" ")
    if start >= 0:
        code.append((start, length))
    whole = "".join(pieces)
    bare_text = whole.rstrip(f" {BAR}") if bars and bars[-1] + 2 >= len(whole.rstrip()) else whole.rstrip()
    spans = (
        (a + len(inner) - len(inner.lstrip()), a + len(inner.rstrip()))
        for a, b in code
        if (inner := bare_text[a:b]).strip() and a >= 0
    )
    return bare_text, tuple(spans), tuple(bar for bar in bars if bar + 2 < len(bare_text))
