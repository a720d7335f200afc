"""The protocol of Baly et al. 2018 on the media whose articles are at hand: three classes of factual reporting.

Usage: python -m bench.factuality [--seeds N]

Five folds by registered domain, an SVM with RBF kernel whose C and gamma are chosen inside the training folds by
macro-F1, accuracy and macro-F1 over all media. Not their figures: other media (theirs are 1,066), Media Bias/Fact
Check as it stands now, and of their features only those of articles.
"""

import argparse
from typing import Any

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from bench.results import SHARED, require, write_results
from winnow.corpus.domains import registered_domain
from winnow.models.reliability.document_tokens import read_tokens
from winnow.training.reliability.articles import features_of, mean_features

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
CLASSES = {"very-low": 0, "low": 0, "mixed": 1, "mostly-factual": 2, "high": 2, "very-high": 2}
FOLDS = 5
GRID = {"svc__C": [0.3, 1.0, 3.0, 10.0], "svc__gamma": [0.0005, 0.002, 0.008]}


def main() -> None:
    """Judge every medium by a fit that did not see it, and print accuracy and macro-F1."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    require(ARTICLES)
    table = pd.read_parquet(ARTICLES)
    table = table[(table.language == "en") & table.mbfc_reporting.isin([*CLASSES])]
    table = table.fillna({"title": "", "text": ""}).reset_index(drop=True)
    media = [places for _, places in sorted(table.groupby("domain").indices.items())]
    features = mean_features(features_of(table.title, [read_tokens(t) for t in table.text]), media)
    first = table.iloc[[places[0] for places in media]]
    classes = first.mbfc_reporting.map(CLASSES).to_numpy()
    owners = np.array([registered_domain(domain) or domain for domain in first.domain])
    model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), SVC(class_weight="balanced"))
    tuned = GridSearchCV(model, GRID, scoring="f1_macro", cv=StratifiedKFold(FOLDS))
    by_svm = [_accuracy_and_f1(tuned, features, classes, owners, seed) for seed in range(seeds)]
    figures = {
        "media": len(media),
        "documents": len(table),
        "low, mixed, high": np.bincount(classes).tolist(),
        "svm": _spread(by_svm),
        "largest class": _spread([_accuracy_and_f1(DummyClassifier(), features, classes, owners, 0)]),
        "published": {"accuracy": 65.48, "macro_f1": 59.89, "largest class": [50.84, 22.47]},
    }
    write_results("factuality", [ARTICLES], figures)


def _accuracy_and_f1(
    model: Any, features: Any, classes: Any, owners: Any, seed: int
) -> tuple[float, float]:
    """Accuracy and macro-F1, in percent, of media that the fits did not see."""
    predictions = np.zeros_like(classes)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(features, classes, owners):
        predictions[test] = model.fit(features[train], classes[train]).predict(features[test])
    return 100 * accuracy_score(classes, predictions), 100 * f1_score(classes, predictions, average="macro")


def _spread(runs: list[tuple[float, float]]) -> dict[str, float]:
    (accuracy, f1), (accuracy_sd, f1_sd) = np.mean(runs, axis=0), np.std(runs, axis=0)
    named = {"accuracy": accuracy, "accuracy_sd": accuracy_sd, "macro_f1": f1, "macro_f1_sd": f1_sd}
    return {name: round(float(value), 1) for name, value in named.items()}


if __name__ == "__main__":
    main()
