"""The tables of an evaluation: where the model errs, by kind of source and by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_curve

from winnow.training.reliability.evaluation import DOCUMENT_BANDS, JudgedSources, auc_by_group
from winnow.training.reliability.fit_calibration import RELIABLE_PRIOR

RATING_BANDS: Final = ((0.0, 0.4), (0.4, 0.6), (0.6, 1.01))  # low, middle, high (design notes)
WORST: Final = 8  # failures named, of each kind
NAMED_FROM: Final = 3  # documents: with fewer nobody wonders at an error
ROC_POINTS: Final = 40


@dataclass(frozen=True, slots=True)
class Row:
    """How some sources are judged."""

    name: str
    sources: int
    share_reliable: float
    probability: float  # mean
    brier: float
    accuracy: float
    coverage: float
    base_brier: float  # of saying of all that two thirds are reliable


def by_rating(judged: JudgedSources) -> list[Row]:
    """Rows by the band of the experts' rating."""
    ratings = judged.scored.ratings
    return [
        _row(judged, f"{a:.1f} – {min(b, 1):.1f}", (ratings >= a) & (ratings < b)) for a, b in RATING_BANDS
    ]


def by_documents(judged: JudgedSources) -> list[Row]:
    """Rows by the number of documents."""
    n = judged.scored.documents
    names = (
        str(a) if a == b else f"{a} – {b}" if b < 10**9 else f"{a} and more" for a, b in DOCUMENT_BANDS
    )
    masks = ((n >= a) & (n <= b) for a, b in DOCUMENT_BANDS)
    return [_row(judged, name, mask) for name, mask in zip(names, masks, strict=True)]


def by_collection(judged: JudgedSources) -> list[tuple[Row, float | None]]:
    """Rows by collection, with the AUC where it has enough sources of each class."""
    aucs, groups = auc_by_group(judged.scored), judged.scored.groups
    return [(_row(judged, str(g), groups == g), aucs.get(str(g))) for g in np.unique(groups)]


def failures(judged: JudgedSources) -> Iterator[tuple[str, float, float, int]]:
    """The worst errors: domain, rating, probability said, documents; each domain once."""
    enough = judged.scored.documents >= NAMED_FROM
    good, p = judged.scored.is_good, judged.probability
    for wrong, order in ((enough & ~good, -p), (enough & good, p)):
        places = [at for at in np.argsort(order, kind="stable") if wrong[at]]
        named = {str(judged.scored.domains[at]): at for at in reversed(places)}
        for domain, at in [*reversed(named.items())][:WORST]:
            documents = int(judged.scored.documents[at])
            yield domain, float(judged.scored.ratings[at]), float(p[at]), documents


def roc_points(judged: JudgedSources) -> list[tuple[float, float]]:
    """Points of the ROC curve of the probabilities: false and true positive rate."""
    false, true, _ = roc_curve(judged.scored.is_good, judged.probability)
    places = np.unique(np.linspace(0, len(false) - 1, ROC_POINTS).astype(int))
    return [(float(false[at]), float(true[at])) for at in places]


def _row(judged: JudgedSources, name: str, mask: NDArray[np.bool_]) -> Row:
    good, p = judged.scored.is_good[mask], judged.probability[mask]
    ratings = judged.scored.ratings[mask]
    inside = (ratings >= judged.low[mask]) & (ratings <= judged.high[mask])
    return Row(
        name,
        int(mask.sum()),
        *(
            round(float(np.mean(values)), 3)
            for values in (
                good,
                p,
                (p - good) ** 2,
                (p >= 0.5) == good,
                inside,
                (RELIABLE_PRIOR - good) ** 2,
            )
        ),
    )
