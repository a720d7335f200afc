"""Mojibake: text that was decoded wrongly once, repaired line by line."""

import re
from typing import Final

import numpy as np

from winnow.native import native_twin

# All of ftfy's signs of mojibake hold two characters outside ASCII side by side, or one of a few.
LONE_SIGNS: Final = "ŒœÂÃ" + "".join(map(chr, range(0x80, 0xA0)))  # these few
SUSPECT: Final = re.compile(f"[^\x00-\x7f](?:[^\x00-\x7f]+|(?<=[{LONE_SIGNS}]))")
LONE_SIGN_CODES: Final = [*map(ord, LONE_SIGNS)]
MIN_OUTSIDE: Final = 0x80  # of the units of UTF-16, outside ASCII
SECOND_HALF: Final = 0xDC00 >> 10  # what the second units of a character of two begin with
SIGN_CHARS: Final = 4  # on each side of these; the signs are no longer
# What ftfy need not look through; the longest of its patterns, a word behind a spoilt "à", fits in what it sees.
ASCII_RUN: Final = re.compile("(?<=[\0-\x7f]{16})([\0-\x7f]+)(?=[\0-\x7f]{16})")
LONGEST_MOJIBAKE_LINE: Final = 1_000_000  # characters; ftfy's own limit (`max_decode_length`)


def mended(text: str) -> str:
    """A text with mojibake repaired, line by line, where a line looks wrongly decoded."""
    if text.isascii() or not may_be_spoilt(text):
        return text
    return "\n".join(line if line.isascii() else _mended_line(line) for line in text.split("\n"))


@native_twin()
def may_be_spoilt(text: str) -> bool:
    """Whether `SUSPECT` may match somewhere in a text; takes a fifth of the time of a search."""
    units = np.frombuffer(text.encode("utf-16-le"), "<u2")
    places = np.flatnonzero(units >= MIN_OUTSIDE)
    outside = units[places]
    is_behind_another = (np.diff(places) == 1) & (outside[1:] >> 10 != SECOND_HALF)
    return bool(is_behind_another.any() or np.isin(outside, LONE_SIGN_CODES).any())


def _mended_line(line: str) -> str:
    from ftfy import fix_encoding_and_explain  # takes longer than most pages, few of which need it
    from ftfy.badness import is_bad

    if len(line) > LONGEST_MOJIBAKE_LINE:
        return line
    suspect_signs = SUSPECT.finditer(line)  # asking about whole lines of a page would take 20 times as long
    suspects = {line[max(0, m.start() - SIGN_CHARS) : m.end() + SIGN_CHARS] for m in suspect_signs}
    if not suspects or not is_bad("\n".join(sorted(suspects))):
        return line
    parts = ASCII_RUN.split(line)  # every second part is ASCII that needs no repair
    parts[::2] = fix_encoding_and_explain("\n".join(parts[::2])).text.split("\n")
    return "".join(parts)
