"""A document as its tokens, read once for all features."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

READ_CHARS: Final = 8000  # of a text; more moves no score and costs time (prototype RESULTS.md)
TOKEN: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['-][A-Za-zÀ-ÿ]+)*|\d[\d.,:]{0,20}%?|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The first `READ_CHARS` characters of a text: words, numbers and marks, in their order."""

    text: str  # apostrophes in one form
    sequence: list[str]
    lower: list[str]  # the sequence in lower case
    counts: Counter[str]  # uses of each token as it is written


def read_tokens(text: str) -> Tokens:
    """The tokens of a text or title."""
    plain = text[:READ_CHARS].replace("’", "'").replace("‘", "'")
    tokens = TOKEN.findall(plain)
    lower = (
        "\n".join(tokens).lower().split("\n") if tokens else []
    )  # at once: six times as fast as one by one
    return Tokens(plain, tokens, lower, Counter(tokens))
