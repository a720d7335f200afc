"""Features of what the rules remove around a line: noise stands beside noise, and its kind says what follows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.document import Document, Removal
from winnow.models.lines.line_runs import LineRuns

Matrix = NDArray[np.float64]
Groups = NDArray[np.int8]

WHOLE_SHARE: Final = 0.95  # of a line's characters; a rule that removes as much removes the line
OTHER_GROUP: Final = 9
# kinds that stand side by side in templates, by what follows them
GROUPS: Final[Mapping[str, int]] = {
    "related_links": 1,
    "comment_prompt": 2,
    "reader_comment": 2,
    "author_bio": 3,
    "byline_date": 3,
    "navigation": 4,
    "toc": 4,
    "tag_list": 4,
    "newsletter_signup": 5,
    "promo": 5,
    "paywall": 5,
    "donation_appeal": 5,
    "share_bar": 6,
    "social_follow": 6,
    "counter": 6,
    "widget_residue": 6,
    "image_caption": 7,
    "ad_marker": 8,
}
STEPS: Final = (-3, -2, -1, 1, 2, 3)  # lines from the line
PAD: Final = 3
FAR: Final = 20  # lines beyond which a removal is as good as none
KIND_REACH: Final = 12  # lines within which the kind of a removal counts
MANY: Final = 5  # removed lines above or below, beyond which their number says no more
MANY_IN_TEXT: Final = 9
CONTEXT_NAMES: Final = (
    *(f"removed{step:+}" for step in STEPS),
    *("removed_run_share", "removed_text_share", "removed_above", "removed_below", "removed_lines"),
    *("since_removed", "until_removed", "removed_run_above", "removed_run_below"),
    *(f"above_group_{group}" for group in range(1, OTHER_GROUP)),
    *(f"below_group_{group}" for group in range(1, OTHER_GROUP)),
)


def removed_groups(document: Document, removals: Iterable[Removal]) -> Groups:
    """For each of `Document.lines` the group of the kind that removes it whole, `OTHER_GROUP` for other kinds, or 0."""
    lines = document.lines
    groups = np.zeros(len(lines), dtype=np.int8)
    starts = np.array([line.start for line in lines], dtype=np.int64)
    for removal in removals:
        at = max(0, int(np.searchsorted(starts, removal.start, side="right")) - 1)
        while at < len(lines) and lines[at].start < removal.end:
            line = lines[at]
            covered = min(line.end, removal.end) - max(line.start, removal.start)
            if covered > WHOLE_SHARE * (line.end - line.start):
                groups[at] = GROUPS.get(removal.kind, OTHER_GROUP)
            at += 1
    return groups


def is_beside(removed: Groups, lines: int) -> NDArray[np.bool_]:
    """Whether so many lines around each line, or fewer, hold one that is removed."""
    window = np.ones(2 * lines + 1, dtype=np.int64)
    return np.convolve(removed > 0, window)[lines : lines + len(removed)] > 0


def context_features(groups: Groups, is_short: NDArray[np.bool_]) -> Matrix:
    """One row a line, columns `CONTEXT_NAMES`; ``groups`` as `removed_groups` gives them."""
    if not len(groups):
        return np.zeros((0, len(CONTEXT_NAMES)))
    removed = (groups > 0).astype(float)
    return np.column_stack([*_near(removed), *_shares(removed, is_short), *_nearest(groups, is_short)])


def _near(removed: Matrix) -> Sequence[Matrix]:
    """Whether each of the lines around a line is removed."""
    padded = np.concatenate([np.zeros(PAD), removed, np.zeros(PAD)])
    return [padded[PAD + step : PAD + step + len(removed)] for step in STEPS]


def _shares(removed: Matrix, is_short: NDArray[np.bool_]) -> Sequence[Matrix]:
    """How much of the line's run and of the text is removed, without the line itself in its run."""
    runs, count = LineRuns.of(is_short), len(removed)
    of_run = np.add.reduceat(removed, runs.starts)[runs.of_line]
    total = np.concatenate([[0.0], np.cumsum(removed)])
    return [
        (of_run - removed) / runs.sizes[runs.of_line],
        np.full(count, total[-1] / count),
        np.minimum(MANY, total[:-1]),
        np.minimum(MANY, total[-1] - total[1:]),
        np.full(count, min(MANY_IN_TEXT, total[-1])),
    ]


def _nearest(groups: Groups, is_short: NDArray[np.bool_]) -> Sequence[Matrix]:
    """How far the nearest removed lines are, whether they are of the line's run, and of which group."""
    above, below = _last_removed(groups), len(groups) - 1 - _last_removed(groups[::-1])[::-1]
    places, run = np.arange(len(groups)), LineRuns.of(is_short).of_line
    distances = [np.minimum(FAR, places - above), np.minimum(FAR, below - places)]
    same_run, kinds = [], []
    for nearest, distance in zip((above, below), distances, strict=True):
        inside = np.clip(nearest, 0, len(groups) - 1)
        exists = inside == nearest
        same_run.append(exists & (run[inside] == run))
        group = np.where(exists & (distance <= KIND_REACH), groups[inside], 0)
        kinds += [group == number for number in range(1, OTHER_GROUP)]
    return [*distances, *same_run, *kinds]


def _last_removed(groups: Groups) -> NDArray[np.int64]:
    """For each line the index of the removed line nearest above it, far below zero where there is none."""
    outside = -len(groups) - FAR
    last = np.maximum.accumulate(np.where(groups > 0, np.arange(len(groups)), outside))
    return np.asarray(np.concatenate([[outside], last[:-1]]))
