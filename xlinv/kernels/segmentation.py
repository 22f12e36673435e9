"""Classes by share of value and by variability."""

import math

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

# Shares are sums of many numbers: what differs from a cut by less than this is on the cut.
_ROUNDING = 1e-12
# For a normal distribution the standard deviation is 1.25 times the mean absolute deviation.
SD_PER_MAD = 1.25


def share_classes(values: Floats, first_cut: float, second_cut: float) -> NDArray[np.int64]:
    """The class (0, 1 or 2) of each value by cumulative share of the total, largest first.

    `values` (n,) are not negative and not all 0. A value's share is its own plus that of all larger
    values, so equal values share a class and the order of the rows does not matter. It is in class 0 up
    to `first_cut`, in class 1 up to `second_cut`; the largest value is always in class 0.
    """
    descending = np.sort(values)[::-1]
    cumulative = np.cumsum(descending)
    limits = np.array([first_cut, second_cut]) * cumulative[-1] + _ROUNDING * cumulative[-1]
    within = np.maximum(np.searchsorted(cumulative, limits, side="right"), 1)
    first_limit, second_limit = descending[within - 1]
    classes: NDArray[np.int64] = (values < first_limit).astype(np.int64) + (values < second_limit)
    return classes


def items_to_share(values: Floats, share: float) -> int:
    """The fewest of the `values` (n,), largest first, that together reach `share` of their total."""
    cumulative = np.cumsum(np.sort(values)[::-1])
    reached = share * cumulative[-1] - _ROUNDING * cumulative[-1]
    return int(np.searchsorted(cumulative, reached, side="left")) + 1


def cut_classes(measure: Floats, first_cut: float, second_cut: float) -> NDArray[np.int64]:
    """The class of each measure: 0 up to `first_cut`, 1 up to `second_cut`, else 2."""
    return (measure > first_cut).astype(np.int64) + (measure > second_cut)


@kernel()
def relative_spreads(history: Floats, absolute: bool) -> Floats:
    """Standard deviation (n − 1) over mean of each row of `history` (items, periods); NaN is missing.

    `absolute` takes the mean absolute deviation instead. NaN where the mean is 0 or fewer than two
    periods were observed.
    """
    result = np.empty(history.shape[0])
    for item in range(history.shape[0]):
        observed = 0
        total = 0.0
        for period in range(history.shape[1]):
            value = history[item, period]
            observed += value == value
            total += value if value == value else 0.0
        result[item] = math.nan
        mean = total / observed if observed > 1 else 0.0
        if mean > 0.0:
            scale = 1.0 / mean
            spread = 0.0
            for period in range(history.shape[1]):
                value = history[item, period]
                deviation = value * scale - 1.0 if value == value else 0.0
                spread += abs(deviation) if absolute else deviation * deviation
            result[item] = spread / observed if absolute else math.sqrt(spread / (observed - 1))
    return result
