"""Output to the terminal and the shell: texts without control characters, warnings, exit codes."""

import io
import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
QUARANTINED: Final = 3
INTERRUPTED: Final = 130  # the code of shells for Ctrl-C
EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 failed, nothing half-written; 2 wrong usage; "
    "3 done, and something is in quarantine."
)
WIDE: Final = 1000  # columns, in which any of our tables is as wide as it needs
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


def escape_what_streams_cannot_hold() -> None:
    r"""Have standard output and the error stream print ``\u201c`` for what their encoding lacks, and not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def json_line(value: object) -> str:
    """A value as a line of JSON for standard output, escaped where that is not UTF-8."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return json.dumps(value, ensure_ascii=not is_unicode)


def print_table(table: "Table", console: "Console") -> None:
    """Print a table, or its rows as plain lines where the terminal is too narrow for its columns."""
    from rich.text import Text

    if console.measure(table, options=console.options.update(width=WIDE)).minimum <= console.width:
        console.print(table)
        return
    names = (str(column.header) for column in table.columns)
    rows = zip(*(column.cells for column in table.columns), strict=True)
    for cells in ([*names], *rows):
        console.print(Text("  ").join(Text(str(cell)) for cell in cells), soft_wrap=True)


def warn(message: str) -> None:
    """Print a message on the error stream."""
    print(f"winnow: {terminal_safe(message)}", file=sys.stderr)
