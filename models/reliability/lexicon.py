"""Word lists whose rates are features, and how often a text uses them."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Categories of words and phrases, in the order of ``lexicon.toml``."""

    names: tuple[str, ...]
    words: dict[str, tuple[int, ...]]  # word -> its categories
    phrases: dict[str, tuple[tuple[tuple[str, ...], int], ...]]  # first word -> phrases with their category

    def count(self, tokens: Sequence[str]) -> list[int]:
        """Uses of each category in lower-case tokens; a phrase is a run of them."""
        counts = [0] * len(self.names)
        for word, times in Counter(tokens).items():
            for category in self.words.get(word, ()):
                counts[category] += times
        for at, word in enumerate(tokens):
            for phrase, category in self.phrases.get(word, ()):
                counts[category] += tuple(tokens[at : at + len(phrase)]) == phrase
        return counts


@cache
def load_lexicon() -> Lexicon:
    """The categories of ``lexicon.toml``."""
    tables = tomllib.loads((files("models.reliability") / "lexicon.toml").read_text(encoding="utf8"))
    words: dict[str, list[int]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for category, table in enumerate(tables.values()):
        for entry in table["words"]:
            first, *rest = parts = entry.replace(":", " :").replace("/", " / ").split()
            if rest:
                phrases.setdefault(first, []).append((tuple(parts), category))
            else:
                words.setdefault(first, []).append(category)
    return Lexicon(
        tuple(tables),
        {word: tuple(found) for word, found in words.items()},
        {first: tuple(found) for first, found in phrases.items()},
    )
