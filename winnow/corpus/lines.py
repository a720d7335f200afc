"""Lines of a document with the facts about their shape that rules and models share."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import regex

from winnow.corpus.normal_form import composed
from winnow.corpus.word_breaks import (
    CLOSING,
    IDEOGRAPHS,
    MARK,
    RUN,
    SENTENCE_ENDS,
    SPACED_WORD,
    SPACELESS,
    has_spaceless_letters,
    is_far,
    is_marked,
    spaceless_count,
)
from winnow.native import native_twin

# Of a document that are told apart: each takes some 20 microseconds and 400 bytes. A document of the greatest size
# that is read by default, 20 MB, has as many if they are 80 characters long on average.
MAX_LINES = 250_000
LONG_WEIGHT = 160  # characters from which a line is a paragraph (prototype text/lines.py)
SHORT_PARAGRAPH_WEIGHT = 60  # characters above which a sentence counts as one, where no line is long (same)
SENTENCE_WORDS = 8  # words of a sentence, of which each 12 characters count as one more
SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # every character that ``\\s`` matches
BULLETS = "-–—•*·>|#▪●◦‣►→»"
END = re.compile(rf"[{SENTENCE_ENDS}][{re.escape(CLOSING)}*]*$")
# Letters that say as much as three of a Latin text, whether or not spaces stand between their words
WIDE = re.compile(rf"[{IDEOGRAPHS}\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb\uffa0-\uffdc]+")
WIDE_WEIGHT = 3
JOINTS = r"['’\-]"  # that hold words together
PLAIN_RUN = re.compile(rf"\w+(?:{JOINTS}\w+)*")
ANY_RUN = regex.compile(f"{RUN}(?:{JOINTS}{RUN})*+", regex.VERSION1)
PLAIN_SPACED = rf"[^\W{IDEOGRAPHS}]+(?:{JOINTS}[^\W{IDEOGRAPHS}]+)*"
ANY_SPACED = rf"{SPACED_WORD}(?:{JOINTS}{SPACED_WORD})*+"
PLAIN_SPACED_WORD = re.compile(PLAIN_SPACED)
ANY_SPACED_WORD = regex.compile(ANY_SPACED, regex.VERSION1)
PLAIN_WORD = re.compile(f"[{IDEOGRAPHS}]|{PLAIN_SPACED}")
ANY_WORD = regex.compile(f"[{SPACELESS}]{MARK}*+|{ANY_SPACED}", regex.VERSION1)
NOT_WORD = re.compile(r"[\W_]+")
# Accents part words as they ever did: word lists have what casefolding makes of Turkish capitals, "i lgi li"
BARE_WORD = regex.compile(
    rf"[\p{{L}}\p{{N}}][[\p{{L}}\p{{N}}{MARK}\u200c\u200d]--[\u0300-\u036f]]*+", regex.VERSION1
)
TYPOGRAPHY = "’“”–—‘…•\xa0"  # none of them part of a word
ASCII_WORDS = "".join(c if c.isalnum() else " " for c in map(chr, range(128)))  # for `str.translate`


class _Facts:
    """Facts about a line, each worked out when it is first asked for.

    They are kept in slots, which take a third of the memory of cached properties and are read sooner: a text of
    short lines has hundreds of thousands.
    """

    __slots__ = (
        "folded",
        "folded_words",
        "is_sentence",
        "key",
        "runs",
        "text",
        "weight",
        "word_count",
        "words",
    )

    text: str  # the line without bullets and rules at its ends, soft hyphens gone, spaces plain
    folded: str  # `text` for comparing without case
    words: tuple[str, ...]  # the words of `text`, punctuation left out; apostrophes and hyphens join them
    runs: tuple[str, ...]  # the same, where letters of scripts without spaces are not parted either
    word_count: int  # how many words long `text` is: two ideographs are one
    folded_words: tuple[str, ...]  # `words` for comparing without case
    key: str  # `text` as bare lower-case words: equal for two printings of the same line
    weight: int  # the `text_weight` of `text`
    is_sentence: bool  # ends like a sentence and has the words for one

    # Hidden from type checkers, which would take any misspelt name for a fact.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A fact that nobody has asked for yet."""
            if name not in FACTS:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = FACTS[name](self)
            object.__setattr__(self, name, value)
            return value


