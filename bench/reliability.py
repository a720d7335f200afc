"""Source scores with sources and whole collections held out; writes the model card too.

Usage: python -m bench.reliability [--seeds N]
"""

import argparse

import numpy as np

from bench.results import ROOT, SHARED, require, write_results
from models.reliability.card import model_card
from models.reliability.evaluation import auc_by_group, evaluate, judge, leave_out, reliability_bins
from models.reliability.training import Articles, read_articles

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
CARD = ROOT / "models" / "cards" / "reliability.md"
PROTOTYPE = {  # design notes, hand-made features alone; figures as published there, not measured again
    "cv_auc_pooled": 0.851,
    "cv_auc_within_dataset": 0.787,
    "left_out_auc_mean": 0.811,
    "left_out_brier": 0.174,
}


def spread(runs: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of each figure over the seeds."""
    return {
        name: {"mean": round(float(np.mean(v)), 4), "sd": round(float(np.std(v)), 4)}
        for name in runs[0]
        if (v := [run[name] for run in runs])
    }


def main() -> None:
    """Evaluate with each seed, write the figures and the card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    require(ARTICLES)
    articles = read_articles(ARTICLES)
    figures = {
        "sources": len(set(articles.domains)),
        "documents": len(articles),
        "collections": sorted(set(articles.groups.tolist())),
        **spread([evaluate(articles, seed) for seed in range(seeds)]),
        "prototype_hand_made_features": PROTOTYPE,
        **_by_collection(articles),
    }
    write_results("reliability", [ARTICLES], figures)
    CARD.write_text(model_card(figures), encoding="utf8")


def _by_collection(articles: Articles) -> dict[str, object]:
    """The figures of one seed that are tables: AUC by collection, and the reliability diagram."""
    scored = leave_out(articles, 0)
    judged = judge(articles, scored, scored.groups, 0)
    return {
        "left_out_auc_by_collection": {k: round(v, 3) for k, v in auc_by_group(scored).items()},
        "left_out_reliability_bins": [
            (n, round(p, 3), round(y, 3)) for n, p, y in reliability_bins(judged)
        ],
    }


if __name__ == "__main__":
    main()
