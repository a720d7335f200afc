"""What authors are that are no persons: labels, days, houses, sentences, addresses. A check apart from the product."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale

WORDS: Final = Path(__file__).with_suffix(".toml")
LANGUAGES: Final = (
    *"en de fr es it pt nl pl cs sk sv da nb fi hu ro tr".split(),
    *"ru uk bg el hr sl lt lv et id vi th hi ar fa he zh ja ko".split(),
)
WORD: Final = re.compile(r"[^\W_]+")
ADDRESS: Final = re.compile(r"://|www\.|@\w|\w\.(?:com|org|net|de|ru|gr|cn|uk|pl)\b", re.IGNORECASE)
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
MAX_WORDS: Final = 7  # of a name
MIN_SENTENCE_WORDS: Final = 4
MAX_HAN: Final = 8  # of a name
KINDS: Final = ("label", "day", "house", "sentence", "address")


def oddity(name: str) -> str:
    """What an author is instead of a person: one of `KINDS`; "" for what may be one.

    >>> oddity("Redaktion"), oddity("28. Juni"), oddity("Pigeon Ltd"), oddity("Rain is what we want")
    ('label', 'day', 'house', 'sentence')
    >>> oddity("Ada Moss")
    ''
    """
    lists, text = _lists(), name.casefold().strip(" .:：,|-")
    words = WORD.findall(text)
    if not words or text in lists["labels"] or text.startswith(tuple(lists["label_beginnings"])):
        return "label"
    if all(word.isdecimal() or word in _calendar() for word in words):
        return "day"
    if ADDRESS.search(name):
        return "address"
    if _is_sentence(name, words):
        return "sentence"
    return "house" if not lists["organisations"].isdisjoint(words) else ""


def odd_counts(authors: Iterable[Iterable[str]]) -> dict[str, int]:
    """How many authors of some pages are of each kind, and how many there are."""
    names = [name for page in authors for name in page]
    counts = Counter(map(oddity, names))
    return {"authors": len(names), **{kind: counts[kind] for kind in KINDS}}


def _is_sentence(name: str, words: list[str]) -> bool:
    is_long = len(words) >= MIN_SENTENCE_WORDS
    has_verb = is_long and not _lists()["sentence_words"].isdisjoint(words)
    return (
        len(words) > MAX_WORDS
        or len(HAN.findall(name)) > MAX_HAN
        or has_verb
        or (is_long and name[-1] in ".!?")
    )


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(words) for name, words in tomllib.loads(WORDS.read_text(encoding="utf8")).items()
    }


@cache
def _calendar() -> frozenset[str]:
    """Names of months and of days of the week, whole and short, of many languages, from Unicode CLDR."""
    names = (
        name
        for language in LANGUAGES
        for table in (Locale.parse(language).months, Locale.parse(language).days)
        for width in ("wide", "abbreviated")
        for name in table["format"][width].values()
    )
    return frozenset(word for name in names for word in WORD.findall(name.casefold()))
