"""What the prior over names of domains adds to scores of sources: AUC, errors and coverage; writes its card too.

Usage: python -m bench.name_prior [--seeds N]

A name's log-odds, and what its guard makes of them, are always those of a fit that did not see the registered domain.
Each side has a calibration of its own, as in the model that ships. The imitations are of names that the guard knows.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import log_loss, roc_auc_score

from bench.results import ROOT, SHARED, require, write_results
from winnow.corpus.domains import registered_domain
from winnow.models.reliability.name_prior import FADING, WEIGHT, NamePrior, faded, load_name_prior
from winnow.models.reliability.source_model import NAMED, TITLED, load_model
from winnow.training.reliability.articles import Articles, Vector, featurised, read_tables
from winnow.training.reliability.evaluation import JudgedSources, brier, calibration_error, coverage, judge
from winnow.training.reliability.fit_reliability import GOOD_FROM
from winnow.training.reliability.held_out import (
    Scored,
    held_out_scores,
    left_out_collections,
    source_folds,
)
from winnow.training.reliability.imitations import imitation_figures
from winnow.training.reliability.reliability_card import markdown_table
from winnow.training.reliability.train_names import read_ratings, unseen_priors

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
MORE: Final = ARTICLES.with_name("more_articles.parquet")
DOMAINS: Final = SHARED / "data" / "reliability" / "domain_labels.parquet"
CARD: Final = ROOT / "winnow" / "models" / "cards" / "name_prior.md"
BANDS: Final = {  # documents of a source
    "all": (1, 10**9),
    "1": (1, 1),
    "2": (2, 2),
    "3 – 4": (3, 4),
    "5 – 9": (5, 9),
    "10 and more": (10, 10**9),
}
WEIGHTS: Final = (0.05, 0.1, WEIGHT, 0.2, 0.3, 0.4)  # tried; over `WEIGHT` a name says more than by itself
FADINGS: Final = (5, 10, 20, 40, 80)
STRONGEST: Final = 20  # pieces shown in the card, of each sign

COLUMNS: Final = ("probability", "rating", "low", "high")  # of `JudgedSources`

ATTACK_HEAD: Final = (
    *("imitation", "found", "mean gain in log-odds, no guard", "largest"),
    *("mean gain, guard and cap", "largest"),
)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores of bags of documents, and what must not be on both sides of a calibration."""

    scored: Scored
    keys: NDArray[np.str_]

    def judge(self, seed: int, weight: float, fading: int) -> JudgedSources:
        """Whole sources, their names counted so."""
        added = faded(self.scored.name_odds, self.scored.documents, weight, fading)
        return judge(replace(self.scored, raw=self.scored.raw + added), self.keys, seed)


