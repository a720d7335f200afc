"""What the prior over names of domains adds to scores of sources: AUC, errors and coverage; writes its card too.

Usage: python -m bench.name_prior [--seeds N]

A name's log-odds are always those of a fit that did not see the registered domain. The calibration is the one that
ships: it was fitted without names.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from bench.results import ROOT, SHARED, require, write_results
from winnow.models.reliability.name_prior import FADING, WEIGHT, NamePrior, faded, load_name_prior
from winnow.models.reliability.source_model import MIN_DOCUMENTS
from winnow.training.reliability.articles import Articles, Vector, featurised, read_table
from winnow.training.reliability.evaluation import JudgedSources, brier, calibration_error, coverage, judge
from winnow.training.reliability.fit_reliability import GOOD_FROM
from winnow.training.reliability.held_out import (
    FOLDS,
    Scored,
    held_out_scores,
    left_out_collections,
    source_folds,
)
from winnow.training.reliability.reliability_card import markdown_table
from winnow.training.reliability.train_names import fit_names, read_ratings

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
DOMAINS: Final = SHARED / "data" / "reliability" / "domain_labels.parquet"
CARD: Final = ROOT / "winnow" / "models" / "cards" / "name_prior.md"
BANDS: Final = {  # documents of a source; with fewer than three it is not scored
    "3 and more": (3, 10**9),
    "3 – 4": (3, 4),
    "5 – 9": (5, 9),
    "10 and more": (10, 10**9),
}
WEIGHTS: Final = (0.05, 0.1, WEIGHT, 0.2, 0.3, 0.4)  # tried; over `WEIGHT` a name says more than by itself
FADINGS: Final = (5, 10, 20, 40, 80)
STRONGEST: Final = 20  # pieces shown in the card, of each sign

COLUMNS: Final = ("probability", "rating", "low", "high")  # of `JudgedSources`

Names = Mapping[str, float]  # registered domain: log-odds by a fit that did not see it


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores of bags of documents, what must not be on both sides of a calibration, and log-odds of names."""

    scored: Scored
    keys: NDArray[np.str_]
    odds: Vector

    def judge(self, seed: int, weight: float, fading: int) -> JudgedSources:
        """Whole sources, their names counted so."""
        added = faded(self.odds, self.scored.documents, weight, fading)
        return judge(self.scored, self.keys, seed, added=added)


