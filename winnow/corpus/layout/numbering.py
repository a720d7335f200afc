"""Numbers of the items of ordered lists, as a page shows them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from winnow.corpus.layout.html import PageTree

# Names of lists that are ordered for machines and show no numbers.
UNNUMBERED: Final = re.compile(
    r"(?<![a-z])(?:nav|menu|(?:bread)?crumb|comment|thread|carousel|slide|tab(?!le)|(?:list-?)?unstyled|unnumbered|plain"
    r"|no-?(?:list|style|bullet|number)|list-none|pager|pagination|gallery|results?|cards?|posts?|feed|social|shar|related"
    r"|stream|messages?|timeline|grid|toolbar|products?)",
    re.IGNORECASE,
)
NO_MARKS: Final = re.compile(r"list-style(?:-type)?\s*:\s*[^;]*none", re.IGNORECASE)
OWN_NUMBER: Final = re.compile(r"[(\[]?\d{1,4}[.):\]](?!\d)")  # of an item that says its number itself
MAX_NUMBER: Final = 1_000_000
ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
MAX_ROMAN: Final = 3999
LETTERS: Final = 26


@dataclass(slots=True)
class Numbering:
    """The numbers that are still to come in an ordered list."""

    next_number: int
    step: int
    write: Callable[[int], str]

    def label(self, item: PageTree) -> str:
        """The number of an item with its full stop and a space, as in ``"3. "``."""
        number = _whole_number(item.get("value"), self.next_number)
        self.next_number = number + self.step
        return f"{self.write(number)}. "


def numbering(ordered_list: PageTree) -> Numbering | None:
    """The numbers of a list, by ``start``, ``reversed`` and ``type``; None for a list that shows none."""
    names = (
        f"{ordered_list.get('class') or ''} {ordered_list.get('id') or ''} {ordered_list.get('role') or ''}"
    )
    if UNNUMBERED.search(names) or NO_MARKS.search(ordered_list.get("style") or ""):
        return None
    is_reversed = ordered_list.get("reversed") is not None
    first = sum(child.tag == "li" for child in ordered_list) if is_reversed else 1
    start = _whole_number(ordered_list.get("start"), first)
    return Numbering(start, -1 if is_reversed else 1, WRITERS.get(ordered_list.get("type") or "", str))


def _whole_number(text: str | None, otherwise: int) -> int:
    try:
        number = int(text or "")
    except ValueError:
        return otherwise
    return number if abs(number) <= MAX_NUMBER else otherwise


def _letters(number: int) -> str:
    """A number as letters: a, b, ... z, aa; as digits from 0 down."""
    if number < 1:
        return str(number)
    letters = ""
    while number:
        number, letter = divmod(number - 1, LETTERS)
        letters = chr(ord("a") + letter) + letters
    return letters


def _roman(number: int) -> str:
    """A number in Roman digits; in ours where they have none."""
    if not 0 < number <= MAX_ROMAN:
        return str(number)
    digits = ""
    for value, digit in ROMAN:
        times, number = divmod(number, value)
        digits += digit * times
    return digits


WRITERS: Final[dict[str, Callable[[int], str]]] = {
    "a": _letters,
    "A": lambda number: _letters(number).upper(),
    "i": _roman,
    "I": lambda number: _roman(number).upper(),
}
