"""The day on which a plain text was written, from its first lines."""

from itertools import islice
from typing import Final

from winnow.corpus.dates import is_by
from winnow.corpus.written_dates import DateStyle, dateline_date, written_date

OPENING_LINES: Final = 4  # of a text, that may say when it was written
MAX_LINES: Final = 100  # of a text that are looked at
MAX_LONE_CHARS: Final = 60  # of a line that is a day
MAX_LONE_WORDS: Final = 7


def opening_date(text: str, language: str = "", latest: str = "") -> str:
    """The day in the first lines of a plain text, in a dateline or alone in its line; "" without one.

    A text with more such lines is a diary, a programme or a table, whose first day is not its own.

    >>> opening_date("Rain\\n3 May 2024\\nIt rained."), opening_date("3 May 2024\\nRain.\\n4 May 2024\\nSun.")
    ('2024-05-03', '')
    """
    style = DateStyle("", language)
    lines = [line.strip() for line in islice(text.split("\n", MAX_LINES), MAX_LINES) if line.strip()]
    opening = (dateline_date(line, style) or _lone_date(line, style) for line in lines[:OPENING_LINES])
    days = [day for day in opening if day and is_by(day, latest)]
    return (
        days[0]
        if len(days) == 1 and not any(_lone_date(line, style) for line in lines[OPENING_LINES:])
        else ""
    )


def _lone_date(line: str, style: DateStyle) -> str:
    """The day of a short line that says little else, "" for another line."""
    if len(line) > MAX_LONE_CHARS or len(line.split()) > MAX_LONE_WORDS:
        return ""
    return written_date(line, style)
