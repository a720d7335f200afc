"""The fit of the line model: words first, cross-fitted by site, so that trees learn from scores of unseen sites."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
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
from winnow.models.lines.line_features import word_features
from winnow.models.lines.line_model import LineJudge, LineModel
from winnow.models.lines.line_tokens import line_tokens
from winnow.models.lines.removal_context import is_beside
from winnow.models.lines.word_model import LineScores, Vector, WordScores
from winnow.models.trees import Trees
from winnow.training.lines.fit_settings import BY_HAND, FOLDS, NATURAL, PAGES, FitSettings
from winnow.training.lines.line_examples import UNKNOWN, Phrase
from winnow.training.lines.prepared_lines import MIN_SITES, Prepared

MAX_TOKENS: Final = 16_000  # those with the greatest weights
MIN_KIND_LINES: Final = 3  # with a token, for the kinds
PHRASE_WEIGHT: Final = 0.5
KIND_C: Final = 10.0
BESIDE: Final = 2  # lines from a removed one, within which short lines of an article may be noise, too
DOUBTFUL_LOG_ODDS: Final = (
    1.0  # of the natural judge, above which a line of an article is no example of body
)
UNNAMED_KINDS: Final = frozenset({"body", "fake_author_block"})  # a person is made up only on evidence
REPEATING: Final = frozenset({"natural", "dump"})  # sources with several texts of a page
# first characters of tokens that a matching line need not have
LEFT_OUT: Final = {"whole": "", "opens": "$=§", "mentions": "^$=§"}


def site_folds(prepared: Sequence[Prepared], count: int = FOLDS) -> dict[str, int]:
    """A fold, 0 to ``count`` - 1, for every site; labelled sites are dealt out by their number of lines."""
    sizes: Counter[str] = Counter()
    for one in prepared:
        if one.source == "labelled":
            sizes[one.site] += len(one.tokens)
    dealt = sorted(sizes, key=lambda site: (-sizes[site], site))
    other = {one.site for one in prepared} - set(dealt)
    by_hash = {site: (crc32(site.encode()) >> 8) % count for site in other}
    return by_hash | {site: number % count for number, site in enumerate(dealt)}


def fit_natural(natural: Sequence[Prepared]) -> tuple[LineJudge, LineJudge]:
    """The judges of natural labels: of what extractors leave, and of whole pages."""
    return fit_judge([one for one in natural if one.source == "natural"], NATURAL), fit_judge(
        natural, PAGES
    )


def fit_model(
    natural: tuple[LineJudge, LineJudge], prepared: Sequence[Prepared], phrases: Sequence[Phrase]
) -> LineModel:
    """A model of the judges of `fit_natural` and one of examples by hand; equal input gives an equal model."""
    left, pages = natural
    examples = [surely_body(one, left) if one.source == "article" else one for one in prepared]
    with threadpool_limits(1):  # sums in one order
        kinds, kind_words = _fit_kinds(prepared, phrases)
    return LineModel((fit_judge(examples, BY_HAND, phrases), left), pages, kind_words, kinds)


def surely_body(article: Prepared, natural: LineJudge) -> Prepared:
    """An article without labels for lines that a rule removes or the natural judge doubts, or beside removed ones."""
    beside = is_beside(article.removed, BESIDE)  # itself among them
    rows = _rows(article, natural.words.of_lines(article.tokens))
    doubtful = (
        (article.removed > 0) | (beside & article.is_short) | (natural.log_odds(rows) > DOUBTFUL_LOG_ODDS)
    )
    return replace(article, labels=np.where(doubtful, UNKNOWN, article.labels))


def fit_judge(
    prepared: Sequence[Prepared], settings: FitSettings, phrases: Sequence[Phrase] = ()
) -> LineJudge:
    """Words and trees that learn from these examples; equal input gives an equal judge."""
    with threadpool_limits(1):
        scores = _cross_fitted_scores(prepared, settings, phrases)
        return LineJudge(_fit_words(prepared, settings, phrases), _fit_trees(prepared, scores, settings))


def _cross_fitted_scores(
    prepared: Sequence[Prepared], settings: FitSettings, phrases: Sequence[Phrase]
) -> list[LineScores]:
    """For each example the words' scores of its lines, by a fit that saw no line of its site."""
    folds = site_folds(prepared, settings.folds)
    scores = [LineScores(np.zeros(0), np.zeros(0))] * len(prepared)
    for fold in range(settings.folds):
        others = [one for one in prepared if folds[one.site] != fold]
        words = _fit_words(others, settings, phrases)
        for number, one in enumerate(prepared):
            if folds[one.site] == fold:
                scores[number] = words.of_lines(one.tokens)
    return scores


def _fit_words(
    prepared: Sequence[Prepared], settings: FitSettings, phrases: Sequence[Phrase]
) -> WordScores:
    """The first stage, cut down to the tokens that weigh most."""
    extra = [phrase_tokens(phrase) for phrase in phrases]
    places = _vocabulary(prepared, extra)
    examples = _different_lines(prepared)
    labels = np.array([*(label for _, _, label in examples), *[1] * len(extra)])
    weights = [settings.word_weights[source] for _, source, _ in examples] + [PHRASE_WEIGHT] * len(extra)
    matrix = token_matrix([*(tokens for tokens, _, _ in examples), *extra], places)
    fit = LogisticRegression(C=settings.word_c, solver="liblinear", max_iter=200)
    fit.fit(matrix, labels, sample_weight=np.array(weights))
    return _strongest_scores(places, fit.coef_.T, fit.intercept_)


def _different_lines(prepared: Sequence[Prepared]) -> list[tuple[frozenset[str], str, int]]:
    """Tokens, source and label of the lines that have one; what a site's texts repeat counts once, but by hand."""
    lines, seen = [], set[tuple[str, int, frozenset[str]]]()
    for one in prepared:
        is_doubtful = (one.removed > 0) & (one.labels == 0) & (one.source != "labelled")
        labels = np.where(is_doubtful, UNKNOWN, one.labels)  # body that a rule removes is no example of it
        for tokens, label in zip(one.tokens, labels.tolist(), strict=True):
            key = (one.site, label, tokens)
            if label == UNKNOWN or (one.source in REPEATING and key in seen):
                continue
            seen.add(key)
            lines.append((tokens, one.source, label))
    return lines


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
            sites[token].add(one.site)
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


def _fit_trees(prepared: Sequence[Prepared], scores: Sequence[LineScores], settings: FitSettings) -> Trees:
    """The second stage, of the lines with a label that no rule removes."""
    rows, labels, weights = list[Vector](), list[NDArray[np.int64]](), list[Vector]()
    for one, of_words in zip(prepared, scores, strict=True):
        if one.source not in settings.tree_weights:
            continue
        used = np.flatnonzero(is_learned(one))
        rows.append(_rows(one, of_words)[used].astype(np.float32))
        labels.append(one.labels[used])
        weights.append(np.full(len(used), settings.tree_weights[one.source]))
    fit = HistGradientBoostingClassifier(**settings.trees)
    fit.fit(np.vstack(rows), np.concatenate(labels), sample_weight=np.concatenate(weights))
    return Trees.of(fit)


def _rows(one: Prepared, scores: LineScores) -> Vector:
    """The second stage's features of all lines of an example."""
    return np.hstack([one.features, word_features(scores, one.is_short, one.features)])


def is_learned(one: Prepared) -> NDArray[np.bool_]:
    """Which lines the trees learn from."""
    return np.asarray((one.labels != UNKNOWN) & (one.removed == 0))


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
        for tokens, kind, label in zip(one.tokens, one.kinds, one.labels, strict=False)
        if label == 1
    ]
