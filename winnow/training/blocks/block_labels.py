"""Labels of blocks to train on: how many words of each stand in the page's reference text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from winnow.corpus.word_breaks import words_of
from winnow.models.alignment import aligned_places

MOVED_WORDS: Final = 3  # least words of a block that is looked for out of order
# words times words of a gap that is aligned word by word; longer ones take too long
GAP_PAIRS: Final = 400_000
MOVED_SHARE: Final = 0.34  # of its words; with more of them aligned in order, it is not


def matched_words(texts: Sequence[str], reference: str) -> tuple[list[int], list[int]]:
    """The words of each block, and how many of them stand in the reference in the same order.

    A block that the reference holds elsewhere, whole, counts too: references gather captions and
    bylines. A bag of words would count what boilerplate and content share.

    >>> matched_words(["Menu", "Rain fell on Monday.", "Rain"], "Rain fell on Monday.")
    ([1, 4, 1], [0, 4, 0])
    """
    blocks, reference_words = [words_of(text) for text in texts], words_of(reference)
    page = [(word, number) for number, words in enumerate(blocks) for word in words]
    pairs = _word_pairs([word for word, _ in page], reference_words)
    hits = Counter(page[place][1] for place in pairs)
    matched = [hits[number] for number in range(len(blocks))]
    unmatched = _UnmatchedWords(reference_words, set(pairs.values()))
    for number in sorted(range(len(blocks)), key=lambda number: -len(blocks[number])):
        words = blocks[number]
        if (
            len(words) >= MOVED_WORDS
            and matched[number] <= MOVED_SHARE * len(words)
            and unmatched.take(words)
        ):
            matched[number] = len(words)
    return [len(words) for words in blocks], matched


def _word_pairs(page: Sequence[str], reference: Sequence[str]) -> dict[int, int]:
    """Places of words with those in the reference: by anchors, then word by word between them."""
    pairs = aligned_places(page, reference)
    for gap, other in _gaps(pairs, len(page), len(reference)):
        if 0 < len(gap) * len(other) <= GAP_PAIRS:
            matcher = SequenceMatcher(
                None, page[gap.start : gap.stop], reference[other.start : other.stop], False
            )
            for match in matcher.get_matching_blocks():
                pairs.update((gap[match.a + step], other[match.b + step]) for step in range(match.size))
    return pairs


def _gaps(pairs: Mapping[int, int], page: int, reference: int) -> list[tuple[range, range]]:
    """The ranges between the pairs, of the page and of the reference."""
    bounds = [(-1, -1), *sorted(pairs.items()), (page, reference)]
    return [
        (range(place + 1, next_place), range(other + 1, next_other))
        for (place, other), (next_place, next_other) in pairwise(bounds)
        if next_place > place + 1 and next_other > other + 1
    ]


class _UnmatchedWords:
    """The words of a reference that match no block yet."""

    def __init__(self, words: Sequence[str], matched: set[int]) -> None:
        self._words, self._matched = words, matched
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            if place not in matched:
                self._places.setdefault(word, []).append(place)

    def take(self, words: Sequence[str]) -> bool:
        """Mark a run of words as matched, if it is unmatched somewhere as a whole; whether it was."""
        for start in self._places.get(words[0], ()):
            run = range(start, start + len(words))
            if list(self._words[start : run.stop]) == words and self._matched.isdisjoint(run):
                self._matched.update(run)
                return True
        return False
