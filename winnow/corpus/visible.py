"""Text with its hidden characters visible, for pages that people read."""

import unicodedata
from typing import Final

HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})  # categories that show nothing, or steer what is shown
SHOWN: Final = frozenset("\n\t\u200c\u200d\xad")  # of these; Persian, emoji and hyphenation need them
SIGN: Final = "␦"  # stands for one hidden character, so that offsets stay


def visible(text: object) -> str:
    r"""A text with a sign for every character that is invisible or reverses the text beside it.

    >>> visible("gnp.\u202eexe")
    'gnp.␦exe'
    """
    characters = str(text)
    if characters.isascii() and characters.isprintable():
        return characters
    return "".join(SIGN if unicodedata.category(c) in HIDDEN and c not in SHOWN else c for c in characters)
