"""The passage of a document that shows a feature best, for people who ask what a score rests on."""

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
MIN_CHARS: Final = 40  # of a passage, if it can be: a rate over two words says nothing
JOINED_CHARS: Final = 100  # shorter sentences go together: fewer to look at, and still a glance
LOOKED_AT: Final = 8  # passages of a document; more only as long as they lack what is to be shown
SHOWN_SHARE: Final = 0.5  # of the source's mean: a document with that much has a passage with more
SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s")
TEXT, PARAGRAPH, SENTENCE, TITLE = "text", "paragraph", "sentence", "title"
SCOPES: Final = {  # of features that no sentence shows
    "words": TEXT,
    **dict.fromkeys(["variety", "paragraph_words", "short_paragraph_share", "sentence_spread"], PARAGRAPH),
}
OF_LENGTHS: Final = frozenset({"words", "paragraph_words", "sentence_words", "long_sentence_share"})


def best_passages(title: str, text: str, sought: Mapping[str, bool]) -> dict[str, str]:
    """The passage that shows each feature best: most of the feature where its name maps to True, else least.

    A quotation stands word for word in the title, or in the first `READ_CHARS` characters of the text,
    which are what the score rests on; white space apart, in `QUOTED_CHARS` at most. A feature of
    titles is left out where there is none, and one of which there is to be much where there is none of
    it. Takes about 0.2 ms a passage, however many features.
    """
    text = text[:READ_CHARS]
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    sentences = [sentence for line in lines for sentence in _sentences(line)]
    pieces = {TITLE: [title], TEXT: [text], PARAGRAPH: _long_first(lines), SENTENCE: _long_first(sentences)}
    best = dict[str, tuple[float, str]]()
    for scope, shown in pieces.items():
        names = {name: is_more for name, is_more in sought.items() if _scope(name) == scope}
        for name, values in _columns(names, shown):
            used = {piece for _, piece in best.values()}
            best[name] = _best_piece(name, shown, values, used, is_more=sought[name])
    return {
        name: _short(piece)
        for name, (value, piece) in best.items()
        if piece.strip() and not math.isnan(value) and (value or not sought[name])
    }


def can_show(name: str, value: float, mean: float, *, is_more: bool) -> bool:
    """Whether a document of a source is one to quote for a feature, by its own value and the source's mean.

    A title or a whole text has to have as much of it as the source, or as little. Among sentences there is
    nearly always one with little of it; one with much, in a document with half of the mean.
    """
    if _scope(name) in (TITLE, TEXT):
        return value >= mean if is_more else value <= mean
    return not is_more or name in WORDING_NAMES or value >= SHOWN_SHARE * mean


def _scope(name: str) -> str:
    """What shows a feature."""
    return TITLE if is_of_title(name) else SCOPES.get(name, SENTENCE)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line, short ones together."""
    start = 0
    for end in [*(found.end() for found in SENTENCE_END.finditer(line)), len(line)]:
        if end - start >= JOINED_CHARS or end == len(line):
            yield line[start:end].strip()
            start = end


def _long_first(pieces: Sequence[str]) -> Sequence[str]:
    """The pieces in their order, but those that are too short for a passage last."""
    return sorted(pieces, key=lambda piece: len(piece) < MIN_CHARS)


def _columns(sought: Mapping[str, bool], pieces: Sequence[str]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each feature with its values in the first pieces: `LOOKED_AT`, and more until each that is to be seen is."""
    names, unseen = [*sought], {name for name, is_more in sought.items() if is_more}
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
    """The piece that shows a feature best with its value: of equals one that is not used yet, then a long one."""
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
