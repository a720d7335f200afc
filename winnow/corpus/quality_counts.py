"""What a text's quality is told by, counted: words, symbols, lines, repeated runs of words, lines that C4 would keep.

The counts are those of the filters of Gopher (Rae et al. 2021, A1.1 and table A1), C4 (Raffel et al. 2020, 2.2) and
FineWeb (Penedo et al. 2024, 3.6), as datatrove applies them to English.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Final, NamedTuple

from winnow.corpus.word_breaks import SENTENCE_ENDS
from winnow.native import native_twin

# Abbreviations that keep their point, of those that spaCy knows
SHORTENED: Final = (
    "Mr Mrs Ms Dr Sen Rep Gov Inc Jr Co St Adm Corp Gen Ltd Prof Rev vs "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
).split()
# Words as spaCy parts them: "do", "n't"; "Ada", "'s"; "U.S."; "1,200"; "a.example"; each other sign by itself
TOKEN: Final = re.compile(
    r"https?://\S+|@\w+|n['’]t\b|\w+?(?=n['’]t\b)|(?:[A-Z]\.)+"
    rf"|(?:{'|'.join(SHORTENED)})\.|['’]?\w+(?:[-.,:/]\d\w*|\.[a-z]\w*)*"
    r"|\.{2,}|-{2,}|[^\w\s]"
)
# Signs that are no words, beside those of ASCII: the punctuation of CCNet (Wenzek et al. 2020)
FAR_SYMBOLS: Final = "—”：％〈、━【「」，】；“《„’∶´（–～«〉》）…►»" + SENTENCE_ENDS
SYMBOL: Final = re.compile(rf"[!-/:-@\[-`{{-~{re.escape(FAR_SYMBOLS)}]+")
STOP_WORDS: Final = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})  # Gopher, A1.1
BULLETS: Final = ("•", "-")
ELLIPSES: Final = ("...", "…")
LINE_ENDS: Final = tuple(SENTENCE_ENDS.replace("…", ""))  # FineWeb, 3.6.2
IN_WORD: Final = re.compile(r"\w")  # behind a point: that of a name of a host
SHORT_LINE_CHARS: Final = 30  # FineWeb, 3.6.2
TOP_GRAMS: Final = range(2, 5)  # words of a run of which the most frequent one counts; Gopher, table A1
REPEATED_GRAMS: Final = range(5, 11)  # words of a run of which all that come again count; Gopher, table A1
# C4, 2.2; the words of policies, the longest word and citations as in its code (`c4_utils.py`)
C4_ENDS: Final = (".", "?", "!", '"', "'")
C4_LINE_WORDS: Final = 3
C4_WORD_CHARS: Final = 1000
CITATION: Final = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
PLACEHOLDER: Final = re.compile("lorem ipsum", re.ASCII | re.IGNORECASE)
SCRIPT: Final = re.compile("javascript", re.ASCII | re.IGNORECASE)
POLICY: Final = re.compile(
    "terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies",
    re.ASCII | re.IGNORECASE,
)
PAGE_GOES: Final = -1  # what `c4_sentences_of` gives for a line that takes its page with it


class QualityCounts(NamedTuple):
    """What `quality_counts` counts; characters are code points."""

    tokens: int
    words: int  # tokens that are no symbols
    word_chars: int
    stop_words: int  # different ones of `STOP_WORDS`
    alphabetic: int  # tokens with a letter
    hashes: int
    ellipses: int
    lines: int
    bullet_lines: int
    ellipsis_lines: int
    filled_lines: int  # those that are not blank; the four that follow are among them
    punctuated_lines: int
    short_lines: int
    repeated_lines: int  # that stood before
    repeated_line_chars: int
    repeated_paragraphs: int  # what blank lines part
    repeated_paragraph_chars: int
    paragraphs: int
    top_2gram_chars: int
    top_3gram_chars: int
    top_4gram_chars: int
    repeated_5gram_chars: int
    repeated_6gram_chars: int
    repeated_7gram_chars: int
    repeated_8gram_chars: int
    repeated_9gram_chars: int
    repeated_10gram_chars: int
    c4_lines: int  # filled ones that C4 keeps; 0, as for the sentences, where it drops the page
    c4_sentences: int


def c4_sentences_of(line: str) -> int:
    """Sentences of a line that C4 keeps, 1 or more; 0 for one that it leaves out, `PAGE_GOES` where the page goes."""
    words = line.split()
    text = CITATION.sub("", line.strip())
    is_whole = text.endswith(C4_ENDS) and not text.endswith("...") and len(words) >= C4_LINE_WORDS
    if not is_whole or max(map(len, words)) > C4_WORD_CHARS:
        return 0
    if PLACEHOLDER.search(text):
        return PAGE_GOES
    if SCRIPT.search(text):
        return 0
    if "{" in text:
        return PAGE_GOES
    return 0 if POLICY.search(text) else _sentences(text)


def _sentences(line: str) -> int:
    """Sentences as spaCy's sentencizer parts them: the next word behind a mark begins one."""
    sentences, has_ended = 1, False
    for match in TOKEN.finditer(line):
        token = match[0]
        if token in LINE_ENDS:
            has_ended |= not IN_WORD.match(line, match.end())
        elif has_ended and not SYMBOL.fullmatch(token):
            sentences, has_ended = sentences + 1, False
    return sentences


