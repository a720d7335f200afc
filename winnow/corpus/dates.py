"""Dates in ISO 8601, from the many forms in which records and pages write them."""

import re
import tomllib
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from typing import Final

MAX_CHARS: Final = 64  # a longer text is not a date
# 1973 to 2286; smaller numbers are years and days.
EPOCH_SECONDS: Final = range(100_000_000, 10_000_000_000)
EPOCH_MILLISECONDS: Final = range(100_000_000_000, 10_000_000_000_000)
DAY: Final = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d")
WRITTEN: Final = re.compile(  # year, month and day under the number of their form
    r"(?<!\d)(?P<y1>\d{4})([-/.])(?P<m1>\d\d?)\2(?P<d1>\d\d?)(?![\d/.-]\d)"
    r"|(?<!\d)(?P<y2>\d{4})[年년] ?(?P<m2>\d\d?)[月월] ?(?P<d2>\d\d?)[日일]"
    r"|(?<!\d)(?P<d3>\d\d?)(?:st|nd|rd|th|er|[.ºª])? (?:of |de )?(?P<m3>[^\W\d_]{3,12})\.?,? (?:de |del )?"
    r"(?P<y3>\d{4})(?!\d)"
    r"|(?<![^\W\d_])(?P<m4>[^\W\d_]{3,12})\.? (?P<d4>\d\d?)(?:st|nd|rd|th)?,? (?P<y4>\d{4})(?!\d)"
    r"|(?<!\d)(?P<y6>\d{4}),? (?P<m6>[^\W\d_]{3,12})\.? (?P<d6>\d\d?)(?!\d)"
    r"|(?<![\d/.-])(?P<m5>\d\d?)(?P<sign>[-/.])(?P<d5>\d\d?)(?P=sign)(?P<y5>\d{4})(?!\d)"
)
YEARS: Final = range(1990, 2101)  # of the web; another year is what a text is about
ZULU: Final = re.compile(r" (?:UTC|GMT|Z)\Z")
FORMATS: Final = (
    "%Y%m%d%H%M%S",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
)
"""WARC file names, then dates whose order of day and month is not in doubt; English names of months."""


def iso_date(value: object) -> str:
    """A day (``2025-03-14``) or an instant (``2025-03-14T09:30:00Z``) in ISO 8601, "" if it is neither.

    Takes text in ISO 8601, RFC 5322 or one of `FORMATS`, dates, and seconds or milliseconds since
    1970. Offsets stay as given, fractions of a second are cut off. ``03/04/2025`` is not guessed at.

    >>> iso_date("Fri, 14 Mar 2025 09:30:00 +0100"), iso_date("March 14, 2025"), iso_date(1741944600)
    ('2025-03-14T09:30:00+01:00', '2025-03-14', '2025-03-14T09:30:00Z')
    """
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _from_number(value)
    if isinstance(value, str) and 0 < len(value) <= MAX_CHARS:
        return _from_text(value.strip())
    return ""


def written_date(text: str, *, month_first: bool = False) -> str:
    """The first day that a text names in words or numbers, 1990 to 2100, in ISO 8601; "" without one.

    Names of months are those of twenty languages. Where day and month could be swapped,
    ``month_first`` decides; a text without a year names no day.

    >>> written_date("Posted on May 5th, 2024 by Ada"), written_date("3/4/2024", month_first=True)
    ('2024-05-05', '2024-03-04')
    """
    days = (_written_day(match, month_first=month_first) for match in WRITTEN.finditer(text))
    return next((day for day in days if day), "")


def month_number(name: str) -> int:
    """The number of a month by its name or short form in one of twenty languages, 0 for another word.

    >>> month_number("Dec."), month_number("maïs")
    (12, 0)
    """
    return _months().get(name.casefold().rstrip("."), 0)


def _written_day(match: re.Match[str], *, month_first: bool) -> str:
    """The day that a match of `WRITTEN` names, "" if the calendar has no such day."""
    form = next(number for number in "123456" if match[f"y{number}"])
    year, month, day = (match[f"{part}{form}"] for part in "ymd")
    if form == "5" and int(day) <= 12 and (not month_first or int(month) > 12):
        month, day = day, month
    number = int(month) if month.isdecimal() else month_number(month)
    with suppress(ValueError):
        return date(int(year), number, int(day)).isoformat() if int(year) in YEARS else ""
    return ""


@cache
def _months() -> dict[str, int]:
    """Names of months in lower case -> 1 to 12."""
    table = tomllib.loads(
        files("winnow.corpus").joinpath("words", "months.toml").read_text(encoding="utf8")
    )
    rows = ((number, names) for months in table.values() for number, names in enumerate(months, 1))
    return {name: number for number, names in rows for name in names}


def iso_instant(epoch_seconds: float) -> str:
    """An instant of UTC in ISO 8601, "" if it is outside the years 1 to 9999."""
    try:
        return _instant(datetime.fromtimestamp(epoch_seconds, UTC))
    except (ValueError, OverflowError, OSError):  # which of them depends on the platform
        return ""


def _from_number(value: float) -> str:
    if value != value or abs(value) > EPOCH_MILLISECONDS.stop:
        return ""
    if int(value) in EPOCH_SECONDS:
        return iso_instant(int(value))
    if int(value) in EPOCH_MILLISECONDS:
        return iso_instant(int(value) // 1000)
    return _from_text(str(int(value)))  # 20250314


def _from_text(text: str) -> str:
    with suppress(ValueError):
        if DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        return _instant(datetime.fromisoformat(ZULU.sub("+00:00", text)))
    for pattern in FORMATS:
        with suppress(ValueError):
            parsed = datetime.strptime(text, pattern)
            return _instant(parsed) if "%H" in pattern else parsed.date().isoformat()
    with suppress(ValueError, OverflowError):
        return _instant(parsedate_to_datetime(text))
    return ""


def _instant(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
