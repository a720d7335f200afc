"""Tokens of a line for the first stage: its words and their shapes, in any language."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from winnow.corpus.lines import WIDE, Line

HEAD_WORDS: Final = 12  # read from a line's beginning
TAIL_WORDS: Final = 4  # and from its end, where it is longer
WHOLE_WORDS: Final = 4  # a line of so few is a token of its own
SHAPE_WORDS: Final = 6  # and of so few is one by its shape
PREFIX_CHARS: Final = 5  # stands for a word's inflections and compounds
IDEOGRAPH_CHARS: Final = 16  # read of a run without spaces
DIGIT: Final = re.compile(r"\d")
DIGIT_RUN: Final = re.compile(r"\d+")
END_CHARS: Final = ".:!?…,;)”\"'»]|>"


def line_tokens(line: Line) -> frozenset[str]:
    """The tokens of a line: words, their beginnings and pairs, the first and last word, the whole if short.

    >>> from winnow.corpus.lines import read_lines
    >>> [line] = read_lines("Share 12", [(0, 8)])
    >>> sorted(line_tokens(line))
    ['$00', '00', '=share 00', '^share', 'share', 'share 00', '§Aa 00']
    """
    words = [plain_word(word) for word in _read_words(line.runs)]
    tokens = {f"{one} {other}" for one, other in pairwise(words)}
    for word in words:
        if word.isascii() or not WIDE.search(word):
            tokens.add(word)
            if len(word) > PREFIX_CHARS:
                tokens.add(word[:PREFIX_CHARS] + "~")
        else:
            tokens.update(a + b for a, b in pairwise(word[:IDEOGRAPH_CHARS]))
    tokens.update(_line_ends(line, words))
    return frozenset(tokens)


def _line_ends(line: Line, words: list[str]) -> Iterator[str]:
    """The first and last word of a line, its last character, and a short line as a whole and by its shape."""
    if words:
        yield "^" + words[0]
        yield "$" + words[-1]
    if len(line.runs) <= WHOLE_WORDS:
        yield "=" + " ".join(words)
    if len(line.runs) <= SHAPE_WORDS:
        yield "§" + " ".join(map(word_shape, line.runs))
    if line.text[-1:] in END_CHARS and line.text:
        yield "." + line.text[-1]


def _read_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """A line's first words, and its last ones if it is longer."""
    return words[:HEAD_WORDS] + words[max(HEAD_WORDS, len(words) - TAIL_WORDS) :]


def plain_word(word: str) -> str:
    """A word without case, its numbers as ``00``."""
    folded = word[: 2 * IDEOGRAPH_CHARS].casefold()
    return folded if folded.isalpha() else DIGIT_RUN.sub("00", folded)


def word_shape(word: str) -> str:
    """The case of a word, or that it is a number: ``Aa``, ``aa``, ``AA``, ``A``, ``00``."""
    if DIGIT.match(word):
        return "00"
    if word.isupper():
        return "A" if len(word) == 1 else "AA"
    return "Aa" if word[:1].isupper() else "aa"
