"""The kinds of rating lists, told by their columns, and what each says of a site.

Columns and values are those of the lists as they are published; ``docs/ratings.md`` says where.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from winnow.corpus.rating_option import RANGE
from winnow.models.reliability.list_tables import NOT_WORD

# Names of columns by `column_key`, the first that a row fills counts.
SITES: Final = ("domain", "source_url", "site", "website", "host", "source", "urls", "url")
DATES: Final = ("date", "last_updated", "updated", "rated_on")
RATINGS: Final = ("rating", "score", "label")
LEVELS: Final = ("factual_reporting", "factual_reporting_rating", "factual", "fact", "reporting")
CREDIBILITY: Final = ("credibility_rating", "credibility")
BIASES: Final = ("bias", "bias_rating")
TYPES: Final = ("type",)
STATUSES: Final = ("status", "reliability", "consensus")
SCALE: Final = "scale"
UNIT_SCALE: Final = "0-1"  # of PC1 and of CRED-1
NEWSGUARD_SCALE: Final = "0-100"
CRITERION: Final = "does_not_repeatedly_publish_false"  # how NewsGuard's first criterion begins
NUMBER: Final = re.compile(r"-?(?:\d{1,9}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,2})?", re.ASCII)
WORD_TABLES: Final = ("verdicts", "levels", "statuses", "types")  # the first that has a word counts
SHOWN_CHARS: Final = 60  # of a value in a message

Cells = Mapping[str, str]
Columns = frozenset[str]


class UnreadableRatingError(ValueError):
    """A rating that makes no sense: what, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row says of its site; neither a score nor satire where it does not rate it."""

    said: str  # in the list's words
    score: float | None = None  # 0 to 1
    is_satire: bool = False


UNRATED: Final = Verdict("")
SATIRE: Final = Verdict("satire", is_satire=True)


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list: how it is told, where it names sites, and how it rates them."""

    name: str
    is_told_by: Callable[[Columns], bool]
    verdict: Callable[[Cells], Verdict]
    sites: tuple[str, ...] = SITES


def kind_of(columns: Columns) -> ListKind | None:
    """The kind of a list with columns by `column_key`, the most specific one; None if it names no site or no rating."""
    return next(
        (kind for kind in KINDS if kind.is_told_by(columns) and columns.intersection(kind.sites)), None
    )


def first_cell(cells: Cells, names: tuple[str, ...]) -> str:
    """The first of some cells that holds anything, "" if none does."""
    return next((cells[name] for name in names if cells.get(name)), "")


def listed_values(cell: str) -> list[str]:
    """The texts of a cell, which may be a JSON list of them."""
    if cell.startswith("["):
        try:
            return [value for value in json.loads(cell) if isinstance(value, str)]
        except (ValueError, RecursionError):  # a text that happens to begin so
            return [cell]
    return [cell]


def own_verdict(cells: Cells) -> Verdict:
    """The rating in a column of our own: a number with its scale, or a word."""
    values = [cells[name] for name in RATINGS if cells.get(name)]
    words = [_words(value) for value in values]
    if any(word in _unrated("satire") for word in words):
        return SATIRE
    if not words or any(word in _unrated("others") for word in words):
        return UNRATED
    scale = cells.get(SCALE) or (NEWSGUARD_SCALE if _is_newsguard(cells) else "")
    for value in values:
        if NUMBER.fullmatch(value):
            return _scaled(value, scale)
    if words[0] not in _tables()["verdicts"]:
        known = ", ".join(_tables()["verdicts"])
        raise UnreadableRatingError(
            f"no rating is called {_shown(values[0])}; give a number like 0.75, or one of: {known}"
        )
    return _in_table(words[0], "verdicts")


def mapped_verdict(cells: Cells) -> Verdict:
    """The rating in a column that a user names: a number with its scale, or a word of any kind of list."""
    word = _words(cells.get("rating", ""))
    table = next((each for each in WORD_TABLES if word in _tables()[each]), "verdicts")
    return own_verdict(cells) if table == "verdicts" else _in_table(word, table)


def _mbfc_verdict(cells: Cells) -> Verdict:
    if (bias := _words(first_cell(cells, BIASES))) in _unrated("satire"):
        return Verdict(bias, is_satire=True)
    for columns, table in ((LEVELS, "levels"), (CREDIBILITY, "credibility")):
        level = _words(first_cell(cells, columns).partition(" - ")[0])
        if level not in _unrated("others"):
            return _in_table(level, table)
    return own_verdict(cells)


def _pc1_verdict(cells: Cells) -> Verdict:
    return _number(cells.get("pc1", ""), UNIT_SCALE)


def _cred1_verdict(cells: Cells) -> Verdict:
    """Of CRED-1, in either of its forms; its category *satire* is no rating."""
    if _words(first_cell(cells, ("category", "c"))) in _unrated("satire"):
        return SATIRE
    return _number(first_cell(cells, ("credibility_score", "s")), UNIT_SCALE)


