"""Where words begin and end, in scripts with spaces between them and in scripts without.

One notion for all that counts words: features and weights of models, lengths of lines, sketches of texts.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import regex

# Letters of scripts that put no spaces between words: each, with the marks on it, counts as a word.
SPACELESS: Final = (
    r"[[\p{Han}\p{Hiragana}\p{Katakana}ー々〆\p{Bopomofo}\p{Yi}\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}]&&\p{L}]"
)
# Elsewhere a word is a run of letters, digits and what belongs to them: accents, vowel signs, joiners.
WORD: Final = regex.compile(
    rf"{SPACELESS}\p{{M}}*+|[[\p{{L}}\p{{N}}_]--{SPACELESS}][[\p{{L}}\p{{N}}\p{{M}}_\u200c\u200d]--{SPACELESS}]*+",
    regex.VERSION1,
)
SPACELESS_LETTER: Final = regex.compile(SPACELESS, regex.VERSION1)
PLAIN_WORD: Final = re.compile(r"\w+")  # all that most texts need, in a third of the time
# Scripts without spaces and signs that ``\w`` leaves out all lie here, among others.
UNUSUAL: Final = re.compile("[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u200c\u200d\u2e80-\U0003ffff]")
# Ends of sentences: those of Western scripts, then Chinese, Hindi, Urdu, Armenian, Amharic, Tibetan, Burmese, Khmer.
SENTENCE_ENDS: Final = ".!?…" + "。！？．｡" + "।॥۔؟։።།။។"


def words_in(text: str) -> Iterator[str]:
    """The words of a text in their order.

    >>> [*words_in("Rain fell: 今天下雨. हिन्दी")]
    ['Rain', 'fell', '今', '天', '下', '雨', 'हिन्दी']
    """
    return (match[0] for match in _pattern(text).finditer(text))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    text = text.lower()
    return _pattern(text).findall(text)


def is_spaceless(text: str) -> bool:
    """Whether any letter of a text is of a script that puts no spaces between words."""
    return not text.isascii() and SPACELESS_LETTER.search(text) is not None


def has_words(text: str, least: int) -> bool:
    """Whether a text has at least so many words."""
    return sum(1 for _ in islice(words_in(text), least)) == least


def _pattern(text: str) -> "re.Pattern[str] | regex.Pattern[str]":
    """The pattern of the words of a text."""
    return WORD if not text.isascii() and UNUSUAL.search(text) else PLAIN_WORD
