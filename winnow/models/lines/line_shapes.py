"""Features of the shape of a line by itself, in any language."""

import math
import re
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.lines import Line

Matrix = NDArray[np.float64]

READ_CHARS: Final = 160  # of a line, for its characters: all of a short line
READ_WORDS: Final = 30  # of a line, for their case: all of a short one's
URL: Final = re.compile(r"https?://\S|www\.|\w\.(?:com|org|net|de|uk|fr|es|pl|br|info|ru)\b", re.IGNORECASE)
DAY: Final = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2}|\b(?:19|20)\d\d\b|[12]\d{3}年")
CLOCK: Final = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
CODE: Final = "{}[]();=<>\\$_`*/+^~"
QUOTES: Final = '"“”„«»「」'

OUTLINE_NAMES: Final = (
    *("weight", "words", "word_length", "sentence", "colon", "ellipsis", "comma", "period", "bullet", "number_first"),
)  # fmt: skip
LOOK_NAMES: Final = (
    *("upper", "capitalised", "digits", "marks", "code", "quotes", "bars", "ask", "bang", "hash", "at", "copyright"),
    *("url", "day", "clock", "lower_first", "bracketed"),
)  # fmt: skip


def outlines(lines: Iterable[Line]) -> Matrix:
    """Length and ends of lines, columns `OUTLINE_NAMES`, which are features of a line's neighbours as well."""
    rows = [_outline(line) for line in lines]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(OUTLINE_NAMES))


def looks(lines: Iterable[Line]) -> Matrix:
    """Characters and case of lines, columns `LOOK_NAMES`; the costliest features, so give no more lines than needed."""
    rows = [_look(line) for line in lines]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(LOOK_NAMES))


def _outline(line: Line) -> tuple[float, ...]:
    text, last, first = line.text, line.text[-1:], line.raw.lstrip()[:1]
    size, words = min(READ_CHARS, line.weight), min(READ_WORDS, line.word_count)
    return (
        math.log1p(line.weight),
        math.log1p(line.word_count),
        max(1, size) / max(1, words),
        line.is_sentence,
        last in ":：" and bool(last),
        text.endswith(("…", "...")),
        last == ",",
        last in ".。" and bool(last),
        first in "•*-–—·▪►→»|" and bool(first),
        text[:1].isdigit(),
    )


def _look(line: Line) -> tuple[float, ...]:
    text, words = line.text[:READ_CHARS], line.runs[:READ_WORDS]
    size, last = max(1, len(text)), line.text[-1:]
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    letters_and_digits = letters + digits if text.isascii() else sum(map(str.isalnum, text))
    count: Callable[[str], int] = text.count
    return (
        sum(map(str.isupper, text)) / max(1, letters),
        sum(word[0].isupper() for word in words) / max(1, len(words)),
        digits / size,
        1 - letters_and_digits / size - count(" ") / size,
        sum(map(count, CODE)) / size,
        sum(map(count, QUOTES)),
        count("|"),
        count("?"),
        count("!"),
        count("#"),
        count("@"),
        "©" in text,
        "." in text and URL.search(text) is not None,
        digits > 1 and DAY.search(text) is not None,
        digits > 2 and CLOCK.search(text) is not None,
        text[:1].islower(),
        text[:1] in "([" and last in ")]" and bool(text),
    )
