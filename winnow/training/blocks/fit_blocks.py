"""The fit of the block model to pages whose main content is known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier

from winnow.corpus.layout import NO_PARENT, Page
from winnow.corpus.word_breaks import words_of
from winnow.models.blocks.block_features import page_features
from winnow.models.blocks.block_model import BlockModel
from winnow.models.blocks.block_tokens import element_tokens, text_tokens
from winnow.models.blocks.outline import Floats, Ints
from winnow.models.blocks.page_types import PAGE_TYPES, TypeModel
from winnow.models.blocks.token_weights import ROLES, Weights
from winnow.models.trees import Trees

FOLDS: Final = 5
TOKEN_PAGES: Final = 4  # least pages of a token that is weighed
TYPE_PAGES: Final = 3
TOKEN_BLOCKS: Final = 400  # of a page, drawn at random, that token weights are fitted on
TREE_BLOCKS: Final = 150  # the same for trees; 300 gave nothing more in the prototype
MAX_COUNTED: Final = 3  # of a token in a block
MIN_WEIGHT: Final = 0.01  # of a token in the artifact: lighter ones change no verdict
HEAVIEST: Final = 5.0  # weight of a block, in means of them
OTHER_TYPE_WEIGHT: Final = 0.3  # of a page of another convention in the fit of page types
SURE: Final = (0.1, 0.9)  # shares beyond which a block counts as wholly out or in
NEVER_SEEN: Final = -9.0  # log-odds of a type that no page has
SEED: Final = 0
TREES: Final = {
    "max_iter": 160,
    "learning_rate": 0.1,
    "max_leaf_nodes": 31,
    "max_depth": 8,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "max_bins": 127,
    "early_stopping": False,
}


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page with at least one block, and its labels."""

    page: Page
    title: str
    tokens: frozenset[str]
    kind: str  # one of PAGE_TYPES
    domain: str
    words: Ints  # (n,): of each block
    hits: Ints  # (n,): of these words, those in the reference text
    is_main: bool = True  # whether its reference follows the convention that the model is for


def domain_folds(pages: Sequence[LabelledPage], folds: int = FOLDS) -> Ints:
    """The fold of each page; pages of one registered domain are together, and folds about equal."""
    sizes = Counter(page.domain for page in pages)
    names = sorted(sizes)
    np.random.default_rng(SEED).shuffle(names)
    filled, fold_of = [0] * folds, {}
    for name in sorted(names, key=lambda name: -sizes[name]):
        fold_of[name] = filled.index(min(filled))
        filled[fold_of[name]] += sizes[name]
    return np.array([fold_of[page.domain] for page in pages], dtype=np.int64)


def fit(pages: Sequence[LabelledPage]) -> BlockModel:
    """A model of all pages; equal pages give an equal model.

    Token weights and the first trees are of the pages of the main convention alone, the other trees of all: so pages
    of other years and languages are learned from, and nothing is lost on those of the main convention.
    The trees see token scores and page types from models that did not see the page's domain, as they will of a new
    page.
    """
    main = [page for page in pages if page.is_main]
    tokens, folds = _token_table(main), domain_folds(pages)
    main_folds = folds[[page.is_main for page in pages]]
    features: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(pages)
    for fold in range(FOLDS):
        weights = _fit_weights(tokens, main_folds[tokens.pages] != fold)
        types = fit_types([page for page, other in zip(pages, folds, strict=True) if other != fold])
        for number in map(int, np.flatnonzero(folds == fold)):
            page = pages[number]
            features[number] = page_features(
                page.page, page.title, types.probabilities(page.tokens), weights
            )
    weights = _fit_weights(tokens, np.ones(len(tokens.pages), dtype=bool))
    main_features = [f for f, page in zip(features, pages, strict=True) if page.is_main]
    trees = fit_trees(main, main_features, SEED), fit_trees(pages, features, SEED + 1)
    return BlockModel(weights, fit_types(pages), trees)


def fit_types(pages: Sequence[LabelledPage]) -> TypeModel:
    """Logistic regression over page tokens. Raises ValueError where all pages are of one type."""
    counts = Counter(token for page in pages for token in page.tokens)
    common = sorted(token for token, pages_with in counts.items() if pages_with >= TYPE_PAGES)
    if not common:  # raw dumps have no tokens
        return TypeModel({}, np.zeros(len(PAGE_TYPES)))
    column = {token: number for number, token in enumerate(common)}
    cells = [(row, column[t]) for row, page in enumerate(pages) for t in page.tokens if t in column]
    rows, columns = np.array(sorted(cells), dtype=np.int64).reshape(-1, 2).T
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(pages), len(common)))
    model = LogisticRegression(C=0.5, max_iter=300)
    weights_of_pages = [1.0 if page.is_main else OTHER_TYPE_WEIGHT for page in pages]
    model.fit(matrix, [PAGE_TYPES.index(page.kind) for page in pages], weights_of_pages)
    classes, coefficients, intercepts = model.classes_, model.coef_, model.intercept_
    if len(classes) == 2:  # scikit-learn keeps one row for both
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    weights = np.zeros((len(common), len(PAGE_TYPES)), dtype=np.float32)
    intercept = np.full(len(PAGE_TYPES), NEVER_SEEN)
    weights[:, classes], intercept[classes] = coefficients.T, intercepts
    return TypeModel(dict(zip(common, weights, strict=True)), intercept)


