"""Signals of a source in a document: the noise that cleaning removes, and how its text is made."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Final

from winnow.corpus.bylines import byline_authors
from winnow.corpus.document import Cleaned
from winnow.corpus.lines import without_typography
from winnow.corpus.record import Signal

EVIDENCE_CHARS: Final = 200
DATELINE: Final = re.compile(
    r"[A-Z][A-Z .'’-]{2,40}(?:, [A-Z][A-Za-z. ]{1,20})?(?: \((?:AP|Reuters|REUTERS|AFP|UPI)\))?"
    r" ?[—–-]{1,2} ?(?=[A-Z“\"])"
)
CORRECTION: Final = re.compile(
    r"(?:Correction|Corrections|Clarification)\s?[:,(]|\ban earlier version of this (?:article|story)\b"
    r"|\bthis (?:article|story) (?:has been|was) (?:updated|corrected|amended)\b",
    re.IGNORECASE,
)
CORRECTED: Final = ("correction", "clarification", "this article", "this story")  # one is in each of them
KINDS: Final = {  # kind of removal: signal
    "ad_marker": "labelled_ads",
    "promo": "promotion",
    "fake_author_block": "fake_author",
    "comment_prompt": "comment_invitation",
    "newsletter_signup": "newsletter",
    "donation_appeal": "donation_appeal",
    "paywall": "paywall",
}
PHRASE_WORDS: Final = 4
PHRASE_MIN: Final = 6  # times, and
# of a text's words: nobody but a page written for search engines says it so often
PHRASE_SHARE: Final = 0.02
PHRASE: Final = re.compile(rb"(?=\x01{%d})" % PHRASE_WORDS)  # of words that are marked, each a byte
ASCII_LETTERS: Final = "".join(c if c.isalpha() else " " for c in map(chr, range(128)))  # much sooner
WORD: Final = re.compile(r"[^\W\d_]+")


def document_signals(cleaned: Cleaned) -> tuple[Signal, ...]:
    """The signals of a document, each with a passage that shows it, sorted by name."""
    return tuple(sorted(signal for find in SIGNALS for signal in find(cleaned)))


def removed_kinds(cleaned: Cleaned) -> Iterator[Signal]:
    """Removed noise that characterises its source: labelled ads, invitations, generated authors. Value: pieces."""
    text = cleaned.document.text
    counts = Counter(r.kind for r in cleaned.removals)
    for kind, name in KINDS.items():
        if counts[kind]:
            first = next(r for r in cleaned.removals if r.kind == kind)
            yield _signal(name, counts[kind], text[first.start : first.end])


def named_author(cleaned: Cleaned) -> Iterator[Signal]:
    """A person is named as the author. Value: how many."""
    text = cleaned.document.text
    bylines = (text[r.start : r.end] for r in cleaned.removals if r.kind == "byline_date")
    if authors := cleaned.document.metadata.authors or byline_authors(bylines):
        yield _signal("named_author", len(authors), "; ".join(authors))


def dateline(cleaned: Cleaned) -> Iterator[Signal]:
    """The first paragraph begins with a place, as agencies write it."""
    document = cleaned.document
    if document.paragraphs and (match := DATELINE.match(document.lines[document.first_paragraph].text)):
        yield _signal("dateline", 1, match[0])


def corrections_note(cleaned: Cleaned) -> Iterator[Signal]:
    """The text has a note of its corrections."""
    for line in cleaned.document.lines:
        if any(map(line.folded.__contains__, CORRECTED)) and (match := CORRECTION.search(line.raw[:2000])):
            yield _signal("corrections_note", 1, line.raw[match.start() :])
            return


def stuffed_phrase(cleaned: Cleaned) -> Iterator[Signal]:
    """One phrase is repeated as if for a search engine. Value: its share of the words."""
    words = _letter_words(without_typography(cleaned.text.casefold()))
    least = max(PHRASE_MIN, int(PHRASE_SHARE * len(words) / PHRASE_WORDS))
    often = {word for word, times in Counter(words).items() if times >= least}
    [(phrase, times)] = Counter(_phrases(words, often)).most_common(1) or [((), 0)]
    share = times * PHRASE_WORDS / max(1, len(words))
    if times >= PHRASE_MIN and share >= PHRASE_SHARE:
        yield _signal("stuffed_phrase", round(share, 4), " ".join(phrase))


def _letter_words(text: str) -> list[str]:
    """The runs of letters in a text."""
    return text.translate(ASCII_LETTERS).split() if text.isascii() else WORD.findall(text)


def _phrases(words: Sequence[str], often: Container[str]) -> Iterator[tuple[str, ...]]:
    """The phrases of words that are used often: no word is rarer than a phrase that has it."""
    are_often = bytes(map(often.__contains__, words))
    for match in PHRASE.finditer(are_often):
        yield tuple(words[match.start() : match.start() + PHRASE_WORDS])


SIGNALS: Final[tuple[Callable[[Cleaned], Iterator[Signal]], ...]] = (
    removed_kinds,
    named_author,
    dateline,
    corrections_note,
    stuffed_phrase,
)


def _signal(name: str, value: float, evidence: str) -> Signal:
    return Signal(name, float(value), " ".join(evidence.split())[:EVIDENCE_CHARS])
