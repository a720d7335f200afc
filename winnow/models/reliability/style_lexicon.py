"""Word lists whose rates of use are features."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress, count, pairwise


@dataclass(frozen=True, slots=True)
class StyleLexicon:
    """Categories of words and phrases, in the order of ``lexicon.toml``."""

    names: tuple[str, ...]
    words: dict[str, tuple[int, ...]]  # word -> its categories
    # first two words -> phrases with their category
    phrases: dict[tuple[str, str], list[tuple[list[str], int]]]

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
def load_style_lexicon() -> StyleLexicon:
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
    return StyleLexicon(
        tuple(tables), {word: tuple(categories) for word, categories in words.items()}, phrases
    )
