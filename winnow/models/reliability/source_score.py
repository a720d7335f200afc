"""The score of a source: its numbers, its words, and what each feature adds to it."""

from dataclasses import dataclass
from typing import Final

MIXED: Final = (0.3, 0.7)  # probabilities between these are no verdict
MIDDLE: Final = 0.5  # rating from which a source is reliable
SURE: Final = (
    "reliable",
    "unreliable",
)  # labels that a model alone gives only where its interval bears it out
NAME_SIGNAL: Final = "domain_name"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature or signal adds to a source's score; 0 for what is shown and not scored."""

    name: str
    value: float
    contribution: float  # to the raw score
    is_more: bool = True  # than the training sources have on average
    evidence: str = ""  # a passage that shows it, and the document that it stands in
    document_id: str = ""
    document: str = ""  # its URL, or the path of its raw file
    points: float = 0.0  # what it adds to the rating, 0 to 1
    # of a feature, in its unit, of this source and of the training sources on average; None of what is none
    rate: float | None = None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the average source to this one: a group of features, and what it adds to the rating."""

    group: str  # of `winnow.models.reliability.reasons.STEPS`
    change: float
    level: float  # the rating up to here; the last step's is the score


@dataclass(frozen=True, slots=True)
class SourceScore:
    """The score of a source; numbers are None where it is not scored."""

    score: float | None = None  # the rating that experts would give, 0 to 1
    low: float | None = None  # 80 % interval on the same scale
    high: float | None = None
    probability: float | None = None  # calibrated P(rating >= .5)
    label: str = "unknown"
    basis: str = "none"
    contributions: tuple[Contribution, ...] = ()
    reason: str = ""  # why the model does not score it
    steps: tuple[Step, ...] = ()  # by which the model comes from the average source to this one

    @property
    def verdict(self) -> str:
        """The label, in words that say no more than is known."""
        return verdict_of(self.label, self.low, self.high) if self.basis == "model" else self.label


NOT_SCORED: Final = SourceScore()


def label_of(probability: float) -> str:
    """Reliable, unreliable, or mixed where the probability is no verdict."""
    if probability < MIXED[0]:
        return "unreliable"
    return "reliable" if probability > MIXED[1] else "mixed"


def verdict_of(label: str, low: float | None, high: float | None) -> str:
    """What a model alone may say: *leans* to a label unless its interval keeps to that label's side of `MIDDLE`.

    >>> verdict_of("reliable", 0.51, 0.98), verdict_of("reliable", 0.31, 0.87), verdict_of("unreliable", 0.1, 0.49)
    ('reliable', 'leans reliable', 'unreliable')
    """
    if label not in SURE or low is None or high is None:
        return label
    is_sure = low >= MIDDLE if label == "reliable" else high < MIDDLE
    return label if is_sure else f"leans {label}"
