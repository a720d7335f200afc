"""What cleaning removed from a document and why: shown in a terminal, or as a record for JSON."""

import dataclasses
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final, TypedDict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from winnow.cli.terminal import terminal_safe
from winnow.corpus.decisions.applying import ReviewedDocument
from winnow.corpus.decisions.events import Event
from winnow.corpus.document import Cleaned, Removal
from winnow.corpus.settings import Settings
from winnow.corpus.taxonomy import KINDS, LAYOUT, Action

# Of the 16 that every terminal has, those that can be read on black and on white and say no "all is well".
COLOURS: Final = ("red", "yellow", "magenta", "cyan", "bright_red", "bright_magenta", "bright_blue")
COLOUR_OF_KIND: Final = {kind: COLOURS[number % len(COLOURS)] for number, kind in enumerate(KINDS)}
SHOWN_CHARS: Final = 60  # of the text of a decision
PLAIN_MARKS: Final = ("[-", "-]")  # around what goes, as in `git diff --word-diff`


class RemovedPart(TypedDict):
    """A removal with its text and what becomes of it; offsets count code points of the laid-out text."""

    start: int
    end: int
    kind: str
    rule: str
    score: float  # 0 to 1
    cleaner: str
    action: Action
    text: str


class DecisionMade(TypedDict):
    """What a person decided about the document, or about its whole site."""

    action: str
    who: str
    when: str
    why: str
    text: str


class Explanation(TypedDict):
    """A document as laid out, and all that goes from it, in order of place."""

    text: str
    removed: list[RemovedPart]
    decisions: list[DecisionMade]
    metadata: dict[str, object]


def explanation(decided: ReviewedDocument, console: Console, settings: Settings) -> None:
    """Print a document with what goes struck through in its kind's colour, then a table of the kinds.

    Kind, rule and score follow each removal. Without colour (a pipe, a file, NO_COLOR) removals read
    ``[-text-]{kind rule .97}``. Blank lines that go are shown as they are; the table counts them.
    Characters that could steer the terminal come out escaped, as in ``\\x1b``.
    """
    is_plain = console.no_color or console.color_system is None
    cleaned, shown, at = decided.cleaned, Text(), 0
    for removal in cleaned.removals:
        shown.append(terminal_safe(cleaned.document.text[at : removal.start]))
        shown.append_text(_shown_removal(cleaned.document.text, removal, is_plain))
        at = removal.end
    shown.append(terminal_safe(cleaned.document.text[at:]))
    console.print(shown, soft_wrap=not console.is_terminal)
    console.print(_legend(cleaned, settings))
    kept, whole = len(cleaned.text), len(cleaned.document.text)
    for event in decided.placed:
        console.print(Text(terminal_safe(_decision(event))))
    console.print(f"{kept:,} of {whole:,} characters stay", highlight=False)


def explanation_record(decided: ReviewedDocument, settings: Settings) -> Explanation:
    """What `explanation` shows, as plain values for JSON; nothing in it is escaped or cut."""
    cleaned, document = decided.cleaned, decided.cleaned.document
    return {
        "text": document.text,
        "removed": [
            {
                "start": removal.start,
                "end": removal.end,
                "kind": removal.kind,
                "rule": removal.rule,
                "score": removal.score,
                "cleaner": removal.cleaner,
                "action": settings.action(removal.kind),
                "text": document.text[removal.start : removal.end],
            }
            for removal in cleaned.removals
        ],
        "decisions": [
            {"action": e.action, "who": e.who, "when": e.when, "why": e.why, "text": e.text}
            for e in decided.placed
        ],
        "metadata": dataclasses.asdict(document.metadata),
    }


def _decision(event: Event) -> str:
    """One decision in a line."""
    piece = " ".join(event.text.split())
    shown = piece if len(piece) <= SHOWN_CHARS else f"{piece[: SHOWN_CHARS - 1]}…"
    did, where = event.action.split("_")
    reason = f": {event.why}" if event.why else ""
    return f"{event.who}, {event.when[:10]}, {did} this {where}: “{shown}”{reason}"


def _shown_removal(text: str, removal: Removal, is_plain: bool) -> Text:
    """A removed span with its marks and label, which stand inside the white space at its ends."""
    removed = text[removal.start : removal.end]
    bare = removed.strip()
    if removal.kind == LAYOUT or not bare:
        return Text(terminal_safe(removed))
    before, after = removed[: removed.index(bare)], removed[removed.index(bare) + len(bare) :]
    opening, closing = PLAIN_MARKS if is_plain else ("", "")
    label = f"{removal.kind} {removal.rule} {removal.score:.2f}".replace(" 0.", " .")
    colour = COLOUR_OF_KIND.get(removal.kind, COLOURS[0])
    return Text.assemble(
        terminal_safe(before),
        (f"{opening}{terminal_safe(bare)}{closing}", f"strike {colour}"),
        (f"{{{label}}}" if is_plain else f" {label}", f"italic {colour}"),
        terminal_safe(after),
    )


def _legend(cleaned: Cleaned, settings: Settings) -> Table:
    """A row for each kind that was found: its colour, what becomes of it, removals, characters."""
    table = Table("kind", "action")
    table.add_column("removals", justify="right")
    table.add_column("characters", justify="right")
    for kind, removals, chars in _totals(cleaned):
        name = Text(kind, COLOUR_OF_KIND.get(kind, ""))
        table.add_row(name, settings.action(kind), f"{removals:,}", f"{chars:,}")
    return table


def _totals(cleaned: Cleaned) -> Iterator[tuple[str, int, int]]:
    """Kind, removals and characters, by the name of the kind."""
    for kind, group in groupby(sorted(cleaned.removals, key=attrgetter("kind")), attrgetter("kind")):
        removals = list(group)
        yield kind, len(removals), sum(r.end - r.start for r in removals)
