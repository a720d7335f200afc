"""Langdetect with the same answer every time, and sooner: its profiles in order, its loops as arrays."""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
from langdetect.detector import Detector
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from winnow.models.ordered_sum import ordered_sum

Floats = NDArray[np.float64]

TRIALS: Final = 3  # of langdetect's own 7, whose mean it takes; as right here, and a quarter quicker
SEED: Final = 0


def load_profiles() -> None:
    """Load what `nearest_profile` needs."""
    _factory()


def nearest_profile(text: str) -> str:
    """The language that langdetect finds nearest to a text; empty where no profile knows any of its n-grams."""
    detector = _Detector(_factory())
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
        prob *= _shares(word) + alpha / self.BASE_FREQ

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
    profiles = _factory().word_lang_prob_map
    grams = () if letters[1].isupper() and letters[2].isupper() else (letters[2], letters[1:], letters)
    return tuple(gram for gram in grams if gram in profiles)


@lru_cache(maxsize=20_000)
def _shares(word: str) -> Floats:
    """How often an n-gram is met in each language."""
    return np.array(_factory().word_lang_prob_map[word])


@cache
def _factory() -> DetectorFactory:
    """Profiles of langdetect in a fixed order (its own loader takes the file system's), seeded."""
    folder = files("langdetect") / "profiles"
    profiles = sorted((p for p in folder.iterdir() if p.is_file()), key=lambda p: p.name)
    factory = DetectorFactory()
    factory.load_json_profile([profile.read_text(encoding="utf8") for profile in profiles])
    factory.set_seed(SEED)
    return factory
