"""The report of a training in Markdown: its data, its figures, and the effect of people's decisions."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from winnow.training.reliability.articles import Articles
from winnow.training.reliability.decision_effect import DecisionEffect, measure_changes
from winnow.training.reliability.fit_reliability import REVIEW_WEIGHT
from winnow.training.reliability.left_out import LeftOut, left_out_figures
from winnow.training.reliability.reliability_card import MEASURES, markdown_table

HEAD: Final = """# Training of the reliability model

{articles} English articles of {sources} rated sources in {collections} collections.

## Collections that the fits had not seen

{figures}
"""
DECISIONS: Final = """
## What people's decisions changed

{sources} sources with {documents} documents have their rating from people; each weighs {weight} of one that the
experts' lists rate. The table above is of the others, by the experts' ratings. Below, each decided source is judged
by fits that did not see it: one that knows no decision, one that knows those on other sources. Against what people
decided the Brier score is {brier_without:.3f} without and {brier_with:.3f} with the others' decisions; right are
{right_without:.0%} and {right_with:.0%}.

{table}
"""


def training_report(articles: Articles, left_out: LeftOut) -> str:
    """The report. With decisions among the articles it takes as long as the training: it trains without them too."""
    changes = measure_changes(articles, left_out) if articles.reviewed.any() else None
    report = HEAD.format(
        articles=f"{len(articles):,}",
        sources=f"{len(np.unique(articles.domains)):,}",
        collections=len(np.unique(articles.groups)),
        figures=_figures(left_out, changes),
    )
    return report + (_decisions(articles, changes) if changes else "")


def _figures(left_out: LeftOut, changes: DecisionEffect | None) -> str:
    after = left_out_figures(left_out)
    if changes is None:
        return markdown_table(
            ("measure", "value"), ((MEASURES[n][0], f"{v:.4f}") for n, v in after.items())
        )
    before = left_out_figures(changes.before)
    rows = (
        (MEASURES[n][0], f"{before[n]:.4f}", f"{value:.4f}", f"{value - before[n]:+.4f}")
        for n, value in after.items()
    )
    return markdown_table(("measure", "without decisions", "with them", "change"), rows)


def _decisions(articles: Articles, changes: DecisionEffect) -> str:
    head = ("source", "rating decided", "documents", "without decisions", "with those on others", "change")
    return DECISIONS.format(
        sources=len(changes.decided.domains),
        documents=int(articles.reviewed.sum()),
        weight=REVIEW_WEIGHT,
        brier_without=changes.brier(changes.without),
        brier_with=changes.brier(changes.with_others),
        right_without=changes.accuracy(changes.without),
        right_with=changes.accuracy(changes.with_others),
        table=markdown_table(head, _rows(changes)),
    )


def _rows(changes: DecisionEffect) -> Iterator[tuple[object, ...]]:
    """Decided sources, those with the greatest shift first."""
    decided, shifts = changes.decided, changes.with_others - changes.without
    for at in np.argsort(-np.abs(shifts), kind="stable"):
        yield (
            decided.domains[at],
            f"{decided.ratings[at]:.2f}",
            decided.documents[at],
            f"{changes.without[at]:.3f}",
            f"{changes.with_others[at]:.3f}",
            f"{shifts[at]:+.3f}",
        )
