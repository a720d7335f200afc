"""The language of a text: told by its script, else by py3langid, with langdetect as a second opinion."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from winnow.models.language_features import load_identifier
from winnow.models.language_profiles import load_profiles, nearest_profile
from winnow.models.language_scripts import language_by_signs, only_script, script_language, writing_of
from winnow.models.ordered_sum import ordered_sum

UNDETERMINED: Final = "und"
MIN_LETTERS: Final = 15  # of a script that many languages share
PIECES: Final = 6  # spread over a longer text, so that a foreign abstract does not decide
PIECE_CHARS: Final = 100
# Probabilities and leads are fitted to texts that bench/language.py does not report on.
SURE: Final = 0.9  # probability from which py3langid is believed alone
LIKELY: Final = 0.6  # and from which it is believed where langdetect says the same
# How far the best of 140 languages must lead the middle one, as a share of its own score. A language that the model
# does not know leads less: it is merely nearest to its relative. By script, as languages of other scripts trail anyway.
MIN_LEADS: Final = {"LATIN": 0.36, "CYRILLIC": 0.8, "ARABIC": 0.82, "DEVANAGARI": 0.95}
# Names, brands and loanwords narrow the lead on many a real page, most of all in English, whose words are everywhere.
# Of 23,000 texts in 420 other languages only Scots was taken for English.
ENGLISH: Final = "en"
ENGLISH_LEAD: Final = 0.15
# Where langdetect says the same, less is enough, but for Indonesian, Somali, Swahili and Tagalog, which many unknown
# languages are near to.
CONFIRMED: Final = frozenset(
    "af ca cs cy da de es et fi fr hr hu it lt lv nl no pl pt ro sk sl sq sv tr vi".split()
)
CONFIRMED_LEAD: Final = 0.28
# py3langid's labels beside the code that stands for them here; those of three letters alone are answered with "und".
CODES: Final = {
    "nn": "no",
    "ary": "ar",
    "arz": "ar",
    "sdh": "ku",
    "uzs": "uz",
    "kik": "ki",
    "gug": "gn",
    "fuv": "ff",
}
# Languages that share most of their words: it is the sum of their probabilities that must be high.
RELATIVES: Final = {"bs": "hr", "sr": "hr", "ms": "id"}
MIN_OWN: Final = 0.5  # of the best of such relatives, where no signs tell it
ADDRESS: Final = re.compile(r"://|@|www\.")


class _Guess(NamedTuple):
    """A language, its probability, that of it and its relatives, and its lead over the middle one of all."""

    language: str
    probability: float
    family_probability: float
    lead: float


def detect_language(text: str) -> tuple[str, float]:
    """Name the language of a text: an ISO 639-1 code and its probability, 0 to 1.

    ``("und", 0.0)`` where the text is too short, or no language fits it well. Scripts and written standards are not
    told apart: Chinese is ``zh``, Norwegian ``no``. Of a long text, `PIECES` that are spread over it are read.

    >>> detect_language("The council voted on Monday to repair the old bridge before the first frost.")[0]
    'en'
    >>> detect_language("항구의 시장이 다시 열렸다")[0]
    'ko'
    >>> detect_language("Yes.")
    ('und', 0.0)
    """
    pieces = [_without_addresses(piece) for piece in pieces_of(text)]
    language, probability = _named(" ".join(pieces))
    if not language and len(pieces) > 1:
        language, probability = _most_named(pieces)
    return (language, round(probability, 2)) if language else (UNDETERMINED, 0.0)


def _without_addresses(text: str) -> str:
    return " ".join(word for word in text.split() if not ADDRESS.search(word))


def load_language_models() -> None:
    """Load all that naming a language may need, so that processes that fork from this one share it."""
    load_identifier()
    load_profiles()


def pieces_of(text: str) -> list[str]:
    """A short text whole; of a longer one, its beginning, its end and pieces between them.

    >>> pieces_of("A short text.")
    ['A short text.']
    """
    if len(text) <= PIECES * PIECE_CHARS:
        return [text]
    step = (len(text) - PIECE_CHARS) // (PIECES - 1)
    return [text[number * step : number * step + PIECE_CHARS] for number in range(PIECES)]


def _most_named(pieces: Sequence[str]) -> tuple[str, float]:
    """The language of two thirds of the pieces, with their share: a text that quotes much of another language."""
    [(language, count)] = Counter(_named(piece)[0] for piece in pieces).most_common(1)
    return (language, count / len(pieces)) if 3 * count >= 2 * len(pieces) else ("", 0.0)


def _named(sample: str) -> tuple[str, float]:
    """The language of a sample and its probability; empty where none can be named."""
    writing = writing_of(sample)
    language = script_language(sample, writing)
    if language is not None:
        return language, writing.share
    if writing.letters < MIN_LETTERS or writing.script not in MIN_LEADS:
        return "", 0.0
    words = only_script(sample, writing.script)
    if sum(map(str.isupper, words)) > sum(map(str.islower, words)):
        words = words.lower()  # the models know few capitals
    guess = _guess(words)
    if not _is_believed(guess, words, MIN_LEADS[writing.script]):
        return "", 0.0
    by_signs = language_by_signs(words, guess.language, writing.letters)
    if by_signs is None and guess.probability < MIN_OWN:
        return "", 0.0
    return guess.language if by_signs is None else by_signs, guess.probability


def _is_believed(guess: _Guess, words: str, min_lead: float) -> bool:
    """Whether a guess is sure, or likely and langdetect's answer, too."""
    if len(guess.language) != 2:
        return False
    if guess.language == ENGLISH:
        min_lead = ENGLISH_LEAD
    if guess.family_probability >= SURE and guess.lead >= min_lead:
        return True
    return _may_be_confirmed(guess, min_lead) and nearest_profile(words) == _family(guess.language)


def _may_be_confirmed(guess: _Guess, min_lead: float) -> bool:
    """Whether a guess that is not sure is good enough to be believed if langdetect says the same."""
    if guess.lead >= min_lead:
        return guess.family_probability >= LIKELY
    is_wide = guess.language in CONFIRMED and guess.lead >= CONFIRMED_LEAD
    return is_wide and guess.family_probability >= SURE


def _guess(sample: str) -> _Guess:
    """The language that py3langid finds nearest to a sample, with probabilities as py3langid itself derives them."""
    ranking = load_identifier().rank(sample)
    best = ranking[0][1]
    heat = math.sqrt(len(sample.encode(errors="replace")))
    shares: defaultdict[str, float] = defaultdict(float)
    for label, score in ranking:
        shares[CODES.get(label, label)] += math.exp((score - best) / heat)
    language = max(shares, key=shares.__getitem__)
    family = ordered_sum(share for other, share in shares.items() if _family(other) == _family(language))
    lead = (best - ranking[len(ranking) // 2][1]) / abs(best)
    total = ordered_sum(shares.values())
    return _Guess(language, shares[language] / total, family / total, lead)


def _family(language: str) -> str:
    return RELATIVES.get(language, language)
