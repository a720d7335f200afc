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
LIFE: Final = re.compile(r"[†✝]|\A\s{0,9}\* ")  # signs of birth and death
RANGE: Final = re.compile(r"\d{4}年?\s{0,3}[–—-]\s{1,3}\d{1,2}\b(?![:h.]\d\d)")  # "3 May 1901 – 4 May 1950"
YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[/.-]\d\d(?!\d)")
CLOCK: Final = re.compile(r"\b\d{1,2}[:h.]\d\d(?:[ap]m)?\b", re.IGNORECASE)
# times as templates print them: 10:45, 9:00AM, 10h30m, 10時30分, 11h46:02.250, 10 am, 1430 GMT, 12 Uhr, UTC+02:00,
# 3 hours ago
TIME: Final = re.compile(
    r"t?\b\d{1,2}[:h.]\d\d(?:[:.]\d\d){0,2}(?:\.\d{1,6})?(?:z|m(?:in)?|\s?[ap]\.?\s?m)?\b|"
    r"(?<!\d)\d{1,2}\s?[時时点點시](?:\s?\d{1,2}\s?[分분](?:\s?\d{1,2}\s?[秒초])?)?|"
    r"\b\d{1,4}\s?(?:[ap]\.?\s?m\b|uhr\b|h\b|hrs\b|gmt\b|utc\b|[ecmp][sd]?t\b)|(?:\b(?:gmt|utc)\s?)?[+-]\d\d?:?(?:\d\d)?\b|"
    r"\b\d{1,3} (?:[^\W\d_]{1,12} ago\b|minutes?|hours?|days?|min\b|heures?)"
)
DIGITS: Final = re.compile(r"\d{1,6}")
DECIMAL: Final = re.compile(r"\d[.,]\d(?!\d)")  # 2.3, a measured value
YEARS: Final = range(1000, 2100)
MAX_DAY: Final = 31
MAX_DATES: Final = 2  # of a line: published and updated


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
    if LIFE.search(line.raw) or RANGE.search(text):
        return False
    if len({w for w in words if w in months}) > 1 and not UPDATED.search(text):
        return False  # a range of days is something that the text is about
    if not _names_days(text, sum(w in months for w in words)):
        return False
    return all(w.isdigit() or w in date_words for w in words)


def _names_days(text: str, months: int) -> bool:
    """Whether a text has as many numbers as its days have, and no others but times.

    >>> _names_days("jan 12.4 3.1 0.0", 1), _names_days("mon 3 mar 2.3 m", 1), _names_days("3 mar 2024, 10:45", 1)
    (False, False, True)
    >>> _names_days("january 10, 2020 9:00am (utc)", 1), _names_days("june 1 9:00am 4:00pm 6:00pm", 1)
    (True, False)
    >>> _names_days("12 de março de 2019 às 10h30m", 1), _names_days("2019年3月12日 10時30分", 0)
    (True, True)
    """
    without_dates, dates = NUMERIC_DATE.subn(" ", text)
    rest = TIME.sub(" ", without_dates)
    numbers = [int(digits) for digits in DIGITS.findall(rest)]
    days = sum(0 < number <= MAX_DAY for number in numbers)
    years = sum(number in YEARS for number in numbers)
    return (
        0 < dates + months <= MAX_DATES
        and min(1, months) <= days
        and days + years == len(numbers) <= 2 * months
        and DECIMAL.search(rest) is None
        and len(CLOCK.findall(text)) <= MAX_DATES
    )


def is_span_of_days(line: Line) -> bool:
    """Whether a line tells when somebody lived or something lasted: "3 May 1901 – 4 June 1950", "† 4 June 1950"."""
    words, date_words = WORD.findall(line.folded[: MAX_CHARS + 1]), _date_words()
    may_be_span = LIFE.search(line.raw) is not None or RANGE.search(line.folded) is not None
    return may_be_span and all(word.isdigit() or word in date_words for word in words)


def date_shape(line: Line) -> str:
    """The form of a line of a date: "March 3, 2024" and "May 14, 2019" have the same."""
    months, date_words = _months(), _date_words()
    kinds = (
        "0" if w.isdigit() else "m" if w in months else "w" if w in date_words else w
        for w in WORD.findall(line.folded)
    )
    return " ".join(kinds)


def has_clock(line: Line) -> bool:
    """Whether a line names a time of day: 10:45, 11h46."""
    return CLOCK.search(line.text) is not None


def names_year(line: Line) -> bool:
    """Whether a line names a year; the days of a programme come without."""
    return YEAR.search(line.text) is not None


def is_date_word(word: str) -> bool:
    """Whether a folded word stands in dates: a month, a day of the week, "at", "posted"."""
    return word in _date_words()


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
