"""A ridge regression over blocks of columns with fixed shares of influence, in its dual form: rows are few."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Some columns of the training rows; rows that are the same in these columns are kept once."""

    values: Vector  # (kept rows, columns)
    share: float  # of influence, whatever the scale and the number of columns
    copies: int = 1  # times that the kept rows stand one after the other among the training rows


@dataclass(frozen=True, slots=True)
class Ridge:
    """Weights and centres of each block's columns: a score is intercept + Σ (row − centre) · weights."""

    weights: tuple[Vector, ...]
    centres: tuple[Vector, ...]
    intercept: float


def fit_ridge(blocks: Sequence[ColumnBlock], target: Vector, weights: Vector, strength: float) -> Ridge:
    """Fit rows to a target; row weights have mean 1, ``strength`` is in units of the mean of the kernel's diagonal."""
    centres = tuple(_sums_of_copies(weights, block) @ block.values / weights.sum() for block in blocks)
    centred = [block.values - centre for block, centre in zip(blocks, centres, strict=True)]
    scales = [block.share / np.sum(v * v) * len(v) for block, v in zip(blocks, centred, strict=True)]
    kernel = sum(
        np.tile(scale * (values @ values.T), (block.copies, block.copies))
        for block, values, scale in zip(blocks, centred, scales, strict=True)
    )
    intercept = float(np.average(target, weights=weights))
    root = np.sqrt(weights)
    penalty = strength * np.trace(kernel) / len(target) * np.eye(len(target))
    dual = root * np.linalg.solve(root[:, None] * kernel * root + penalty, root * (target - intercept))
    column_weights = tuple(
        scale * (values.T @ _sums_of_copies(dual, block))
        for block, values, scale in zip(blocks, centred, scales, strict=True)
    )
    return Ridge(column_weights, centres, intercept)


def _sums_of_copies(rows: Vector, block: ColumnBlock) -> Vector:
    """Numbers of the training rows, summed over the copies of each kept row."""
    return np.asarray(rows.reshape(block.copies, -1).sum(axis=0))