def main() -> None:
    """Judge held-out sources without and with the prior, write the figures and the card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    require(ARTICLES)
    require(MORE)
    require(DOMAINS)
    ratings = read_ratings(DOMAINS)
    priors = unseen_priors(ratings)
    of_names = names_figures(ratings, priors)
    articles = featurised(read_tables([ARTICLES, MORE]), odds_of(priors))
    with ProcessPoolExecutor(len(seeds)) as processes:
        held_out = [*processes.map(partial(_held_out, articles), seeds)]
    runs = [dict(_rows(protocols, seed)) for seed, protocols in enumerate(held_out)]
    rows = {row: _mean([run[row] for run in runs]) for row in runs[0]}
    losses = {name: _losses(protocol) for name, protocol in held_out[0].items()}
    attacks = imitation_figures(ratings, load_name_prior(), load_model().calibrations[TITLED + NAMED])
    figures = {"weight": WEIGHT, "fading": FADING, "names": of_names, "rows": rows, "log_loss": losses}
    write_results("name_prior", [ARTICLES, MORE, DOMAINS], figures | {"imitations": attacks})
    CARD.write_text(_card(of_names, rows, attacks, load_name_prior()), encoding="utf8")


def names_figures(ratings: pd.Series, priors: Sequence[tuple[NamePrior, pd.Series]]) -> dict[str, float]:
    """How well priors tell ratings of names that they saw and did not see, without and with the guard and the cap."""
    aucs = {"auc_seen": [], "auc_unseen": [], "auc_guarded": []}  # type: dict[str, list[float]]
    flags = []
    for prior, unseen in priors:
        seen = ratings.drop(unseen.index)
        aucs["auc_seen"].append(_names_auc(seen, prior.log_odds))
        aucs["auc_unseen"].append(_names_auc(unseen, prior.log_odds))
        aucs["auc_guarded"].append(_names_auc(unseen, prior.counted_odds))
        flags += [bool(prior.guard.likeness(domain)) for domain in unseen.index]
    shipped = load_name_prior()
    figures = {name: round(float(np.mean(values)), 3) for name, values in aucs.items()}
    known = [bool(shipped.guard.likeness(domain)) for domain in rated_names()]
    return figures | {
        "domains": len(ratings),
        "pieces": len(shipped.pieces),
        "guarded": len(shipped.guard.names),
        "flagged_unseen": round(float(np.mean(flags)), 4),
        "flagged": round(float(np.mean(known)), 4),
        "names": len(known),
    }


def _names_auc(ratings: pd.Series, odds: Callable[[str], float]) -> float:
    return float(roc_auc_score(ratings >= GOOD_FROM, [*map(odds, ratings.index)]))


def rated_names() -> list[str]:
    """All registered domains of the table, also those without a PC1."""
    domains = pd.read_parquet(DOMAINS, columns=["domain"]).domain
    return sorted({registered_domain(domain) or domain for domain in domains})


def odds_of(priors: Sequence[tuple[NamePrior, pd.Series]]) -> Mapping[str, float]:
    """The log-odds that count of each rated name, by a prior that did not see it."""
    return {name: prior.counted_odds(name) for prior, unseen in priors for name in unseen.index}


def _held_out(articles: Articles, seed: int) -> dict[str, HeldOut]:
    """Scores of held-out sources, by the way in which they were held out."""
    protocols = {}
    for name, split in (("collections left out", left_out_collections), ("folds by domain", source_folds)):
        scored = held_out_scores(articles, split(articles, seed), seed)
        keys = scored.groups if split is left_out_collections else scored.domains
        protocols[name] = HeldOut(scored, keys)
    return protocols


def _rows(protocols: Mapping[str, HeldOut], seed: int) -> Iterator[tuple[str, Vector]]:
    """For each protocol and band of documents the figures without and with the prior."""
    for name, held_out in protocols.items():
        without, judged = held_out.judge(seed, 0.0, FADING), held_out.judge(seed, WEIGHT, FADING)
        for band, (least, most) in BANDS.items():
            yield f"{name}, {band}", _figures(without, judged, least, most)
        if held_out.keys is held_out.scored.groups:
            cross_judged = _cross_judged(held_out, seed)
            row = f"{name}, all, chosen without the collection"
            yield row, _figures(without, cross_judged, 1, 10**9)


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
    chosen = among & np.ones(len(judged.probability), dtype=bool)
    return float(log_loss(judged.scored.is_good[chosen], judged.probability[chosen]))


def _mean(runs: Sequence[Vector]) -> list[float]:
    return [round(float(value), 3) for value in np.mean(runs, axis=0)]


def _card(
    of_names: Mapping[str, float],
    rows: Mapping[str, Sequence[float]],
    attacks: Mapping[str, Sequence[float]],
    prior: NamePrior,
) -> str:
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
    of_attacks = markdown_table(ATTACK_HEAD, ((kind, *values) for kind, values in attacks.items()))
    return text.format(**of_names, table=table, attacks=of_attacks, lower=lower, higher=higher)


if __name__ == "__main__":
    main()
