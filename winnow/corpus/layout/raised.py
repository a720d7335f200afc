"""Raised and lowered text (`sup`, `sub`) that keeps its meaning in a line: 10⁶, CO₂, x_i, and [1] for a note."""

import re
from itertools import islice
from typing import Final

from winnow.corpus.layout.html import INLINE, PageTree

MAX_ELEMENTS: Final = 8  # of raised text that is read
MAX_CHARS: Final = 12  # of raised text; more is a remark in small print
SIGNS: Final = "0123456789+-−–=()"
RAISED: Final = str.maketrans(f"{SIGNS}ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED: Final = str.maketrans(SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
HAS_RAISED: Final = re.compile(r"[0-9+\-−–=()ni]*[0-9ni)]")  # "+" alone is a charge: Na⁺
HAS_LOWERED: Final = re.compile(r"[0-9+\-−–=()]+")
NOTE_NUMBER: Final = re.compile(r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*|[a-z](?:\s?[,;]\s?[a-z])*")
NOTE_LIST: Final = re.compile(r"[,;]")  # in the marks of several notes; no exponent has one
NOTE_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:foot|end)?(?:note|noteref|ref|fn|cite|reference)(?:[\s_\d-]|$)", re.IGNORECASE
)
EXPRESSION: Final = re.compile(r"[\w+\-−–/.,=()*]+")
WORD_BEFORE: Final = re.compile(r"[^\W\d_]*$")
YEAR_BEFORE: Final = re.compile(r"(?<!\d)(?:1[1-9]|20)\d\d$")
NOTE_PLACE: Final = re.compile(r"[.,;:!?…”’\"'»›“\u2e80-\uffef]$")  # behind which no exponent stands
NO_NOTES: Final = frozenset("mol rad sec bar min sin cos tan log cot exp det mile miles inch kcal".split())
WORD_CHARS: Final = 3  # of a word; shorter ones are units and variables
ORDINALS: Final = frozenset("eoadrsh")  # ends of ordinals and abbreviations: XIXe, No, 1a, Dr
CHARGE: Final = re.compile(r"\d?[+\-−–]")


def raised_text(element: PageTree, before: str) -> str | None:
    """What stands for a `sup` or `sub` in a line, None where its text can stand as it is.

    ``before`` is the end of the text before it. Digits and signs become Unicode's raised and lowered ones;
    other exponents follow ``^``, indices ``_``; marks of notes stand in square brackets.
    """
    raw = _short_text(element)
    text = raw.strip()
    if not text or not before or len(text) > MAX_CHARS:
        return None
    if element.tag == "sub":
        written = _lowered(text, before)
    elif _is_note(element):
        written = f"[{text}]" if NOTE_NUMBER.fullmatch(text) else None
    else:
        written = _isotope(text, element.tail or "") if before[-1].isspace() else _raised(text, before)
    return f"{written} " if written and raw[-1].isspace() else written


def note_link_text(link: PageTree, before: str) -> str | None:
    """What stands for a link that is named as the mark of a note; None for any other."""
    name = f"{link.get('class') or ''} {link.get('role') or ''}"
    if not before or "#" not in (link.get("href") or "") or not NOTE_NAME.search(name):
        return None
    text = _short_text(link).strip()
    return f"[{text}]" if NOTE_NUMBER.fullmatch(text) and len(text) <= MAX_CHARS else None


def _short_text(element: PageTree) -> str:
    """The text of an element that holds no more than a few inline elements, "" for any other."""
    parts = [*islice(element.iter(), MAX_ELEMENTS + 1)]
    if len(parts) > MAX_ELEMENTS or any(part.tag not in INLINE or part.tag == "img" for part in parts):
        return ""
    inner = "".join(f"{part.text or ''}{part.tail or ''}" for part in parts[1:])
    return f"{element.text or ''}{inner}"


def _is_note(element: PageTree) -> bool:
    """Whether an element links to a place of the page, or is named as a mark of a note."""
    parent = element.getparent()
    is_all = parent is not None and not (parent.text or "").strip() and element.getprevious() is None
    around = (parent,) if is_all and parent.tag == "a" else ()
    if any("#" in (link.get("href") or "") for link in (*element.iter("a"), *around)):
        return True
    return bool(NOTE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _isotope(text: str, behind: str) -> str | None:
    """A number that stands before a letter, as in ¹⁴C."""
    return text.translate(RAISED) if text.isdecimal() and behind[:1].isalpha() else None


def _raised(text: str, before: str) -> str | None:
    if NOTE_NUMBER.fullmatch(text) and (
        NOTE_LIST.search(text) or (text[0].isdecimal() and _may_have_note(before))
    ):
        return f"[{text}]"
    if len(text) == 1 and text.isalpha():
        return _raised_letter(text, before)
    if HAS_RAISED.fullmatch(text) or CHARGE.fullmatch(text):
        return text.translate(RAISED)
    if text.isalpha() or not EXPRESSION.fullmatch(text) or not any(map(str.isalnum, text)):
        return None
    return f"^{text}" if text.replace(".", "").isdecimal() else f"^({text})"


def _may_have_note(before: str) -> bool:
    """Whether a number that is raised behind a text marks a note, and is no exponent."""
    if NOTE_PLACE.search(before) or YEAR_BEFORE.search(before):
        return True
    word = _last_word(before)
    return len(word) >= WORD_CHARS and word.lower() not in NO_NOTES


def _last_word(before: str) -> str:
    match = WORD_BEFORE.search(before)
    return match[0] if match else ""


def _raised_letter(letter: str, before: str) -> str | None:
    """A letter as an exponent, behind a number, a bracket or a letter that stands alone."""
    word = _last_word(before)
    if letter in ORDINALS and (letter == "o" or len(word) != 1 or not word.islower()):
        return None
    is_power = before[-1] in ")]" or before[-1].isdecimal() or len(word) == 1
    return (letter.translate(RAISED) if letter in "ni" else f"^{letter}") if is_power else None


def _lowered(text: str, before: str) -> str | None:
    if not (before[-1].isalnum() or before[-1] in ")]"):
        return None
    if HAS_LOWERED.fullmatch(text):
        return text.translate(LOWERED)
    is_index = EXPRESSION.fullmatch(text) and any(map(str.isalnum, text))
    if len(_last_word(before)) != 1 or not is_index:
        return None
    return f"_{text}" if text.isalnum() else f"_({text})"
