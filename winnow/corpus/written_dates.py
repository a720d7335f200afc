"""Days that a text names in words or numbers, in the forms and calendars of many languages."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

YEARS: Final = range(1990, 2101)  # of the web; another year is what a text is about
BUDDHIST_YEARS: Final = 543  # that the Thai calendar is ahead
ERA_STARTS: Final = {"平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}  # the year before its first
SOLAR_HIJRI_START: Final = date(622, 3, 21)  # of the years of Iran
SOLAR_HIJRI_YEARS: Final = range(1369, 1480)
PERSIAN_DIGITS: Final = frozenset("۰۱۲۳۴۵۶۷۸۹")
# A letter or a mark on one, of any script: no space, no digit, no sign of ASCII, Latin-1, CJK or Arabic
LETTER: Final = r"[^\s\d!-@\[-`{-~\u00a0-\u00bf\u060c\u061b\u2000-\u206f\u3000-\u303f\uff00-\uff20]"
MONTH: Final = rf"(?:{LETTER}{{2,16}}(?: {LETTER}{{4,6}})?|{LETTER}{{1,2}}\.{LETTER}{{1,2}})"
YEAR: Final = r"\d{4}(?!\d)"
SHORT_YEAR: Final = (
    r"(?:(?<=[.\u0e00-\u0e7f] )|(?<=[-’'/]))\d\d(?![\d:.])"  # behind a sign, or a Thai month
)
WORD_START: Final = rf"(?:(?<!{LETTER})|(?<=[a-z])(?=[A-Z]))"
WRITTEN: Final = re.compile(  # year, month and day under the number of their form
    r"(?<!\d)(?P<y1>\d{4})(?P<s1>[-/.]) ?(?P<m1>\d\d?)(?P=s1) ?(?P<d1>\d\d?)(?![\d/.-]\d)"
    r"|(?<!\d)(?P<y2>\d{4}|(?P<era>令和|平成|民國|民国) ?(?:\d{1,3}|元)) ?[年년] ?(?P<m2>\d\d?) ?[月월]"
    r" ?(?P<d2>\d\d?) ?[日일號号]"
    rf"|(?<!\d)(?P<d3>\d\d?)(?:st|nd|rd|th|er|ης?|[.ºª°])?[ ./,-]{{1,2}}(?:of |de |d['’])?(?P<m3>{MONTH})"
    rf"(?:/{LETTER}{{2,12}})?[.,،]?[ ./,-](?:de |del )?['’]?(?P<y3>{YEAR}|{SHORT_YEAR})"
    rf"|{WORD_START}(?P<m4>{MONTH})[.]?[ -](?P<d4>\d\d?)(?:st|nd|rd|th)?(?:, ?| |-)(?P<y4>{YEAR})"
    rf"|(?<!\d)(?P<y7>\d{{4}})\. gada (?P<d7>\d\d?)\. (?P<m7>{MONTH})"
    rf"|(?<!\d)(?P<y6>\d{{4}})(?:[.,]| m\.)?[ -](?P<m6>{MONTH})[. -]{{1,2}}(?P<d6>\d\d?)(?!\d)"
    r"|(?<!\d)(?P<d8>\d\d?) (?:tháng|thg) (?P<m8>\d\d?),?(?: năm)? (?P<y8>\d{4})(?!\d)"
    r"|(?<![\d/.-])(?P<m5>\d\d?)(?P<s5>[-/.]) ?(?P<d5>\d\d?)(?P=s5) ?(?P<y5>\d{4})(?!\d)"
)
DIGIT: Final = re.compile(r"\d")
TIME: Final = re.compile(r"\d\d?[:.h]\d\d(?::\d\d)?")
SHORT: Final = re.compile(r"(?<![\d/.,:-])(\d\d)([-/.])(\d\d)\2(\d\d)(?![\d:%])(?![/.,-]\d)")

MAX_DATELINE_CHARS: Final = 80
PLACE: Final = re.compile(  # no preposition before a day
    r"(?!(?:On|In|At|By|Since|From|Until|Am|Vom|Ab|Seit|Le|Du|El|Em|Il|Den|Od|Dnia) )"
    r"[^\W\d_a-z][\w.'’/ ,-]{1,40}?[,:]? ?[-–—(/]{0,3} ?(?:\([\w ]{2,30}\))?[-–—]{0,2} ?|"
)
DASH: Final = re.compile(r"[)\]]? ?(?:[-–—:]|/[A-Z]|\([\w. -]{2,30}\))")
GLUED: Final = re.compile("(?<=[a-z])(?=[A-Z])")  # a name of a person and of a month

Order = Literal["dmy", "mdy", "ymd", ""]


class DateStyle(NamedTuple):
    """How a page writes its dates."""

    order: Order = "dmy"  # of day, month and year in numbers; "" is unknown: then 3/4/2025 names no day
    language: str = ""  # the code of a language whose names of months come before those of others


DEFAULT_STYLE: Final = DateStyle()


def written_date(text: str, style: DateStyle = DEFAULT_STYLE) -> str:
    """The first day that a text names in words or numbers, 1990 to 2100, in ISO 8601; "" without one.

    Names of months are those of eighty languages. Years of the calendars of Thailand, Iran, Japan and Taiwan
    are converted. A text without a year names no day.

    >>> written_date("Posted on May 5th, 2024 by Ada"), written_date("3/4/2024", DateStyle("mdy"))
    ('2024-05-05', '2024-03-04')
    >>> written_date("令和6年5月3日"), written_date("3 พ.ค. 2567"), written_date("14 اردیبهشت 1403")
    ('2024-05-03', '2024-05-03', '2024-05-03')
    """
    return next(written_days(text, style), "")


def written_days(text: str, style: DateStyle = DEFAULT_STYLE) -> Iterator[str]:
    """All the days that a text names, in its order."""
    for match in WRITTEN.finditer(text):
        if day := _written_day(match, style):
            yield day


def dateline_date(text: str, style: DateStyle = DEFAULT_STYLE) -> str:
    """The day of the dateline that a paragraph begins with: place, day and a dash; "" without one.

    >>> dateline_date("OTTAWA (17 Jan. 2024) - The council"), dateline_date("On 17 January 2024 - a Monday - the")
    ('2024-01-17', '')
    """
    match = WRITTEN.search(text[:MAX_DATELINE_CHARS])
    if not match or not PLACE.fullmatch(text[: match.start()]) or not DASH.match(text[match.end() :]):
        return ""
    return _written_day(match, style)


def short_date(text: str, style: DateStyle = DEFAULT_STYLE) -> str:
    """The first day that is written with two digits for its year, "" without one.

    Where other numbers than a time of day stand beside it, it is a version or a price, and no day.

    >>> short_date("19.10.19, 08:16 Uhr"), short_date("11/03/17", DateStyle("mdy")), short_date("10.12.14 to 9")
    ('2019-10-19', '2017-11-03', '')
    """
    match = SHORT.search(text)
    if not match or DIGIT.search(TIME.sub("", text[: match.start()] + text[match.end() :])):
        return ""
    return next(filter(None, (_short_day(match, order) for order in (style.order or "dmy", "dmy"))), "")


def _short_day(match: re.Match[str], order: str) -> str:
    """The day that a match of `SHORT` names in an order, "" if the calendar has no such day."""
    parts = dict(zip(order, map(int, match.group(1, 3, 4)), strict=True))
    return _iso_day(2000 + parts["y"], parts["m"], parts["d"])


def month_number(name: str, language: str = "") -> int:
    """The number of a month by its name or short form in one of eighty languages, 0 for another word.

    >>> month_number("Dec."), month_number("maïs"), month_number("listopada"), month_number("listopada", "hr")
    (12, 0, 11, 10)
    """
    key = name.casefold().replace(".", "")
    return _months_of(language).get(key) or _months().get(key, 0)


def _written_day(match: re.Match[str], style: DateStyle) -> str:
    """The day that a match of `WRITTEN` names, "" if the calendar has no such day."""
    form = next(number for number in "12345678" if match[f"y{number}"])
    year, month, day = (match[f"{part}{form}"] for part in "ymd")
    if form == "5" and not style.order and match["s5"] != "." and max(int(day), int(month)) <= 12:
        return _iso_day(int(year), int(month), int(day)) if day == month else ""
    if form == "5" and int(day) <= 12 and (style.order != "mdy" or int(month) > 12):
        month, day = day, month
    if month.isdecimal():
        if PERSIAN_DIGITS.issuperset(year):
            return _solar_hijri_day(int(year), int(month), int(day)) or _iso_day(
                int(year), int(month), int(day)
            )
        return _iso_day(_common_year(year, match["era"] or ""), int(month), int(day))
    return _named_day(year, month, int(day), style.language)


def _named_day(year: str, name: str, day: int, language: str) -> str:
    """The day of a month that is named; of two words, either may be all of its name, and of "AdaMay", the end."""
    for words in (name, *name.split(" "), GLUED.split(name)[-1]):
        if number := month_number(words, language):
            return _iso_day(_common_year(year, thai="\u0e00" < name[0] < "\u0e7f"), number, day)
        if number := _months_of("solar_hijri").get(words, 0):
            return _solar_hijri_day(int(year), number, day)
    return ""


def _common_year(year: str, era: str = "", *, thai: bool = False) -> int:
    """A year of the common era, from one of an era or of the Thai calendar, or from its last two digits."""
    if era:
        count = year.removeprefix(era).strip()
        return ERA_STARTS[era] + (1 if count == "元" else int(count))
    number = int(year)
    if number < 100:
        number += 2500 if thai else 2000
    return number - BUDDHIST_YEARS if number - BUDDHIST_YEARS in YEARS else number


def _iso_day(year: int, month: int, day: int) -> str:
    """A day in ISO 8601, "" for one that is not in the calendar or not of the web's years."""
    with suppress(ValueError):
        return date(year, month, day).isoformat() if year in YEARS else ""
    return ""


