from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

def facts_of_texts(
    texts: Sequence[str], title: frozenset[str], weights: Any, *, calls: Any
) -> NDArray[np.float64]: ...
def line_sums(lines: Sequence[Any], columns: Any, *, calls: Any) -> NDArray[np.float64]: ...
def name_scores(
    tags: Sequence[str], names: Sequence[tuple[str | None, ...]], weights: Any, *, calls: Any
) -> NDArray[np.float64]: ...
