"""Text in Markdown: what would be a mark is escaped, inline code stands between backticks."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from winnow.corpus.layout.laid_out import Span

BACKTICKS: Final = re.compile(r"`+")
# A `_` behind a letter begins no emphasis, and a backslash escapes nothing but the marks of ASCII: TeX stays readable.
INSIDE: Final = re.compile(r"[*`\[~]|\\(?=[!-/:-@\[-`{-~]|$)|(?<![^\W_])_")
AT_START: Final = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[#>|=]|[+-](?:\s|$)|--|:-))")
ENTITY: Final = re.compile(r"&(?=#?[A-Za-z0-9]{1,40};)")
CLOSING: Final = re.compile(r"(?<=\s)#+$")  # at a heading's end it would be left out
BAR: Final = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")  # between the cells of a row


def escaped_line(text: str, code: Sequence[Span] = ()) -> str:
    """A line of text, escaped so that Markdown sees no marks in it but those of ``code``."""
    return AT_START.sub(lambda match: (match[1] or "") + "\\", escaped(text, code))


def escaped_heading(text: str, code: Sequence[Span] = ()) -> str:
    """The text of a heading, escaped."""
    return CLOSING.sub(_escape_mark, escaped_line(text, code))


def escaped(text: str, code: Sequence[Span] = ()) -> str:
    """Text with all marks escaped that count inside a line, stripped; ``code`` are spans of inline code."""
    pieces, at = [], 0
    for start, end in _merged(text, code):
        pieces += [_escaped_plain(text[at:start]), _code_span(text[start:end])]
        at = end
    return "".join([*pieces, _escaped_plain(text[at:])]).strip()


def cells_of(text: str, code: Sequence[Span]) -> list[str]:
    """The cells of a row, escaped."""
    bars = [match.start() for match in BAR.finditer(text)]
    spans = zip([0, *(bar + 1 for bar in bars)], [*bars, len(text)], strict=True)
    return [escaped(text[a:b], clipped(code, a, b)).replace("|", r"\|") for a, b in spans]


def clipped(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """Those parts of some spans that lie between two places, counted from the first."""
    return tuple((max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start)


def fence(texts: Iterable[str], least: int) -> str:
    """Backticks, at least so many, that none of some texts can close."""
    longest = max((len(run) for text in texts for run in BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _merged(text: str, code: Sequence[Span]) -> list[Span]:
    """Spans of code that show anything, without spaces at their ends; those side by side are one."""
    merged: list[Span] = []
    for first, last in code:
        inner = text[first:last]
        if not inner.strip():
            continue
        start, end = first + len(inner) - len(inner.lstrip()), first + len(inner.rstrip())
        is_adjacent = merged and merged[-1][1] == start
        merged.append((merged.pop()[0] if is_adjacent else start, end))
    return merged


def _code_span(code: str) -> str:
    runs = {len(run) for run in BACKTICKS.findall(code)}
    marks = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    pad = " " if "`" in (code[0], code[-1]) else ""
    return f"{marks}{pad}{code}{pad}{marks}"


def _escaped_plain(text: str) -> str:
    text = ENTITY.sub("&amp;", INSIDE.sub(_escape_mark, text))
    return text.replace("<", "&lt;")


def _escape_mark(match: re.Match[str]) -> str:
    return "\\" + match[0]
