"""Features of one document's style; ``features.toml`` and ``lexicon.toml`` say what each means.

Rates are log(1 + uses per 100 words), shares lie between 0 and 1.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import compress, count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.word_facts import WordFacts
from winnow.models.reliability.document_tokens import Tokens, read_tokens
from winnow.models.reliability.style_lexicon import load_style_lexicon
from winnow.models.reliability.title_features import title_features

LONG_WORD: Final = 10  # letters
SHORT_SENTENCE, LONG_SENTENCE, LONGEST_SENTENCE = 8, 35, 80  # words
SHORT_PARAGRAPH: Final = 60  # characters
QUOTATION_WORDS: Final = 5  # from which quotation marks hold a statement; up to 2 they are scare quotes
VARIETY_WORDS: Final = 300  # over which variety is measured, so that length does not matter
SENTENCE_END: Final = re.compile(r"[.!?…][\"')\]]{0,3}\s")
QUOTED: Final = re.compile(r"[\"“”]([^\"“”]{1,400})[\"“”]")
REPORTING: Final = frozenset({"said", "says", "told", "added", "wrote", "noted"})
MONTHS: Final = frozenset(
    "Jan January Feb February Mar March Apr April May Jun June Jul July Aug August Sep Sept September"
    " Oct October Nov November Dec December".split()
)
PATTERNS: Final = {  # counted per 100 words; before each, texts of which every match has one: quicker to rule out
    "mark_said_after_quote": (
        (',"', ",”"),
        re.compile(r",[\"”] (?:\w{1,20} ){0,3}(?:said|says|told|added|wrote)\b"),
    ),
    "mark_apposition": ((", ",), re.compile(r", (?<=[a-z]..)(?:a|an|the|who|whose|\d\d)\b")),
    "mark_handle": (("@", "#"), re.compile(r"[@#](?<!\w.)\w{2,}")),
    "mark_link": (
        ("http", "www.", ".com", ".org", ".net"),
        re.compile(r"https?:|www\.|\.(?:com|org|net)\b"),
    ),
    "mark_glued_sentence": (("",), re.compile(r"[.?!,](?<=[a-z].)[A-Z]")),
    "mark_ellipsis": (("...", "…"), re.compile(r"\.\.\.|…")),
    "mark_doubled": (("!!", "!?", "?!", "??"), re.compile(r"[!?][!?]")),
}
FORMS: Final[dict[str, Callable[[str, str], bool]]] = {  # of a token and its lower case
    "form_ly": lambda _, lower: len(lower) > 4 and lower.endswith("ly"),
    "form_ing": lambda _, lower: len(lower) > 4 and lower.endswith("ing"),
    "form_ed": lambda _, lower: len(lower) > 4 and lower.endswith("ed"),
    "form_abstract": lambda _, lower: (
        len(lower) > 4 and lower.endswith(("tion", "sion", "ment", "ity", "ism"))
    ),
    "form_contraction": lambda _, lower: "'" in lower[1:] and not lower.endswith("'s"),
    "form_possessive": lambda _, lower: lower.endswith("'s"),
    "form_hyphenated": lambda _, lower: "-" in lower[1:],
    "form_capitalised": lambda written, _: written[0].isupper() and not written.isupper(),
    "form_acronym": lambda written, _: 1 < len(written) <= 5 and written.isupper(),
    "form_shouted": lambda written, _: len(written) > 5 and written.isupper(),
    "form_careless_i": lambda written, _: written == "i",
    "mark_number": lambda written, _: written[0].isdigit(),
    "mark_percentage": lambda written, _: written[0].isdigit() and written[-1] == "%",
    "mark_year": lambda written, _: len(written) == 4 and written.isdigit() and written[:2] in {"19", "20"},
}

MARKS: Final = {
    "mark_exclamation": "!",
    "mark_question": "?",
    "mark_comma": ",",
    "mark_semicolon": ";",
    "mark_colon": ":",
    "mark_bracket": "(",
    "mark_square_bracket": "[",
    "mark_star": "*",
    "mark_dash": "—–",
    "mark_money": "$£€",
}

Vector = NDArray[np.float64]


def document_features(title: str, text: Tokens) -> Vector:
    """The features of a document, shape ``(len(feature_names()),)``; those of a missing title are NaN."""
    return np.array([*_features(title, text).values()])


@cache
def feature_names() -> tuple[str, ...]:
    """The names of `document_features`, in its order."""
    return tuple(_features("", read_tokens("")))


def _features(title: str, text: Tokens) -> dict[str, float]:
    counted = map(_known_letters().__getitem__, text.counts)
    letters = np.fromiter(counted, np.int64, len(text.counts))[text.order]
    lengths = letters[letters > 0]  # of words
    words = len(lengths)
    quotations = [quoted.count(" ") + 1 for quoted in QUOTED.findall(text.text)]  # words in each
    counts = {**_use_counts(text), **_sequences(text), **_quotations(quotations)}
    rate = 100 / max(1, words)
    return {
        **{name: math.log1p(rate * uses) for name, uses in counts.items()},
        **_shares(counts),
        **_rhythm(text, words),
        **_word_lengths(lengths),
        "variety": _variety(text.lower, letters),
        "quoted_share": min(1.0, sum(n for n in quotations if n >= QUOTATION_WORDS) / max(1, words)),
        **title_features(title),
    }


@cache
def _known_letters() -> WordFacts[int]:
    """The letters of words, 0 of what is none."""
    return WordFacts(lambda token: len(token) if token[0].isalpha() else 0)


@cache
def _known_columns() -> WordFacts[tuple[int, ...]]:
    return WordFacts(_columns)


def _columns(token: str) -> tuple[int, ...]:
    """The places in the lexicon's categories and `FORMS` where a token counts."""
    lexicon, lower = load_style_lexicon(), token.lower()
    forms = (place for place, holds in enumerate(FORMS.values(), len(lexicon.names)) if holds(token, lower))
    return (*lexicon.words.get(lower, ()), *forms)


