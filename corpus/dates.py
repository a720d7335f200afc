"""Dates as ISO 8601, whatever form a record gives them in."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

MAX_CHARS: Final = 64  # a longer text is not a date
EPOCH_SECONDS: Final = range(
    100_000_000, 10_000_000_000
)  # 1973 to 2286; smaller numbers are years and days
EPOCH_MILLISECONDS: Final = range(100_000_000_000, 10_000_000_000_000)
DAY: Final = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d")
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
