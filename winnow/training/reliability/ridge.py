"""A ridge over several blocks of columns, each with its share of the say, solved over rows: there are few."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Block:
    """Some columns of the training rows; rows that are the same in these columns are kept once."""

    values: Vector  # (kept rows, columns)
    share: float  # of the say, whatever the scale and the number of columns
    copies: int = 1  # times that the kept rows stand one after the other among the training rows


@dataclass(frozen=True, slots=True)
class Ridge:
    """Weights and centres of each block's columns: a score is intercept + Σ (row − centre) · weights."""

    weights: tuple[Vector, ...]
    centres: tuple[Vector, ...]
    intercept: float


def fit_ridge(blocks: Sequence[Block], target: Vector, weights: Vector, strength: float) -> Ridge:
    """Fit rows to a target; row weights have mean 1, ``strength`` is in units of the mean of the kernel's diagonal."""
    centres = tuple(_summed(weights, block) @ block.values / weights.sum() for block in blocks)
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
    found = tuple(
        scale * (values.T @ _summed(dual, block))
        for block, values, scale in zip(blocks, centred, scales, strict=True)
    )
    return Ridge(found, centres, intercept)


def _summed(rows: Vector, block: Block) -> Vector:
    """Numbers of the training rows, summed over the copies of each kept row."""
    return np.asarray(rows.reshape(block.copies, -1).sum(axis=0))
