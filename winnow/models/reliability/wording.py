"""The wording of a text: its words, and runs of up to three words of which only the common ones are named.

A run keeps common English words and marks; every other word is a sign for its case and ending, so that no topic is
left. Both are counted per document, and a document's wording is one number for each: weights times counts.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.word_facts import WordFacts
from winnow.models.arrays import Arrays, packed_words, read_arrays, unpacked_words
from winnow.models.reliability.document_tokens import Tokens

# the first that fits counts
ENDINGS: Final = tuple("ing ed ly tion ment ity ness ism ist ers er est ive ous ful able al s".split())
MARKS: Final = ".,!?;:()[]\"'-$%&/*…“”—–£€#@"
SYMBOL_BITS: Final = 10  # symbols are fewer than 1,024; a run of three is a number below 2^30
ARTIFACT: Final = "artifacts/reliability.npz"
WORDING_NAMES: Final = ("wording_words", "wording_runs")

Vector = NDArray[np.float64]
RunNumbers = NDArray[np.int32]  # sorts in half of the time of 64 bits


@dataclass(frozen=True, slots=True)
class Terms:
    """Words or runs with their inverse document frequencies, and what each adds. N terms."""

    frequencies: Vector  # (N,) inverse, of the training sources
    weights: Vector  # (N,)

    def value(self, places: NDArray[np.int64], times: NDArray[np.int64]) -> float:
        """The mean weight of a document's terms, by their places and its uses of each; 0 without terms."""
        if not len(places):
            return 0.0
        shares = (1 + np.log(times)) * self.frequencies[places]
        return float(shares @ self.weights[places] / np.sqrt(shares @ shares))


@dataclass(frozen=True, slots=True)
class Wording:
    """Weights by which the wording of a document adds to the rating of its source, not yet centred."""

    words: Mapping[str, int]  # word: its place among the terms
    word_terms: Terms
    runs: RunNumbers  # sorted; each one's place is that of its term
    run_terms: Terms

    def values(self, text: Tokens) -> Vector:
        """One number for the words of a text and one for its runs, as `WORDING_NAMES`."""
        used = [*filter(self.words.__contains__, text.counts)]
        places = np.fromiter(map(self.words.__getitem__, used), np.int64, len(used))
        times = np.fromiter(map(text.counts.__getitem__, used), np.int64, len(used))
        return np.array([self.word_terms.value(places, times), self._run_value(runs(text))])

    def _run_value(self, text_runs: RunNumbers) -> float:
        # so that the search meets the same places one after another: half the time
        text_runs = np.sort(text_runs)
        places = np.searchsorted(self.runs, text_runs)
        times = np.bincount(places[self.runs.take(places, mode="clip") == text_runs])
        used = np.flatnonzero(times)
        return self.run_terms.value(used, times[used])

    def arrays(self) -> Arrays:
        """As arrays for an artifact."""
        return {
            "words": packed_words(self.words),
            "word_frequencies": self.word_terms.frequencies.astype(np.float32),
            "word_weights": self.word_terms.weights.astype(np.float32),
            "runs": self.runs.astype(np.int32),
            "run_frequencies": self.run_terms.frequencies.astype(np.float32),
            "run_weights": self.run_terms.weights.astype(np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Wording":
        """The wording that `arrays` gave; other names among the arrays are left alone."""
        numbers = {
            name: array.astype(float)
            for name, array in arrays.items()
            if name.endswith(("_weights", "_frequencies"))
        }
        return cls(
            words={word: place for place, word in enumerate(unpacked_words(arrays["words"]))},
            word_terms=Terms(numbers["word_frequencies"], numbers["word_weights"]),
            runs=arrays["runs"].astype(np.int32),
            run_terms=Terms(numbers["run_frequencies"], numbers["run_weights"]),
        )


@cache
def load_wording(path: Path | None = None) -> Wording:
    """The wording of an artifact, the packaged one if none is named."""
    arrays, _ = read_arrays(path, ARTIFACT)
    return Wording.from_arrays(arrays)


@cache
def symbols() -> dict[str, int]:
    """The number of each symbol, from 1 up."""
    common = (files("winnow.models.reliability") / "common_words.txt").read_text(encoding="utf8").split()
    signs = ["", "A", "A's", "AA", "9", "9%", "9y", "_", *(f"_{e}" for e in ENDINGS)]
    return {symbol: number for number, symbol in enumerate([*signs, *MARKS, *common], 1)}


@cache
def _symbol_numbers() -> WordFacts[int]:
    return WordFacts(symbol)


def symbol(token: str) -> int:
    """The number of a token's symbol: the word itself if it is common, else a sign for its form."""
    lower, numbers = token.lower(), symbols()
    if not token[0].isalpha():
        return numbers[_number_sign(token)] if token[0].isdigit() else numbers.get(token, numbers[""])
    if lower in numbers and not (token.isupper() and len(token) > 2):
        return numbers[lower]
    return numbers[_word_sign(token, lower)]


def _number_sign(token: str) -> str:
    if token[-1] == "%":
        return "9%"
    return "9y" if len(token) == 4 and token[:2] in {"19", "20"} else "9"


def _word_sign(token: str, lower: str) -> str:
    if token.isupper() and len(token) > 1:
        return "AA"
    if token[0].isupper():
        return "A's" if lower.endswith("'s") else "A"
    return next((f"_{e}" for e in ENDINGS if lower.endswith(e) and len(lower) > len(e) + 2), "_")


def runs(text: Tokens) -> RunNumbers:
    """The runs of one, two and three symbols of a text, as numbers, one for each occurrence."""
    counted = np.fromiter(map(_symbol_numbers().__getitem__, text.counts), np.int32, len(text.counts))
    ids = counted[text.order]
    pairs = (ids[:-1] << SYMBOL_BITS) | ids[1:]
    triples = (pairs[:-1] << SYMBOL_BITS) | ids[2:]
    return np.concatenate([ids, pairs, triples])


def plain_words(text: Tokens) -> Counter[str]:
    """Uses of words written in lower case; names are not."""
    return Counter({token: times for token, times in text.counts.items() if token.islower()})
