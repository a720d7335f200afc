"""What each feature of a source means, and what more of it says."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Meaning:
    """A feature in words."""

    text: str
    direction: str  # what more of it says of the rating: higher, lower, or style (no stable sign)


@cache
def feature_meanings() -> Mapping[str, Meaning]:
    """The meaning of every measured feature, from ``features.toml`` and ``lexicon.toml``."""
    lists = {
        name: Meaning(f"rate of {t['meaning']}", t["direction"]) for name, t in _tables("lexicon").items()
    }
    others = {
        name: Meaning(*said) for table in _tables("features").values() for name, said in table.items()
    }
    return lists | others


def _tables(name: str) -> dict[str, dict[str, str]]:
    text = (files("models.reliability") / f"{name}.toml").read_text(encoding="utf8")
    return tomllib.loads(text)
