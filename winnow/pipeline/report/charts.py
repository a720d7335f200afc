"""The charts of the report as shapes: where documents went, and how scores are distributed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640  # of the drawing, in its own units
LEFT, RIGHT = 14, 250  # where ribbons begin and end
FLOW_HEIGHT: Final = 150  # of all that came in
SLOT: Final = 27  # least height from one label to the next
BINS: Final = 20  # of scores


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A band of the chart: a part of the documents that came in, and where it went."""

    label: str
    role: str  # kept, review, rejected or quarantined: its colour
    count: int
    path: str  # of the ribbon, as SVG has it
    top: float  # of its end
    height: float
    middle: float  # where its label stands


@dataclass(frozen=True, slots=True)
class Flow:
    """All ribbons of a chart, from top to bottom; they share one beginning."""

    ribbons: tuple[Ribbon, ...]
    total: int
    height: float  # of the whole drawing


def flow(parts: Iterable[tuple[str, str, int]]) -> Flow:
    """The ribbons of parts (label, role, count) that are not 0; a small one keeps a visible width."""
    parts = [part for part in parts if part[2]]
    total = sum(count for _, _, count in parts)
    ribbons, begin, end = list[Ribbon](), 0.0, 0.0
    for label, role, count in parts:
        height = FLOW_HEIGHT * count / total
        visible_height = max(1.5, height)
        slot = max(SLOT, visible_height + 6)
        top = end + (slot - visible_height) / 2
        path = _ribbon(begin, height, top, visible_height)
        ribbons.append(
            Ribbon(
                label, role, count, path, round(top, 1), round(visible_height, 1), round(end + slot / 2, 1)
            )
        )
        begin, end = begin + height, end + slot
    return Flow(tuple(ribbons), total, round(max(FLOW_HEIGHT, end), 1))


def document_parts(
    counts: Mapping[str, int],
    statuses: Mapping[str, int],
    rejected: Mapping[str, int],
    reasons: Mapping[str, int],
) -> Sequence[tuple[str, str, int]]:
    """Where the documents of a run went, for `flow`."""
    to_review = statuses.get("review", 0)
    return [
        ("documents", "kept", counts["documents"] - to_review),
        ("documents to review", "review", to_review),
        *((f"rejected: {reason}", "rejected", count) for reason, count in rejected.items()),
        *(
            (f"quarantined: {reason.replace('_', ' ')}", "quarantined", count)
            for reason, count in reasons.items()
        ),
    ]


def log_shares(counts: Iterable[int]) -> tuple[list[float], list[tuple[float, str]]]:
    """Lengths of bars for counts, 0 to 1, each step of the scale ten times the last, and its marks: place and label.

    On a plain scale one kind of noise dwarfs the others: menus often are nine tenths of what is removed.

    >>> log_shares([1, 100])
    ([0.0, 1.0], [(0.0, '1'), (0.5, '10'), (1.0, '100')])
    """
    lengths = [math.log10(max(count, 1)) for count in counts]
    longest = max(1.0, *lengths) if lengths else 1.0
    marks = [(round(power / longest, 4), _power_of_ten(power)) for power in range(int(longest) + 1)]
    return [round(length / longest, 4) for length in lengths], marks


def _power_of_ten(power: int) -> str:
    """The label of a power of ten: 1, 10, 100, 1k, 10k."""
    return f"{10 ** (power % 3)}{('', 'k', 'M', 'G', 'T', 'P')[power // 3]}"


def histogram(scores: Iterable[float]) -> tuple[int, ...]:
    """How many scores, 0 to 1, are in each of `BINS` steps."""
    bins = [0] * BINS
    for score in scores:
        bins[min(BINS - 1, max(0, int(score * BINS)))] += 1
    return tuple(bins)


def _ribbon(begin: float, height: float, top: float, visible_height: float) -> str:
    """A band from the left bar to its slot on the right."""
    turn, bottom, end = (LEFT + RIGHT) / 2, top + visible_height, begin + height
    upper = f"M{LEFT} {begin:.1f}C{turn} {begin:.1f} {turn} {top:.1f} {RIGHT} {top:.1f}"
    return upper + f"L{RIGHT} {bottom:.1f}C{turn} {bottom:.1f} {turn} {end:.1f} {LEFT} {end:.1f}Z"
