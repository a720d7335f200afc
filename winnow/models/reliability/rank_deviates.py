"""Features as normal deviates by their rank among the training sources."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

STANDARD_LIMIT: Final = 2.5  # standard deviations, beyond which a feature says no more

Vector = NDArray[np.float64]


def standardised(features: Vector, quantiles: Vector, normal: Vector) -> Vector:
    """Features, shape (sources, F), as normal deviates by rank among the training sources, within limits."""
    columns = [_rank_deviates(column, at, normal) for column, at in zip(features.T, quantiles, strict=True)]
    return np.clip(np.array(columns).T, -STANDARD_LIMIT, STANDARD_LIMIT)


def _rank_deviates(values: Vector, quantiles: Vector, normal: Vector) -> Vector:
    """Normal deviates by rank; a value that fills several quantiles gets the middle of them."""
    upper = np.interp(values, quantiles, normal)
    lower = -np.interp(-values, -quantiles[::-1], -normal[::-1])
    return np.asarray((upper + lower) / 2)
