"""The one day that a page without other dates shows in a short text of its own, or that its links name."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from winnow.corpus.layout.html import UNSEEN, PageTree
from winnow.corpus.page_metadata.day_reader import OTHER_DAY, DayReader, is_of_other_day, words_of_letters
from winnow.corpus.page_metadata.element_scan import texts_with
from winnow.corpus.page_metadata.element_texts import one_line
from winnow.corpus.page_metadata.shown import VisibleBylines

MAX_CHARS: Final = 100  # of a text that is looked at
YEAR_SIGNS: Final = ("20", "199")  # of which a year has one
MAX_TEXTS: Final = 500  # that are looked at
MAX_LINKS: Final = 400  # that are looked at for the day of an edition
MIN_EDITION_LINKS: Final = 3  # that name it
EDITION: Final = re.compile(r"[?&](?:\w{0,20}date|datum|fecha|data)=([\d/.-]{8,10})(?=&|\Z)", re.IGNORECASE)
MAX_WORDS: Final = 4  # of a text that is a date
CODE: Final = frozenset("code pre kbd samp tt i".split())
TIME_OF_DAY: Final = re.compile(r"\d\d? ?(?::|h|[点點时時]|시) ?\d\d")


def loose_day(bylines: VisibleBylines, reader: DayReader) -> str:
    """The only day that short texts of a page name, else the only one that they name with a time; "" without."""
    dated = list(_dated_texts(bylines, reader))
    for days in ({day for day, _ in dated}, {day for day, has_time in dated if has_time}):
        if len(days) == 1:
            return days.pop()
    return ""


def edition_day(tree: PageTree, reader: DayReader) -> str:
    """The day that the links of a page name as that of their edition, if it is one and the same; "" otherwise."""
    matches = [EDITION.search(link.get("href") or "") for link in islice(tree.iter("a"), MAX_LINKS)]
    days = [reader.text_day(match[1]) for match in matches if match]
    return days[0] if len(days) >= MIN_EDITION_LINKS and len(set(days)) == 1 else ""


def _dated_texts(bylines: VisibleBylines, reader: DayReader) -> Iterator[tuple[str, bool]]:
    """The days of texts that say little else, each with whether a time of day follows; none beside the text."""
    for text, element in islice(texts_with(bylines.tree, YEAR_SIGNS, MAX_CHARS), MAX_TEXTS):
        if element.tag in UNSEEN | CODE or words_of_letters(text) > MAX_WORDS:
            continue
        day = "" if OTHER_DAY.search(text) or _is_labelled(element) else reader.text_day(one_line(text))
        if day and bylines.is_own(element):
            yield day, TIME_OF_DAY.search(text) is not None


def _is_labelled(element: PageTree) -> bool:
    """Whether the element before one announces a day of something else."""
    previous = element.getprevious()
    return previous is not None and is_of_other_day(previous.text or "")
