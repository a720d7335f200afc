"""The one form that every text has, so that each output can hold it."""

import re
from typing import Final

UNUSUAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
# Those of more than one byte in UTF-8; surrogates have no form there, the others one byte
UNUSUAL_MARKS: Final = "\ufeff\ufffe\uffff"
UNUSUAL_BYTES: Final = bytes({*range(32), 127} - {*b"\t\n\r"})
LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    r"""A text that every output can hold: lines end in ``\n``, control characters are gone."""
    if text.isprintable():  # no line ends, controls or odd spaces in it
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(end in text for end in "\x85\u2028\u2029"):
        text = LINE_ENDS.sub("\n", text)
    return UNUSUAL.sub("", text) if _has_unusual(text) else text


def _has_unusual(text: str) -> bool:
    """Whether a text has a character of `UNUSUAL`; takes half the time of a search."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return True
    has_control = len(encoded.translate(None, UNUSUAL_BYTES)) < len(encoded)
    return has_control or any(mark in text for mark in UNUSUAL_MARKS)