def _use_counts(text: Tokens) -> dict[str, float]:
    """Uses of the lexicon's categories, of the forms of tokens, and of marks."""
    lexicon = load_style_lexicon()
    counts = [0.0] * (len(lexicon.names) + len(FORMS))
    columns_of_tokens = [*map(_known_columns().__getitem__, text.counts)]
    for columns, times in compress(
        zip(columns_of_tokens, text.counts.values(), strict=True), columns_of_tokens
    ):
        for column in columns:
            counts[column] += times
    for category in lexicon.phrase_categories(text.lower):
        counts[category] += 1
    marks = {name: sum(text.counts[mark] for mark in chars) for name, chars in MARKS.items()}
    return dict(zip((*lexicon.names, *FORMS), counts, strict=True)) | marks


def _sequences(text: Tokens) -> dict[str, float]:
    """Uses of patterns of several tokens: idioms, dates, who said something."""
    before = (text.sequence[at - 1] for at in _places(REPORTING, text) if at)
    after = (token for at in _places(MONTHS, text) for token in text.sequence[at + 1 : at + 2])
    return {
        **{
            name: len(pattern.findall(text.text)) if any(map(text.text.__contains__, parts)) else 0
            for name, (parts, pattern) in PATTERNS.items()
        },
        "mark_name_said": sum(map(str.istitle, before)),
        "mark_month_day": sum(len(token) <= 2 and token.isdigit() for token in after),
    }


def _places(words: frozenset[str], text: Tokens) -> Iterable[int]:
    """Where in the sequence some words stand as they are written."""
    if text.counts.keys().isdisjoint(words):
        return ()
    return compress(count(), map(words.__contains__, text.sequence))


def _quotations(lengths: Sequence[int]) -> dict[str, float]:
    """Statements and scare quotes, by the words in each pair of quotation marks."""
    return {
        "quoted_statements": sum(n >= QUOTATION_WORDS for n in lengths),
        "scare_quotes": sum(n <= 2 for n in lengths),
    }


def _shares(counts: dict[str, float]) -> dict[str, float]:
    """Shares of neutral attribution and of hedging, shrunken to one half where there are few uses."""
    neutral, judging = counts["attribution"] + 1, counts["judging_verbs"] + 1
    hedges, boosters = counts["hedges"] + 2, counts["boosters"] + 2
    return {
        "neutral_attribution_share": neutral / (neutral + judging),
        "hedge_share": hedges / (hedges + boosters),
    }


def _rhythm(text: Tokens, words: int) -> dict[str, float]:
    """Length and rhythm of sentences and paragraphs."""
    sentences = [s for s in SENTENCE_END.split(text.text) if s.strip()] or [""]
    lengths = np.minimum([s.count(" ") + 1 for s in sentences], LONGEST_SENTENCE)
    paragraphs = [p for p in text.text.split("\n") if p.strip()] or [""]
    return {
        "words": math.log1p(words),
        "sentence_words": float(lengths.mean()),
        "sentence_spread": float(lengths.std()),
        "short_sentence_share": float((lengths < SHORT_SENTENCE).mean()),
        "long_sentence_share": float((lengths > LONG_SENTENCE).mean()),
        "paragraph_words": math.log1p(words / len(paragraphs)),
        "short_paragraph_share": _share(len(p) < SHORT_PARAGRAPH for p in paragraphs),
    }


def _variety(tokens: Sequence[str], letters: NDArray[np.int64]) -> float:
    """Different words among the first, over the number of the first."""
    first = [tokens[place] for place in np.flatnonzero(letters)[:VARIETY_WORDS].tolist()]
    return len(set(first)) / max(1, len(first))


def _word_lengths(lengths: NDArray[np.int64]) -> dict[str, float]:
    words = max(1, len(lengths))
    return {
        "word_letters": int(lengths.sum()) / words,
        "long_word_share": int((lengths >= LONG_WORD).sum()) / words,
    }


def _share(claims: Iterable[bool]) -> float:
    """The share of claims that hold, 0 without any."""
    outcomes = [*claims]
    return sum(outcomes) / max(1, len(outcomes))
