"""Telephone numbers, distinguished from dates, prices, scores and identifiers by the forms of numbering plans."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from winnow.corpus.contacts.contact_words import alternatives, load_words

LABEL_CHARS: Final = 28  # before a number, in which a word says that it is a telephone's
MIN_DIGITS, MAX_DIGITS = 7, 15  # of a number behind a label; ITU-T E.164 allows 15
GAP: Final = r"(?:[ \u00a0.\-–/]|\)[ .\-/]?|[ -]?\(| [-–/] )?"  # between two digits
FIRST: Final = r"[+(\d]"  # looked behind from after it: a pattern that begins with a set is searched fast
RUN: Final = re.compile(  # of digits that one number may be
    rf"{FIRST}(?<![\w.,@#=€£$%]{FIRST})(?<!\d[:/–-]{FIRST})(?<![\w/]/{FIRST})(?:(?<=\+) ?\d|(?<=\()\d|(?<=\d))"
    rf"(?:{GAP}\d){{5,17}}(?!(?!x\d)\w|[.,:/-]\d|\s?[%€£$])"
)
INTERNATIONAL: Final = re.compile(rf"\+ ?[1-9](?:{GAP}\d){{7,14}}(?!\d)")
THOUSANDS: Final = re.compile(r"\+ ?\d{1,3}(?:[ .]000)+")  # "+10.000.000"
DECIMALS: Final = re.compile(r"\.\d+ [-–]?\d+\.")  # coordinates
NATIONAL: Final = re.compile(
    r"(?<![\d/.:-])(?:"
    r"(?:(?:00)?1[ .-])?(?:\([2-9]\d\d\)[ -]?|[2-9]\d\d(?P<same>[.-]))[2-9]\d\d(?(same)(?P=same)|[ .-])\d{4}"  # NANP
    r"|(?<!\d[ .])0\d(?P<pair>[ .])\d\d(?:(?P=pair)\d\d){3}(?!(?P=pair)\d)"  # France and Belgium
    r"|\(0[1-9]\d{0,4}\)[ /-]?\d[\d -]{4,9}\d"  # an area code in brackets
    r"|0[1-9]\d{1,4}(?: ?[/–-] ?| )\d{2,8}(?:[ -]\d{2,6}){0,3}"  # a trunk zero and an area code
    r"|0[1-9] \d{3,4} \d{4}"  # Ireland, Australia
    r"|0[1-9]\d{8,9}"  # bare: one in 69 million characters of articles (docs/personal-data.md)
    r")(?!\d)"
)
TRUNK: Final = re.compile(r"\(?0[1-9]")
NATIONAL_DIGITS: Final = range(9, 13)  # with the trunk zero
DATE: Final = re.compile(
    r"\d{1,2}([ ./-])\d{1,2}\1(?:19|20)\d\d(?!\d)|(?:19|20)\d\d([ ./-])\d{1,2}\2\d{1,2}(?!\d)"
)
EXTENSION: Final = re.compile(r"(?: ?(?:x|ext\.?) ?)\d{1,5}\b")


def find_phones(text: str) -> Iterator[tuple[int, int]]:
    r"""Offsets of telephone numbers: international ones, national forms with their separators, and labelled ones.

    Digits without separators count only behind a label.

    >>> [*find_phones("Call (212) 555-0143 before 2024-05-01 10:30.")]
    [(5, 19)]
    """
    for run in RUN.finditer(text):
        if span := _number(text, *run.span()):
            ends = EXTENSION.match(text, span[1])
            yield span[0], ends.end() if ends else span[1]


def _number(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The telephone number in a run of digits."""
    run = text[start:end]
    if run.startswith("+"):
        is_sum = THOUSANDS.match(run) or DECIMALS.search(run)
        match = None if is_sum else INTERNATIONAL.match(run)
        return (start, start + match.end()) if match else None
    if DATE.match(run):
        return None
    digits = sum(map(str.isdigit, run))
    if MIN_DIGITS <= digits <= MAX_DIGITS and _labels().search(text, max(0, start - LABEL_CHARS), start):
        return start, end
    match = NATIONAL.search(run)
    if match is None or (TRUNK.match(match[0]) and sum(map(str.isdigit, match[0])) not in NATIONAL_DIGITS):
        return None
    return start + match.start(), start + match.end()


@cache
def _labels() -> re.Pattern[str]:
    """A pattern for a word for "telephone" that ends directly before a number."""
    words = alternatives(load_words("phones", "labels"))
    between = r"(?: (?:is|at|on|no\.?|number|nr\.?|us|me)){0,2}\s?[.:#=(]{0,2}\s{0,3}"
    return re.compile(rf"(?<!\w)(?:{words}){between}\Z", re.IGNORECASE)