def _solar_hijri_day(year: int, month: int, day: int) -> str:
    """A day of Iran's calendar in ISO 8601, right but for the leap days of other years than 1369 to 1479."""
    if year not in SOLAR_HIJRI_YEARS or not 1 <= month <= 12 or not 1 <= day <= 31:
        return ""
    # Each cycle of 33 years has 8 leap days: those of the years 1, 5, 9, 13, 17, 22, 26 and 30
    leap_days = (year - 1) // 33 * 8 + sum(
        (year - 1) % 33 >= leap for leap in (1, 5, 9, 13, 17, 22, 26, 30)
    )
    days = (year - 1) * 365 + leap_days + 31 * (month - 1) - max(0, month - 7) + day - 1
    return (SOLAR_HIJRI_START + timedelta(days)).isoformat()


@cache
def _month_table() -> dict[str, list[list[str]]]:
    """Names of months in lower case by language, January first."""
    text = files("winnow.corpus").joinpath("words", "months.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


@cache
def _months_of(language: str) -> dict[str, int]:
    """Names of months of one language -> 1 to 12."""
    months = enumerate(_month_table().get(language, []), 1)
    return {name.casefold(): number for number, names in months for name in names}


@cache
def _months() -> dict[str, int]:
    """Names of months of all languages -> 1 to 12; the first language with a name counts."""
    numbers: dict[str, int] = {}
    for language in _month_table():
        if language != "solar_hijri":
            numbers = _months_of(language) | numbers
    return numbers
