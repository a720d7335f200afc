"""The fit of the line model: words first, cross-fitted by site, so that trees learn from scores of unseen sites."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

from winnow.corpus.lines import read_lines
from winnow.models.lines.line_features import line_features, word_features
from winnow.models.lines.line_model import LineModel
from winnow.models.lines.line_shapes import outlines
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.lines.word_model import LineScores, Vector, WordScores
from winnow.models.trees import Trees
from winnow.training.lines.line_examples import UNKNOWN, Example, Phrase

FOLDS: Final = 5
MIN_SITES: Final = 3  # that use a token; one that fewer use says where a line is from
MAX_TOKENS: Final = 16_000  # those with the greatest weights
MIN_KIND_LINES: Final = 3  # with a token, for the kinds
WORD_WEIGHTS: Final = {"labelled": 3.0, "page": 0.3, "article": 0.1}  # of a line; phrases as below
PHRASE_WEIGHT: Final = 0.5
TREE_WEIGHTS: Final = {"labelled": 1.0, "page": 0.02, "article": 0.1}
WORD_C: Final = 3.0  # inverse strength of the L2 penalty
KIND_C: Final = 10.0
UNNAMED_KINDS: Final = frozenset({"body", "fake_author_block"})  # a person is made up only on evidence
TREES: Final = {
    "max_iter": 120,
    "max_depth": 6,
    "max_leaf_nodes": 24,
    "learning_rate": 0.08,
    "min_samples_leaf": 20,
    "l2_regularization": 3.0,
    "max_features": 0.4,
    "early_stopping": False,
    "random_state": 0,
}
# first characters of tokens that a matching line need not have
LEFT_OUT: Final = {"whole": "", "opens": "$=§", "mentions": "^$=§"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example with its tokens and features, so that several fits can share the work."""

    example: Example
    tokens: tuple[frozenset[str], ...]
    features: Vector
    is_short: NDArray[np.bool_]


def prepare(example: Example) -> Prepared:
    """Read the tokens and features of every line."""
    lines = example.document.lines
    return Prepared(
        example,
        tuple(line_tokens(line) for line in lines),
        line_features(example.document, outlines(lines), range(len(lines))),
        np.array([not line.is_long for line in lines]),
    )


def site_folds(prepared: Sequence[Prepared]) -> dict[str, int]:
    """A fold, 0 to `FOLDS` - 1, for every site; labelled sites are dealt out by their number of lines."""
    sizes: Counter[str] = Counter()
    for one in prepared:
        if one.example.source == "labelled":
            sizes[one.example.site] += len(one.tokens)
    dealt = sorted(sizes, key=lambda site: (-sizes[site], site))
    other = {one.example.site for one in prepared} - set(dealt)
    by_hash = {site: (crc32(site.encode()) >> 8) % FOLDS for site in other}
    return by_hash | {site: number % FOLDS for number, site in enumerate(dealt)}


def fit_model(prepared: Sequence[Prepared], phrases: Sequence[Phrase]) -> LineModel:
    """A model of all examples and phrases; equal input gives an equal model."""
    with threadpool_limits(1):  # sums in one order
        folds = site_folds(prepared)
        scores = _cross_fitted_scores(prepared, folds, phrases)
        kinds, kind_words = _fit_kinds(prepared, phrases)
        return LineModel(_fit_words(prepared, phrases), kind_words, kinds, _fit_trees(prepared, scores))


def _cross_fitted_scores(
    prepared: Sequence[Prepared], folds: dict[str, int], phrases: Sequence[Phrase]
) -> list[LineScores]:
    """For each example the words' scores of its lines, by a fit that saw no line of its site."""
    scores = [LineScores(np.zeros(0), np.zeros(0))] * len(prepared)
    for fold in range(FOLDS):
        words = _fit_words([one for one in prepared if folds[one.example.site] != fold], phrases)
        for number, one in enumerate(prepared):
            if folds[one.example.site] == fold:
                scores[number] = words.of_lines(one.tokens)
    return scores


def _fit_words(prepared: Sequence[Prepared], phrases: Sequence[Phrase]) -> WordScores:
    """The first stage, cut down to the tokens that weigh most."""
    extra = [phrase_tokens(phrase) for phrase in phrases]
    places = _vocabulary(prepared, extra)
    lines = [tokens for one in prepared for tokens in one.tokens]
    labels = np.concatenate([*(one.example.labels for one in prepared), np.ones(len(extra), dtype=int)])
    weights = np.repeat(
        [WORD_WEIGHTS[one.example.source] for one in prepared], [len(o.tokens) for o in prepared]
    )
    weights = np.concatenate([weights, np.full(len(extra), PHRASE_WEIGHT)])
    is_judged = labels != UNKNOWN
    matrix = token_matrix([*lines, *extra], places)[is_judged]
    fit = LogisticRegression(C=WORD_C, solver="liblinear", max_iter=200)
    fit.fit(matrix, labels[is_judged], sample_weight=weights[is_judged])
    return _strongest_scores(places, fit.coef_.T, fit.intercept_)


