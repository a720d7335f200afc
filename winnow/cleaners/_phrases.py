"""The small language in which word lists are written, compiled to bounded regular expressions.

A phrase is matched against the bare lower-case words of a line (`Line.key`), so that case,
punctuation and ornaments never matter. In it

- ``word`` stands for itself, ``a/b`` for one of two words, ``word?`` for a word that may be missing;
- ``word~`` for any word that begins so; ``#`` for a number; ``*`` for up to eight words.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from winnow.corpus.lines import bare_words

GAP: Final = r"(?:[^ ]{1,40} ){0,8}?"
NUMBER: Final = r"\d{1,12}(?: \d{1,3}){0,3}[km]? "  # 158, 1 200, 4 5k
ENDING: Final = r"[^ ]{0,20}"


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that matches any of the phrases, in bare words with a space behind each.

    >>> bool(compile_phrases(["# comment/comments"]).fullmatch(bare_words("1,200 comments") + " "))
    True
    """
    return re.compile(_pattern(phrases))


def compile_mentions(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases anywhere, in bare words with a space behind each and one before all."""
    return re.compile(" " + _pattern(phrases))  # a pattern that begins so is searched fast


class PhraseList:
    """Phrases and their pattern, which is compiled when it is first asked for: most documents need few of them."""

    def __init__(self, phrases: Iterable[str], *, are_mentions: bool = False) -> None:
        self._phrases = tuple(phrases)
        self._compile = compile_mentions if are_mentions else compile_phrases

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """As by `compile_mentions` or `compile_phrases`."""
        return self._compile(self._phrases)


def telling_words(phrases: Iterable[str]) -> frozenset[str]:
    """Words of which every text that matches a phrase has one; none where a phrase has no word of its own.

    A word that may go on has a mark behind it, ``word~``.

    >>> sorted(telling_words(["# comment/comments", "leave? a * reply", "abonn~"]))
    ['abonn~', 'comment', 'comments', 'reply']
    """
    of_phrases = [_telling_words(phrase) for phrase in phrases]
    return frozenset().union(*of_phrases) if all(of_phrases) else frozenset()


def _telling_words(phrase: str) -> frozenset[str]:
    """The alternatives of the phrase's longest slot that cannot be missing."""
    certain = [slot.split("/") for slot in phrase.split() if not set("*#?").intersection(slot)]
    words = max(certain, key=lambda words: min(map(len, words)), default=[])
    return frozenset(map(_telling_word, words))


def _telling_word(word: str) -> str:
    first, _, others = bare_words(word.casefold()).partition(" ")
    goes_on = word.endswith("~") and not others
    return first + "~" if goes_on else first


def _pattern(phrases: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(_expression, phrases))})"


def _expression(phrase: str) -> str:
    return "".join(_slot(part) for part in phrase.split())


def _slot(slot: str) -> str:
    if slot == "*":
        return GAP
    words = "|".join(NUMBER if word == "#" else _word(word) for word in slot.removesuffix("?").split("/"))
    return f"(?:{words})" + ("?" if slot.endswith("?") else "")


def _word(word: str) -> str:
    ending = ENDING if word.endswith("~") else ""
    return re.escape(bare_words(word.casefold())) + ending + " "
