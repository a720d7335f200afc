"""Postal addresses: a street with its house number, and close behind it a postcode with its place.

The forms of postcodes and the order of parts are those of the Universal Postal Union's country sheets.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Final

from winnow.corpus.contacts.contact_words import alternatives, load_words

GAP_CHARS: Final = 70  # from a street to its postcode: district, floor, place
GAP_LINES: Final = 3
MAX_ALONE: Final = 4  # close together and behind words like streets', but without any: a table of numbers
# A full stop ends an abbreviation, or the address
NAME: Final = r"[A-ZÀ-ÞŁŚŻŹĆА-Я](?:\w{0,3}\.|[\w'’-]{0,24})"
SMALL: Final = (
    r"(?:de|del|della|delle|dei|di|da|do|dos|das|la|le|les|du|des|der|den|van|von|y|e|et|and|of|the)"
)
PLACE: Final = rf"{NAME}(?:[ -](?:{SMALL} )?{NAME}){{0,3}}"
NUMBER: Final = r"\d{1,5}(?:[-/]\d{1,4})?(?: ?[a-hA-H]|bis|ter)?"
HEAD_CHARS: Final = 6  # of a code before its first digit of `CODE`
CODE: Final = re.compile(  # begins with a digit, which few characters are: that is searched fast
    r"\d(?:(?P<uk>(?<=[\dA-Z ]\d)[ABD-HJLNP-UW-Z]{2})(?!\w)|(?P<canada>(?<=[A-Z -]\d)[A-Z]\d)(?!\w)|"
    r"(?P<number>(?<![\w.,/]\d)(?:\d{3,4}(?:-\d{3,4})?|\d-\d{3}|\d\d \d\d))(?!\w))"
)
# "Toledo, 09956".
AFTER_PLACE: Final = re.compile(r"(?<=[^\W\d],[ \n])\d{5}(?:-\d{3})?(?=[ \t]{0,2}(?:[^\w\s]|\n|\Z))")
HOUSE_NUMBER: Final = re.compile(r"\d|  ")  # or a box without a number
# What streets begin with that no word tells.
NUMBERED: Final = re.compile(rf"\d[A-Za-z]? (?={NAME})|\b(?:PSC|Unit|Flat) ")
LETTERS: Final = re.compile(r"[^\W\d_]+")
IN_PLACE: Final = re.compile(rf"(?: [A-Z]{{2}}\b|(?<=\d{{5}}),)?[ \n]{PLACE}(?: \([A-Z]{{2}}\))?")


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    r"""Offsets of postal addresses, also across line breaks; a street without a postcode does not count.

    >>> [*find_addresses("Post: Hauptstraße 12a\n10115 Berlin. In 2024 Long Street 5 flooded.")]
    [(6, 34)]
    """
    reached, alone = 0, deque[int](maxlen=MAX_ALONE)
    for start, end, is_clear in _postcodes(text):
        begin = max(reached, start - 2 * GAP_CHARS)
        is_table = len(alone) == MAX_ALONE and alone[0] > begin
        if is_table or not _may_name_street(text[begin:start], is_clear):
            continue
        street_start = _street(text, begin, start, is_clear)
        if street_start is None:
            alone.append(start)
        else:
            reached = end
            yield street_start, reached


def _street(text: str, begin: int, end: int, is_clear: bool) -> int | None:
    """Where a street begins that ends close before ``end``, the start of a postcode; None without one."""
    clear, worded = _streets()
    streets = (clear if is_clear else worded).finditer(text, begin, end)
    return next((street.start() for street in streets if _is_close(text, street.end(), end)), None)


def _may_name_street(text: str, is_clear: bool) -> bool:
    """Whether a text may name a street. Cheap; True may be wrong, False never is."""
    if HOUSE_NUMBER.search(text) is None:
        return False
    openings, suffixes = _street_words()
    words = LETTERS.findall(text.casefold())
    is_worded = not openings.isdisjoint(words) or any(word.endswith(suffixes) for word in words)
    return is_worded or (is_clear and NUMBERED.search(text) is not None)


def _is_close(text: str, end: int, start: int) -> bool:
    return start - end <= GAP_CHARS and text.count("\n", end, start) <= GAP_LINES


def _postcodes(text: str) -> Iterator[tuple[int, int, bool]]:
    """Offsets of postcodes, and whether their form alone is clear; others are numbers before a place."""
    for code in CODE.finditer(text):
        head = _heads()[code.lastgroup or ""].search(text, max(0, code.start() - HEAD_CHARS), code.start())
        if head:
            yield head.start(), code.end(), True
        elif AFTER_PLACE.match(text, code.start()):
            yield code.start(), code.end(), False
        elif code["number"] and (place := IN_PLACE.match(text, code.end())):
            yield code.start(), place.end(), False


@cache
def _heads() -> dict[str, re.Pattern[str]]:
    """What must stand before the first digit of each `CODE`: the first half of the code, or a state."""
    states = alternatives([*load_words("states", "us"), *load_words("states", "au")])
    return {
        "uk": re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\Z"),
        "canada": re.compile(r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\Z"),
        "number": re.compile(rf"(?<!\w)(?:{states}),? \Z"),
    }


@cache
def _street_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """How the words begin that mark a street or box, and the endings of street names."""
    groups = (load_words("streets", group) for group in ("before_name", "after_number", "boxes"))
    openings = frozenset(LETTERS.findall(word.casefold())[0] for group in groups for word in group)
    return openings, tuple(word.casefold().rstrip(".") for word in load_words("streets", "suffixes"))


@cache
def _streets() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of streets: beside a clear postcode, where a number and names suffice, and with a telling word."""
    suffixes, before, after, boxes = (
        alternatives(load_words("streets", group))
        for group in ("suffixes", "before_name", "after_number", "boxes")
    )
    worded = (
        rf"(?:{NAME}[ -]){{0,3}}(?i:[\w.-]{{0,24}}(?:{suffixes})) ?{NUMBER}(?!\w)|"
        rf"(?i:{before})(?:(?<=[./])|[ \n])(?:[\w.'’-]{{1,20}} ){{0,6}}[\w.'’-]{{1,24}},? "
        rf"(?i:n[.º°o]{{0,2}} ?)?{NUMBER}(?!\w)|"
        rf"{NUMBER},? (?i:{after}) [\w.'’ -]{{2,40}}|"
        rf"(?i:{boxes}):? [\d ]{{1,9}}"
    )
    numbered = rf"\d{{1,6}}[A-Za-z]? (?:{NAME} ){{0,4}}{NAME}|\b(?:PSC|Unit|Flat \w{{1,4}},?) \d{{1,6}}"
    return re.compile(rf"(?<!\w)(?:{worded}|{numbered})"), re.compile(rf"(?<!\w)(?:{worded})")
