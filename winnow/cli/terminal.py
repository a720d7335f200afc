"""Output to the terminal and the shell: texts without control characters, warnings, exit codes."""

import sys
import unicodedata
from typing import Final

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
QUARANTINED: Final = 3
INTERRUPTED: Final = 130  # the code of shells for Ctrl-C
EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 failed, nothing half-written; 2 wrong usage; "
    "3 done, and something is in quarantine."
)
# Unicode categories that control a terminal or are invisible.
UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
SAFE: Final = frozenset("\n\t\u200c\u200d")  # exceptions; Persian and emoji need the joiners


def terminal_safe(text: str) -> str:
    r"""A text that a terminal prints literally: control, bidirectional and invisible characters are escaped.

    >>> terminal_safe("\x1b[2Jgone\u202e")
    '\\x1b[2Jgone\\u202e'
    """
    return "".join(
        char.encode("unicode_escape").decode("ascii")
        if unicodedata.category(char) in UNSAFE and char not in SAFE
        else char
        for char in text
    )


def warn(message: str) -> None:
    """Print a message on the error stream."""
    print(f"winnow: {terminal_safe(message)}", file=sys.stderr)
