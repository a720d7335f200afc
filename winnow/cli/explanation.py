"""Explanations of what cleaning removed from a document and why: for a terminal, or as a record for JSON."""

import dataclasses
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final, TypedDict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from winnow.cli.terminal import print_table, terminal_safe
from winnow.corpus.decisions.applying import ReviewedDocument
from winnow.corpus.decisions.events import Event
from winnow.corpus.document import Cleaned, Removal
from winnow.corpus.settings import Settings
from winnow.corpus.taxonomy import KINDS, LAYOUT, Action

# Of the 16 colours of every terminal, those that can be read on black and on white; not green, which means "fine".
COLOURS: Final = ("red", "yellow", "magenta", "cyan", "bright_red", "bright_magenta", "bright_blue")
COLOUR_OF_KIND: Final = {kind: COLOURS[number % len(COLOURS)] for number, kind in enumerate(KINDS)}
SHOWN_CHARS: Final = 60  # of the text of a decision
PLAIN_MARKS: Final = ("[-", "-]")  # around removed text, as in `git diff --word-diff`


class RemovedPart(TypedDict):
    """A removal with its text and its action; offsets count code points of the laid-out text."""

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
    """A document as laid out, and all that is removed from it, in order."""

    text: str
    removed: list[RemovedPart]
    decisions: list[DecisionMade]
    metadata: dict[str, object]


def explanation(decided: ReviewedDocument, console: Console, settings: Settings) -> None:
    """Print a document with removed text struck through in the colour of its kind, then a table of the kinds.

    Kind, rule and score follow each removal. Without colour (a pipe, a file, NO_COLOR) removals read
    ``[-text-]{kind rule .97}``. Removed blank lines are not marked, but the table counts them.
    Characters that could control the terminal are escaped, as in ``\\x1b``.
    """
    is_plain = console.no_color or console.color_system is None
    cleaned = decided.cleaned
    console.print(_marked_text(cleaned, is_plain), soft_wrap=not console.is_terminal)
    print_table(_legend(cleaned, settings), console)
    for event in decided.placed:
        console.print(Text(terminal_safe(_decision(event))))
    remaining_chars, all_chars = len(cleaned.text), len(cleaned.document.text)
    console.print(f"{remaining_chars:,} of {all_chars:,} characters stay", highlight=False)


def _marked_text(cleaned: Cleaned, is_plain: bool) -> Text:
    """The laid-out text with each removal marked."""
    document_text, marked_text, end = cleaned.document.text, Text(), 0
    for removal in cleaned.removals:
        marked_text.append(terminal_safe(document_text[end : removal.start]))
        marked_text.append_text(_marked_removal(document_text, removal, is_plain))
        end = removal.end
    return marked_text.append(terminal_safe(document_text[end:]))


def explanation_record(decided: ReviewedDocument, settings: Settings) -> Explanation:
    """The content of `explanation` as plain values for JSON, neither escaped nor shortened."""
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
    text = " ".join(event.text.split())
    excerpt = text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"
    did, where = event.action.split("_")
    reason = f": {event.why}" if event.why else ""
    return f"{event.who}, {event.when[:10]}, {did} this {where}: “{excerpt}”{reason}"


def _marked_removal(text: str, removal: Removal, is_plain: bool) -> Text:
    """A removed span with its marks and label, set inside the white space at its ends."""
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
    """A table with a row for each kind of removal: its colour, action, removals and characters."""
    table = Table("kind", "action")
    table.add_column("removals", justify="right")
    table.add_column("characters", justify="right")
    for kind, removals, chars in _totals(cleaned):
        name = Text(kind, COLOUR_OF_KIND.get(kind, ""))
        table.add_row(name, settings.action(kind), f"{removals:,}", f"{chars:,}")
    return table


def _totals(cleaned: Cleaned) -> Iterator[tuple[str, int, int]]:
    """For each kind, sorted by name: the numbers of its removals and of their characters."""
    for kind, group in groupby(sorted(cleaned.removals, key=attrgetter("kind")), attrgetter("kind")):
        removals = list(group)
        yield kind, len(removals), sum(r.end - r.start for r in removals)
