"""Outliers of a history, replaced."""

import numpy as np

from xlinv.cells import Floats

# Median absolute deviation of a normal distribution with standard deviation 1.
_SD_PER_MEDIAN_DEVIATION = 1.4826


def hampel_outliers(history: Floats, window: int, limit: float) -> Floats:
    """`history` (periods,) with values far from their window's median replaced by it; NaN is missing.

    Far is more than `limit` times 1.4826 times the window's median absolute deviation. At the ends the
    window is cut off. Where the median is 0 demand is intermittent, and nothing is replaced.
    """
    cleaned = history.copy()
    half = window // 2
    for period in range(len(history)):
        seen = history[max(0, period - half) : period + half + 1]
        seen = seen[~np.isnan(seen)]
        if not len(seen):
            continue
        median = np.median(seen)
        spread = _SD_PER_MEDIAN_DEVIATION * np.median(np.abs(seen - median))
        if median != 0 and abs(history[period] - median) > limit * spread:
            cleaned[period] = median
    return cleaned


def fence_outliers(history: Floats, limit: float) -> Floats:
    """`history` (periods,) with values beyond `limit`/2 interquartile ranges from the quartiles set to there.

    NaN is missing. Where the median is 0 demand is intermittent, and nothing is replaced.
    """
    low, middle, high = np.nanpercentile(history, [25, 50, 75])
    reach = limit * (high - low) / 2
    return history.copy() if middle == 0 else np.clip(history, low - reach, high + reach)
