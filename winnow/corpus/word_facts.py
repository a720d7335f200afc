"""A cache for facts about words, most of which recur in document after document."""

from collections.abc import Callable
from typing import Final, TypeVar

CACHED_WORDS: Final = 1 << 16  # a bound on memory: hostile texts hold any number of words
CACHED_CHARS: Final = 64  # of a word; longer ones are rare, and of any length

Fact = TypeVar("Fact")


class WordFacts(dict[str, Fact]):
    """The results of a function of words, computed once each: ``facts[word]``. Emptied after `CACHED_WORDS`.

    `functools.lru_cache` keeps its entries in the order of their use, which takes longer than most facts.

    >>> facts = WordFacts(len)
    >>> facts["rain"], facts
    (4, {'rain': 4})
    """

    def __init__(self, fact: Callable[[str], Fact]) -> None:
        super().__init__()
        self._fact = fact

    def __missing__(self, word: str) -> Fact:
        fact = self._fact(word)
        if len(self) >= CACHED_WORDS:
            self.clear()
        if len(word) <= CACHED_CHARS:
            self[word] = fact
        return fact
