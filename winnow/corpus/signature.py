"""The signature of a text, by which nearly equal texts are recognised.

A copy that somebody edited keeps most of the words. So does another page of the same template (weather, prices,
obituaries), but not its facts: names and numbers, each with the word beside it. Near-duplicates share both.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from winnow.corpus import word_breaks
from winnow.corpus.word_breaks import (
    ALPHABETS,
    IDEOGRAPHS,
    LETTERS_A_WORD,
    MARK,
    SENTENCE_ENDS,
    is_far,
    is_marked,
)
from winnow.corpus.word_facts import WordFacts
from winnow.native import native_twin

PLAIN_WORD: Final = re.compile(r"([^\W_]+)")
UNMARKED_WORD: Final = re.compile(rf"([{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+)")
WORD: Final = regex.compile(f"({word_breaks.WORD.pattern})", regex.VERSION1)
ALPHABET_LETTER: Final = regex.compile(rf"[{ALPHABETS}]{MARK}*+", regex.VERSION1)
JOINED: Final = regex.compile(
    rf"[{MARK}\u200c\u200d]+", regex.VERSION1
)  # on letters, of which ``isalpha`` knows nothing
STOPS: Final = frozenset(f"{SENTENCE_ENDS}:\n")  # after one, a capital letter is no sign of a name
# Words in a fact: a name or number, and a neighbour, so that "12" is not the same everywhere
FACT_WORDS: Final = 2
# Words in a key: so many in a row are rarely the same by chance, and a third outlive edits of 20 %
KEY_WORDS: Final = 5
KEYS: Final = 24  # of a text; of copies with 20 % of their words replaced 99 in 100 keep 3 or more
# A sketch has 256 bins, of which each keeps one word or fact; a share's standard error is .04
BIN_BITS: Final = 8
ORDER_BITS: Final = 15  # of a word or fact in its bin, where the lowest stays
EMPTY: Final = 0xFFFF
NUMBER, CAPITAL, LETTER, MARK_BITS = 1, 2, 4, 3  # of a word, below its hash
SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31))  # of the mixer
FACTORS: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
# Words of a text; shorter ones are never near-duplicates (captions, prices, short notices)
MIN_WORDS: Final = 50
# Of 350 copies with 20 % of their words replaced 99 in 100 share .62 of the words and .48 of the facts; of pairs of
# pages of one template 99 in 100 at most .86 and .23; of 200,000 pairs of 700 unrelated articles 999 in 1,000 at most
# .21 of the words; articles of one site with the same long footer .5. The articles are of every second source; the
# templates are those of `python -m bench.near_duplicates`, which takes its articles from the other sources.
WORDS_SHARE: Final = 0.6  # of the different words of both texts
FACTS_SHARE: Final = 0.45  # of the facts of the one with fewer

Hashes = NDArray[np.uint64]
Sketches = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Signature:
    """A sketch and keys of a text, about 700 bytes; both are empty for a text that is too short."""

    sketch: bytes = b""  # a uint16 for each bin: the lowest word or fact, the last bit says which
    keys: tuple[
        int, ...
    ] = ()  # the lowest hashes of its runs of `KEY_WORDS` words; two near-duplicates share some


def signature_of(text: str) -> Signature:
    """The signature of a text, case and punctuation left out; .6 ms for 4,400 characters.

    >>> signature_of("Too short to tell.")
    Signature(sketch=b'', keys=())
    """
    return Signature(*sketch_and_keys(text))


def are_near(some: Sequence[bytes], others: Sequence[bytes]) -> NDArray[np.bool_]:
    """Whether two texts are nearly the same, for each pair of sketches, by what the sketches share."""
    one, other = (np.frombuffer(b"".join(s), np.uint16).reshape(len(s), -1) for s in (some, others))
    lowest = np.minimum(one, other)
    is_fact = lowest & 1 == 1
    is_word = ~is_fact
    is_fact &= lowest != EMPTY
    shared = one == other
    fewest_facts = np.minimum((is_fact & (one == lowest)).sum(1), (is_fact & (other == lowest)).sum(1))
    enough_words = (shared & is_word).sum(1) >= WORDS_SHARE * is_word.sum(1)
    return np.asarray(enough_words & ((shared & is_fact).sum(1) >= FACTS_SHARE * fewest_facts))


def _sketch_and_keys(text: str) -> tuple[bytes, tuple[int, ...]]:
    """The fields of a text's `Signature`."""
    pieces = _pieces(text)
    words = pieces[1::2]
    marked = np.fromiter(map(_word_hashes().__getitem__, words), np.uint64, len(words))
    letters = np.count_nonzero(marked & LETTER)
    if len(words) - letters + letters // LETTERS_A_WORD < MIN_WORDS:
        return b"", ()
    hashes, facts = _hashes(marked), _facts(marked, pieces[::2])
    runs = [_mix(hashes)]  # of one word, of two, ...
    for _ in range(1, KEY_WORDS):
        runs.append(_longer(runs[-1], hashes))
    about = runs[FACT_WORDS - 1][facts[1:] | facts[:-1]]
    return _sketch(runs[0], about).tobytes(), _lowest(runs[-1], KEYS)


