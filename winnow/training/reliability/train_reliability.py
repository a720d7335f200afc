"""Train the reliability model: python -m winnow.training.reliability.train_reliability ARTICLES [ARTIFACT]."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from winnow.corpus.errors import UsageError
from winnow.corpus.stages import PLAIN, Stages
from winnow.corpus.writers import replacing
from winnow.models.arrays import read_arrays
from winnow.models.hashes import ARTIFACTS
from winnow.models.reliability.source_model import NAMED, TITLED, UNTITLED, ReliabilityModel, save_model
from winnow.training.reliability.articles import Articles, featurised, read_tables
from winnow.training.reliability.evaluation import brier
from winnow.training.reliability.fit_calibration import fit_calibration
from winnow.training.reliability.fit_reliability import fit_model
from winnow.training.reliability.left_out import SEED, LeftOut, evaluate_left_out
from winnow.training.reliability.reviewed_sources import with_reviewed
from winnow.training.reliability.source_labels import Label
from winnow.training.reliability.train_names import read_ratings, unseen_odds
from winnow.training.reliability.training_report import training_report

ARTIFACT: Final = ARTIFACTS / "reliability.npz"
NO_WORSE: Final = 0.001  # of the Brier score: less than the machine's arithmetic or a new version moves it


@dataclass(frozen=True, slots=True)
class Examples:
    """The files that a model is trained from."""

    articles: Path
    others: Sequence[Path] = ()  # more articles, in the same columns
    domains: Path | None = None  # rated domains, by whose names the calibration learns what a name is worth


@dataclass(frozen=True, slots=True)
class Reviewed:
    """People's labels of sources, and the run that has their documents."""

    clean: Path  # folder that `winnow clean` wrote
    labels: Mapping[str, Label]


def train(
    examples: Examples,
    artifact: Path = ARTIFACT,
    *,
    force: bool = False,
    reviewed: Reviewed | None = None,
    stages: Stages = PLAIN,
    show: Callable[[str, LeftOut], None] | None = None,
) -> Path:
    """Train from Parquet files of rated articles and write the artifact, beside it a report (``.md``).

    Equal data give equal bytes. The model is judged on collections that were left out, and does not take the place
    of one with a better Brier score there: UsageError, unless ``force``. ``show`` gets report and evaluation before
    that, whatever comes of it.
    """
    articles = stages.call("read-and-featurise", read_examples, examples, reviewed)
    left_out = stages.call("judge-left-out-collections", evaluate_left_out, articles)
    report = stages.call("report", training_report, articles, left_out)
    if show:
        show(report, left_out)
    model = stages.call("fit", fit_calibrated, articles, left_out)
    return stages.call("replace-or-refuse", replace_model, model, report, artifact, force=force)


def read_examples(examples: Examples, reviewed: Reviewed | None = None) -> Articles:
    """The rated articles of some files, with what people decided; about 4 ms an article."""
    table = read_tables([examples.articles, *examples.others])
    names = unseen_odds(read_ratings(examples.domains)) if examples.domains else {}
    return featurised(with_reviewed(table, reviewed.clean, reviewed.labels) if reviewed else table, names)


def fit_calibrated(articles: Articles, left_out: LeftOut) -> ReliabilityModel:
    """A model of all articles, calibrated on scores of collections that its folds had not seen.

    A new source comes from a new collection: there the ranking holds, and the level does not.
    """
    scored = left_out.scored
    return replace(
        fit_model(articles, np.arange(len(articles)), SEED).model,
        calibrations={
            TITLED: fit_calibration(scored, scored.raw),
            UNTITLED: fit_calibration(scored, scored.raw_untitled),
            TITLED + NAMED: fit_calibration(scored, scored.named.raw),
            UNTITLED + NAMED: fit_calibration(scored, scored.named.raw_untitled),
        },
        left_out_brier=brier(left_out.judged),
    )


def replace_model(model: ReliabilityModel, report: str, artifact: Path, *, force: bool = False) -> Path:
    """Write a model and its report, unless the artifact that is there has a better Brier score (UsageError)."""
    if artifact.exists() and not force:
        before = read_arrays(artifact, "")[0].get("left_out_brier", np.array(1.0))
        if model.left_out_brier > float(before) + NO_WORSE:
            raise UsageError(
                f"{artifact}: left-out Brier score {float(before):.4f}, the new model's is"
                f" {model.left_out_brier:.4f}; pass --force to replace it, or -o for another file"
            )
    save_model(model, artifact)
    with replacing(artifact.with_suffix(".md")) as stream:
        stream.write(report.encode())
    return artifact


if __name__ == "__main__":
    first, *rest = map(Path, sys.argv[1:3])
    print(train(Examples(first), *rest))
