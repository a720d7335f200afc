"""Passages of a document that show its features, for people who ask what a score rests on."""

import math
import re
import textwrap
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

from winnow.models.reliability.document_tokens import READ_CHARS, read_tokens
from winnow.models.reliability.style_features import document_features, feature_names
from winnow.models.reliability.sums import is_of_title
from winnow.models.reliability.wording import WORDING_NAMES

QUOTED_CHARS: Final = 240
MIN_CHARS: Final = 40  # of a passage where possible: a rate over two words says nothing
JOINED_CHARS: Final = 100  # shorter sentences are joined: fewer to look at, and still quick to read
LOOKED_AT: Final = 8  # passages of a document; more only while they lack a wanted feature
SHOWN_SHARE: Final = 0.5  # of the source's mean: a document with that much has a passage with more
SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s")
# Features that no passage shows: lengths, shares, and wording, which is a sum over thousands of words. Their rates are
# shown beside the usual ones.
OF_RATES_ONLY: Final = frozenset(
    {
        *("words", "sentence_words", "sentence_spread", "short_sentence_share", "long_sentence_share"),
        *("paragraph_words", "short_paragraph_share", "word_letters", "long_word_share", "variety"),
        *("neutral_attribution_share", "hedge_share", "title_words", "form_capitalised", *WORDING_NAMES),
    }
)
# Titles without long, or short, words have one half of the share.
MORE_THAN: Final = {"title_capitalised": 0.5, "title_small_capitalised": 0.5}


def is_quotable(name: str) -> bool:
    """Whether a passage can show a feature: it holds what the feature counts."""
    return name not in OF_RATES_ONLY


def best_passages(title: str, text: str, names: Iterable[str]) -> dict[str, str]:
    """For each feature the passage that has most of it, by the feature's name; none where nothing of it is there.

    A passage is quoted word for word, but for white space, in at most `QUOTED_CHARS` characters from the title or from
    the first `READ_CHARS` characters of the text, which are what the score rests on. Takes about 0.2 ms a passage,
    whatever the number of features. Raises KeyError for a feature that is not `is_quotable`.
    """
    title, text = title[:READ_CHARS], text[:READ_CHARS]
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    sentences = _long_first([sentence for line in lines for sentence in _sentences(line)])
    wanted, best = sorted(set(names)), dict[str, str]()
    for pieces, scope_names in (
        ([title], [name for name in wanted if is_of_title(name)]),
        (sentences, [name for name in wanted if not is_of_title(name)]),
    ):
        for name, values in _columns(scope_names, pieces):
            best[name] = _best_piece(name, pieces, values, set(best.values()))
    quotations = ((name, _short(piece)) for name, piece in best.items() if piece.strip())
    return {name: quotation for name, quotation in quotations if holds(name, quotation)}


def holds(name: str, passage: str) -> bool:
    """Whether a passage has of a feature what the feature counts; False of a missing title."""
    [value] = _values([name], passage)
    return value > MORE_THAN.get(name, 0.0)


def can_show(name: str, value: float, mean: float) -> bool:
    """Whether a document may be quoted for a feature of its source, by its own value and the source's mean.

    A title must have at least as much of the feature as the source; a text of which a sentence has much is expected
    from half of the mean on.
    """
    if is_of_title(name):
        return value >= mean and value > MORE_THAN.get(name, 0.0)
    return value > 0 and value >= SHOWN_SHARE * mean


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


def _columns(names: Sequence[str], pieces: Sequence[str]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each feature with its values in the first `LOOKED_AT` pieces, or in more until every feature occurs."""
    unseen, rows = set(names), list[list[float]]()
    for piece in pieces if names else ():
        if rows and not unseen and (len(rows) >= LOOKED_AT or len(piece) < MIN_CHARS):
            break
        rows.append(_values(names, piece))
        unseen -= {name for name, value in zip(names, rows[-1], strict=True) if value > 0}
    return zip(names, zip(*rows, strict=True), strict=False)


def _values(names: Sequence[str], piece: str) -> list[float]:
    """Features, all of the title or all of the text, in a piece of a document."""
    title, tokens = (piece, read_tokens("")) if is_of_title(names[0]) else ("", read_tokens(piece))
    values = dict(zip(feature_names(), document_features(title, tokens).tolist(), strict=True))
    return [values[name] for name in names]


def _best_piece(name: str, pieces: Sequence[str], values: Sequence[float], used: Container[str]) -> str:
    """The piece that shows a feature best; among equals an unused one, then a long one."""
    ranked = [
        (0.0 if math.isnan(value) else value, piece not in used, min(len(piece), QUOTED_CHARS), -at)
        for at, (value, piece) in enumerate(zip(values, pieces, strict=False))
    ]
    piece = pieces[-max(ranked)[-1]]
    parts = _long_first(textwrap.wrap(piece, QUOTED_CHARS))
    if len(piece) <= QUOTED_CHARS or not parts:  # of white space
        return piece
    [(_, shares)] = _columns([name], parts)
    return _best_piece(name, parts, shares, used)


def _short(piece: str) -> str:
    """A piece in one line, cut between words where it is too long."""
    plain = " ".join(piece.split())
    if len(plain) <= QUOTED_CHARS:
        return plain
    cut = plain[: QUOTED_CHARS + 1].rpartition(" ")[0]
    return cut or plain[:QUOTED_CHARS]
