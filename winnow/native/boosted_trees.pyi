from typing import Any

import numpy as np
from numpy.typing import NDArray

def leaf_sums(trees: Any, rows: NDArray[np.float64]) -> NDArray[np.float64]: ...
