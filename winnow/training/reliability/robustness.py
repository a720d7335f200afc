"""The effect of attacks on a source's documents on its score, with sources held out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from winnow.models.reliability.calibration import Calibration
from winnow.models.reliability.document_tokens import read_tokens
from winnow.models.reliability.source_model import TITLED, UNTITLED, ReliabilityModel
from winnow.models.reliability.style_features import document_features
from winnow.training.reliability.articles import Articles, Indices, Vector
from winnow.training.reliability.attacks import ATTACKS, Attack
from winnow.training.reliability.fit_reliability import GOOD_FROM
from winnow.training.reliability.held_out import Split

MIN_DOCUMENTS: Final = 3  # as for a score on more than little evidence
MAX_DOCUMENTS: Final = 6  # of a source; more take longer and tell no more
TITLE_REMOVED: Final = "title removed"  # is judged by the calibration for sources without titles


@dataclass(frozen=True, slots=True)
class AttackEffect:
    """The effect of an attack on held-out sources."""

    auc: float
    low_sources: int  # rated under .5
    caught: int  # of them, those scored under .5 before
    lifted: int  # of the caught, those scored over .5 after
    mean_shift_low: float  # of the probability
    mean_shift_high: float


def measure_attacks(
    table: pd.DataFrame,
    articles: Articles,
    splits: Iterable[Split],
    calibrations: Mapping[str, Calibration],
) -> Mapping[str, AttackEffect]:
    """The effect of each attack, names not counted; the rows of the table are the articles.

    Takes some 2 ms a document and attack.
    """
    good, probabilities = [], {name: list[Vector]() for name in ("", *ATTACKS)}
    for split in splits:
        model, donors = split.fitted.model, _donors(table, articles, split.unseen)
        bags = _bags(articles, split.unseen)
        good.append(articles.ratings[[bag[0] for bag in bags]] >= GOOD_FROM)
        for name in probabilities:
            means = np.array([_means(model, table, bag, donors, ATTACKS.get(name)) for bag in bags])
            calibration = calibrations[UNTITLED if name == TITLE_REMOVED else TITLED]
            documents = np.array([len(bag) for bag in bags])
            probabilities[name].append(calibration.probabilities(model.raw(means), documents))
    after = {name: np.concatenate(parts) for name, parts in probabilities.items()}
    return {name: _attack_effect(np.concatenate(good), after[""], p) for name, p in after.items()}


def _bags(articles: Articles, unseen: Indices) -> list[Indices]:
    """The first documents of each unseen source that has enough for a score."""
    sources = articles.by(articles.domains, unseen)
    return [source[:MAX_DOCUMENTS] for source in sources if len(source) >= MIN_DOCUMENTS]


def _donors(table: pd.DataFrame, articles: Articles, unseen: Indices) -> list[str]:
    """The first texts of reliable sources that the model has seen: what an attacker would copy."""
    rated = articles.ratings >= GOOD_FROM
    rated[unseen] = False
    return [str(text) for text in table.text.to_numpy()[rated][:: max(1, rated.sum() // 50)]]


def _means(
    model: ReliabilityModel, table: pd.DataFrame, bag: Indices, donors: list[str], attack: Attack | None
) -> Vector:
    """Mean measures of some documents after an attack, shape (F + 2,)."""
    rows = []
    for at in bag:
        title, text = str(table.title.iloc[at]), str(table.text.iloc[at])
        if attack:
            title, text = attack(title, text, donors[at % len(donors)])
        tokens = read_tokens(text)
        rows.append(np.concatenate([document_features(title, tokens), model.wording.values(tokens)]))
    has_value = ~np.isnan(rows)
    counts = has_value.sum(axis=0)
    return np.where(counts > 0, np.where(has_value, rows, 0).sum(axis=0) / np.maximum(counts, 1), np.nan)


def _attack_effect(good: NDArray[np.bool_], before: Vector, after: Vector) -> AttackEffect:
    caught = ~good & (before < 0.5)
    return AttackEffect(
        auc=round(float(roc_auc_score(good, after)), 3),
        low_sources=int((~good).sum()),
        caught=int(caught.sum()),
        lifted=int((after[caught] > 0.5).sum()),
        mean_shift_low=round(float((after - before)[~good].mean()), 3),
        mean_shift_high=round(float((after - before)[good].mean()), 3),
    )
