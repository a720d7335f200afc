"""Langdetect with the same answer every time, and sooner: its profiles in order, its tables and loops as arrays."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import orjson
from langdetect.detector import Detector
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from winnow.models.ordered_sum import ordered_sum

Floats = NDArray[np.float64]

TRIALS: Final = 3  # of langdetect's own 7, whose mean it takes; as right here, and a quarter quicker
SEED: Final = 0


class Profiles(NamedTuple):
    """Langdetect's table of n-grams, in the fields by which its `Detector` takes it."""

    word_lang_prob_map: Mapping[str, int]  # n-gram -> its row of ``shares``
    langlist: tuple[str, ...]
    seed: int
    shares: (
        Floats  # of an n-gram among those of its length: a row for each n-gram, a column for each language
    )


@cache
def load_profiles() -> Profiles:
    """The profiles in the order of their names; langdetect's own loader takes that of the file system."""
    folder = files("langdetect") / "profiles"
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    profiles = [orjson.loads((folder / name).read_bytes()) for name in names]
    rows: dict[str, int] = {}
    places = [[rows.setdefault(gram, len(rows)) for gram in profile["freq"]] for profile in profiles]
    shares = np.zeros((len(rows), len(profiles)))
    for column, (profile, own) in enumerate(zip(profiles, places, strict=True)):
        counts = np.fromiter(profile["freq"].values(), np.float64, len(own))
        lengths = np.fromiter(map(len, profile["freq"]), np.intp, len(own))
        shares[own, column] = counts / np.array(profile["n_words"], np.float64)[lengths - 1]
    return Profiles(rows, tuple(profile["name"] for profile in profiles), SEED, shares)


def nearest_profile(text: str) -> str:
    """The language that langdetect finds nearest to a text; empty where no profile knows any of its n-grams."""
    detector = _Detector(load_profiles())
    detector.n_trial = TRIALS
    detector.append(text)
    try:
        best = detector.get_probabilities()[:1]
    except LangDetectException:  # no n-gram that any profile knows
        return ""
    return str(best[0].lang).partition("-")[0] if best else ""


class _Detector(Detector):  # type: ignore[misc]  # langdetect has no types
    """Langdetect's detector with its inner loops over languages as arrays: the same numbers, sooner."""

    def _extract_ngrams(self) -> list[str]:
        """All n-grams that are known, up to three characters, without those inside words in capitals."""
        text = "  " + "".join(map(_plain_letter, self.text))
        return [gram for end in range(3, len(text) + 1) for gram in _profile_grams(text[end - 3 : end])]

    def _init_probability(self) -> Floats:
        languages = len(self.langlist)
        return np.full(languages, 1.0 / languages)

    def _update_lang_prob(self, prob: Floats, word: str, alpha: float) -> None:
        profiles = load_profiles()
        prob *= profiles.shares[profiles.word_lang_prob_map[word]] + alpha / self.BASE_FREQ

    def _normalize_prob(self, prob: Floats) -> float:
        prob /= ordered_sum(prob.tolist())
        return float(prob.max())


@lru_cache(maxsize=10_000)
def _plain_letter(character: str) -> str:
    """A character as n-grams have it: a space for signs."""
    return str(NGram.normalize(character))


@lru_cache(maxsize=50_000)
def _profile_grams(letters: str) -> tuple[str, ...]:
    """The n-grams that are known at the end of three letters; none where the last two are capitals."""
    profiles = load_profiles().word_lang_prob_map
    grams = () if letters[1].isupper() and letters[2].isupper() else (letters[2], letters[1:], letters)
    return tuple(gram for gram in grams if gram in profiles)