def main() -> None:
    """Judge held-out sources without and with the prior, write the figures and the card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    require(ARTICLES)
    require(DOMAINS)
    ratings = read_ratings(DOMAINS)
    names, of_names = unseen_names(ratings)
    articles = featurised(read_table(ARTICLES))
    held_out = [_held_out(articles, names, seed) for seed in seeds]
    runs = [dict(_rows(protocols, seed)) for seed, protocols in enumerate(held_out)]
    rows = {row: _mean([run[row] for run in runs]) for row in runs[0]}
    losses = {name: _losses(protocol) for name, protocol in held_out[0].items()}
    figures = {"weight": WEIGHT, "fading": FADING, "names": of_names, "rows": rows, "log_loss": losses}
    write_results("name_prior", [ARTICLES, DOMAINS], figures)
    CARD.write_text(_card(of_names, rows, load_name_prior()), encoding="utf8")


def unseen_names(ratings: pd.Series) -> tuple[Names, dict[str, float]]:
    """The log-odds of each rated name by a fit that did not see it, and how well they and seen ones tell ratings."""
    domains, good = ratings.index.to_numpy(str), ratings.to_numpy() >= GOOD_FROM
    unseen_odds, seen_aucs = np.zeros(len(domains)), []
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(domains, good):
        prior = fit_names(domains[train].tolist(), good[train])
        unseen_odds[test] = [*map(prior.log_odds, domains[test])]
        seen_aucs.append(roc_auc_score(good[train], [*map(prior.log_odds, domains[train])]))
    figures = {"domains": len(domains), "pieces": len(load_name_prior().pieces)}
    aucs = {"auc_unseen": roc_auc_score(good, unseen_odds), "auc_seen": float(np.mean(seen_aucs))}
    rounded = {name: round(float(value), 3) for name, value in aucs.items()}
    return dict(zip(domains.tolist(), unseen_odds.tolist(), strict=True)), {**figures, **rounded}


def _held_out(articles: Articles, names: Names, seed: int) -> dict[str, HeldOut]:
    """Scores of held-out sources, by the way in which they were held out."""
    protocols = {}
    for name, split in (("collections left out", left_out_collections), ("folds by domain", source_folds)):
        scored = held_out_scores(articles, split(articles, seed), seed)
        keys = scored.groups if split is left_out_collections else scored.domains
        odds = np.array([names.get(domain, 0.0) for domain in scored.domains])
        protocols[name] = HeldOut(scored, keys, odds)
    return protocols


def _rows(protocols: Mapping[str, HeldOut], seed: int) -> Iterator[tuple[str, Vector]]:
    """For each protocol and band of documents the figures without and with the prior."""
    for name, held_out in protocols.items():
        without, judged = held_out.judge(seed, 0.0, FADING), held_out.judge(seed, WEIGHT, FADING)
        for band, (least, most) in BANDS.items():
            yield f"{name}, {band}", _figures(without, judged, least, most)
        if held_out.keys is held_out.scored.groups:
            cross_judged = _cross_judged(held_out, seed)
            row = f"{name}, 3 and more, chosen without the collection"
            yield row, _figures(without, cross_judged, MIN_DOCUMENTS, 10**9)


def _figures(without: JudgedSources, with_names: JudgedSources, least: int, most: int) -> Vector:
    """Sources, then each figure without and with names, then what the Brier score gains with its standard error."""
    documents = without.scored.documents
    mask = (documents >= least) & (documents <= most)
    both = [_part(judged, mask) for judged in (without, with_names)]
    measures = (_auc, brier, calibration_error, coverage)
    before, after = ((judged.probability - judged.scored.is_good) ** 2 for judged in both)
    gain = [np.mean(before - after), np.std(before - after) / np.sqrt(len(before))]
    return np.array([mask.sum(), *(measure(judged) for measure in measures for judged in both), *gain])


def _part(judged: JudgedSources, mask: NDArray[np.bool_]) -> JudgedSources:
    return JudgedSources(judged.scored.take(mask), *(getattr(judged, name)[mask] for name in COLUMNS))


def _auc(judged: JudgedSources) -> float:
    """ROC AUC of the probabilities: unlike raw scores, they know how many documents there are."""
    return float(roc_auc_score(judged.scored.is_good, judged.probability))


def _cross_judged(held_out: HeldOut, seed: int) -> JudgedSources:
    """Each collection judged with the weight and the fading that are best for the other collections."""
    allowed = [weight for weight in WEIGHTS if weight <= WEIGHT]
    options = [held_out.judge(seed, *pair) for pair in product(allowed, FADINGS)]
    whole = options[0].scored
    columns = np.zeros((4, len(whole.groups)))
    for group in np.unique(whole.groups):
        inside = whole.groups == group
        best = min(options, key=partial(_loss, among=~inside))
        columns[:, inside] = [getattr(best, name)[inside] for name in COLUMNS]
    return JudgedSources(whole, *columns)


def _losses(held_out: HeldOut) -> dict[str, dict[str, float]]:
    """Log loss by weight and fading, of sources that a run scores; one seed."""
    return {
        f"weight {weight}": {
            f"fading {fading}": round(_loss(held_out.judge(0, weight, fading)), 4) for fading in FADINGS
        }
        for weight in (0.0, *WEIGHTS)
    }


def _loss(judged: JudgedSources, among: bool | NDArray[np.bool_] = True) -> float:
    scored = among & (judged.scored.documents >= MIN_DOCUMENTS)
    return float(log_loss(judged.scored.is_good[scored], judged.probability[scored]))


def _mean(runs: Sequence[Vector]) -> list[float]:
    return [round(float(value), 3) for value in np.mean(runs, axis=0)]


def _card(of_names: Mapping[str, float], rows: Mapping[str, Sequence[float]], prior: NamePrior) -> str:
    ranked = sorted(prior.pieces, key=lambda piece: (prior.pieces[piece], piece))
    text = (ROOT / "winnow" / "training" / "reliability" / "name_card.md").read_text(encoding="utf8")
    head = ("sources, documents", "sources", "AUC", "Brier", "calibration error", "coverage", "Brier gain")
    pairs = {
        row: [f"{a:.3f} → {b:.3f}" for a, b in zip(values[1:-2:2], values[2:-2:2], strict=True)]
        for row, values in rows.items()
    }
    gains = {row: f"{values[-2]:.3f} ± {values[-1]:.3f}" for row, values in rows.items()}
    table = markdown_table(head, ((row, round(rows[row][0]), *pairs[row], gains[row]) for row in rows))
    lower, higher = ("`" + "` `".join(p) + "`" for p in (ranked[:STRONGEST], ranked[: -STRONGEST - 1 : -1]))
    return text.format(**of_names, table=table, lower=lower, higher=higher)


if __name__ == "__main__":
    main()
