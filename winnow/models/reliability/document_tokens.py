"""The tokens of a document, read once for all features."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

READ_CHARS: Final = 8000  # of a text; more moves no score and costs time (prototype RESULTS.md)
TOKEN: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['-][A-Za-zÀ-ÿ]+)*|\d[\d.,:]{0,20}%?|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The first `READ_CHARS` characters of a text: words, numbers and marks, in their order."""

    text: str  # apostrophes in one form
    sequence: list[str]
    lower: list[str]  # the sequence in lower case
    counts: Counter[str]  # uses of each token as it is written
    order: NDArray[np.int64]  # for each token of the sequence, its place among those counted


def read_tokens(text: str) -> Tokens:
    """The tokens of a text or title."""
    plain = text[:READ_CHARS].replace("’", "'").replace("‘", "'")
    tokens = TOKEN.findall(plain)
    counts = Counter(tokens)
    place = dict(zip(counts, range(len(counts)), strict=True))
    lower_of = dict(zip(counts, "\n".join(counts).lower().split("\n"), strict=False))  # at once: sooner
    lower = [*map(lower_of.__getitem__, tokens)]
    order = np.fromiter(map(place.__getitem__, tokens), np.int64, len(tokens))
    return Tokens(plain, tokens, lower, counts, order)