def _iffy_verdict(cells: Cells) -> Verdict:
    """Of the Iffy index: its own score, else the level of Media Bias/Fact Check as a letter."""
    score = cells.get("score", "")
    step = f"{float(score):.1f}" if NUMBER.fullmatch(score) else ""
    return _in_table(step, "iffy") if step in _tables()["iffy"] else _mbfc_verdict(cells)


def _type_verdict(cells: Cells) -> Verdict:
    """Of OpenSources: the first of its types, which fits better than the lowest of all (`bench/ratings.py`)."""
    word = _words(first_cell(cells, TYPES))
    if word in _unrated("satire"):
        return SATIRE
    return UNRATED if word in _unrated("others") else _in_table(word, "types")


def _status_verdict(cells: Cells) -> Verdict:
    """Of Wikipedia's perennial sources: the lowest of the statuses of a source."""
    words = [_words(value) for value in listed_values(first_cell(cells, STATUSES))]
    rated = [_in_table(word, "statuses") for word in words if word not in _unrated("others")]
    return min(rated, key=lambda verdict: verdict.score or 0.0, default=UNRATED)


def _number(value: str, scale: str) -> Verdict:
    if _words(value) in _unrated("others"):
        return UNRATED
    if not NUMBER.fullmatch(value):
        raise UnreadableRatingError(f"{_shown(value)} is no number; give one of {scale}")
    return _scaled(value, scale)


def _scaled(value: str, scale: str) -> Verdict:
    """A number as its place between the worst and the best of a scale, which may run downwards."""
    if not (ends := RANGE.fullmatch(scale)) or float(ends[1]) == float(ends[2]):
        raise UnreadableRatingError(f"{value} has no scale; add a column scale, from worst to best: 0-100")
    worst, best = float(ends[1]), float(ends[2])
    share = (float(value) - worst) / (best - worst)
    if not 0 <= share <= 1:
        raise UnreadableRatingError(f"{value} lies outside its scale {scale}; correct one of them")
    return Verdict(f"{value} of {scale}", round(share, 4))


def _in_table(word: str, table: str) -> Verdict:
    scores: dict[str, float] = _tables()[table]
    if word not in scores:
        raise UnreadableRatingError(f"no rating is called {_shown(word)}; use one of: {', '.join(scores)}")
    return Verdict(word, scores[word])


def _shown(value: str) -> str:
    return repr(value[:SHOWN_CHARS]) + "…" * (len(value) > SHOWN_CHARS)


def _words(text: str) -> str:
    return NOT_WORD.sub(" ", text.lower()).strip()


def _is_newsguard(columns: Cells | Columns) -> bool:
    has_criterion = any(name.startswith(CRITERION) for name in columns)
    return "score" in columns and ("rating" in columns or has_criterion)


def _has(*groups: tuple[str, ...]) -> Callable[[Columns], bool]:
    """Whether columns have one of each group."""
    return lambda columns: all(columns.intersection(group) for group in groups)


def _has_only(names: tuple[str, ...]) -> Callable[[Columns], bool]:
    """Whether columns have one of some names, and no rating of another kind."""
    others = (*RATINGS, *LEVELS, *CREDIBILITY, *BIASES)
    return lambda columns: bool(columns.intersection(names)) and not columns.intersection(others)


def _unrated(name: str) -> list[str]:
    words: list[str] = _tables()["unrated"][name]
    return words


@cache
def _tables() -> dict[str, Any]:
    path = files("winnow.models.reliability") / "rating_words.toml"
    return tomllib.loads(path.read_text(encoding="utf8"))


MAPPED: Final = ListKind("columns as named", _has(RATINGS), mapped_verdict)
KINDS: Final = (
    ListKind("Lin et al.", _has(("pc1",)), _pc1_verdict),
    ListKind("CRED-1", _has(("credibility_score",)), _cred1_verdict),
    ListKind("CRED-1, compact", _has(("s",), ("c",), ("n",)), _cred1_verdict),
    ListKind("Iffy", _has(("fact",), ("cred", "site_rank", "wiki_fake", "year_online")), _iffy_verdict),
    ListKind("OpenSources", _has(("2nd_type",), TYPES), _type_verdict, (*SITES, "")),
    ListKind("OpenSources", _has_only(TYPES), _type_verdict),
    ListKind("Wikipedia's perennial sources", _has_only(STATUSES), _status_verdict),
    ListKind(
        "NewsGuard",
        lambda columns: _is_newsguard(columns) and not columns.intersection(LEVELS),
        own_verdict,
    ),
    ListKind("Media Bias/Fact Check", _has((*LEVELS, *CREDIBILITY)), _mbfc_verdict),
    ListKind("columns of your own", _has((*RATINGS, *BIASES)), _mbfc_verdict),
)
