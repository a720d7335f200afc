"""The pieces of a document for its page: kept, removed or decided on, one window of the text at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from winnow.corpus.decisions.applying import REMOVING, ReviewedDocument, find_verdicts
from winnow.corpus.decisions.events import Event
from winnow.corpus.document import Cleaned, Removal
from winnow.corpus.taxonomy import LAYOUT

WINDOW_CHARS: Final = 60_000  # of the text on one page: some 20 printed pages
LONG_CHARS: Final = 400  # a longer removed piece is folded until it has the focus
FOLDED_PIECES: Final = 6  # removed in a row, as menus are; so many are one line until somebody opens it
FOLD_WORDS_CHARS: Final = 90  # of a fold's text on that line


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the laid-out text, and whether it is kept, removed or decided on."""

    start: int
    end: int
    text: str
    removal: Removal | None = None  # that takes it out
    event: Event | None = None  # the decision of a person about it

    @property
    def is_blank(self) -> bool:
        """Only white space, so there is nothing to show."""
        return not self.text.strip()

    @property
    def is_long(self) -> bool:
        """Folded until it has the focus."""
        return len(self.text) > LONG_CHARS


@dataclass(frozen=True, slots=True)
class FoldedPieces:
    """Consecutive pieces that rules remove, or a single other piece."""

    pieces: Sequence[Piece]

    @property
    def cuts(self) -> Sequence[Piece]:
        """The removed pieces that are more than white space."""
        return [p for p in self.pieces if p.removal and not p.event and not p.is_blank]

    @property
    def is_folded(self) -> bool:
        """One line until somebody opens it."""
        return len(self.cuts) >= FOLDED_PIECES

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """Kinds of the removed pieces with their numbers, the most frequent first."""
        return Counter(p.removal.kind for p in self.cuts if p.removal).most_common()

    @property
    def words(self) -> str:
        """The beginning of the removed text."""
        return " · ".join(" ".join(p.text.split()) for p in self.cuts[:FOLDED_PIECES])[:FOLD_WORDS_CHARS]


def runs(pieces: Iterable[Piece]) -> Iterator[FoldedPieces]:
    """The pieces in runs; white space belongs to the run before it."""
    going = False

    def is_going(piece: Piece) -> bool:
        """Whether a piece is removed by a rule; white space belongs to the piece before it."""
        nonlocal going
        going = going if piece.is_blank else piece.removal is not None and piece.event is None
        return going

    for is_run, group in groupby(pieces, is_going):
        run = [*group]
        yield from [FoldedPieces(run)] if is_run else (FoldedPieces([piece]) for piece in run)


def pieces(decided: ReviewedDocument, window: int) -> Iterator[Piece]:
    """The pieces of the window that begins at ``window``, in order, without gaps.

    ``event`` marks what a person decided, be it removed or restored.
    """
    cleaned, text = decided.cleaned, decided.cleaned.document.text
    verdicts, _ = find_verdicts(text, decided.placed)
    by_start = {verdict.start: verdict.event for verdict in verdicts}
    restored = [
        Removal(v.start, v.end, LAYOUT, "restored") for v in verdicts if v.event.action not in REMOVING
    ]
    at, stop = window, min(len(text), window + WINDOW_CHARS)
    for mark in sorted([*restored, *cleaned.removals]):
        start, end = max(mark.start, at), min(mark.end, stop)
        if start < end:
            if at < start:
                yield Piece(at, start, text[at:start])
            is_restored = mark.rule == "restored"
            event = by_start.get(mark.start) if is_restored or mark.rule == "person" else None
            piece = Piece(start, end, text[start:end], None if is_restored else mark, event)
            yield from _split_blank_ends(piece)
            at = end
    if at < stop:
        yield Piece(at, stop, text[at:stop])


def kind_counts(cleaned: Cleaned) -> list[tuple[str, int, int]]:
    """Kind, number of pieces and characters of removals, most characters first; leftovers of layout do not count."""
    removals = [r for r in cleaned.removals if r.kind != LAYOUT]
    chars = Counter[str]()
    for removal in removals:
        chars[removal.kind] += removal.end - removal.start
    numbers = Counter(r.kind for r in removals)
    return [(kind, numbers[kind], count) for kind, count in chars.most_common()]


def _split_blank_ends(piece: Piece) -> Iterator[Piece]:
    """A piece with the white space at its ends split off, so that its marks stand at its words."""
    bare = piece.text.strip()
    first = piece.start + piece.text.index(bare)
    last = first + len(bare)
    for start, end in ((piece.start, first), (first, last), (last, piece.end)):
        if start < end:
            yield replace(
                piece, start=start, end=end, text=piece.text[start - piece.start : end - piece.start]
            )
