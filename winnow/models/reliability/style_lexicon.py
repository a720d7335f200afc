"""Word lists whose rates are features, and how often a text uses them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress, count, pairwise


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Categories of words and phrases, in the order of ``lexicon.toml``."""

    names: tuple[str, ...]
    words: dict[str, tuple[int, ...]]  # word -> its categories
    phrases: dict[
        tuple[str, str], list[tuple[list[str], int]]
    ]  # first two words -> phrases with their category

    def phrase_categories(self, tokens: list[str]) -> list[int]:
        """The category of each phrase among lower-case tokens; a phrase is a run of them."""
        starts = compress(count(), map(self.phrases.__contains__, pairwise(tokens)))
        return [
            category
            for at in starts
            for phrase, category in self.phrases[tokens[at], tokens[at + 1]]
            if tokens[at : at + len(phrase)] == phrase
        ]


@cache
def load_lexicon() -> Lexicon:
    """The categories of ``lexicon.toml``."""
    tables = tomllib.loads((files("winnow.models.reliability") / "lexicon.toml").read_text(encoding="utf8"))
    words: dict[str, list[int]] = {}
    phrases: dict[tuple[str, str], list[tuple[list[str], int]]] = {}
    for category, table in enumerate(tables.values()):
        for entry in table["words"]:
            parts = entry.replace(":", " :").replace("/", " / ").split()
            if len(parts) > 1:
                phrases.setdefault((parts[0], parts[1]), []).append((parts, category))
            else:
                words.setdefault(parts[0], []).append(category)
    return Lexicon(tuple(tables), {word: tuple(found) for word, found in words.items()}, phrases)
