"""Arithmetic of spans: kept and removed text joined, and the blank lines that removals leave behind."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from winnow.corpus.lines import split_lines


class Stretch(Protocol):
    """A part of a text, ``text[start:end]``."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character behind its last one."""


def removed_chars(parts: Iterable[Stretch], removed: Sequence[Stretch]) -> list[int]:
    """How many characters of each part are removed; both are in order, and neither overlap among themselves."""
    first, counts = 0, list[int]()
    for part in parts:
        while first < len(removed) and removed[first].end <= part.start:
            first += 1
        chars, at = 0, first
        while at < len(removed) and removed[at].start < part.end:
            chars += min(removed[at].end, part.end) - max(removed[at].start, part.start)
            at += 1
        counts.append(chars)
    return counts


def restored_text(kept_text: str, removed: Iterable[tuple[int, str]]) -> str:
    """The laid-out text, from what is kept of it and the removed pieces, each with its offset in the laid-out text.

    The pieces are disjoint and in order.

    >>> restored_text("Rain fell.", [(4, "AD"), (12, "!")])
    'RainAD fell.!'
    """
    parts, position, chars = list[str](), 0, 0
    for start, piece in removed:
        parts += [kept_text[position : start - chars], piece]
        position, chars = start - chars, chars + len(piece)
    return "".join([*parts, kept_text[position:]])


def blank_leftovers(text: str, removed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    r"""White space that removals made superfluous: emptied lines, doubled blank lines, cut ends.

    ``removed`` is disjoint and sorted. Text that no removal touches is left exactly as it is.

    >>> blank_leftovers("a\n\nAD\n\nb\n", [(3, 5)])
    [(5, 7)]
    """
    leftovers: list[tuple[int, int]] = []
    blanks: list[tuple[int, int]] = []  # blank stretches since the last line with text
    blank_before, emptied, at = True, False, 0
    for start, end in split_lines(text):
        while at < len(removed) and removed[at][1] <= start:
            at += 1
        if at < len(removed) and removed[at][0] <= start and end <= removed[at][1]:
            emptied = True
            continue
        stretches = _kept_stretches(start, end, removed, at)
        touched = stretches != [(start, end)]
        is_blank = not any(text[a:b].strip() for a, b in stretches)
        if not is_blank:
            leftovers += _cut_ends(text, end, stretches) if touched else []
            blank_before, emptied, blanks = False, False, []
        elif touched or (emptied and blank_before):
            leftovers += stretches
            emptied = True
        else:
            blanks += stretches
            blank_before = True
    return _merge(sorted(leftovers + blanks) if emptied else leftovers)


def _kept_stretches(
    start: int, end: int, removed: Sequence[tuple[int, int]], at: int
) -> list[tuple[int, int]]:
    """The stretches of a line outside the removed spans; ``at`` is the index of the first span that may touch it."""
    stretches = []
    while at < len(removed) and removed[at][0] < end:
        if start < removed[at][0]:
            stretches.append((start, removed[at][0]))
        start = max(start, removed[at][1])
        at += 1
    return [*stretches, (start, end)] if start < end else stretches


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that touch joined."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _cut_ends(text: str, end: int, stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spaces that a cut left at the end of a line, before its newline."""
    newline = 1 if text[end - 1 : end] == "\n" else 0
    if stretches[-1][0] < end - newline:  # the line's own end was not cut
        return []
    spans = []
    for start, stop in reversed([k for k in stretches if k[0] < end - newline]):
        bare = start + len(text[start:stop].rstrip())
        if bare < stop:
            spans.append((bare, stop))
        if bare > start:
            break
    return spans[::-1]
