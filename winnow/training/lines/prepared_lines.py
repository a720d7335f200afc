"""Examples with tokens and features of every line, worked out once for several fits, or kept in a file."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.cleaners._rule_removals import rule_removals
from winnow.models.arrays import packed_words, read_arrays, unpacked_words, write_arrays
from winnow.models.lines.line_features import line_features, short_lines
from winnow.models.lines.line_shapes import outlines
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.lines.removal_context import Groups, removed_groups
from winnow.models.lines.word_model import Vector
from winnow.training.lines.line_examples import Example

MIN_SITES: Final = 3  # that use a token; one that fewer use says where a line is from
HASH_BYTES: Final = 6  # of a rarer token, which is kept in a file as its hash
HASHED: Final = "#"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example without its text: tokens, features and labels of each of its lines."""

    name: str
    site: str
    source: str  # labelled, natural, dump, article
    labels: NDArray[np.int64]
    kinds: tuple[str, ...]  # of each line, for labelled documents
    tokens: tuple[frozenset[str], ...]
    features: Vector  # (lines, columns of `line_features`)
    is_short: NDArray[np.bool_]
    removed: Groups  # by the rules, as `removed_groups` gives them


def prepare(example: Example) -> Prepared:
    """Read the tokens and features of every line, and what the rules remove."""
    document, lines = example.document, example.document.lines
    removed = removed_groups(document, rule_removals(document))
    return Prepared(
        *(example.name, example.site, example.source, example.labels, example.kinds),
        tokens=tuple(line_tokens(line) for line in lines),
        features=line_features(document, outlines(lines), removed, range(len(lines))),
        is_short=short_lines(document),
        removed=removed,
    )


def write_prepared(path: Path, prepared: Sequence[Prepared]) -> None:
    """Write natural examples, from which no text can be read; equal examples give equal bytes."""
    names = _kept_names(prepared)
    lines = [sorted({names[token] for token in tokens}) for one in prepared for tokens in one.tokens]
    tokens = sorted(set(chain.from_iterable(lines)))
    places = {token: at for at, token in enumerate(tokens)}
    by_line = {
        name: np.concatenate([getattr(one, name) for one in prepared]).astype(np.int8)
        for name in ("labels", "is_short", "removed")
    }
    arrays = {
        "tokens": packed_words(tokens),
        "line_tokens": np.array([places[token] for token in chain.from_iterable(lines)], dtype=np.int32),
        "line_sizes": np.array(list(map(len, lines)), dtype=np.int32),
        "names": packed_words(one.name for one in prepared),
        "sites": packed_words(one.site for one in prepared),
        "sources": packed_words(one.source for one in prepared),
        "sizes": np.array([len(one.tokens) for one in prepared], dtype=np.int32),
        "features": np.vstack([one.features for one in prepared]).astype(np.float32),
    }
    write_arrays(path, arrays | by_line)


def read_prepared(path: Path) -> Iterator[Prepared]:
    """The natural examples that `write_prepared` wrote."""
    arrays, _ = read_arrays(path, "")
    words = np.array(unpacked_words(arrays["tokens"]), dtype=object)[arrays["line_tokens"]]
    line_ends = np.concatenate([[0], np.cumsum(arrays["line_sizes"])])
    ends = np.concatenate([[0], np.cumsum(arrays["sizes"])])
    about = (unpacked_words(arrays[column]) for column in ("names", "sites", "sources"))
    for name, site, source, start, end in zip(*about, ends, ends[1:], strict=False):
        edges = line_ends[start : end + 1]
        yield Prepared(
            *(name, site, source, arrays["labels"][start:end].astype(np.int64), ()),
            tokens=tuple(frozenset(words[a:b]) for a, b in pairwise(edges)),
            features=arrays["features"][start:end].astype(np.float64),
            is_short=arrays["is_short"][start:end].astype(np.bool_),
            removed=arrays["removed"][start:end],
        )


def _kept_names(prepared: Sequence[Prepared]) -> dict[str, str]:
    """Token -> the token itself where enough sites use it, else its hash."""
    sites: defaultdict[str, set[str]] = defaultdict(set)
    for one in prepared:
        for token in frozenset(chain.from_iterable(one.tokens)):
            sites[token].add(one.site)
    return {token: token if len(users) >= MIN_SITES else _hashed(token) for token, users in sites.items()}


def _hashed(token: str) -> str:
    return HASHED + hashlib.blake2b(token.encode(), digest_size=HASH_BYTES).hexdigest()
