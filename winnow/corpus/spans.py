"""Arithmetic of spans: overlaps cut, kept and removed text joined, blank lines that removals leave behind."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from winnow.corpus.lines import split_lines

if TYPE_CHECKING:
    from winnow.corpus.document import Removal

GENERAL = {"boilerplate": 1, "layout": 2}  # these say less than a kind of the taxonomy (rank 0)


def disjoint(removals: Iterable["Removal"]) -> list["Removal"]:
    """Cut removals until none overlap, in order of place; every character removed before still is.

    A kind of the taxonomy wins over the general verdict ``boilerplate``, then the higher score,
    then the longer span, then the names, so that the order of the input cannot matter.
    """
    cut_removals: list[Removal] = []
    for group in _overlapping(removals):
        cut_removals += group if len(group) == 1 else _cut(group)
    return cut_removals


def _overlapping(removals: Iterable["Removal"]) -> Iterator[list["Removal"]]:
    """Removals that are not empty, in order of place, each group apart from the next."""
    group: list[Removal] = []
    end = 0
    for removal in sorted((r for r in removals if r.start < r.end), key=attrgetter("start")):
        if group and removal.start >= end:
            yield group
            group = []
        group.append(removal)
        end = max(end, removal.end)
    if group:
        yield group


def _cut(removals: Iterable["Removal"]) -> list["Removal"]:
    ranked = sorted(set(removals), key=lambda r: (GENERAL.get(r.kind, 0), -r.score, r.start - r.end, r))
    starts: list[int] = []
    cut_removals: list[Removal] = []
    for removal in ranked:
        for start, end in _free_stretches(removal.start, removal.end, starts, cut_removals):
            at = bisect_right(starts, start)
            starts.insert(at, start)
            cut_removals.insert(at, replace(removal, start=start, end=end))
    return cut_removals


def _free_stretches(
    start: int, end: int, starts: list[int], cut_removals: Sequence["Removal"]
) -> list[tuple[int, int]]:
    """The stretches of ``start:end`` that no removal before covers."""
    free, at = [], bisect_right(starts, start) - 1
    if at >= 0:
        start = max(start, cut_removals[at].end)
    for other in cut_removals[at + 1 :]:
        if start >= end or other.start >= end:
            break
        if start < other.start:
            free.append((start, other.start))
        start = max(start, other.end)
    return [*free, (start, end)] if start < end else free


def restored_text(kept_text: str, removed: Iterable[tuple[int, str]]) -> str:
    """The laid-out text, from what is kept of it and the removed pieces, each with its offset in the laid-out text.

    The pieces are disjoint and in order.

    >>> restored_text("Rain fell.", [(4, "AD"), (12, "!")])
    'RainAD fell.!'
    """
    parts, position, removed_chars = list[str](), 0, 0
    for start, piece in removed:
        parts += [kept_text[position : start - removed_chars], piece]
        position, removed_chars = start - removed_chars, removed_chars + len(piece)
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
