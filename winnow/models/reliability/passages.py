"""Passages of a document that show its features, for people who ask what a score rests on."""

import math
import re
import textwrap
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from winnow.models.reliability.document_tokens import READ_CHARS, read_tokens
from winnow.models.reliability.style_features import document_features, feature_names
from winnow.models.reliability.sums import is_of_title
from winnow.models.reliability.wording import WORDING_NAMES, load_wording

QUOTED_CHARS: Final = 240
MIN_CHARS: Final = 40  # of a passage where possible: a rate over two words says nothing
JOINED_CHARS: Final = 100  # shorter sentences are joined: fewer to look at, and still quick to read
LOOKED_AT: Final = 8  # passages of a document; more only while they lack a wanted feature
SHOWN_SHARE: Final = 0.5  # of the source's mean: a document with that much has a passage with more
SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s")
TEXT, PARAGRAPH, SENTENCE, TITLE = "text", "paragraph", "sentence", "title"
SCOPES: Final = {  # of features that no sentence shows
    "words": TEXT,
    **dict.fromkeys(["variety", "paragraph_words", "short_paragraph_share", "sentence_spread"], PARAGRAPH),
}
OF_LENGTHS: Final = frozenset({"words", "paragraph_words", "sentence_words", "long_sentence_share"})


def best_passages(title: str, text: str, wants_more: Mapping[str, bool]) -> dict[str, str]:
    """The passage that shows each feature best, by the feature's name.

    ``wants_more`` maps a name to True for the passage with most of the feature, to False for that with least. A
    passage is quoted word for word, but for white space, in at most `QUOTED_CHARS` characters from the title or from
    the first `READ_CHARS` characters of the text, which are what the score rests on. A feature of titles is left out
    where there is no title, and a feature that should be high is left out where it is zero. Takes about 0.2 ms a
    passage, whatever the number of features.
    """
    text = text[:READ_CHARS]
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    sentences = [sentence for line in lines for sentence in _sentences(line)]
    pieces = {TITLE: [title], TEXT: [text], PARAGRAPH: _long_first(lines), SENTENCE: _long_first(sentences)}
    best = dict[str, tuple[float, str]]()
    for scope, scope_pieces in pieces.items():
        names = {name: is_more for name, is_more in wants_more.items() if _scope(name) == scope}
        for name, values in _columns(names, scope_pieces):
            used = {piece for _, piece in best.values()}
            best[name] = _best_piece(name, scope_pieces, values, used, is_more=wants_more[name])
    return {
        name: _short(piece)
        for name, (value, piece) in best.items()
        if piece.strip() and not math.isnan(value) and (value or not wants_more[name])
    }


def can_show(name: str, value: float, mean: float, *, is_more: bool) -> bool:
    """Whether a document may be quoted for a feature of its source, by its own value and the source's mean.

    A title or a whole text must have at least as much of the feature as the source, or at most as much. Nearly every
    document has a sentence with little of a feature; one with much is expected from half of the mean on.
    """
    if _scope(name) in (TITLE, TEXT):
        return value >= mean if is_more else value <= mean
    return not is_more or name in WORDING_NAMES or value >= SHOWN_SHARE * mean


def _scope(name: str) -> str:
    """The kind of passage that shows a feature: title, text, paragraph or sentence."""
    return TITLE if is_of_title(name) else SCOPES.get(name, SENTENCE)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line, short ones joined."""
    start = 0
    for end in [*(match.end() for match in SENTENCE_END.finditer(line)), len(line)]:
        if end - start >= JOINED_CHARS or end == len(line):
            yield line[start:end].strip()
            start = end


def _long_first(pieces: Sequence[str]) -> Sequence[str]:
    """The pieces in their order, those that are too short for a passage moved to the end."""
    return sorted(pieces, key=lambda piece: len(piece) < MIN_CHARS)


def _columns(
    wants_more: Mapping[str, bool], pieces: Sequence[str]
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each feature with its values in the first `LOOKED_AT` pieces, or in more until every wanted feature occurs."""
    names, unseen = [*wants_more], {name for name, is_more in wants_more.items() if is_more}
    rows = list[list[float]]()
    for piece in pieces if names else ():
        if rows and not unseen and (len(rows) >= LOOKED_AT or len(piece) < MIN_CHARS):
            break
        rows.append(_values(names, piece))
        unseen -= {name for name, value in zip(names, rows[-1], strict=True) if value > 0}
    return zip(names, zip(*rows, strict=True), strict=False)


def _values(names: Sequence[str], piece: str) -> list[float]:
    """Features of one scope in a piece of a document."""
    is_title = is_of_title(names[0])
    title, tokens = (piece, read_tokens("")) if is_title else ("", read_tokens(piece))
    values = dict(zip(feature_names(), document_features(title, tokens).tolist(), strict=True))
    if not values.keys() >= set(names):
        values |= zip(WORDING_NAMES, load_wording().values(tokens).tolist(), strict=True)
    return [values[name] for name in names]


def _best_piece(
    name: str, pieces: Sequence[str], values: Sequence[float], used: Container[str], *, is_more: bool
) -> tuple[float, str]:
    """The piece that shows a feature best, with its value; among equals an unused one, then a long one."""
    ranked = [
        (value if is_more else -value, piece not in used, min(len(piece), QUOTED_CHARS), -at)
        for at, (value, piece) in enumerate(zip(values, pieces, strict=False))
    ]
    best = -max(ranked)[-1]
    piece = pieces[best]
    if len(piece) > QUOTED_CHARS and name not in OF_LENGTHS:
        parts = _long_first(textwrap.wrap(piece, QUOTED_CHARS))
        [(_, shares)] = _columns({name: is_more}, parts)
        _, piece = _best_piece(name, parts, shares, used, is_more=is_more)
    return values[best], piece


def _short(piece: str) -> str:
    """A piece in one line, cut between words where it is too long."""
    plain = " ".join(piece.split())
    if len(plain) <= QUOTED_CHARS:
        return plain
    cut = plain[: QUOTED_CHARS + 1].rpartition(" ")[0]
    return cut or plain[:QUOTED_CHARS]