def _strongest_scores(places: dict[str, int], weights: Vector, intercepts: Vector) -> WordScores:
    """The scores without the tokens that weigh least, at the precision of the artifact."""
    strongest = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:MAX_TOKENS]
    rows = np.sort(strongest)
    tokens = list(places)
    rounded = weights[rows].astype(np.float16).astype(np.float32)
    return WordScores(
        {tokens[row]: at for at, row in enumerate(rows)}, rounded, intercepts.astype(np.float32)
    )


def _vocabulary(prepared: Sequence[Prepared], extra: Iterable[frozenset[str]]) -> dict[str, int]:
    """Tokens of enough sites, and all of phrases, in the order of the alphabet."""
    sites: defaultdict[str, set[str]] = defaultdict(set)
    for one in prepared:
        for token in frozenset(chain.from_iterable(one.tokens)):
            sites[token].add(one.example.site)
    common = {token for token, users in sites.items() if len(users) >= MIN_SITES}
    return {token: row for row, token in enumerate(sorted(common.union(*extra)))}


def token_matrix(lines: Sequence[frozenset[str]], places: dict[str, int]) -> sparse.csr_matrix:
    """A row a line, scaled as `WordScores.of` scales it."""
    columns = [sorted(places[token] for token in tokens if token in places) for tokens in lines]
    sizes = [len(row) for row in columns]
    scale = np.repeat([1 / np.sqrt(max(1, len(tokens))) for tokens in lines], sizes)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    shape = (len(lines), len(places))
    return sparse.csr_matrix(
        (scale, np.array(list(chain.from_iterable(columns)), dtype=int), ends), shape=shape
    )


def phrase_tokens(phrase: Phrase) -> frozenset[str]:
    """The tokens of a phrase that every matching line has."""
    lines = read_lines(phrase.text, [(0, len(phrase.text))])
    tokens = frozenset().union(*map(line_tokens, lines))
    return frozenset(token for token in tokens if token[0] not in LEFT_OUT[phrase.part])


def _fit_trees(prepared: Sequence[Prepared], scores: Sequence[LineScores]) -> Trees:
    """The second stage, of short lines with a label."""
    rows = np.vstack(
        [
            np.hstack([one.features, word_features(of_words, one.is_short, one.features)])
            for one, of_words in zip(prepared, scores, strict=True)
        ]
    )
    labels = np.concatenate([one.example.labels for one in prepared])
    weights = np.repeat(
        [TREE_WEIGHTS[one.example.source] for one in prepared], [len(o.tokens) for o in prepared]
    )
    used = (labels != UNKNOWN) & np.concatenate([one.is_short for one in prepared])
    fit = HistGradientBoostingClassifier(**TREES)
    return Trees.of(fit.fit(rows[used], labels[used], sample_weight=weights[used]))


def _fit_kinds(
    prepared: Sequence[Prepared], phrases: Sequence[Phrase]
) -> tuple[tuple[str, ...], WordScores]:
    """The kinds' names, and their scores by the words of labelled noise and of phrases, one against the rest."""
    named = _named_noise(prepared)
    named += [(phrase_tokens(phrase), phrase.kind) for phrase in phrases]
    counts = Counter(token for tokens, _ in named for token in tokens)
    common = sorted(token for token, count in counts.items() if count >= MIN_KIND_LINES)
    places = {token: row for row, token in enumerate(common)}
    kinds = tuple(sorted({kind for _, kind in named} - UNNAMED_KINDS))
    matrix = token_matrix([tokens for tokens, _ in named], places)
    fits = [
        LogisticRegression(C=KIND_C, solver="liblinear").fit(matrix, [kind == one for _, one in named])
        for kind in kinds
    ]
    weights = np.array([fit.coef_[0] for fit in fits]).T
    return kinds, _strongest_scores(places, weights, np.array([fit.intercept_[0] for fit in fits]))


def _named_noise(prepared: Sequence[Prepared]) -> list[tuple[frozenset[str], str]]:
    """The tokens and the kind of each labelled line of noise."""
    return [
        (tokens, kind)
        for one in prepared
        for tokens, kind, label in zip(one.tokens, one.example.kinds, one.example.labels, strict=False)
        if label == 1
    ]
