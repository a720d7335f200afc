"""Days of publication in declared values and in visible lines, and the days of changes beside them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import regex

from winnow.corpus.dates import is_by, iso_date
from winnow.corpus.domains import registered_domain
from winnow.corpus.page_metadata.declared import PageDeclarations, declared_language
from winnow.corpus.page_metadata.shown import VisibleLine
from winnow.corpus.word_breaks import (
    ALPHABETS,
    IDEOGRAPHS,
    IDEOGRAPHS_A_WORD,
    LETTERS_A_WORD,
    MARK,
    SPACELESS,
    is_marked,
)
from winnow.corpus.written_dates import YEARS, DateStyle, Order, dateline_date, short_date, written_days

CHANGED: Final = re.compile(
    r"updat|modif|edited|review|aktualis|geändert|mis à jour|actuali[zt]|aggiorn|atualiz|обновл|оновлен|bijgewerkt"
    r"|aktualizov|aktualiza|päivitetty|uppdatera|opdatere|oppdatert|güncellen|frissít|ενημέρωσ|ενημερώθ|更新|修改"
    r"|수정|cập nhật|diperbarui|تحديث|به‌روز|อัปเดต|ažurira",
    re.IGNORECASE,
)
OTHER_DAY: Final = re.compile(  # of a member, of an offer, of an event, of a life
    r"©|\b(?:copyright|since|joined|join date|registered|expires|deadline|founded|valid|born|died|retrieved|accessed)\b"
    r"|(?:\A|\s)(?:opening|event|when|starts?|begins?|ends?|termin|wann|beginn|quand|cuándo|fecha del evento"
    r"|quando|kiedy|когда|開催日時?|日時|会期|活动时间|会议时间|일시)\s?[:：]",
    re.IGNORECASE,
)
MAX_LINE_CHARS: Final = 150  # of a line that dates a page; sentences are longer
MAX_WORDS_BESIDE: Final = 14  # of a day in its line; more are a sentence, a caption or a teaser
MAX_LABEL_CHARS: Final = 20
MAX_DAYS: Final = 20  # of a line
MAX_DATELINES: Final = 6  # lines behind the heading that may begin with one
# Two signs of Chinese, Japanese or Korean are counted as a word, and three letters of Thai and the like
PLAIN_WORD: Final = re.compile(rf"[{IDEOGRAPHS}\uac00-\ud7af]{{{IDEOGRAPHS_A_WORD}}}|[^\W\d_]{{2,}}")
WORD: Final = regex.compile(
    rf"(?:[{IDEOGRAPHS}\uac00-\ud7af]{MARK}*+){{{IDEOGRAPHS_A_WORD}}}|(?:[{ALPHABETS}]{MARK}*+){{{LETTERS_A_WORD}}}"
    rf"|(?:[\p{{L}}--[{SPACELESS}]]{MARK}*+){{2,}}+",
    regex.VERSION1,
)
MONTH_FIRST_REGIONS: Final = frozenset({"US", "PH"})  # CLDR, short date patterns
MONTH_FIRST_SUFFIXES: Final = frozenset({"com", "org", "net", "edu", "gov", "us", ""})
YEAR_FIRST_LANGUAGES: Final = frozenset("zh ja ko hu lt mn".split())  # the same


@dataclass(frozen=True, slots=True)
class DayReader:
    """Reads days in the order of day and month of a page, up to the latest that is possible."""

    style: DateStyle
    latest: str = ""  # a day in ISO 8601; "" sets no bound
    changed: list[str] = field(default_factory=list)  # days of changes that were met on the way

    def declared_days(self, values: Iterable[str]) -> Iterator[str]:
        """Declared dates in ISO 8601; one that is none or of a year before the web is passed over."""
        for value in values:
            day = iso_date(value) or self.text_day(value[:MAX_LINE_CHARS])
            if day[:4].isdecimal() and int(day[:4]) in YEARS and is_by(day, self.latest):
                yield day

    def shown_days(self, lines: Iterable[VisibleLine]) -> Iterator[str]:
        """Days of publication in lines; those of changes are kept."""
        for line in lines:
            text = line.text
            if len(text) <= MAX_LINE_CHARS and not OTHER_DAY.search(text):
                yield from self._line_days(line, text)

    def text_day(self, text: str) -> str:
        """The first day that a text names and that is possible, "" without one."""
        return next(self._days(text), "")

    def _days(self, text: str) -> Iterator[str]:
        days = [day for day in islice(written_days(text, self.style), MAX_DAYS) if is_by(day, self.latest)]
        short = "" if days else short_date(text, self.style)
        yield from days or ([short] if short and is_by(short, self.latest) else ())

    def _line_days(self, line: VisibleLine, text: str) -> list[str]:
        """The days of publication in a line; what follows "updated" is a change."""
        before, *after = CHANGED.split(text, maxsplit=1)
        stamps = [*self.declared_days(line.stamps)]
        days = [self._day_among_words(part, line) for part in (before, *after)]
        if CHANGED.search(line.names) and "publi" not in line.names:
            self.changed.extend(stamps + days)
            return []
        self.changed.extend(stamps + days[1:] if after else [])
        return days[:1] if after else stamps + days

    def _day_among_words(self, text: str, line: VisibleLine) -> str:
        """The day of a part of a line; among many words, that of a piece with few."""
        pieces = (text,) if _is_short(text) else (piece for piece in line.pieces if piece in text)
        return next((day for piece in pieces if _is_short(piece) and (day := self.text_day(piece))), "")

    def dateline_days(self, lines: Iterable[VisibleLine]) -> Iterator[str]:
        """The days of datelines: "Nordvik, 3 May 2024 – The ferry ..."."""
        for line in islice(lines, MAX_DATELINES):
            if (day := dateline_date(line.text[:MAX_LINE_CHARS], self.style)) and is_by(day, self.latest):
                yield day


def _is_short(text: str) -> bool:
    return words_of_letters(text) <= MAX_WORDS_BESIDE


def words_of_letters(text: str) -> int:
    """How many words of letters a text has, numbers and single letters left out.

    >>> words_of_letters("Monday, 3 May 2024 T 10:00"), words_of_letters("2024年5月3日 星期五")
    (2, 1)
    """
    return len((WORD if is_marked(text) else PLAIN_WORD).findall(text))


def is_of_other_day(label: str) -> bool:
    """Whether a short line announces a day of something else than the text: "Joined", "Starts:"."""
    return len(label) <= MAX_LABEL_CHARS and OTHER_DAY.search(label) is not None


def page_reader(declared: PageDeclarations, latest: str) -> DayReader:
    """A reader of days in the style of a page."""
    language = declared_language(declared.tree).partition("-")[0]
    return DayReader(DateStyle(_order(declared), language), latest)


def _order(declared: PageDeclarations) -> Order:
    """The order of day, month and year: as the language's region says, else the domain's suffix."""
    language, _, region = declared_language(declared.tree).partition("-")
    if language in YEAR_FIRST_LANGUAGES:
        return "ymd"
    if region:
        return "mdy" if region in MONTH_FIRST_REGIONS else "dmy"
    suffix = registered_domain(declared.url).rpartition(".")[2]
    return "mdy" if language in ("", "en") and suffix in MONTH_FIRST_SUFFIXES else "dmy"
