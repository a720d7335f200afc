"""What the rules removed around a line, as the line model sees it."""

import numpy as np
import pytest

from winnow.cleaners import CLEANERS
from winnow.cleaners._rule_removals import rule_removals
from winnow.corpus.document import Document, Removal
from winnow.corpus.layout import lay_out_text
from winnow.models.lines.removal_context import CONTEXT_NAMES, context_features, removed_groups

TEXT = "Home\nShare this\nRain fell.\nRelated\nMore rain.\n"  # lines at 0, 5, 16, 27, 35
STARTS = {"Home": 0, "Share this": 5, "Rain fell.": 16, "Related": 27, "More rain.": 35}
SPANS = [  # removals, and the groups of the five lines
    ([], [0, 0, 0, 0, 0]),
    ([(0, 5, "navigation")], [4, 0, 0, 0, 0]),
    ([(5, 15, "share_bar")], [0, 6, 0, 0, 0]),  # without the line's end
    ([(5, 10, "share_bar")], [0, 0, 0, 0, 0]),  # a piece of a line
    ([(6, 15, "share_bar")], [0, 0, 0, 0, 0]),  # 9 of 10 characters
    ([(0, 16, "related_links")], [1, 1, 0, 0, 0]),
    ([(27, 45, "pull_quote")], [0, 0, 0, 9, 9]),  # of no group
]


def document() -> Document:
    return Document(*lay_out_text(TEXT))


@pytest.mark.parametrize(("spans", "groups"), SPANS)
def test_a_line_is_removed_if_a_rule_takes_nearly_all_of_it(
    spans: list[tuple[int, int, str]], groups: list[int]
) -> None:
    removals = [Removal(start, end, kind, "rule") for start, end, kind in spans]
    assert removed_groups(document(), removals).tolist() == groups


def features(groups: list[int], is_short: list[bool] | None = None) -> dict[str, list[float]]:
    matrix = context_features(
        np.array(groups, dtype=np.int8), np.array(is_short or [True] * len(groups), dtype=np.bool_)
    )
    return {name: matrix[:, at].tolist() for at, name in enumerate(CONTEXT_NAMES)}


def test_a_line_sees_what_is_removed_beside_it_and_not_itself() -> None:
    seen = features([0, 6, 0, 0])
    assert seen["removed-1"] == [0, 0, 1, 0]
    assert seen["removed+1"] == [1, 0, 0, 0]
    assert seen["since_removed"] == [20, 20, 1, 2]
    assert seen["until_removed"] == [1, 20, 20, 20]
    assert seen["above_group_6"] == [0, 0, 1, 1]
    assert seen["below_group_6"] == [1, 0, 0, 0]
    assert seen["removed_run_share"] == [0.25, 0, 0.25, 0.25]
    assert seen["removed_text_share"] == [0.25] * 4


def test_a_paragraph_parts_runs_and_the_kind_of_a_far_removal_does_not_count() -> None:
    assert features([6, 0, 0], [True, False, True])["removed_run_above"] == [0, 0, 0]
    assert features([6, 0, 0])["removed_run_above"] == [0, 1, 1]
    assert features([6, *[0] * 13])["above_group_6"] == [0, *[1] * 12, 0]


def test_a_text_without_lines_has_no_rows() -> None:
    assert context_features(np.zeros(0, np.int8), np.zeros(0, np.bool_)).shape == (0, len(CONTEXT_NAMES))


def test_the_rules_work_once_for_the_list_of_cleaners_and_the_line_model() -> None:
    text = document()
    by_cleaner = {cleaner.__name__: cleaner(text) for cleaner in CLEANERS if cleaner.__name__ != "lines"}
    assert [removal for removals in by_cleaner.values() for removal in removals] == rule_removals(text)
    assert all(
        cleaner(text) is by_cleaner[cleaner.__name__] for cleaner in CLEANERS if cleaner.__name__ != "lines"
    )