@dataclass(frozen=True, slots=True)
class Line(_Facts):
    """One line that carries text, with its offsets in the document."""

    start: int
    end: int  # its newline left out
    stop: int  # its newline included: the whole line is ``text[start:stop]``
    raw: str

    @property
    def is_long(self) -> bool:
        """Long enough to be a paragraph of running text."""
        return self.weight >= LONG_WEIGHT

    @property
    def is_short_paragraph(self) -> bool:
        """A sentence long enough to be running text where no line is long."""
        return self.is_sentence and self.weight > SHORT_PARAGRAPH_WEIGHT


def _text(line: Line) -> str:
    plain = composed(line.raw.replace("\xad", "").replace("\xa0", " "))
    return plain.rstrip(SPACES + "|").lstrip(SPACES + BULLETS)


def _folded(line: Line) -> str:
    folded = line.text.casefold()
    return line.text if folded == line.text else folded  # one text is kept then, not two


def _key(line: Line) -> str:
    key = bare_words(line.folded)
    return line.folded if key == line.folded else key


def _is_sentence(line: Line) -> bool:
    return bool(END.search(line.text)) and line.word_count + line.weight // 12 >= SENTENCE_WORDS


def _runs(line: Line) -> tuple[str, ...]:
    return word_runs(line.text)


def _words(line: Line) -> tuple[str, ...]:
    if not has_spaceless_letters(line.text):
        return line.runs
    return tuple((ANY_WORD if is_marked(line.text) else PLAIN_WORD).findall(line.text))


def _word_count(line: Line) -> int:
    if not has_spaceless_letters(line.text):
        return len(line.runs)
    spaced = ANY_SPACED_WORD if is_marked(line.text) else PLAIN_SPACED_WORD
    return len(spaced.findall(line.text)) + spaceless_count(line.text)


FACTS: Final[Mapping[str, Callable[[Line], object]]] = {
    "text": _text,
    "folded": _folded,
    "words": _words,
    "runs": _runs,
    "word_count": _word_count,
    "folded_words": lambda line: tuple(map(str.casefold, line.words)),
    "key": _key,
    "weight": lambda line: text_weight(line.text),
    "is_sentence": _is_sentence,
}


def _other_runs(text: str) -> tuple[str, ...]:
    return tuple((ANY_RUN if is_marked(text) else PLAIN_RUN).findall(text))


def _other_words(folded: str) -> str:
    folded = without_typography(folded)
    if folded.isascii():  # most texts are, and this takes a third of the time
        return " ".join(folded.translate(ASCII_WORDS).split())
    if is_marked(folded):  # vowel signs belong to words
        return " ".join(BARE_WORD.findall(folded))
    return NOT_WORD.sub(" ", folded).strip()


# What the native functions ask of Python: texts with marks, and in scripts that may have them.
CALLS: Final = SimpleNamespace(other_runs=_other_runs, other_words=_other_words)


@native_twin(CALLS)
def word_runs(text: str) -> tuple[str, ...]:
    """The words of a text, punctuation left out; apostrophes and hyphens join them, ideographs are not parted.

    >>> word_runs("It's well-known: 今天")
    ("It's", 'well-known', '今天')
    """
    return _other_runs(text)


@native_twin(CALLS)
def bare_words(folded: str) -> str:
    """The words of a casefolded text, one space between two and nothing else.

    >>> bare_words("Don't miss: E-Mail!".casefold())
    'don t miss e mail'
    """
    return _other_words(folded)


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
    """How many characters long a text is, where an ideograph, kana or Korean syllable counts as three."""
    if not is_far(text):
        return len(text)
    return len(text) + (WIDE_WEIGHT - 1) * sum(map(len, WIDE.findall(text)))


def split_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    r"""Offsets of each line of ``text[start:end]``, its ``\n`` included (the last may have none).

    What follows the first `MAX_LINES` lines counts as one line, whatever breaks it has.
    """
    end = len(text) if end is None else end
    for _ in range(MAX_LINES - 1):
        if start >= end:
            return
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline + 1
        yield start, stop
        start = stop
    if start < end:
        yield start, end


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
