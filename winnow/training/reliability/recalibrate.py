"""The level of a user's own collection, from labels of some of its sources."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from winnow.corpus.errors import UsageError
from winnow.corpus.writers import replacing
from winnow.models.reliability.calibration import Recalibration, Vector
from winnow.training.reliability.fit_calibration import fit_recalibration
from winnow.training.reliability.source_labels import Label

MIN_LABELLED: Final = 5  # sources of each kind that a calibration needs; 20 to 50 in all are advised
SUREST: Final = (1e-4, 1 - 1e-4)  # probabilities are kept between these, so that their log-odds are finite


def calibrate(sources: Path, labels: dict[str, Label], output: Path) -> Recalibration:
    """Write how far the sources of a run lie from a user's labels, for later runs of the same collection.

    ``sources`` is a run's ``sources.parquet``, made without a calibration, of which it takes what the model says,
    whatever else a score rests on. Raises UsageError where too few of the labelled ones are scored.
    """
    if not sources.is_file():
        raise UsageError(f"{sources}: not there; clean the documents first")
    table = pd.read_parquet(sources).set_index("domain")
    scored = table[table.model_probability.notna()]
    labelled = {domain: label for domain, label in labels.items() if domain in scored.index}
    good = np.array([label.good for label in labelled.values()])
    if min((good == 1).sum(), (good == 0).sum()) < MIN_LABELLED:
        raise UsageError(
            f"{len(labelled)} of {len(labels)} labelled sources are scored in {sources}; it takes {MIN_LABELLED}"
            f" reliable and {MIN_LABELLED} unreliable ones at least, and 20 to 50 in all do better"
        )
    recalibration = _recalibration(scored.loc[[*labelled]], labelled, good)
    with replacing(output) as stream:
        stream.write(recalibration.to_json().encode())
    return recalibration


def _recalibration(rows: pd.DataFrame, labelled: dict[str, Label], good: Vector) -> Recalibration:
    """The fit to labelled sources; ``rows`` are what the model says of them, in the same order."""
    return fit_recalibration(
        rows.model_probability.to_numpy(float).clip(*SUREST),
        rows.model_score.to_numpy(float),
        good,
        np.array([np.nan if label.rating is None else label.rating for label in labelled.values()]),
    )
