"""Boosted trees as plain arrays: trained by scikit-learn, kept without pickle, walked without scikit-learn.

Every step of the walk takes one level of all trees for all rows at once, so that a text of a few hundred lines
costs a few milliseconds and needs neither scikit-learn nor its threads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from winnow.native import native_twin

if TYPE_CHECKING:  # only training needs it, and it takes a second to import
    from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingClassifier

CELLS: Final = 1 << 16  # rows times trees walked at once: fits a processor's cache, and bounds memory

NODE: Final = np.dtype([("threshold", "f8"), ("feature", "i4"), ("child", "i4")])


@dataclass(frozen=True, slots=True)
class Trees:
    """T trees with N nodes in all; a node's right child follows its left one, and a leaf is its own left child."""

    roots: NDArray[np.int64]  # (T,) place of each tree's first node
    features: NDArray[np.int64]  # (N,) column that a node tests; 0 in leaves
    thresholds: NDArray[np.float64]  # (N,) a greater value goes right; infinity in leaves
    children: NDArray[np.int64]  # (N,) place of the left child
    # (N,) what a leaf adds; elsewhere 0, or in a forest the mean below the node
    values: NDArray[np.float64]
    baseline: float
    depth: int  # steps to the deepest leaf
    # (N,) thresholds, features and children once more, of each node side by side; made of these
    nodes: NDArray[np.void] = field(init=False, repr=False, compare=False)
    columns: int = field(init=False, repr=False, compare=False)  # that rows must have

    def __post_init__(self) -> None:
        """Pack the nodes. Raises ValueError where a path would lead out of them."""
        nodes = np.empty(len(self.children), NODE)
        nodes["threshold"], nodes["feature"], nodes["child"] = self.thresholds, self.features, self.children
        places = np.concatenate([self.roots, self.children, self.children + (self.thresholds < np.inf)])
        lengths = {len(self.thresholds), len(self.features), len(self.values), len(nodes)}
        if len(lengths) > 1 or np.any((places < 0) | (places >= len(nodes))) or np.any(self.features < 0):
            raise ValueError("the nodes of these trees do not hold together")
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "columns", int(self.features.max(initial=-1)) + 1)

    @classmethod
    def of(cls, classifier: "HistGradientBoostingClassifier") -> "Trees":
        """The trees of a fitted classifier of two classes with numerical features; ValueError otherwise."""
        if classifier.n_trees_per_iteration_ != 1 or classifier.is_categorical_ is not None:
            raise ValueError(
                "Trees hold two classes and numerical features, and this classifier has others"
            )
        grown = [predictor.nodes for [predictor] in classifier._predictors]
        nodes = np.concatenate([_breadth_first_nodes(tree) for tree in grown])
        sizes = [len(tree) for tree in grown]
        roots = np.cumsum([0, *sizes[:-1]])
        return cls(
            roots=roots,
            features=nodes["feature"].copy(),
            thresholds=nodes["threshold"].copy(),
            children=nodes["child"] + np.repeat(roots, sizes),
            values=nodes["value"].copy(),
            baseline=float(np.ravel(classifier._baseline_prediction)[0]),
            depth=max(int(tree["depth"].max()) for tree in grown),
        )

    @classmethod
    def of_forest(cls, forest: "ExtraTreesRegressor") -> "Trees":
        """The trees of a fitted forest, each adding its share of the mean; numbers are rounded to 32 bits.

        Its nodes keep the mean of all that is below them, for `path_contributions`.
        """
        grown = [
            _forest_nodes(estimator.tree_, len(forest.estimators_)) for estimator in forest.estimators_
        ]
        nodes = np.concatenate([_breadth_first_nodes(tree, inner_values=True) for tree in grown])
        sizes = [len(tree) for tree in grown]
        roots = np.cumsum([0, *sizes[:-1]])
        return cls(
            roots=roots,
            features=nodes["feature"].copy(),
            thresholds=nodes["threshold"].astype(np.float32).astype(float),
            children=nodes["child"] + np.repeat(roots, sizes),
            values=nodes["value"].astype(np.float32).astype(float),
            baseline=0.0,
            depth=max(estimator.tree_.max_depth for estimator in forest.estimators_),
        )

    def path_contributions(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each feature of a row adds to its score, shape (features,), beside the sum of the roots' values.

        Each step down a tree changes the value of the node; the change belongs to the feature that the node
        tests (Saabas 2014). Only for a forest, whose inner nodes have values.
        """
        nodes, contributions = self.roots, np.zeros(len(row))
        for _ in range(self.depth):
            columns = self.features[nodes]
            below = self.children[nodes] + (row[columns] > self.thresholds[nodes])
            np.add.at(contributions, columns, self.values[below] - self.values[nodes])
            nodes = below
        return contributions

    def raw_scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of each row of features, shape (rows,): what ``decision_function`` gives, to the last bit.

        Features must be numbers: a NaN goes left, whatever the classifier learned for it.
        """
        return leaf_sums(self, rows)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The trees as arrays for ``numpy.savez``, in the smallest whole numbers that hold them."""
        arrays = {each.name: np.asarray(getattr(self, each.name)) for each in fields(self) if each.init}
        return {
            name: _narrow(array) if array.dtype.kind == "i" else array for name, array in arrays.items()
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Trees":
        """The trees that `arrays` gave; other names among the arrays are left alone."""
        whole = {name: arrays[name].astype(np.int64) for name in ("roots", "features", "children")}
        return cls(
            **whole,
            thresholds=arrays["thresholds"],
            values=arrays["values"],
            baseline=float(arrays["baseline"]),
            depth=int(arrays["depth"]),
        )


@native_twin()
def leaf_sums(trees: Trees, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The baseline and the leaves of all trees added in their order, as scikit-learn does, for each row; (rows,)."""
    step = max(1, CELLS // max(1, len(trees.roots)))
    sums = [_leaf_sums(trees, rows[at : at + step]) for at in range(0, len(rows), step)]
    return np.concatenate(sums) if sums else np.zeros(0)


def _leaf_sums(trees: Trees, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of a few rows at once."""
    flat = np.ascontiguousarray(rows, dtype=np.float64).ravel()
    starts = np.arange(len(rows)) * rows.shape[1]
    nodes = np.repeat(trees.roots[:, None], len(rows), axis=1)  # (trees, rows)
    for _ in range(trees.depth):
        row_values = flat.take(trees.features.take(nodes) + starts)
        nodes = trees.children.take(nodes) + (row_values > trees.thresholds.take(nodes))
    scores = np.full(len(rows), trees.baseline)
    for added in trees.values.take(nodes):  # numpy's own sum adds those of a lone row in another order
        scores += added
    return scores


def _forest_nodes(tree: Any, trees: int) -> NDArray[np.void]:
    """The nodes of one tree of a forest of ``trees``, named as those of a boosted tree."""
    names = ["feature_idx", "num_threshold", "left", "right", "value", "is_leaf"]
    nodes = np.zeros(tree.node_count, [(name, "f8") for name in names])
    nodes["is_leaf"] = tree.children_left < 0
    nodes["feature_idx"], nodes["num_threshold"] = tree.feature, tree.threshold
    nodes["left"], nodes["right"] = tree.children_left, tree.children_right
    nodes["value"] = tree.value.ravel() / trees
    return nodes


def _breadth_first_nodes(nodes: NDArray[np.void], *, inner_values: bool = False) -> NDArray[np.void]:
    """One tree's nodes in the order of `Trees`, children side by side, their places counted from its root."""
    order = list(_breadth_first(nodes))
    places = np.empty(len(nodes), dtype=np.int64)
    places[order] = np.arange(len(nodes))
    leaf = nodes["is_leaf"].astype(bool)
    laid = np.zeros(len(nodes), [("feature", "i8"), ("threshold", "f8"), ("child", "i8"), ("value", "f8")])
    laid["feature"] = np.where(leaf, 0, nodes["feature_idx"])
    laid["threshold"] = np.where(leaf, np.inf, nodes["num_threshold"])
    laid["child"] = np.where(leaf, places, places[nodes["left"].astype(np.int64)])
    laid["value"] = np.where(leaf | inner_values, nodes["value"], 0.0)
    return laid[order]


def _breadth_first(nodes: NDArray[np.void]) -> Iterator[int]:
    """Indices of a tree's nodes, level by level, so that two children stand side by side."""
    level = [0]
    while level:
        yield from level
        parents = [i for i in level if not nodes["is_leaf"][i]]
        level = [int(child) for i in parents for child in (nodes["left"][i], nodes["right"][i])]


def _narrow(whole: NDArray[np.int64]) -> NDArray[Any]:
    """Whole numbers, none below zero, in the smallest type that holds them."""
    return whole.astype(np.min_scalar_type(int(whole.max(initial=0))))
