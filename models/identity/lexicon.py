"""The word lists that generators draw from, as a small artifact made from the Faker package."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

ARTIFACT: Final = "artifacts/identity.json.gz"

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lower-case word lists, by locale where a locale's own lists must agree with each other."""

    first: Mapping[str, Words]
    last: Mapping[str, Words]
    suffix_locales: Mapping[str, tuple[str, ...]]  # legal form of a company -> locales with its surnames
    latin: Words
    jobs: Words
    city_suffixes: tuple[str, ...]
    any_first: Words
    any_last: Words

    def is_name(self, word: str) -> bool:
        """Whether a lower-case word is a first or last name of any locale."""
        return word in self.any_first or word in self.any_last


@cache
def load_lexicon() -> Lexicon:
    """The packaged lists."""
    packed = (files("models") / ARTIFACT).read_bytes()
    return lexicon_of(json.loads(gzip.decompress(packed)))


def lexicon_of(lists: Mapping[str, Mapping[str, list[str]]]) -> Lexicon:
    """A lexicon of lists by name and locale, as `models.identity.train` writes them."""
    by_locale = {
        name: {locale: frozenset(words) for locale, words in lists[name].items()}
        for name in ("first", "last")
    }
    suffix_locales: dict[str, tuple[str, ...]] = {}
    for locale, suffixes in lists["company_suffixes"].items():
        for suffix in suffixes if locale in by_locale["last"] else ():
            suffix_locales[suffix] = (*suffix_locales.get(suffix, ()), locale)
    return Lexicon(
        **by_locale,
        suffix_locales=suffix_locales,
        latin=frozenset(lists["latin"]["la"]),
        jobs=frozenset(lists["jobs"]["all"]),
        city_suffixes=tuple(lists["city_suffixes"]["en_US"]),
        any_first=frozenset().union(*by_locale["first"].values()),
        any_last=frozenset().union(*by_locale["last"].values()),
    )
