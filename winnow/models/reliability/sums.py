"""Sums over the documents of a source: they merge in any order, and do not grow with the number of documents."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.record import Signal
from winnow.models.reliability.document_tokens import read_tokens
from winnow.models.reliability.style_features import document_features, feature_names
from winnow.models.reliability.wording import WORDING_NAMES, load_wording

SCORED_LANGUAGE: Final = "en"
UNIT: Final = 1 << 20  # features are added up as whole multiples of 2^-20, so that sums are exact


@dataclass(frozen=True, slots=True, order=True)
class Witness:
    """The document that shows a signal: of several, the one with the smallest id."""

    document_id: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SignalCount:
    """In how many documents a signal was found, and one of them."""

    documents: int
    witness: Witness

    def __add__(self, other: "SignalCount") -> "SignalCount":
        return SignalCount(self.documents + other.documents, min(self.witness, other.witness))


@dataclass(frozen=True, slots=True)
class SourceSums:
    """Sums over the documents of a source; ``a + b`` is the same in any order and grouping."""

    documents: int = 0
    scored: int = 0  # of them in a language that is scored
    titled: int = 0  # of the scored ones with a title
    features: tuple[int, ...] = ()  # sums in units of 2^-20 over the scored documents; () for none
    signals: dict[str, SignalCount] = field(default_factory=dict)

    def __add__(self, other: "SourceSums") -> "SourceSums":
        features = self.features or other.features
        if self.features and other.features:
            features = tuple(a + b for a, b in zip(self.features, other.features, strict=True))
        signals = dict(self.signals)
        for name, count in other.signals.items():
            signals[name] = signals[name] + count if name in signals else count
        return SourceSums(
            self.documents + other.documents,
            self.scored + other.scored,
            self.titled + other.titled,
            features,
            signals,
        )

    def means(self) -> NDArray[np.float64]:
        """Mean of each feature over the scored documents, those of titles over the titled ones.

        Shape ``(len(measured_names()),)``; NaN where no document has the feature.
        """
        counts = [self.titled if is_of_title(name) else self.scored for name in measured_names()]
        sums = self.features or (0,) * len(counts)
        return np.array([s / UNIT / n if n else math.nan for s, n in zip(sums, counts, strict=True)])

    def without_titles(self) -> "SourceSums":
        """The same source as if none of its documents had a title."""
        return replace(self, titled=0)

    def to_json(self) -> str:
        """As JSON; equal sums give equal text."""
        signals = {
            name: [c.documents, c.witness.document_id, c.witness.evidence]
            for name, c in sorted(self.signals.items())
        }
        return json.dumps([self.documents, self.scored, self.titled, self.features, signals])

    @classmethod
    def from_json(cls, text: str) -> "SourceSums":
        """What `to_json` wrote."""
        documents, scored, titled, features, signals = json.loads(text)
        counts = {name: SignalCount(n, Witness(*witness)) for name, (n, *witness) in signals.items()}
        return cls(documents, scored, titled, tuple(features), counts)


def sums_of(
    document_id: str, title: str, text: str, language: str, signals: Iterable[Signal]
) -> SourceSums:
    """The sums of one document. Features are taken of English only; signals of any language."""
    counts = {
        s.name: SignalCount(1, Witness(document_id, s.evidence)) for s in sorted(signals, reverse=True)
    }
    if language != SCORED_LANGUAGE:
        return SourceSums(1, signals=counts)
    tokens = read_tokens(text)
    features = document_features(title, tokens)
    measured = np.concatenate([features, load_wording().values(tokens)])
    return SourceSums(1, 1, int(not np.isnan(features).any()), exact_features(measured), counts)


def exact_features(features: NDArray[np.float64]) -> tuple[int, ...]:
    """Features as whole multiples of 2^-20, those that are missing as 0."""
    numbers = np.where(np.isnan(features), 0, features)
    return tuple(np.rint(numbers * UNIT).astype(np.int64).tolist())


def is_of_title(name: str) -> bool:
    """Whether a feature is one of the title."""
    return name.startswith("title_")


@cache
def measured_names() -> tuple[str, ...]:
    """The names of what is summed: the features, and the two numbers of the wording."""
    return (*feature_names(), *WORDING_NAMES)