@native_twin(
    SimpleNamespace(symbols=FAR_SYMBOLS, line_ends="".join(LINE_ENDS), c4_sentences_of=c4_sentences_of)
)
def quality_counts(text: str) -> tuple[int, ...]:
    """The fields of the `QualityCounts` of a text.

    >>> QualityCounts(*quality_counts("The cat sat. The cat ran.")).top_2gram_chars
    14
    """
    tokens, lines = TOKEN.findall(text), text.split("\n")
    filled_lines = [line for line in lines if line.strip()]
    paragraphs = re.split(r"\n{2,}", text.strip())
    return (
        *_word_counts(tokens),
        text.count("#"),
        text.count("...") + text.count("…"),
        len(lines),
        sum(line.lstrip().startswith(BULLETS) for line in lines),
        sum(line.rstrip().endswith(ELLIPSES) for line in lines),
        len(filled_lines),
        sum(line.endswith(LINE_ENDS) for line in filled_lines),
        sum(len(line) <= SHORT_LINE_CHARS for line in filled_lines),
        *_repeated(filled_lines),
        *_repeated(paragraphs),
        len(paragraphs),
        *(_top_gram_chars(tokens, words) for words in TOP_GRAMS),
        *_repeated_gram_chars(tokens),
        *_c4_counts(filled_lines),
    )


def _word_counts(tokens: Sequence[str]) -> tuple[int, int, int, int, int]:
    words = [token for token in tokens if not SYMBOL.fullmatch(token)]
    return (
        len(tokens),
        len(words),
        sum(map(len, words)),
        len(STOP_WORDS.intersection(tokens)),
        sum(any(map(str.isalpha, token)) for token in tokens),
    )


def _repeated(parts: Sequence[str]) -> tuple[int, int]:
    """How many parts stood before, and their characters."""
    return len(parts) - len(set(parts)), sum(map(len, parts)) - sum(map(len, set(parts)))


def _top_gram_chars(tokens: Sequence[str], words: int) -> int:
    """Characters that the most frequent run of so many words takes, the first of several; 0 in a shorter text."""
    counts = Counter(zip(*(tokens[start:] for start in range(words)), strict=False))
    return sum(count * (sum(map(len, gram)) + words - 1) for gram, count in counts.most_common(1))


def _repeated_gram_chars(tokens: Sequence[str]) -> Iterator[int]:
    """For each length of `REPEATED_GRAMS` the characters of runs that stood before, none of them counted twice."""
    chars = 1
    for words in REPEATED_GRAMS:
        # What repeats no five words repeats no six.
        chars = _chars_of_repeated(tokens, words) if chars else 0
        yield chars


def _chars_of_repeated(tokens: Sequence[str], words: int) -> int:
    seen, chars, at = set[tuple[str, ...]](), 0, 0
    while at <= len(tokens) - words:
        gram = tuple(tokens[at : at + words])
        if gram in seen:
            chars += sum(map(len, gram))
            at += words
        else:
            seen.add(gram)
            at += 1
    return chars


def _c4_counts(lines: Sequence[str]) -> tuple[int, int]:
    """How many lines C4 keeps, and their sentences."""
    sentences = [c4_sentences_of(line) for line in lines]
    if PAGE_GOES in sentences:
        return 0, 0
    return sum(map(bool, sentences)), sum(sentences)
