"""The word lists of bylines, in winnow/corpus/words/bylines.toml."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "bylines.toml"


@cache
def words_of_group(group: str) -> frozenset[str]:
    """The words of a group in all languages, in lower case."""
    return frozenset(word for words in _groups()[group].values() for word in words)


def alternatives(group: str) -> str:
    """The words of a group as a pattern, longer ones first."""
    return "|".join(sorted(map(re.escape, words_of_group(group)), key=len, reverse=True))


@cache
def any_word_of(group: str) -> re.Pattern[str]:
    """Any word of a group, the spaces around it included."""
    return re.compile(rf"(?:\s|\A)(?:{alternatives(group)})(?:\s|\Z)", re.IGNORECASE)


@cache
def _groups() -> dict[str, dict[str, list[str]]]:
    text = files("winnow.corpus").joinpath("words", FILE).read_text(encoding="utf8")
    return tomllib.loads(text)
