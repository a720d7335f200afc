"""Features of a document's title."""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from winnow.models.reliability.document_tokens import Tokens, read_tokens
from winnow.models.reliability.style_lexicon import load_style_lexicon

MARKS: Final = {
    "exclamation": "!",
    "question": "?",
    "comma": ",",
    "semicolon": ";",
    "colon": ":",
    "bracket": "(",
}
READER: Final = frozenset({"you", "your", "we", "our", "i", "my", "us"})
POINTING: Final = frozenset({"this", "these", "here", "here's", "just", "how", "why", "what"})
REPORTING: Final = frozenset(
    {"says", "said", "over", "after", "amid", "report", "study", "officials", "plans", "may", "could"}
)
BAR: Final = re.compile(r"[|»–—]| - ")
CLICKBAIT: Final = re.compile(
    r"^(?:this|these|here's|here is|why|how|what|when|watch|see|look|video|breaking|just in|exposed|the real|\d+ )"
    r"|\b(?:you need to|won't believe|the reason|the truth|goes viral|destroys?|slams?|blasts?|epic|shocking|busted"
    r"|caught|bombshell|must[- ]see|is why|will make you)\b",
    re.IGNORECASE,
)
CATEGORIES: Final = ("sensational", "partisan", "conspiracy", "judging_verbs", "emotion")


def title_features(title: str) -> dict[str, float]:
    """Features of a title, every one NaN where there is none."""
    tokens = read_tokens(title)
    words = [t for t in tokens.sequence if t[0].isalpha()]
    return _features(title, tokens, words) if words else dict.fromkeys(_names(), math.nan)


@cache
def _names() -> tuple[str, ...]:
    return tuple(_features("", read_tokens(""), []))


def _features(title: str, tokens: Tokens, words: Sequence[str]) -> dict[str, float]:
    """Features of a title with some words."""
    used = set(tokens.lower)
    values = {
        "title_words": len(words),
        "title_capitalised": _upper_share([w for w in words if len(w) > 3]),
        "title_small_capitalised": _upper_share([w for w in words[1:] if 1 < len(w) <= 4]),
        "title_shouted": sum(len(w) > 2 and w.isupper() for w in words) / max(1, len(words)),
        "title_clickbait": bool(CLICKBAIT.search(tokens.text)),
        "title_number": any(c.isdigit() for c in title),
        "title_quotation": any(c in title for c in '"“”'),
        "title_ellipsis": "..." in title or "…" in title,
        "title_bar": bool(BAR.search(title)),
        "title_full_stop": title.rstrip().endswith("."),
        "title_reader": not used.isdisjoint(READER),
        "title_pointing": not used.isdisjoint(POINTING),
        "title_reporting": not used.isdisjoint(REPORTING),
        **{f"title_{name}": mark in title for name, mark in MARKS.items()},
        **_categories(tokens.lower),
    }
    return {name: float(value) for name, value in values.items()}


def _upper_share(words: Sequence[str]) -> float:
    """The share of words that begin with a capital; one half without any."""
    return sum(w[0].isupper() for w in words) / len(words) if words else 0.5


def _categories(tokens: list[str]) -> dict[str, int]:
    """How many words and phrases of a title the lexicon calls loud, partisan or judging."""
    lexicon = load_style_lexicon()
    words = [category for token in tokens for category in lexicon.words.get(token, ())]
    categories = words + lexicon.phrase_categories(tokens)
    return {f"title_{name}": categories.count(lexicon.names.index(name)) for name in CATEGORIES}
