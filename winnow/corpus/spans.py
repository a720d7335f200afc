"""Arithmetic of spans: kept and removed text joined, and the blank lines that removals leave behind."""

from collections.abc import Iterable, Sequence

from winnow.corpus.lines import split_lines


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
