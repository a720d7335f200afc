"""Rules made of word lists: read from ``words/<family>.toml``, applied line by line."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, Final

from winnow.cleaners._content import is_content
from winnow.cleaners._phrases import PhraseList, telling_words
from winnow.cleaners._places import Place, stands_in
from winnow.corpus.document import Document, Removal
from winnow.corpus.lines import Line
from winnow.corpus.word_facts import WordFacts

# "comments(" of code, "contents." at the end of a paragraph
BROKEN_OFF: Final = re.compile(r"[,;({\[=，、；（]\Z|\A\w+[.?。？।؟۔]\Z|\A[a-z][^.]*\.\Z")
FamilyRules = tuple[tuple[str, frozenset[int]], ...]  # of families, the numbers of rules

LISTS: Final = ("whole", "opens", "mentions")  # of phrases that a line must fit


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """A line is noise if it fits all the lists that the rule has, in its place and length."""

    name: str
    kind: str
    score: float  # share of firings on real articles that were read as right (see docs/rules.md)
    max_chars: int  # of a line's text, as `Line.weight` counts them
    place: Place
    whole: PhraseList | None  # the line is one of these
    opens: PhraseList | None  # it begins with one of these
    mentions: PhraseList | None  # one of these is in it
    unless: PhraseList | None  # none of these is in it
    telling: frozenset[str]  # one of these words is in every line that fits

    def fits(self, line: Line) -> bool:
        """Whether a line's words and length fit, wherever it stands."""
        if line.weight > self.max_chars or not line.key:
            return False
        words = f" {line.key} "
        return (
            (self.whole is None or self._is_whole(line))
            and (self.opens is None or self.opens.pattern.match(words, 1) is not None)
            and (self.mentions is None or self.mentions.pattern.search(words) is not None)
            and (self.unless is None or self.unless.pattern.search(words) is None)
        )

    def _is_whole(self, line: Line) -> bool:
        """Whether a line is one of the phrases, and not the rest of a broken sentence or of code."""
        is_whole = self.whole is not None and self.whole.pattern.fullmatch(line.key + " ") is not None
        return is_whole and BROKEN_OFF.search(line.text) is None


def phrase_hits(document: Document, family: str) -> dict[int, PhraseRule]:
    """Index into `Document.lines` -> the first rule of a family that the line fits, unless the line is content."""
    noise = phrase_lines(document)
    hits = _family_hits(document)[family]
    return {index: rule for index, rule in hits.items() if not is_content(document, index, noise)}


@lru_cache(maxsize=1)  # every family asks in turn
def phrase_lines(document: Document) -> frozenset[int]:
    """Indices into `Document.lines` of those that fit a rule of any family, content or not."""
    return frozenset(chain.from_iterable(_family_hits(document).values()))


@lru_cache(maxsize=1)
def _family_hits(document: Document) -> Mapping[str, Mapping[int, PhraseRule]]:
    """Family -> index into `Document.lines` -> the first of its rules that the line fits."""
    return {family: dict(_hits(document, family)) for family in _families()}


def _hits(document: Document, family: str) -> Iterator[tuple[int, PhraseRule]]:
    rules = load_rules(family)
    longest = max(rule.max_chars for rule in rules)
    for index, numbers in _candidate_rules(document).get(family, {}).items():
        line = document.lines[index]
        if line.end - line.start > 2 * longest or is_table_row(line):  # white space included
            continue
        for number in sorted(numbers):
            if stands_in(document, index, rules[number].place) and rules[number].fits(line):
                yield index, rules[number]
                break


@lru_cache(maxsize=1)  # every family asks in turn
def _candidate_rules(document: Document) -> Mapping[str, Mapping[int, frozenset[int]]]:
    """Family -> index into `Document.lines` -> numbers of the rules that the line may fit, by its words.

    Lines with one such word, which are most, share their numbers.
    """
    rules_of, candidates = _rules_of_words(), defaultdict[str, dict[int, frozenset[int]]](dict)
    for index, line in enumerate(document.lines):
        for rules in map(rules_of.__getitem__, line.key.split()):
            for family, numbers in rules:
                before = candidates[family].get(index)
                candidates[family][index] = numbers if before is None else before | numbers
    return candidates


def rules_by_line(document: Document, names: frozenset[str]) -> Mapping[int, Sequence[PhraseRule]]:
    """Index into `Document.lines` -> the rules of some names that a piece of the line may fit, by its words."""
    rules = defaultdict[int, list[PhraseRule]](list)
    for family, numbers in _named_rules(names).items():
        for index, candidates in _candidate_rules(document).get(family, {}).items():
            if own := candidates & numbers:
                rules[index] += [load_rules(family)[number] for number in sorted(own)]
    return rules