def fit_trees(pages: Sequence[LabelledPage], features: Sequence[NDArray[np.float32]], seed: int) -> Trees:
    """Boosted trees over the features of blocks.

    Pages weigh the same, blocks by the square root of their words. A block that is partly in the
    reference is two rows, weighed by its shares.
    """
    x, share, weight = _tree_rows(pages, features)
    partly = (share > SURE[0]) & (share < SURE[1])
    major = np.where(partly, np.maximum(share, 1 - share), 1.0) * weight
    minor = np.minimum(share, 1 - share)[partly] * weight[partly]
    model = HistGradientBoostingClassifier(**TREES, random_state=seed)
    scale = len(weight) / weight.sum()
    labels = np.concatenate([share >= 0.5, (share < 0.5)[partly]])
    model.fit(np.concatenate([x, x[partly]]), labels, np.concatenate([major, minor]) * scale)
    return Trees.of(model)


def _tree_rows(
    pages: Sequence[LabelledPage], features: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float32], Floats, Floats]:
    """Features of a sample of each page's blocks, their shares in the reference, and their weights."""
    rows, shares, weights = [], [], []
    for number, (page, matrix) in enumerate(zip(pages, features, strict=True)):
        blocks = _block_sample(np.flatnonzero(page.words), TREE_BLOCKS, number)
        weight = np.sqrt(page.words[blocks])
        rows.append(matrix[blocks])
        shares.append(page.hits[blocks] / page.words[blocks])
        weights.append(weight / max(1.0, weight.sum()))
    return np.concatenate(rows), np.concatenate(shares), np.concatenate(weights)


@dataclass(frozen=True, slots=True)
class _TokenTable:
    """The tokens of blocks as a sparse matrix, with labels and weights."""

    names: list[str]
    matrix: csr_matrix  # (blocks, tokens)
    labels: NDArray[np.bool_]
    weights: Floats
    pages: Ints  # index of each block's page


def _token_table(pages: Sequence[LabelledPage]) -> _TokenTable:
    samples = [
        _block_sample(np.flatnonzero(page.words), TOKEN_BLOCKS, number) for number, page in enumerate(pages)
    ]
    counted = [list(_block_tokens(page.page, blocks)) for page, blocks in zip(pages, samples, strict=True)]
    on_pages = Counter(token for blocks in counted for token in {t for block in blocks for t in block})
    names = sorted(token for token, number in on_pages.items() if number >= TOKEN_PAGES)
    matrix = _count_matrix([block for blocks in counted for block in blocks], names)
    labels = [
        page.hits[blocks] >= page.words[blocks] / 2 for page, blocks in zip(pages, samples, strict=True)
    ]
    weights = [_block_weights(page, blocks) for page, blocks in zip(pages, samples, strict=True)]
    of_page = np.repeat(np.arange(len(pages)), [len(blocks) for blocks in samples])
    return _TokenTable(names, matrix, np.concatenate(labels), np.concatenate(weights), of_page)


def _count_matrix(blocks: Sequence[Counter[str]], names: Sequence[str]) -> csr_matrix:
    """Uses of the named tokens in each block, at most `MAX_COUNTED`, (blocks, tokens)."""
    column = {token: number for number, token in enumerate(names)}
    ends, columns, counts = [0], [], []
    for block in blocks:
        cells = [
            (column[token], min(count, MAX_COUNTED)) for token, count in block.items() if token in column
        ]
        columns += [number for number, _ in cells]
        counts += [count for _, count in cells]
        ends.append(len(columns))
    values = np.array(counts, np.float32), np.array(columns, np.int32), np.array(ends)
    return csr_matrix(values, (len(blocks), len(names)))


def _block_weights(page: LabelledPage, blocks: Ints) -> Floats:
    return np.asarray(np.sqrt(page.words[blocks] / (page.words.sum() + 1) / len(page.words)))


def _block_tokens(page: Page, blocks: Ints) -> Iterable[Counter[str]]:
    """The tokens of some blocks: of their text, and of the elements around them in their roles."""
    elements = page.elements
    for number in blocks:
        block = page.blocks[number]
        tokens = Counter(text_tokens(words_of(page.text[block.start : block.end])))
        element, level = page.runs.elements[number], 0
        while element != NO_PARENT:
            role = ROLES[min(level, len(ROLES) - 1)]
            names = element_tokens(elements.tags[element], elements.names[element])
            tokens.update([role + name for name in names])
            element, level = elements.parents[element], level + 1
        yield tokens


def _fit_weights(table: _TokenTable, mask: NDArray[np.bool_]) -> Weights:
    """Token weights by logistic regression over some blocks."""
    weights = np.minimum(table.weights[mask] / table.weights[mask].mean(), HEAVIEST)
    model = SGDClassifier(
        loss="log_loss", alpha=5e-4, max_iter=6, tol=None, average=True, random_state=SEED
    )
    model.fit(table.matrix[mask], table.labels[mask], sample_weight=weights)
    fitted = np.round(model.coef_[0], 3)
    heavy = np.flatnonzero(np.abs(fitted) >= MIN_WEIGHT)
    return Weights.of({table.names[number]: float(fitted[number]) for number in heavy})


def _block_sample(blocks: Ints, most: int, seed: int) -> Ints:
    """At most ``most`` of a page's blocks at random, in their order."""
    if len(blocks) <= most:
        return blocks
    return np.sort(np.random.default_rng(seed).choice(blocks, most, replace=False))
