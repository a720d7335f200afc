"""What notebooks show of results: HTML without scripts, in which all that comes from documents is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, Protocol

from winnow.corpus.visible import visible

SHOWN_CHARS: Final = 20_000  # of a text; a notebook keeps all that it shows in its file
SHOWN_REMOVALS: Final = 500
LAYOUT: Final = "layout"  # blank lines that are left over, which nobody wants to see struck through
TEXT_STYLE: Final = "white-space:pre-wrap;max-width:48em;max-height:30em;overflow:auto"
REMOVED_STYLE: Final = "opacity:.55;text-decoration:line-through"
CELL_STYLE: Final = "text-align:left"


class ShownRemoval(Protocol):
    """A span that cleaning leaves out, as `winnow.corpus.document.Removal` has it."""

    @property
    def start(self) -> int:
        """Where it begins in the text."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def kind(self) -> str:
        """The kind of noise."""

    @property
    def rule(self) -> str:
        """What found it."""

    @property
    def score(self) -> float:
        """How sure that is, 0 to 1."""


def document_html(text: str, removals: Sequence[ShownRemoval], title: str, facts: Iterable[str]) -> str:
    """A title with facts, the text with what cleaning leaves out struck through, and the kinds of that.

    The rule of each piece shows where the pointer rests on it.
    """
    head = f"<p><b>{shown(title)}</b> {' · '.join(shown(fact) for fact in facts if fact)}</p>"
    kept = len(text) - sum(removal.end - removal.start for removal in removals)
    rows = [(kind, count, chars) for kind, (count, chars) in sorted(_totals(removals).items())]
    counts = table_html(("removed", "removals", "characters"), rows) if rows else ""
    return (
        f'<div>{head}<div dir="auto" style="{TEXT_STYLE}">{_struck_text(text, removals)}</div>'
        f"<p>{kept:,} of {len(text):,} characters stay</p>{counts}</div>"
    )


def table_html(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, numbers with separators and None empty."""
    head = "".join(f'<th style="{CELL_STYLE}">{shown(name)}</th>' for name in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shown(text: object) -> str:
    r"""A text for HTML: what would be markup is escaped, what is hidden is visible.

    >>> shown("<b>\u202e")
    '&lt;b&gt;␦'
    """
    return escape(visible(text))


def _cell(value: object) -> str:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    text = (
        ""
        if value is None
        else f"{value:,}"
        if is_count
        else f"{value:.2f}"
        if isinstance(value, float)
        else value
    )
    return f'<td style="{CELL_STYLE}">{shown(text)}</td>'


def _struck_text(text: str, removals: Sequence[ShownRemoval]) -> str:
    """The beginning of a document's text, its removals struck through."""
    pieces, at = list[str](), 0
    end = min(len(text), SHOWN_CHARS)
    for removal in removals[:SHOWN_REMOVALS]:
        if removal.start >= end:
            break
        pieces += [
            shown(text[at : removal.start]),
            _struck(text[removal.start : min(removal.end, end)], removal),
        ]
        at = removal.end
    if len(removals) > SHOWN_REMOVALS:
        end = min(end, max(at, removals[SHOWN_REMOVALS].start))
    pieces.append(shown(text[at:end]))
    more = f"\n<i>… {len(text) - end:,} more characters</i>" if end < len(text) else ""
    return "".join(pieces) + more


def _struck(text: str, removal: ShownRemoval) -> str:
    if removal.kind == LAYOUT:
        return shown(text)
    title = shown(f"{removal.kind}: {removal.rule} {removal.score:.2f}")
    return f'<del title="{title}" style="{REMOVED_STYLE}">{shown(text)}</del>'


def _totals(removals: Iterable[ShownRemoval]) -> dict[str, tuple[int, int]]:
    """The numbers of removals and of their characters, by kind."""
    totals: dict[str, tuple[int, int]] = {}
    for removal in removals:
        count, chars = totals.get(removal.kind, (0, 0))
        if removal.kind != LAYOUT:
            totals[removal.kind] = count + 1, chars + removal.end - removal.start
    return totals
