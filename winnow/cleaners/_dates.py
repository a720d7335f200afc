"""Lines that hold a date and nothing else."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from winnow.corpus.lines import Line

MAX_CHARS: Final = 95  # of a line that is only a date (prototype text/rules.py)
MAX_WORDS: Final = 24
WORD: Final = re.compile(r"\d{1,6}|[^\W\d_]{1,24}")
NUMERIC_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d|[0-3]?\d([-/.])[01]?\d\2(?:19|20)?\d\d|[01]?\d/[0-3]?\d/(?:19|20)?\d\d)(?!\d)|"
    r"(?:19|20)\d\d ?年 ?\d{1,2} ?月 ?\d{1,2} ?日"
)
DATE_AND_COUNT: Final = re.compile(  # as templates print both without a space: 2025-03-14158 view
    r"\s{0,9}(?P<date>(?:19|20)\d\d-\d\d-\d\d|\d\d?[./]\d\d?[./](?:19|20)\d\d)"
    r"(?P<count>\s{0,3}\d{1,7}\s{0,3}(?:views?|reads?|hits|visits?|aufrufe|visitas|vues|просмотр\w{0,3}))\s{0,9}",
    re.IGNORECASE,
)
UPDATED: Final = re.compile(r"[|:]|updated")  # a line with two dates: published and updated
YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[/.-]\d\d(?!\d)")
CLOCK: Final = re.compile(r"\b\d{1,2}[:h.]\d\d\b")


def is_date_line(line: Line) -> bool:
    """Whether a line is a date, with or without a time and words such as "Updated:".

    >>> from winnow.corpus.lines import read_lines
    >>> texts = ["Updated: Mon, March 3rd, 2024 at 10:45 am EST", "In March 2024 it rained", "12/2"]
    >>> [is_date_line(line) for text in texts for line in read_lines(text, [(0, len(text))])]
    [True, False, False]
    """
    text = line.folded
    if len(text) > MAX_CHARS or "│" in text or text.count("|") > 1 or not any(map(str.isdigit, text)):
        return False
    words = WORD.findall(text)
    if len(words) > MAX_WORDS:
        return False
    months, date_words = _months(), _date_words()
    if len({w for w in words if w in months}) > 1 and not UPDATED.search(text):
        return False  # a range of days is something that the text is about
    names_a_day = any(w in months for w in words) and any(len(w) <= 2 for w in words if w.isdigit())
    if not (names_a_day or NUMERIC_DATE.search(text)):
        return False
    return all(w.isdigit() or w in date_words for w in words)


def has_clock(line: Line) -> bool:
    """Whether a line names a time of day: 10:45, 11h46."""
    return CLOCK.search(line.text) is not None


def names_year(line: Line) -> bool:
    """Whether a line names a year; the days of a programme come without."""
    return YEAR.search(line.text) is not None


def month_pattern() -> str:
    """An alternation of all names of months, in lower case, longest first."""
    return "|".join(sorted(_months(), key=lambda m: (-len(m), m)))


@cache
def _months() -> frozenset[str]:
    return _words("months")


@cache
def _date_words() -> frozenset[str]:
    return _words("months") | _words("weekdays") | _words("others")


@cache
def _words(group: str) -> frozenset[str]:
    text = files("winnow.cleaners").joinpath("words", "dates.toml").read_text(encoding="utf8")
    return frozenset(word for words in tomllib.loads(text)[group].values() for word in words)
