"""Dates in ISO 8601, from the many forms in which records and pages write them."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

MAX_CHARS: Final = 64  # a longer text is not a date
# 1973 to 2286; smaller numbers are years and days.
EPOCH_SECONDS: Final = range(100_000_000, 10_000_000_000)
EPOCH_MILLISECONDS: Final = range(100_000_000_000, 10_000_000_000_000)
DAY: Final = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d")
# The days at which clocks and spreadsheets begin, of UTC and west of it: no date was given
UNSET_DAYS: Final = ("0001-01-01", "1601-01-01", "1899-12-30", "1900-01-01", "1969-12-31", "1970-01-01")
EPOCH_DIGITS: Final = re.compile(r"\d{9,10}|\d{12,13}")
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
    The day at which a clock begins, such as 1 January 1970, stands for a date that nobody gave: "".

    >>> iso_date("Fri, 14 Mar 2025 09:30:00 +0100"), iso_date("March 14, 2025"), iso_date(1741944600)
    ('2025-03-14T09:30:00+01:00', '2025-03-14', '2025-03-14T09:30:00Z')
    """
    given = _iso(value)
    return "" if given.startswith(UNSET_DAYS) else given


def next_day(day: str) -> str:
    """The day after one in ISO 8601, of which a time may be given, too; "" for another text.

    >>> next_day("2024-12-31T23:30:00Z"), next_day("")
    ('2025-01-01', '')
    """
    with suppress(ValueError, OverflowError):
        return (date.fromisoformat(day[:10]) + timedelta(1)).isoformat()
    return ""


def is_by(day: str, latest: str) -> bool:
    """Whether a day or an instant is none later than ``latest``, a day; "" sets no bound.

    >>> is_by("2024-05-03T23:30:00Z", "2024-05-03"), is_by("2024-05-04", "2024-05-03"), is_by("2024-05-04", "")
    (True, False, True)
    """
    return not latest or day[:10] <= latest


def _iso(value: object) -> str:
    """A date of one of the kinds that `iso_date` takes, in ISO 8601."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _from_number(value)
    if isinstance(value, str) and 0 < len(value) <= MAX_CHARS:
        return _from_text(value.strip())
    return ""


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
    if EPOCH_DIGITS.fullmatch(text):
        return _from_number(int(text))
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
