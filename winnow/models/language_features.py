"""Py3langid's model with its loop over the bytes of a text as a function of its own, which has a native twin."""

from array import array
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from winnow.native import native_twin


@native_twin()
def feature_counts(
    text: bytes, moves: "array[int]", rows: "array[int]", features: "array[int]"
) -> dict[int, int]:
    """How often a text has each feature, in the order in which they are met.

    ``moves`` leads from a row and a byte to the next state, ``rows`` are of states, ``features`` of states that end
    one, below 0 elsewhere.
    """
    state, counts = 0, dict[int, int]()
    for byte in text:
        state = moves[(rows[state] << 8) + byte]
        feature = features[state]
        if feature >= 0:
            counts[feature] = counts.get(feature, 0) + 1
    return counts


class FeatureIdentifier(LanguageIdentifier):  # type: ignore[misc]  # py3langid has no types
    """Py3langid's identifier: the same scores, sooner."""

    __slots__ = ("tables",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tables = (
            array("I", self.tk_nextmove),
            array("I", self.tk_row),
            array("i", self.tk_output),
        )

    def _raw_score(self, text: bytes) -> NDArray[np.float32]:
        counts = feature_counts(text, *self.tables)
        scores = self._sparse_score(counts, self.nb_ptc) if counts else super()._raw_score(text)
        return np.asarray(scores)


@cache
def load_identifier() -> FeatureIdentifier:
    """The packaged model of py3langid."""
    identifier: FeatureIdentifier = FeatureIdentifier.from_model_file(MODEL_FILE)
    return identifier