def _marked_hash(word: str) -> int:
    return _word_hashes()[word]


CALLS: Final = SimpleNamespace(
    stops="".join(sorted(STOPS)), marked_hash=_marked_hash, otherwise=_sketch_and_keys
)


@native_twin(CALLS)
def sketch_and_keys(text: str) -> tuple[bytes, tuple[int, ...]]:
    """The fields of a text's `Signature`; both are empty for one that is too short."""
    return _sketch_and_keys(text)


def _pieces(text: str) -> list[str]:
    """What stands between the words of a text, and its words, in turn."""
    if is_marked(text):
        return WORD.split(text.replace("_", " "))
    return (UNMARKED_WORD if is_far(text) else PLAIN_WORD).split(text)


@cache
def _word_hashes() -> WordFacts[int]:
    """The hash of each word in lower case, followed by three bits: `NUMBER`, `CAPITAL` and `LETTER`."""
    return WordFacts(_hash_with_marks)


def _hash_with_marks(word: str) -> int:
    is_number = not (word.isalpha() or JOINED.sub("", word).isalpha())
    is_letter = ALPHABET_LETTER.fullmatch(word) is not None
    marks = NUMBER * is_number + CAPITAL * word[0].isupper() + LETTER * is_letter
    return zlib.crc32(word.casefold().encode()) << MARK_BITS | marks


def _hashes(marked: Hashes) -> Hashes:
    """The hash of each word; a letter of an alphabet without spaces is a word with the two behind it.

    All texts have the same letters: with each by itself, 47 of 100 pairs of unrelated texts in Thai, put together from
    Django's messages, were near-duplicates.
    """
    hashes, is_letter = marked >> np.uint64(MARK_BITS), marked & LETTER != 0
    if is_letter.any():
        joined = hashes
        for _ in range(1, LETTERS_A_WORD):
            joined = _longer(joined, hashes)
        return np.where(is_letter, np.pad(joined, (0, LETTERS_A_WORD - 1)), hashes)
    return hashes


def _facts(marked: Hashes, before: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each word is a number or looks like a name: it has a capital letter inside a sentence."""
    facts = np.asarray(marked & NUMBER != 0)
    for at in np.flatnonzero((marked & CAPITAL != 0) & ~facts).tolist():
        facts[at] = before[at] != "" and STOPS.isdisjoint(before[at])
    return facts


def _longer(runs: Hashes, words: Hashes) -> Hashes:
    """A hash of each run of words with the word behind it."""
    return _mix(runs[:-1] ^ words[1 - len(runs) :])


def _lowest(hashes: Hashes, count: int) -> tuple[int, ...]:
    """The lowest different hashes, in order; `numpy.unique` takes longer."""
    ordered = np.sort(hashes)
    is_first = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    return tuple(ordered[is_first][:count].tolist())


def _mix(hashes: Hashes) -> Hashes:
    """Hashes with their bits spread evenly (one round of Stafford's mixer 13, as in SplitMix64)."""
    hashes = (hashes ^ (hashes >> SHIFTS[0])) * FACTORS[0]
    hashes = (hashes ^ (hashes >> SHIFTS[1])) * FACTORS[1]
    return hashes ^ (hashes >> SHIFTS[2])


def _sketch(words: Hashes, facts: Hashes) -> Sketches:
    """One-permutation MinHash (Li, Owen and Zhang 2012): of each bin the lowest word or fact."""
    places = np.concatenate([words, facts]) >> np.uint64(64 - BIN_BITS - ORDER_BITS)
    are_facts = np.arange(len(places)) >= len(words)
    values = ((places << np.uint64(1)) | are_facts).astype(np.uint16)
    sketch = np.full(1 << BIN_BITS, EMPTY, np.uint16)
    np.minimum.at(sketch, (places >> np.uint64(ORDER_BITS)).astype(np.intp), values)
    return sketch
