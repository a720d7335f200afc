"""Sums of floating-point numbers that are the same to the last bit wherever they are taken."""

from collections.abc import Iterable
from functools import reduce
from operator import add


def ordered_sum(numbers: Iterable[float]) -> float:
    """The numbers added one after the other, 0.0 for none.

    Python's own ``sum`` compensates rounding from 3.12 on, and numpy's adds in pairs where a row is contiguous, so that
    a number's last bit would depend on the version, or on how many rows are asked for at once.

    >>> ordered_sum([1e16, 1.0, -1e16])
    0.0
    """
    return reduce(add, numbers, 0.0)
