"""The word lists of ``winnow/corpus/words/contacts.toml``."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_words(family: str, group: str) -> tuple[str, ...]:
    """One group of words."""
    return tuple(_table()[family][group])


def alternatives(words: Iterable[str]) -> str:
    """A pattern that matches any of these words, the longest possible."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(
        files("winnow.corpus").joinpath("words", "contacts.toml").read_text(encoding="utf8")
    )
