"""Train the reliability model: python -m models.reliability.train ARTICLES [ARTIFACT]."""

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from corpus.errors import UsageError
from corpus.writers import replacing
from models.arrays import read_arrays
from models.reliability.articles import Articles, read_articles
from models.reliability.calibrating import fit_calibration, fit_recalibration
from models.reliability.calibration import Recalibration
from models.reliability.evaluation import brier, judge
from models.reliability.held_out import held_out_scores, left_out_collections
from models.reliability.model import ReliabilityModel, save_model
from models.reliability.training import RELIABLE_FROM, fit_model

ARTIFACT: Final = Path(__file__).parents[1] / "artifacts" / "reliability.npz"
SEED: Final = 0  # of the forest, and of the draws of documents that the calibration sees
NO_WORSE: Final = 0.001  # of the Brier score: less than the machine's arithmetic or a new version moves it
LABELS: Final = {"reliable": 1.0, "unreliable": 0.0, "1": 1.0, "0": 0.0}
LEAST_LABELLED: Final = 5  # sources of each kind that a calibration needs; 20 to 50 in all are advised


def train(articles: Path, artifact: Path = ARTIFACT, *, force: bool = False) -> Path:
    """Train from a Parquet file of rated articles and write the artifact; equal data give equal bytes.

    The model is judged on collections that were left out, and does not take the place of one with a better
    Brier score there: UsageError, unless ``force``.
    """
    model = fitted(read_articles(articles))
    if artifact.exists() and not force:
        before = read_arrays(artifact, "")[0].get("left_out_brier", np.array(1.0))
        if model.left_out_brier > float(before) + NO_WORSE:
            raise UsageError(
                f"{artifact}: left-out Brier score {float(before):.4f}, the new model's is"
                f" {model.left_out_brier:.4f}; pass --force to replace it, or -o for another file"
            )
    save_model(model, artifact)
    return artifact


def fitted(articles: Articles) -> ReliabilityModel:
    """A model of all articles, calibrated on scores of collections that its folds had not seen.

    A new source comes from a new collection: there the ranking holds, and the level does not.
    """
    scored = held_out_scores(articles, left_out_collections(articles, SEED), SEED)
    return replace(
        fit_model(articles, np.arange(len(articles)), SEED).model,
        titled=fit_calibration(scored, scored.raw),
        untitled=fit_calibration(scored, scored.raw_untitled),
        left_out_brier=brier(judge(scored, scored.groups, SEED)),
    )


def calibrate(sources: Path, labels: Path, output: Path) -> Recalibration:
    """Write how far the sources of a run lie from a user's labels, for later runs of the same collection.

    ``sources`` is a run's ``sources.parquet``, made without a calibration, of which it takes what the model says,
    whatever else a score rests on; ``labels`` a CSV with a column ``domain`` and ``rating`` (0 to 1) or ``label``
    (reliable, unreliable). Raises UsageError where too few of them are scored.
    """
    if not sources.is_file():
        raise UsageError(f"{sources}: not there; clean the documents first")
    table = pd.read_parquet(sources).set_index("domain")
    known = {
        domain: label
        for domain, label in _read_labels(labels).items()
        if domain in table.index and pd.notna(table.model_probability[domain])
    }
    good = np.array([label.good for label in known.values()])
    if min((good == 1).sum(), (good == 0).sum()) < LEAST_LABELLED:
        raise UsageError(
            f"{labels}: {len(known)} of its sources are scored in {sources}; it takes {LEAST_LABELLED} reliable"
            f" and {LEAST_LABELLED} unreliable ones at least, and 20 to 50 in all do better"
        )
    scores = table.loc[[*known]]
    found = fit_recalibration(
        scores.model_probability.to_numpy(float).clip(1e-4, 1 - 1e-4),
        scores.model_score.to_numpy(float),
        good,
        np.array([label.rating for label in known.values()]),
    )
    with replacing(output) as stream:
        stream.write(found.to_json().encode())
    return found


@dataclass(frozen=True, slots=True)
class Label:
    """What a user says of a source."""

    good: float  # 1 for reliable, else 0
    rating: float  # NaN if only the label is known


def _read_labels(path: Path) -> dict[str, Label]:
    """The labels of a CSV by domain. Raises UsageError for a row that says nothing."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file of labels")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [*csv.DictReader(stream)]
    return {(row.get("domain") or "").strip().lower(): _label(path, row) for row in rows}


def _label(path: Path, row: Mapping[str, str | None]) -> Label:
    word, rating = (row.get("label") or "").strip().lower(), (row.get("rating") or "").strip()
    try:
        if rating and 0 <= float(rating) <= 1:
            return Label(float(float(rating) >= RELIABLE_FROM), float(rating))
        return Label(LABELS[word], np.nan)
    except (KeyError, ValueError):
        raise UsageError(
            f"{path}: {row.get('domain')}: give a rating from 0 to 1, or the label reliable or unreliable"
        ) from None


if __name__ == "__main__":
    print(train(*map(Path, sys.argv[1:3])))  # noqa: T201
