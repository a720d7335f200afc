"""The meaning of each feature of a source in words, and what a high value says of the rating."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

SIDES: Final = {True: "more than usual", False: "less than usual"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A feature in words."""

    text: str
    direction: str  # what more of it says of the rating: higher, lower, or style (no stable sign)
    group: str = ""  # among the reasons for a score, of `winnow.models.reliability.reasons.GROUPS`
    unit: str = ""  # of its rate


@cache
def feature_meanings() -> Mapping[str, Meaning]:
    """The meaning of every measured feature, from ``features.toml`` and ``lexicon.toml``."""
    lists = {
        name: Meaning(t["meaning"], t["direction"], t["group"], "in 1,000 words")
        for name, t in _table("lexicon").items()
    }
    tables = _table("features").values()
    others = {name: Meaning(*entry) for table in tables for name, entry in table.items()}
    return lists | others


@cache
def signal_meanings() -> Mapping[str, str]:
    """The meaning of every signal that is shown beside a score, from ``signals.toml``."""
    return _table("signals")


def in_words(name: str, *, is_more: bool) -> str:
    """A feature and whether a source has more of it than those of the training on average; or a signal.

    >>> in_words("mark_comma", is_more=False), in_words("named_author", is_more=True)
    ('commas: less than usual', 'a named author')
    """
    if meaning := feature_meanings().get(name):
        return f"{meaning.text}: {SIDES[is_more]}"
    return signal_meanings()[name]


def _table(name: str) -> dict[str, Any]:
    text = (files("winnow.models.reliability") / f"{name}.toml").read_text(encoding="utf8")
    return tomllib.loads(text)
