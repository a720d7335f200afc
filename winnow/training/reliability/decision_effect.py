"""The effect of people's decisions on a training: on the decided sources, and on the figures of all others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from winnow.models.reliability.calibration import Calibration
from winnow.training.reliability.articles import Articles, Vector
from winnow.training.reliability.fit_calibration import fit_calibration
from winnow.training.reliability.fit_reliability import GOOD_FROM, fit_model
from winnow.training.reliability.held_out import Scored, Split, held_out_scores
from winnow.training.reliability.left_out import SEED, LeftOut, evaluate_left_out

# of the decided sources: each is judged by a fit that learned from four fifths of the others
FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """The decided sources with the probability that they are reliable, from fits that did not see them."""

    decided: Scored
    without: Vector  # (S,) learned from the experts' ratings alone
    with_others: Vector  # (S,) learned from the decisions on other sources too
    before: LeftOut  # how the left-out collections are judged without any decision

    def brier(self, probabilities: Vector) -> float:
        """Mean squared error of probabilities against what people decided."""
        return float(np.mean((probabilities - self.decided.is_good) ** 2))

    def accuracy(self, probabilities: Vector) -> float:
        """Share of the decided sources on whose side the probabilities are."""
        return float(np.mean((probabilities >= GOOD_FROM) == self.decided.is_good))


def measure_changes(articles: Articles, left_out: LeftOut) -> DecisionEffect:
    """The effect of the decisions among the articles; takes as long as the evaluation, and half a dozen fits."""
    before = evaluate_left_out(articles.take(~articles.reviewed))
    without = held_out_scores(articles, [_split_without_decisions(articles)], SEED).whole
    decided = held_out_scores(articles, _folds(articles), SEED).whole
    order = [np.argsort(scored.domains, kind="stable") for scored in (without, decided)]
    sorted_without, sorted_decided = without.take(order[0]), decided.take(order[1])
    return DecisionEffect(
        decided=sorted_decided,
        without=_probabilities(sorted_without, before.scored),
        with_others=_probabilities(sorted_decided, left_out.scored),
        before=before,
    )


def _split_without_decisions(articles: Articles) -> Split:
    """The decided sources, and a fit to the others."""
    unseen = np.flatnonzero(articles.reviewed)
    learned = np.flatnonzero(~np.isin(articles.owners, articles.owners[unseen]))
    return Split(fit_model(articles, learned, SEED), unseen)


def _folds(articles: Articles) -> Iterator[Split]:
    """The decided sources in folds by registered domain, each with a fit to all other articles."""
    owners = np.random.default_rng(SEED).permutation(np.unique(articles.owners[articles.reviewed]))
    for place in range(min(FOLDS, len(owners))):
        inside = np.isin(articles.owners, owners[place::FOLDS])
        fitted = fit_model(articles, np.flatnonzero(~inside), SEED)
        yield Split(fitted, np.flatnonzero(inside & articles.reviewed))


def _probabilities(scored: Scored, experts: Scored) -> Vector:
    """Probabilities by a calibration to sources that experts rate."""
    calibration: Calibration = fit_calibration(experts, experts.named.raw)
    return calibration.probabilities(scored.named.raw, scored.documents)
