"""The day that the address of a page names."""

import re
from typing import Final

from winnow.corpus.written_dates import written_date

ARCHIVED: Final = re.compile(r"\A.{0,60}/web/\d{4,14}[a-z_]{0,4}/")  # the day of an archive's copy
NUMBERS: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([/_.-]?)([01]\d)\2([0-3]\d)|[/_.-]?([01]\d)[/_-]([0-3]\d)|/(\d\d?)/(\d\d?)/)"
    r"(?:(?!\d)|(?=\d{6}(?!\d))|(?=\d{4}(?!\d)))"
)
DAY_FIRST: Final = re.compile(r"(?<!\d)(?<!\d-)([0-3]\d)[._-]([01]\d)[._-]((?:19|20)\d\d)(?!\d)")
NAMED: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_-]([a-z]{3,9})[/_-](\d\d?)(?!\d)|(?<!\d)(\d\d?)[/_-]([a-z]{3,9})[/_-]((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
MAX_CHARS: Final = 2_000


def url_day(url: str) -> str:
    """The day that an address names, in numbers or with an English name of a month; "" without one.

    >>> url_day("https://a.example/2024/05/03/rain"), url_day("https://a.example/t20240503_12.html")
    ('2024-05-03', '2024-05-03')
    >>> url_day("https://a.example/2024/may/3/rain"), url_day("https://a.example/id/20249903")
    ('2024-05-03', '')
    """
    address = ARCHIVED.sub("", url[:MAX_CHARS])
    for match in NUMBERS.finditer(address):
        parts = [part for part in match.group(1, 3, 4, 5, 6, 7, 8) if part]
        if day := written_date("-".join(parts)):
            return day
    for match in (*DAY_FIRST.finditer(address), *NAMED.finditer(address)):
        if day := written_date("-".join(filter(None, match.groups()))):
            return day
    return ""
