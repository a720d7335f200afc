"""Places of one text's words in another text, in the same order."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

GRAM_WORDS: Final = 3  # words of an anchor: two texts that share it are about the same place
MAX_PLACES: Final = 16  # of one anchor in a page; where it has more, its n-th places meet


def aligned_places(page: Sequence[str], extracted: Sequence[str]) -> dict[int, int]:
    """Places in ``page`` of words that stand in ``extracted`` in the same order, each with its place there.

    Anchors of `GRAM_WORDS` equal words are chained into the longest sequence that moves forward
    in both; each is then grown backwards over equal words. About n log n in the number of words.

    >>> sorted(aligned_places("menu a b c d foot".split(), "a b c d".split()))
    [1, 2, 3, 4]
    """
    matches: dict[int, int] = {}
    for place, other in _longest_chain(list(_anchors(page, extracted))):
        matches.update((place + step, other + step) for step in range(GRAM_WORDS))
        steps = 1
        while steps <= min(place, other) and page[place - steps] == extracted[other - steps]:
            if place - steps in matches:
                break
            matches[place - steps] = other - steps
            steps += 1
    return matches


def _anchors(page: Sequence[str], extracted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of places with equal words, by the place in ``extracted``, then backwards in ``page``.

    That order keeps two places of one anchor from being chained with each other.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(page) - GRAM_WORDS + 1):
        places.setdefault(tuple(page[at : at + GRAM_WORDS]), []).append(at)
    uses: Counter[tuple[str, ...]] = Counter()
    for at in range(len(extracted) - GRAM_WORDS + 1):
        gram = tuple(extracted[at : at + GRAM_WORDS])
        page_places = places.get(gram, [])
        if len(page_places) > MAX_PLACES:
            page_places = page_places[uses[gram] : uses[gram] + 1]
            uses[gram] += 1
        yield from ((place, at) for place in reversed(page_places))


def _longest_chain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose places in the page grow (patience sorting)."""
    tails: list[int] = []  # the smallest end of a chain of each length
    ends: list[int] = []  # its index in `pairs`
    before = [-1] * len(pairs)
    for index, (place, _) in enumerate(pairs):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [index]
        before[index] = ends[length - 1] if length else -1
    chain, index = [], ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
