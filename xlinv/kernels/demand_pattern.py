"""How often demand occurs, and how much its size varies."""

import math

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

INTERVAL_CUT = 1.32
VARIATION_CUT = 0.49


@kernel()
def intervals_and_variations(history: Floats) -> Floats:
    """Mean demand interval and squared coefficient of variation of the sizes, shape (items, 2).

    `history` (items, periods) holds demand >= 0, NaN where missing. The interval is periods observed per
    period with demand; the variation is taken over the periods with demand, with the sample variance
    (n − 1), and 0 for a single one. Both are NaN where there was no demand at all.
    """
    # Sums of zeros instead of branches: whether a period has demand is what a processor cannot guess.
    result = np.empty((history.shape[0], 2))
    for item in range(history.shape[0]):
        observed = 0
        occurred = 0
        total = 0.0
        for period in range(history.shape[1]):
            demand = history[item, period]
            observed += demand >= 0.0
            occurred += demand > 0.0
            total += demand if demand > 0.0 else 0.0
        mean = total / occurred if occurred > 0 else 0.0
        if mean == 0.0:
            result[item, 0] = math.nan
            result[item, 1] = math.nan
            continue
        scale = 1.0 / mean
        squares = 0.0
        for period in range(history.shape[1]):
            demand = history[item, period]
            deviation = demand * scale - 1.0 if demand > 0.0 else 0.0
            squares += deviation * deviation
        result[item, 0] = observed / occurred
        result[item, 1] = squares / (occurred - 1) if occurred > 1 else 0.0
    return result


def patterns(measures: Floats) -> NDArray[np.int64]:
    """0 smooth, 1 erratic, 2 intermittent, 3 lumpy, from intervals and variations (items, 2)."""
    return 2 * (measures[:, 0] >= INTERVAL_CUT).astype(np.int64) + (measures[:, 1] >= VARIATION_CUT)
