"""Features of one document's style: what more of each says about the rating that experts give its source.

Signs are those that hold in nearly all collections (design notes; `models/cards/reliability.md`).
Rates are log(1 + uses per 100 words), shares lie between 0 and 1.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.reliability.lexicon import load_lexicon

READ_CHARS: Final = 8000  # of a text; more moves no score and costs time (prototype RESULTS.md)
LONG_WORD: Final = 10  # letters
SHORT_SENTENCE, LONG_SENTENCE, LONGEST_SENTENCE = 8, 35, 80  # words
SHORT_PARAGRAPH: Final = 60  # characters
QUOTATION_WORDS: Final = 5  # from which quotation marks hold a statement; up to 2 they are scare quotes
VARIETY_WORDS: Final = 300  # over which variety is measured, so that length does not matter
TOKEN: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['-][A-Za-zÀ-ÿ]+)*|\d[\d.,:]{0,20}%?|[^\w\s]")
SENTENCE_END: Final = re.compile(r"[.!?…][\"')\]]{0,3}\s")
QUOTED: Final = re.compile(r"[\"“”]([^\"“”]{1,400})[\"“”]")
PATTERNS: Final = {  # name: (pattern, what it finds); counted per 100 words
    "said_after_quote": re.compile(r",[\"”] (?:\w{1,20} ){0,3}(?:said|says|told|added|wrote)\b"),
    "name_said": re.compile(r"\b[A-Z][a-z]{1,20} (?:said|says|told|added|wrote|noted)\b"),
    "apposition": re.compile(r"[a-z], (?:a|an|the|who|whose|\d\d)\b"),
    "month_day": re.compile(
        r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2}\b"
    ),
    "handle": re.compile(r"(?<!\w)[@#]\w{2,}"),
    "link": re.compile(r"https?:|www\.|\.(?:com|org|net)\b"),
    "glued_sentence": re.compile(r"[a-z][.?!,][A-Z]"),
    "ellipsis": re.compile(r"\.\.\.|…"),
    "money": re.compile(r"[$£€]"),
}
MARKS: Final = {
    "exclamation": "!",
    "question": "?",
    "comma": ",",
    "semicolon": ";",
    "colon": ":",
    "bracket": "(",
}
ENDINGS: Final = {
    "ly": ("ly",),
    "ing": ("ing",),
    "ed": ("ed",),
    "abstract": ("tion", "sion", "ment", "ity", "ism"),
}
CLICKBAIT: Final = re.compile(
    r"^(?:this|these|here's|here is|why|how|what|when|watch|see|look|video|breaking|just in|exposed|the real|\d+ )"
    r"|\b(?:you need to|won't believe|the reason|the truth|goes viral|destroys?|slams?|blasts?|epic|shocking|busted"
    r"|caught|bombshell|must[- ]see|is why|will make you)\b",
    re.IGNORECASE,
)
TITLE_CATEGORIES: Final = ("sensational", "partisan", "conspiracy", "judging_verbs", "emotion")

Vector = NDArray[np.float64]


def document_features(title: str, text: str) -> Vector:
    """The features of a document, shape ``(len(feature_names()),)``; those of a missing title are NaN."""
    plain = _plain(text[:READ_CHARS])
    tokens = TOKEN.findall(plain)
    words = [t for t in tokens if t[0].isalpha()]
    rate = 100 / max(1, len(words))
    values = {
        **_lexical(tokens, rate),
        **_rhythm(plain, words),
        **_forms(words, rate),
        **_marks(plain, tokens, rate),
        **_quotations(plain, len(words), rate),
        **title_features(_plain(title)),
    }
    return np.array([*values.values()])


@cache
def feature_names() -> tuple[str, ...]:
    """The names of `document_features`, in its order."""
    return (
        *_lexical([], 1),
        *_rhythm("", []),
        *_forms([], 1),
        *_marks("", [], 1),
        *_quotations("", 0, 1),
        *title_features(""),
    )


def title_features(title: str) -> dict[str, float]:
    """Features of a title, every one NaN where there is none."""
    words = [t for t in TOKEN.findall(title) if t[0].isalpha()]
    lexicon = load_lexicon()
    counts = dict(zip(lexicon.names, lexicon.count([w.lower() for w in words]), strict=True))
    small = [w for w in words[1:] if 1 < len(w) <= 4]
    big = [w for w in words if len(w) > 3]
    values = {
        "title_words": len(words),
        "title_capitalised": _share((w[0].isupper() for w in big), 0.5),
        "title_small_capitalised": _share((w[0].isupper() for w in small), 0.5),
        "title_shouted": _share((len(w) > 2 and w.isupper() for w in words), 0.0),
        "title_clickbait": bool(CLICKBAIT.search(title)),
        "title_number": any(c.isdigit() for c in title),
        "title_quotation": any(c in title for c in '"“”'),
        "title_ellipsis": "..." in title or "…" in title,
        "title_reader": any(w.lower() in {"you", "your", "we", "our", "i", "my", "us"} for w in words),
        **{f"title_{name}": title.count(mark) > 0 for name, mark in MARKS.items()},
        **{f"title_{name}": counts[name] for name in TITLE_CATEGORIES},
    }
    return {name: float(value) if words else math.nan for name, value in values.items()}


def _plain(text: str) -> str:
    """Apostrophes in one form."""
    return text.replace("’", "'").replace("‘", "'")


def _share(claims: Iterable[bool], empty: float) -> float:
    """The share of claims that hold; ``empty`` without any."""
    found = [*claims]
    return sum(found) / len(found) if found else empty


def _rate(count: float, rate: float) -> float:
    return math.log1p(rate * count)


def _lexical(tokens: Sequence[str], rate: float) -> dict[str, float]:
    """Rates of the lexicon's categories, and how statements are attributed and hedged.

    Higher with attribution, research and hedges; lower with sensational, partisan and judging words.
    """
    lexicon = load_lexicon()
    counts = dict(zip(lexicon.names, lexicon.count([t.lower() for t in tokens]), strict=True))
    neutral, judging = counts["attribution"] + 1, counts["judging_verbs"] + 1
    hedges, boosters = counts["hedges"] + 2, counts["boosters"] + 2
    shares = {
        "neutral_attribution_share": neutral / (neutral + judging),
        "hedge_share": hedges / (hedges + boosters),
    }
    return {name: _rate(count, rate) for name, count in counts.items()} | shares


def _rhythm(text: str, words: Sequence[str]) -> dict[str, float]:
    """Length and rhythm: higher with long texts and long words, lower with scraps of paragraphs."""
    lengths = [min(LONGEST_SENTENCE, s.count(" ") + 1) for s in SENTENCE_END.split(text) if s.strip()] or [
        1
    ]
    paragraphs = [p for p in text.split("\n") if p.strip()] or [""]
    mean = sum(lengths) / len(lengths)
    first = [w.lower() for w in words[:VARIETY_WORDS]]
    return {
        "words": math.log1p(len(words)),
        "sentence_words": mean,
        "sentence_spread": math.sqrt(sum((n - mean) ** 2 for n in lengths) / len(lengths)),
        "short_sentence_share": _share((n < SHORT_SENTENCE for n in lengths), 0.0),
        "long_sentence_share": _share((n > LONG_SENTENCE for n in lengths), 0.0),
        "paragraph_words": math.log1p(len(words) / len(paragraphs)),
        "short_paragraph_share": _share((len(p) < SHORT_PARAGRAPH for p in paragraphs), 0.0),
        "word_letters": sum(map(len, words)) / max(1, len(words)),
        "long_word_share": _share((len(w) >= LONG_WORD for w in words), 0.0),
        "variety": len(set(first)) / max(1, len(first)),
    }


def _forms(words: Sequence[str], rate: float) -> dict[str, float]:
    """Forms of words: lower with capitals that shout and with contractions."""
    lower = [w.lower() for w in words]
    counts: dict[str, float] = {
        **{name: sum(w.endswith(e) for w in lower if len(w) > 4) for name, e in ENDINGS.items()},
        "contraction": sum("'" in w and not w.endswith("'s") for w in lower),
        "possessive": sum(w.endswith("'s") for w in lower),
        "hyphenated": sum("-" in w for w in lower),
        "capitalised": sum(w[0].isupper() and not w.isupper() for w in words),
        "acronym": sum(1 < len(w) <= 5 and w.isupper() for w in words),
        "shouted": sum(len(w) > 5 and w.isupper() for w in words),
        "careless_i": sum(w == "i" for w in words),
    }
    return {f"form_{name}": _rate(count, rate) for name, count in counts.items()}


def _marks(text: str, tokens: Sequence[str], rate: float) -> dict[str, float]:
    """Punctuation and patterns: higher with commas, apposition and dates, lower with exclamation marks."""
    counts = Counter(tokens)
    numbers = [t for t in tokens if t[0].isdigit()]
    found = {
        **{name: counts[mark] for name, mark in MARKS.items()},
        "dash": counts["—"] + counts["–"],
        "number": len(numbers),
        "percentage": sum(t.endswith("%") for t in numbers),
        "year": sum(len(t) == 4 and t[:2] in {"19", "20"} for t in numbers),
        **{name: sum(1 for _ in pattern.finditer(text)) for name, pattern in PATTERNS.items()},
    }
    return {f"mark_{name}": _rate(count, rate) for name, count in found.items()}


def _quotations(text: str, words: int, rate: float) -> dict[str, float]:
    """What stands in quotation marks: higher with statements, lower with scare quotes."""
    lengths = [quoted.count(" ") + 1 for quoted in QUOTED.findall(text)]
    statements = [n for n in lengths if n >= QUOTATION_WORDS]
    return {
        "quoted_statements": _rate(len(statements), rate),
        "scare_quotes": _rate(sum(n <= 2 for n in lengths), rate),
        "quoted_share": min(1.0, sum(statements) / max(1, words)),
    }
