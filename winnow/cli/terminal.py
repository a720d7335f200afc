"""What goes to the terminal and the shell: texts in which nothing steers one, warnings, exit codes."""

import sys
import unicodedata
from typing import Final

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
QUARANTINED: Final = 3
INTERRUPTED: Final = 130  # what shells give for Ctrl-C
EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 failed, nothing half-written; 2 wrong usage; "
    "3 done, and something is in quarantine."
)
UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # categories that steer a terminal or hide
SAFE: Final = frozenset("\n\t\u200c\u200d")  # of these; Persian and emoji need the joiners


def terminal_safe(text: str) -> str:
    r"""A text whose characters a terminal only prints: controls, bidi and hidden ones are escaped.

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
    """Say something on the error stream."""
    print(f"winnow: {terminal_safe(message)}", file=sys.stderr)
