"""The one form that every text has, so that each output can hold it."""

import re
import unicodedata
from types import SimpleNamespace
from typing import Final

from winnow.native import native_twin

CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
# Those of more than one byte in UTF-8; halves of characters have no form there, the others one byte
CONTROL_MARKS: Final = "\ufeff\ufffe\uffff"
CONTROL_BYTES: Final = bytes({*range(32), 127} - {*b"\t\n\r"})
# Soft hyphens, zero-width spaces, joiners of words, operators that formulas leave out
INVISIBLE: Final = "\xad\u200b\u2060\u2061\u2062\u2063\u2064"
# Letters of private use: what a font makes of them (icons) is not in the text. One between two spaces takes one along.
PRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U0010ffff"
PRIVATE_RUN: Final = re.compile(f"(?<!\\S)[{PRIVATE}]+ ?|[{PRIVATE}]+")
# What they begin with in UTF-8, and little else does; behind EF, Chinese has its punctuation
PRIVATE_STARTS: Final = (b"\xee", b"\xf3", b"\xf4")
PRIVATE_PAIR: Final = re.compile(rb"\xef[\x80-\xa3]")
LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
# ECMA-48: control sequences (colours), strings (titles, links), shifts between character sets, and functions
TERMINAL: Final = re.compile(
    "\x1b\\[[0-?]{0,60}[ -/]{0,4}[@-~]|\x1b[\\]PX^_][^\x07\x1b\x9c\n]{0,4000}(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]{1,3}[0-~]|\x1b[78=>cDEHMNOZ]"
)
# Joiners carry meaning beside letters of Arabic, Indic and other scripts, and in emoji; markup may stand between.
JOINERS: Final = re.compile(
    "(?<![{0}])[\u200c\u200d]+(?![{0}])".format(
        "<>&;\u0590-\u1cff\u2190-\u2bff\ua800-\uabff\ufb50-\ufdff\ufe00-\ufe0f\ufe70-\ufefc\U00010a00-\U000e01ef"
    )
)
MAX_MARKS: Final = 30  # combining marks in a row
MAYBE_MARKS: Final = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_MARKS + 1},}}")  # no mark is a letter


def plain_text(text: str) -> str:
    r"""A text that every output can hold, in the form that equal texts share.

    Lines end in ``\n``, letters with their accents are one character each (NFC). What a reader does not see is gone:
    control characters, whole terminal escapes, soft hyphens, zero-width spaces, letters of private use (icons), and
    joiners where they join nothing.

    >>> plain_text("co\xadoperate \x1b[31mnow\x1b[0m\r\ncafe\u0301")
    'cooperate now\ncafé'
    """
    return visible_text(without_controls(text))


def _cut_invisible(text: str) -> str:
    """A text without control characters in normal form, without what a reader does not see."""
    if text.isascii():
        return text
    if not text.isprintable():
        for sign in INVISIBLE:  # looked for one by one, in a third of the time of a pattern
            if sign in text:
                text = text.replace(sign, "")
        encoded = text.encode()  # in which characters are found in a tenth of the time
        text = PRIVATE_RUN.sub("", text) if _may_have_private(encoded) else text
        text = JOINERS.sub("", text) if "\u200c" in text or "\u200d" in text else text
    return composed(text)


def _cut_controls(text: str) -> str:
    """A text without control characters and terminal escapes."""
    if text.isprintable():  # no line ends, controls or odd spaces in it
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = TERMINAL.sub("", text)
    if any(end in text for end in "\x85\u2028\u2029"):
        text = LINE_ENDS.sub("\n", text)
    return CONTROLS.sub("", text) if _has_controls(text) else text


@native_twin(SimpleNamespace(cut_invisible=_cut_invisible))
def visible_text(text: str) -> str:
    """`plain_text` of a text that has no control characters left."""
    return _cut_invisible(text)


@native_twin(SimpleNamespace(cut_controls=_cut_controls))
def without_controls(text: str) -> str:
    r"""A text whose lines end in ``\n``, without control characters and terminal escapes."""
    return _cut_controls(text)


def composed(text: str) -> str:
    """A text in Unicode's normal form C, which is left as it is where more than 30 marks follow each other.

    Sorting a run of marks takes quadratic time. No language has longer runs: 30 is the bound of Unicode's
    stream-safe texts (UAX 15, section 13).
    """
    if text.isascii() or unicodedata.is_normalized(
        "NFC", text
    ):  # which sorts no marks that are out of order
        return text
    if any(_marks(run) > MAX_MARKS for run in MAYBE_MARKS.findall(text)):
        return text
    return unicodedata.normalize("NFC", text)


def _marks(text: str) -> int:
    """How many characters are combining marks, which Unicode may put into another order."""
    return sum(unicodedata.combining(character) > 0 for character in text)


def _has_controls(text: str) -> bool:
    """Whether a text has a character of `CONTROLS`; takes half the time of a search."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return True
    has_control = len(encoded.translate(None, CONTROL_BYTES)) < len(encoded)
    return has_control or any(mark in text for mark in CONTROL_MARKS)


def _may_have_private(encoded: bytes) -> bool:
    """Whether a text may have letters of private use, by its UTF-8."""
    if any(start in encoded for start in PRIVATE_STARTS):
        return True
    return b"\xef" in encoded and bool(PRIVATE_PAIR.search(encoded))
