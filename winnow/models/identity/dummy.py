"""Dummy text: meaningless Latin, and words of a modern language in random order."""

import re
from functools import cache, reduce
from itertools import pairwise
from operator import and_
from typing import Final

from winnow.models.identity.generator_lexicon import load_lexicon

WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)?")
SENTENCE: Final = re.compile(r"[^.!?。]{1,300}+[.!?。]")
LATIN_SHARE: Final = 0.75  # of a sentence's words
LATIN_WORDS: Final = 3  # words of a sentence that are not also ordinary words elsewhere
ORDINARY_LATIN: Final = frozenset(
    "a ab ad in id et sit non sed cum eos est ex quo qui at error animi minus nemo modi labore".split()
)
READ_CHARS: Final = 700  # of a text that is read for drawn words; author blocks have no longer ones
SALAD_WORDS: Final = range(4, 21)  # of a sentence
SHORT: Final = 3  # letters of a word that holds sentences together, in most languages
SHORT_SHARE: Final = 0.3  # of a sentence's words; real sentences have more
CJK_SENTENCE: Final = range(6, 120)  # characters
CJK_WORD: Final = 5  # characters of the longest word tried
CJK_LETTERS: Final = re.compile(r"[぀-ヿ一-鿿]+")


def dummy_evidence(text: str) -> set[str]:
    """Names of the evidence of dummy text in a text.

    >>> sorted(dummy_evidence("Consequatur nihil esse laudantium dolores. Adipisci est iste consectetur."))
    ['latin']
    """
    if shows_latin(text):
        return {"latin"}
    if len(text) > READ_CHARS:
        return set()
    is_salad = [_is_salad(sentence) for sentence in _sentences(text)]
    if not any(is_salad):
        return set()
    is_run = any(map(all, pairwise(is_salad)))
    return {"salad", "salad_run"} if is_run else {"salad"}


def shows_latin(text: str) -> bool:
    """Whether a sentence is dummy Latin. Harm: real Latin is quoted; then it stands in no form."""
    latin = load_lexicon().latin
    if telling_latin().isdisjoint(_folded_words(text)):
        return False
    for sentence in _sentences(text) or [text]:
        words = _folded_words(sentence)
        latin_words = [word for word in words if word in latin]
        telling = [word for word in latin_words if word not in ORDINARY_LATIN]
        if len(telling) >= LATIN_WORDS and len(latin_words) >= LATIN_SHARE * len(words):
            return True
    return False


@cache
def telling_latin() -> frozenset[str]:
    """The words of dummy Latin that are not ordinary words elsewhere."""
    return load_lexicon().latin - ORDINARY_LATIN


def _sentences(text: str) -> list[str]:
    """What `SENTENCE` finds; behind the last full stop it would try every character in vain."""
    return SENTENCE.findall(text, 0, max(map(text.rfind, ".!?。")) + 1)


def _folded_words(text: str) -> list[str]:
    return "\n".join(WORD.findall(text)).casefold().split("\n")


def _is_salad(sentence: str) -> bool:
    """Whether a sentence is only words of one locale's list, with few of the small words that join them."""
    if "," in sentence:
        return False
    bare = sentence.strip(" .!?。")
    if CJK_LETTERS.fullmatch(bare):
        return len(bare) in CJK_SENTENCE and _is_made_of(bare, load_lexicon().cjk_salad)
    words, salad = bare.casefold().split(), load_lexicon().salad
    if len(words) not in SALAD_WORDS or not all(map(salad.__contains__, words)):
        return False
    shared = reduce(and_, map(salad.__getitem__, words))
    return bool(shared) and sum(len(word) <= SHORT for word in words) <= SHORT_SHARE * len(words)


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether a text without spaces can be cut into listed words, each as long as can be."""
    at = 0
    while at < len(text):
        step = next((n for n in range(CJK_WORD, 1, -1) if text[at : at + n] in words), 0)
        if not step:
            return False
        at += step
    return True
