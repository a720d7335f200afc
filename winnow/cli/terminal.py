"""Output to the terminal and the shell: texts without control characters, warnings, exit codes."""

import io
import json
import sys
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
QUARANTINED: Final = 3
MISSED: Final = 4
EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 something is in quarantine; 4 --fail-under is missed."
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


def json_line(value: object, indent: int | None = None) -> str:
    """A value as a line of JSON for standard output, escaped where that is not UTF-8; as lines with an indent."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return json.dumps(value, ensure_ascii=not is_unicode, indent=indent)


def tab_line(cells: Iterable[object]) -> str:
    r"""Cells as a line with tabs between them, and none inside.

    >>> tab_line(["a.example", 2, "a\tb"])
    'a.example\t2\ta\\tb'
    """
    safe = (terminal_safe(str(cell)).replace("\t", r"\t").replace("\n", r"\n") for cell in cells)
    return "\t".join(safe)


def print_table(table: "Table", console: "Console") -> None:
    """Print a table; its rows as plain lines where the terminal is too narrow, and with tabs where there is none."""
    from rich.text import Text

    rows = zip(*(column.cells for column in table.columns), strict=True)
    if not console.is_terminal:
        console.file.writelines(f"{tab_line(cells)}\n" for cells in rows)
        return
    if console.measure(table, options=console.options.update(width=WIDE)).minimum <= console.width:
        console.print(table)
        return
    names = (str(column.header) for column in table.columns)
    for cells in ([*names], *rows):
        console.print(Text("  ").join(Text(str(cell)) for cell in cells), soft_wrap=True)


def warn(message: str) -> None:
    """Print a message on the error stream."""
    print(f"winnow: {terminal_safe(message)}", file=sys.stderr)
