"""Train the reliability model: python -m models.reliability.train ARTICLES [ARTIFACT]."""

import sys
from pathlib import Path
from typing import Final

import numpy as np

from models.reliability.evaluation import leave_out
from models.reliability.model import ReliabilityModel, save_model
from models.reliability.training import Articles, calibrated, fit_model, read_articles

ARTIFACT: Final = Path(__file__).parents[1] / "artifacts" / "reliability.npz"
SEED: Final = 0  # of the draws of documents that the calibration sees


def train(articles: Path, artifact: Path = ARTIFACT) -> Path:
    """Train from a Parquet file of rated articles and write the artifact; equal data give equal arrays."""
    save_model(fitted(read_articles(articles)), artifact)
    return artifact


def fitted(articles: Articles) -> ReliabilityModel:
    """A model of all articles, calibrated on scores of collections that its folds had not seen.

    A new source comes from a new collection: there the ranking holds, and the level does not.
    """
    return calibrated(fit_model(articles, np.arange(len(articles))), leave_out(articles, SEED))


if __name__ == "__main__":
    print(train(*map(Path, sys.argv[1:3])))  # noqa: T201
