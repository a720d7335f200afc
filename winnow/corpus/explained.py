"""Why cleaning leaves out each piece of a document: in words, as rows, and as what a notebook shows."""

from dataclasses import dataclass
from typing import Final

from winnow.corpus.document import Cleaned, Removal
from winnow.corpus.notebook import table_html
from winnow.corpus.settings import Settings
from winnow.corpus.taxonomy import KINDS, LAYOUT, Action

SHOWN_PIECES: Final = 200  # in a notebook
SHOWN_CHARS: Final = 80  # of a piece, there and in a line


@dataclass(frozen=True, slots=True)
class ExplainedRemoval:
    """A piece that cleaning leaves out, what it is, and by which rule; ``start`` and ``end`` count code points."""

    text: str
    kind: str
    meaning: str  # of the kind, in words
    rule: str
    score: float  # how sure the rule is, 0 to 1
    action: Action  # what becomes of it: left out, or moved to the metadata
    cleaner: str
    start: int
    end: int

    @property
    def excerpt(self) -> str:
        """Its text in one line, shortened."""
        text = " ".join(self.text.split())
        return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"

    def __str__(self) -> str:
        return f"{self.kind} ({self.rule} {self.score:.2f}): {self.excerpt}"


@dataclass(frozen=True, slots=True)
class PageExplanation:
    """Why each piece of a document is left out; blank lines that are left over have no reason of their own."""

    cleaned: Cleaned
    removed: tuple[ExplainedRemoval, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.removed))

    def _repr_html_(self) -> str:
        """What a notebook shows: the text with what goes struck through, and a row for each piece."""
        rows = [
            (piece.excerpt, piece.kind, piece.meaning, piece.rule, piece.score, piece.action)
            for piece in self.removed[:SHOWN_PIECES]
        ]
        columns = ("text", "kind", "what that is", "rule", "score", "action")
        return f"{self.cleaned._repr_html_()}{table_html(columns, rows)}"


def explained(cleaned: Cleaned, settings: Settings) -> PageExplanation:
    """The reasons of a cleaned document, with the actions of some settings."""
    pieces = (r for r in cleaned.removals if r.kind != LAYOUT)
    return PageExplanation(cleaned, tuple(_explained(cleaned.document.text, r, settings) for r in pieces))


def _explained(text: str, removal: Removal, settings: Settings) -> ExplainedRemoval:
    return ExplainedRemoval(
        text=text[removal.start : removal.end],
        kind=removal.kind,
        meaning=KINDS[removal.kind][1] if removal.kind in KINDS else "",
        rule=removal.rule,
        score=removal.score,
        action=settings.action(removal.kind),
        cleaner=removal.cleaner,
        start=removal.start,
        end=removal.end,
    )
