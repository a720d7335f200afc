"""Rules made of word lists: read from ``words/<family>.toml``, applied line by line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cleaners._phrases import compile_mentions, compile_phrases
from cleaners._places import Place, stands_in
from corpus.document import Document, Removal
from corpus.lines import Line


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """A line is noise if it fits all the lists that the rule has, in its place and length."""

    name: str
    kind: str
    score: float  # share of firings on real articles that were read as right (see docs/rules.md)
    max_chars: int  # of a line's text
    place: Place
    whole: re.Pattern[str] | None  # the line is one of these
    opens: re.Pattern[str] | None  # it begins with one of these
    mentions: re.Pattern[str] | None  # one of these is in it
    unless: re.Pattern[str] | None  # none of these is in it

    def fits(self, line: Line) -> bool:
        """Whether a line's words and length fit, wherever it stands."""
        if len(line.text) > self.max_chars or not line.key:
            return False
        words = line.key + " "
        return (
            (self.whole is None or self.whole.fullmatch(words) is not None)
            and (self.opens is None or self.opens.match(words) is not None)
            and (self.mentions is None or self.mentions.search(words) is not None)
            and (self.unless is None or self.unless.search(words) is None)
        )


def phrase_hits(document: Document, family: str) -> dict[int, PhraseRule]:
    """Index into `Document.lines` -> the first rule of a family that the line fits."""
    rules = load_rules(family)
    longest = max(rule.max_chars for rule in rules)
    hits = {}
    for index, line in enumerate(document.lines):
        if line.end - line.start > 2 * longest or is_table_row(line):  # white space included
            continue
        for rule in rules:
            if rule.fits(line) and stands_in(document, index, rule.place):
                hits[index] = rule
                break
    return hits


def phrase_removals(document: Document, family: str) -> Iterator[Removal]:
    """Remove every line that a rule of the family fits."""
    for index, rule in phrase_hits(document, family).items():
        yield whole_line(document.lines[index], rule.kind, rule.name, rule.score)


def is_table_row(line: Line) -> bool:
    """Whether a line is a row of a table drawn with bars, whose cells are content whatever they say."""
    return line.raw.lstrip().startswith("|") and line.raw.count("|") > 1


def whole_line(line: Line, kind: str, rule: str, score: float) -> Removal:
    """Remove a line with its newline."""
    return Removal(line.start, line.stop, kind, rule, score)


@cache
def load_rules(family: str) -> tuple[PhraseRule, ...]:
    """The rules of ``words/<family>.toml``, in their order there."""
    return tuple(_rule(table) for table in _table(family)["rules"])


@cache
def load_words(family: str, group: str) -> frozenset[str]:
    """A group of plain words of ``words/<family>.toml``."""
    return frozenset(_table(family)["words"][group])


@cache
def _table(family: str) -> dict[str, Any]:
    return tomllib.loads(files("cleaners").joinpath("words", f"{family}.toml").read_text(encoding="utf8"))


def _rule(table: Mapping[str, Any]) -> PhraseRule:
    phrases = {
        name: _phrases(table[name]) for name in ("whole", "opens", "mentions", "unless") if name in table
    }
    return PhraseRule(
        name=table["name"],
        kind=table["kind"],
        score=table["score"],
        max_chars=table["max_chars"],
        place=table["place"],
        whole=compile_phrases(phrases["whole"]) if "whole" in phrases else None,
        opens=compile_phrases(phrases["opens"]) if "opens" in phrases else None,
        mentions=compile_mentions(phrases["mentions"]) if "mentions" in phrases else None,
        unless=compile_mentions(phrases["unless"]) if "unless" in phrases else None,
    )


def _phrases(by_language: Mapping[str, list[str]]) -> list[str]:
    return [phrase for phrases in by_language.values() for phrase in phrases]
