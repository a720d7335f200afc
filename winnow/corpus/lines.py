"""Lines of a document with the facts about their shape that rules and models share."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

LONG_WEIGHT = 160  # characters from which a line is a paragraph (prototype text/lines.py)
SHORT_PARAGRAPH_WEIGHT = 60  # characters above which a sentence counts as one, where no line is long (same)
SENTENCE_WORDS = 8  # words (or 12 characters each, for scripts without spaces) of a sentence
SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # every character that ``\\s`` matches
BULLETS = "-–—•*·>|#▪●◦‣►→»"
END = re.compile(r"[.!?…。！？؟]['\"”’»)\]*]*$")
IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
WORD = re.compile(r"\w+(?:['’\-]\w+)*")
NOT_WORD = re.compile(r"[\W_]+")
TYPOGRAPHY = "’“”–—‘…•\xa0"  # none of them part of a word
ASCII_WORDS = "".join(c if c.isalnum() else " " for c in map(chr, range(128)))  # for `str.translate`


@dataclass(frozen=True)
class Line:
    """One line that carries text, with its offsets in the document."""

    start: int
    end: int  # its newline left out
    stop: int  # its newline included: the whole line is ``text[start:stop]``
    raw: str

    @cached_property
    def text(self) -> str:
        """The line without bullets and rules at its ends, soft hyphens gone, spaces plain."""
        plain = unicodedata.normalize("NFC", self.raw.replace("\xad", "").replace("\xa0", " "))
        return plain.rstrip(SPACES + "|").lstrip(SPACES + BULLETS)

    @cached_property
    def folded(self) -> str:
        """`text` for comparing without case."""
        return self.text.casefold()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of `text`, punctuation left out."""
        return tuple(WORD.findall(self.text))

    @cached_property
    def folded_words(self) -> tuple[str, ...]:
        """`words` for comparing without case."""
        return tuple(map(str.casefold, self.words))

    @cached_property
    def key(self) -> str:
        """`text` as bare lower-case words: equal for two printings of the same line."""
        return bare_words(self.folded)

    @cached_property
    def weight(self) -> int:
        """The `text_weight` of `text`."""
        return text_weight(self.text)

    @property
    def is_long(self) -> bool:
        """Long enough to be a paragraph of running text."""
        return self.weight >= LONG_WEIGHT

    @cached_property
    def is_sentence(self) -> bool:
        """Ends like a sentence and has the words for one."""
        return bool(END.search(self.text)) and len(self.words) + self.weight // 12 >= SENTENCE_WORDS

    @property
    def is_short_paragraph(self) -> bool:
        """A sentence long enough to be running text where no line is long."""
        return self.is_sentence and self.weight > SHORT_PARAGRAPH_WEIGHT


def bare_words(folded: str) -> str:
    """The words of a casefolded text, one space between two and nothing else.

    >>> bare_words("Don't miss: E-Mail!".casefold())
    'don t miss e mail'
    """
    folded = without_typography(folded)
    if folded.isascii():  # most texts are, and this takes a third of the time
        return " ".join(folded.translate(ASCII_WORDS).split())
    return NOT_WORD.sub(" ", folded).strip()


def without_typography(text: str) -> str:
    """A text with typographic signs replaced by spaces, which leaves most English texts in ASCII.

    >>> without_typography("“Rain” — again…")
    ' Rain    again '
    """
    if not text.isascii():
        for sign in TYPOGRAPHY:
            text = text.replace(sign, " ")
    return text


def text_weight(text: str) -> int:
    """Characters of a text; an ideograph counts as three, because it carries as much meaning."""
    return len(text) if text.isascii() else len(text) + 2 * len(IDEOGRAPH.findall(text))


def split_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    r"""Offsets of each line of ``text[start:end]``, its ``\n`` included (the last may have none)."""
    end = len(text) if end is None else end
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline + 1
        yield start, stop
        start = stop


def read_lines(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Line, ...]:
    r"""Read the lines of the given stretches of a text, blank ones left out.

    >>> [line.raw for line in read_lines("Rain.\n\nSun.\n", [(0, 12)])]
    ['Rain.', 'Sun.']
    """
    lines = []
    for start, stop in (at for a, b in spans for at in split_lines(text, a, b)):
        raw = text[start:stop].removesuffix("\n")
        if raw.strip():
            lines.append(Line(start, start + len(raw), stop, raw))
    return tuple(lines)
