"""Source scores with sources and whole collections held out, attacks, other languages; writes the model card too.

Usage: python -m bench.reliability [--seeds N]
"""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, astuple
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from bench.results import ROOT, SHARED, require, write_results
from winnow import clean
from winnow.models.reliability.source_model import TITLED, ReliabilityModel, load_model
from winnow.models.reliability.sums import SourceSums, sums_of
from winnow.training.reliability.articles import featurised, read_tables
from winnow.training.reliability.evaluation import JudgedSources, evaluate, reliability_bins
from winnow.training.reliability.evaluation_charts import reliability_diagram, roc_curve
from winnow.training.reliability.evaluation_tables import (
    by_collection,
    by_documents,
    by_rating,
    failures,
    roc_points,
)
from winnow.training.reliability.held_out import Scored, source_folds
from winnow.training.reliability.left_out import by_prior
from winnow.training.reliability.reliability_card import model_card
from winnow.training.reliability.robustness import measure_attacks
from winnow.training.reliability.train_names import read_ratings, unseen_odds

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
MORE = ARTICLES.with_name("more_articles.parquet")
DOMAINS = ARTICLES.with_name("domain_labels.parquet")
PAGES = SHARED / "data" / "wcxb" / "dev.parquet"
CARD = ROOT / "winnow" / "models" / "cards" / "reliability.md"
LANGUAGES = {"de": "German", "es": "Spanish", "pt": "Portuguese"}
PAGE_SAMPLE = 120
TIMED = 600
PROTOTYPE = {  # the design prototype, run beside this on the same data, its own protocol; one seed
    "cv_auc_pooled": 0.879,
    "cv_auc_within_dataset": 0.813,
    "left_out_auc_mean": 0.828,
    "left_out_brier": 0.183,
    "left_out_calibration_error": 0.071,
    "left_out_interval_coverage": 0.781,
    "left_out_accuracy_of_surest_70": 0.796,
}


def main() -> None:
    """Evaluate with each seed, write the figures, the charts and the card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    for path in (ARTICLES, MORE, DOMAINS, PAGES):
        require(path)
    table = read_tables([ARTICLES, MORE])
    articles = featurised(table, unseen_odds(read_ratings(DOMAINS)))
    with ProcessPoolExecutor(seeds) as processes:
        runs = [*processes.map(partial(evaluate, articles), range(seeds))]
    _, judged, scored = runs[0]
    model = load_model()
    attacks = measure_attacks(table, articles, source_folds(articles, 0), model.calibrations)
    figures = {
        "sources": len(set(articles.domains)),
        "documents": len(articles),
        "collections": sorted(set(articles.groups.tolist())),
        **_spread([figures for figures, _, _ in runs]),
        "prototype": PROTOTYPE,
        "by_collection": [(*astuple(row), auc and round(auc, 3)) for row, auc in by_collection(judged)],
        "by_prior": _by_prior(scored),
        "bins": [(n, round(p, 3), round(y, 3)) for n, p, y in reliability_bins(judged)],
        "failures": [(name, round(rating, 2), round(p, 2), n) for name, rating, p, n in failures(judged)],
        "languages": [_language(code, model) for code in LANGUAGES],
        "cleaning_shift": _cleaning_shift(model),
        "milliseconds_a_document": _milliseconds(table),
        "attacks": {name or "none": asdict(effect) for name, effect in attacks.items()},
    }
    write_results("reliability", [ARTICLES, MORE, DOMAINS, PAGES], figures)
    _write_card(judged, model_card(figures, _tables(judged), attacks, model))


def _write_card(judged: JudgedSources, card: str) -> None:
    CARD.write_text(card, encoding="utf8")
    diagram, roc = reliability_diagram(reliability_bins(judged)), roc_curve(roc_points(judged))
    CARD.with_name("reliability_diagram.svg").write_text(diagram, encoding="utf8")
    CARD.with_name("reliability_roc.svg").write_text(roc, encoding="utf8")


def _by_prior(scored: Scored) -> list[tuple[float, ...]]:
    """What the share of reliable sources that is assumed does to the figures on left-out collections; one seed."""
    rows = by_prior(scored, 0)
    return [tuple(round(value, 3) for value in row) for row in rows]


def _tables(judged: JudgedSources) -> dict[str, Any]:
    return {"by_rating": by_rating(judged), "by_documents": by_documents(judged)}


def _spread(runs: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of each figure over the seeds."""
    return {
        name: {"mean": round(float(np.mean(v)), 4), "sd": round(float(np.std(v)), 4)}
        for name in runs[0]
        if (v := [run[name] for run in runs])
    }


def _language(code: str, model: ReliabilityModel) -> tuple[str, int, int, Any, int, Any]:
    """Of a language: sources with PC1, those under .5, their AUC; labelled articles, their AUC."""
    table = pd.read_parquet(ARTICLES)
    table = table[table.language == code].fillna({"title": "", "text": ""})
    table["raw"] = [_raw(model, [row]) for row in zip(table.title, table.text, strict=True)]
    rated = table[table.pc1.notna()]
    sources = [rows for _, rows in rated.groupby("domain")]
    scores = np.array([_raw(model, zip(rows.title, rows.text, strict=True)) for rows in sources])
    good = np.array([rows.pc1.iloc[0] >= 0.5 for rows in sources], dtype=bool)
    labelled = table[table.own_bin.notna()]
    over_articles = _auc(labelled.own_bin == 1, labelled.raw)
    return LANGUAGES[code], len(good), int((~good).sum()), _auc(good, scores), len(labelled), over_articles


def _auc(good: Any, scores: Any) -> float | None:
    return round(float(roc_auc_score(good, scores)), 2) if len(set(good)) == 2 else None


def _raw(model: ReliabilityModel, documents: Any) -> float:
    """The raw score of some titles and texts taken for one English source."""
    sums = sum((sums_of("", title, text, "en", []) for title, text in documents), SourceSums())
    return float(model.raw(sums.means()[None, :])[0])


def _cleaning_shift(model: ReliabilityModel) -> dict[str, float]:
    """Mean difference of the probability between a page as Winnow cleans it and its reference text."""
    pages = pd.read_parquet(PAGES)
    pages = pages[pages.page_type == "article"].head(PAGE_SAMPLE)
    shifts = []
    for html, reference in zip(pages.html, pages.main_content, strict=True):
        cleaned = clean(html)
        title = cleaned.document.metadata.title
        raw = np.array([_raw(model, [(title, text)]) for text in (cleaned.text, reference)])
        shifts.append(float(np.ptp(model.calibrations[TITLED].probabilities(raw, np.array([1, 1])))))
    return {"mean": round(float(np.mean(shifts)), 4), "pages": len(shifts)}


def _milliseconds(table: pd.DataFrame) -> float:
    """Processor time to sum up one document, on average over some."""
    some = table.sample(TIMED, random_state=0)
    began = time.process_time()
    for title, text in zip(some.title, some.text, strict=True):
        sums_of("", title, text, "en", [])
    return round((time.process_time() - began) / TIMED * 1000, 2)


if __name__ == "__main__":
    main()