@cache
def _named_rules(names: frozenset[str]) -> Mapping[str, frozenset[int]]:
    """Family -> numbers of its rules that have one of some names."""
    numbers = {
        family: frozenset(n for n, rule in enumerate(load_rules(family)) if rule.name in names)
        for family in _families()
    }
    return {family: own for family, own in numbers.items() if own}


@cache
def _rules_of_words() -> WordFacts[FamilyRules]:
    """The rules of any word: those that it tells of, whole or by its beginning. Few words have some."""
    rules = defaultdict[str, dict[str, frozenset[int]]](dict)
    for family in _families():
        for number, rule in enumerate(load_rules(family)):
            for word in rule.telling:
                rules[word][family] = rules[word].get(family, frozenset()) | {number}
    sizes = sorted({len(word) - 1 for word in rules if word.endswith("~")})

    def rules_of(word: str) -> FamilyRules:
        """The rules that a word tells of."""
        beginnings = (word[:size] + "~" for size in sizes if size <= len(word))
        return tuple(
            chain.from_iterable(rules[each].items() for each in (word, *beginnings) if each in rules)
        )

    return WordFacts(rules_of)


@cache
def _families() -> tuple[str, ...]:
    """The word lists that have rules, in the order of their names."""
    names = sorted(
        file.name.removesuffix(".toml") for file in (files("winnow.cleaners") / "words").iterdir()
    )
    return tuple(name for name in names if "rules" in _table(name))


def phrase_removals(document: Document, family: str) -> Iterator[Removal]:
    """Remove every line that a rule of the family fits."""
    for index, rule in phrase_hits(document, family).items():
        yield whole_line(document.lines[index], rule.kind, rule.name, rule.score)


def is_table_row(line: Line) -> bool:
    """Whether a line is a row of a table drawn with bars, whose cells are content whatever they say."""
    return line.raw.count("|") > 1 and line.raw.lstrip().startswith("|")


def whole_line(line: Line, kind: str, rule: str, score: float) -> Removal:
    """Remove a line with its newline."""
    return Removal(line.start, line.stop, kind, rule, score)


@cache
def load_rules(family: str) -> tuple[PhraseRule, ...]:
    """The rules of ``words/<family>.toml``, in their order there."""
    return tuple(_rule(table) for table in _table(family)["rules"])


def rule_phrases() -> Iterator[tuple[str, str, str]]:
    """Each phrase of each rule, the kind of noise that it marks, and the one of `LISTS` that it stands in.

    Phrases are in the language of `winnow.cleaners._phrases`; the line model is trained on them, too.
    """
    for rule in chain.from_iterable(_table(family)["rules"] for family in _families()):
        for part in LISTS:
            yield from ((phrase, rule["kind"], part) for phrase in _phrases(rule.get(part, {})))


@cache
def load_words(family: str, group: str) -> frozenset[str]:
    """A group of plain words of ``words/<family>.toml``."""
    return frozenset(_table(family)["words"][group])


@cache
def load_patterns(family: str, group: str) -> str:
    """A pattern for what a group of ``words/<family>.toml`` has in any language."""
    return "|".join(_phrases(_table(family)["patterns"][group]))


@cache
def _table(family: str) -> dict[str, Any]:
    return tomllib.loads(
        files("winnow.cleaners").joinpath("words", f"{family}.toml").read_text(encoding="utf8")
    )


def _rule(table: Mapping[str, Any]) -> PhraseRule:
    phrases = {name: _phrases(table[name]) for name in (*LISTS, "unless") if name in table}
    return PhraseRule(
        name=table["name"],
        kind=table["kind"],
        score=table["score"],
        max_chars=table["max_chars"],
        place=table["place"],
        whole=PhraseList(phrases["whole"]) if "whole" in phrases else None,
        opens=PhraseList(phrases["opens"]) if "opens" in phrases else None,
        mentions=PhraseList(phrases["mentions"], are_mentions=True) if "mentions" in phrases else None,
        unless=PhraseList(phrases["unless"], are_mentions=True) if "unless" in phrases else None,
        telling=_telling(phrases),
    )


def _telling(phrases: Mapping[str, list[str]]) -> frozenset[str]:
    """The words of one of the lists that a line must fit, the smallest list of them. ValueError without."""
    lists = [phrases[name] for name in LISTS if name in phrases]
    word_sets = [telling for telling in map(telling_words, lists) if telling]
    if not word_sets:
        raise ValueError(
            f"a rule needs a list whose phrases all have a word that cannot be missing: {lists}"
        )
    return min(word_sets, key=len)


def _phrases(by_language: Mapping[str, list[str]]) -> list[str]:
    return [phrase for phrases in by_language.values() for phrase in phrases]
