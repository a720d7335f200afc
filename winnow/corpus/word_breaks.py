"""Where words begin and end, in scripts with spaces between them and in scripts without.

One notion for all that counts words: features and weights of models, lengths of lines, sketches of texts.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import regex

# Letters of scripts that put no spaces between words: each, with the marks on it, counts as a word. As characters and
# ranges of a set, for `re` as for `regex`, which takes three times as long for properties; each range beyond U+FFFF
# costs more than all below, so that ancient kana are left out.
IDEOGRAPHS: Final = (  # of Chinese, Japanese and Yi, kana and Bopomofo
    "\u3005-\u3006\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\ua48c\uf900-\ufad9\uff66-\uff9d\U00020000-\U00033479"
)
ALPHABETS: Final = (  # of Thai, Lao, Burmese and Khmer
    "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf\u1000-\u102a\u103f"
    "\u1050-\u1055\u105a-\u105d\u1061\u1065-\u1066\u106e-\u1070\u1075-\u1081\u108e\u1780-\u17b3\u17d7\u17dc"
    "\ua9e0-\ua9e4\ua9e6-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a\uaa7e-\uaa7f"
)
SPACELESS: Final = IDEOGRAPHS + ALPHABETS
# Such letters that say as much as one English word: counted over the messages of Django 5.2 and their translations,
# 1.6 in Chinese, 2.7 in Japanese, 3.4 in Thai, 3.0 in Khmer, 3.1 in Burmese.
IDEOGRAPHS_A_WORD: Final = 2
LETTERS_A_WORD: Final = 3
# Elsewhere a word is a run of letters, digits and what belongs to them: accents, vowel signs, joiners.
MARK: Final = (
    r"[[\p{Mn}\p{Mc}]--[\ufe00-\ufe0f\U000e0100-\U000e01ef]]"  # none that choose how a sign or emoji looks
)
SPACED_WORD: Final = (
    rf"[[\p{{L}}\p{{N}}_]--[{SPACELESS}]][[\p{{L}}\p{{N}}{MARK}_\u200c\u200d]--[{SPACELESS}]]*+"
)
RUN: Final = rf"[\p{{L}}\p{{N}}_][\p{{L}}\p{{N}}{MARK}_\u200c\u200d]*+"  # all that stands between two spaces or signs
WORD: Final = regex.compile(rf"[{SPACELESS}]{MARK}*+|{SPACED_WORD}", regex.VERSION1)
# Most texts need no more than these, in a tenth of the time: those without marks, and of them those without ideographs.
UNMARKED_WORD: Final = re.compile(rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+")
PLAIN_WORD: Final = re.compile(r"\w+")
# All marks and joiners lie here, with the letters of scripts that are not written without them
MARKED: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711-\u1dff\u200c\u200d"
    "\u20d0-\u20ff\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua67d\ua69e\ua69f\ua6f0\ua6f1\ua802-\uabff\ufb1e\ufe20-\ufe2f"
    "\U00010000-\U0001e94a]"
)
IDEOGRAPH_RUN: Final = re.compile(f"[{IDEOGRAPHS}]+")
ALPHABET_RUN: Final = re.compile(f"[{ALPHABETS}]+")
SPACELESS_LETTER: Final = re.compile(f"[{SPACELESS}]")
FAR: Final = re.compile(
    "[\u0e01-\u1fff\u3005-\U0003ffff]"
)  # all of these lie here; it is found in a third of the time
SPACED_WORDS: Final = regex.compile(SPACED_WORD, regex.VERSION1)
SPACED_RUN: Final = re.compile(rf"[^\W{IDEOGRAPHS}]+")
# Ends of sentences: those of Western scripts, then Chinese, Hindi, Urdu, Armenian, Amharic, Tibetan, Burmese, Khmer.
SENTENCE_ENDS: Final = ".!?…" + "。！？．｡" + "।॥۔؟։።།။។"
# Quotation marks and brackets that may follow the end of a sentence
CLOSING: Final = "'\"”’»)]" + "」』）】》〉〕］｣"
HEAD_CHARS: Final = 4_096  # of a text, which mostly hold the words that are asked for
QUESTION_ENDS: Final = "?？؟"
# Letters of scripts that put a space between sentences, and no sign
UNPUNCTUATED: Final = re.compile("[\u0e01-\u0edf]")


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


def has_words(text: str, least: int) -> bool:
    """Whether a text has at least so many words; looks no further than its beginning where that has them."""
    head = text[:HEAD_CHARS]
    return _has_words(head, least) or (len(head) < len(text) and _has_words(text, least))


def _has_words(text: str, least: int) -> bool:
    return sum(1 for _ in islice(words_in(text), least)) == least


def word_count(text: str) -> int:
    """How many words long a text is: of letters that count as words, as many make one as say what a word says.

    >>> word_count("Rain fell."), word_count("今天下雨了。")
    (2, 3)
    """
    if not has_spaceless_letters(text):
        return len(_pattern(text).findall(text))
    spaced = SPACED_RUN.findall(text) if not is_marked(text) else SPACED_WORDS.findall(text)
    return len(spaced) + spaceless_count(text)


def spaceless_count(text: str) -> int:
    """How many words long the letters of scripts without spaces are in a text.

    >>> spaceless_count("Rain fell."), spaceless_count("今天下雨了。")
    (0, 3)
    """
    ideographs = sum(map(len, IDEOGRAPH_RUN.findall(text)))
    letters = sum(map(len, ALPHABET_RUN.findall(text)))
    return -(-ideographs // IDEOGRAPHS_A_WORD) - (-letters // LETTERS_A_WORD)


def has_spaceless_letters(text: str) -> bool:
    """Whether a text has letters of scripts that put no spaces between words."""
    return is_far(text) and SPACELESS_LETTER.search(text) is not None


def is_far(text: str) -> bool:
    """Whether a text may have letters of scripts without spaces, or of Korean: a quick look."""
    return not text.isascii() and FAR.search(text) is not None


def is_marked(text: str) -> bool:
    """Whether a text may have marks that belong to its words, such as vowel signs."""
    return not text.isascii() and MARKED.search(text) is not None


def _pattern(text: str) -> "re.Pattern[str] | regex.Pattern[str]":
    """The pattern of the words of a text."""
    if text.isascii():
        return PLAIN_WORD
    if MARKED.search(text):
        return WORD
    return UNMARKED_WORD if FAR.search(text) else PLAIN_WORD
