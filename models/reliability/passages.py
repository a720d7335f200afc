"""The passage of a document that shows a feature best, for people who ask what a score rests on."""

import math
import re
import textwrap
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.reliability.features import document_features, feature_names
from models.reliability.sums import is_of_title
from models.reliability.tokens import READ_CHARS, read_tokens
from models.reliability.wording import WORDING_NAMES, load_wording

QUOTED_CHARS: Final = 240
LEAST_CHARS: Final = 40  # of a passage; a rate over two words says nothing
MOST_PASSAGES: Final = 80  # of a document that are looked at; articles of rated sources have 26 in the mean
SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s")
TEXT, PARAGRAPH, SENTENCE, TITLE = "text", "paragraph", "sentence", "title"
SCOPES: Final = {  # of features that no sentence shows
    "words": TEXT,
    **dict.fromkeys(["variety", "paragraph_words", "short_paragraph_share", "sentence_spread"], PARAGRAPH),
}
OF_LENGTHS: Final = frozenset({"words", "paragraph_words", "sentence_words", "long_sentence_share"})


@dataclass(frozen=True, slots=True)
class Article:
    """A document as far as its features need it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that shows a feature, and how well."""

    strength: float  # the feature's value; negative where the passage is to show how little of it there is
    quote: str
    document_id: str

    def rank(self) -> tuple[float, int, str]:
        """Sorts the best passage first: the strongest, of equals the longest, of these by document."""
        return -self.strength, -len(self.quote), self.document_id


def best_passages(article: Article, sought: Mapping[str, bool]) -> dict[str, Passage]:
    """The passage that shows each feature best: most of the feature where its name maps to True, else least.

    A quotation stands word for word in the title, or in the first `READ_CHARS` characters of the text,
    which are what the score rests on; white space apart, in `QUOTED_CHARS` at most. A feature of
    titles is left out where there is none, and one of which there is to be much where there is none of
    it. Takes about 0.2 ms a sentence, however many features.
    """
    text = article.text[:READ_CHARS]
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    sentences = [sentence for line in lines for sentence in _sentences(line)]
    pieces = {TITLE: [article.title], TEXT: [text], PARAGRAPH: _long(lines), SENTENCE: _long(sentences)}
    best = dict[str, tuple[float, str]]()
    for scope, shown in pieces.items():
        names = [name for name in sought if _scope(name) == scope]
        for name, values in _columns(names, shown):
            used = {piece for _, piece in best.values()}
            best[name] = _best_piece(name, shown, values, used, is_more=sought[name])
    return {
        name: Passage(strength, _short(piece), article.id)
        for name, (strength, piece) in best.items()
        if piece.strip() and not math.isnan(strength) and not (sought[name] and strength == 0)
    }


def _scope(name: str) -> str:
    """What shows a feature."""
    return TITLE if is_of_title(name) else SCOPES.get(name, SENTENCE)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line; one that is too short to be a passage goes with the next."""
    start = 0
    for end in [*(found.end() for found in SENTENCE_END.finditer(line)), len(line)]:
        if end - start >= LEAST_CHARS or end == len(line):
            yield line[start:end].strip()
            start = end


def _long(pieces: Sequence[str]) -> Sequence[str]:
    """The pieces that are long enough to be a passage; all of them where none is."""
    return ([piece for piece in pieces if len(piece) >= LEAST_CHARS] or pieces)[:MOST_PASSAGES]


def _columns(names: Sequence[str], pieces: Sequence[str]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each feature with its values in the pieces."""
    rows = [_values(names, piece) for piece in pieces] if names else []
    return zip(names, zip(*rows, strict=True), strict=False)


def _values(names: Sequence[str], piece: str) -> list[float]:
    """Features of one scope in a piece of a document."""
    is_title = is_of_title(names[0])
    tokens = read_tokens("" if is_title else piece)
    values = dict(
        zip(feature_names(), document_features(piece if is_title else "", tokens).tolist(), strict=True)
    )
    if not values.keys() >= set(names):
        values |= zip(WORDING_NAMES, load_wording().values(tokens).tolist(), strict=True)
    return [values[name] for name in names]


def _best_piece(
    name: str, pieces: Sequence[str], values: Sequence[float], used: Container[str], *, is_more: bool
) -> tuple[float, str]:
    """How well the piece that shows a feature best does so, and that piece: of equals an unused, then a long one."""
    strengths = [value if is_more else -value for value in values]
    ranked = [
        (strength, piece not in used, min(len(piece), QUOTED_CHARS))
        for strength, piece in zip(strengths, pieces, strict=True)
    ]
    best = ranked.index(max(ranked))
    piece = pieces[best]
    if len(piece) > QUOTED_CHARS and name not in OF_LENGTHS:
        parts = _long(textwrap.wrap(piece, QUOTED_CHARS))
        [(_, values)] = _columns([name], parts)
        _, piece = _best_piece(name, parts, values, used, is_more=is_more)
    return strengths[best], piece


def _short(piece: str) -> str:
    """A piece in one line, cut between words where it is too long."""
    plain = " ".join(piece.split())
    if len(plain) <= QUOTED_CHARS:
        return plain
    cut = plain[: QUOTED_CHARS + 1].rpartition(" ")[0]
    return cut or plain[:QUOTED_CHARS]
