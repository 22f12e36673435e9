"""Season: its indices, and whether there is one."""

import math

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel


@kernel()
def season_indices(demand: Floats, end: int, season: int) -> Floats:
    """Index of each period of the season relative to the year's level, mean 1; NaN where unknown.

    Ratio to the centred moving average over a season (Macaulay 1931), averaged per place in the season.
    `demand` (periods,) is used up to `end`, NaN where missing; its first period has place 0.
    """
    totals = np.zeros(season)
    counts = np.zeros(season)
    half = season // 2
    for period in range(half, end - half):
        # An even season's average is centred by giving its two ends half the weight.
        average = 0.0
        for neighbour in range(period - half, period + half + 1):
            share = 0.5 if season % 2 == 0 and abs(neighbour - period) == half else 1.0
            average += share * demand[neighbour] / season
        if average > 0.0 and demand[period] == demand[period]:
            totals[period % season] += demand[period] / average
            counts[period % season] += 1.0
    mean = 0.0
    for place in range(season):
        totals[place] = totals[place] / counts[place] if counts[place] > 0.0 else math.nan
        mean += totals[place] / season
    for place in range(season):
        totals[place] = totals[place] / mean if mean > 0.0 else math.nan
    return totals


@kernel()
def is_seasonal(demand: Floats, end: int, season: int) -> bool:
    """Whether the autocorrelation at the season's lag is significant at 90 % (Fiorucci et al. 2016)."""
    if season < 2 or end < 2 * season:
        return False
    mean = 0.0
    for period in range(end):
        mean += demand[period] / end
    variance = 0.0
    for period in range(end):
        variance += (demand[period] - mean) ** 2
    if variance == 0.0:
        return False
    squares = 0.0
    correlation = 0.0
    for lag in range(1, season + 1):
        product = 0.0
        for period in range(lag, end):
            product += (demand[period] - mean) * (demand[period - lag] - mean)
        correlation = product / variance
        if lag < season:
            squares += correlation * correlation
    return correlation > 1.645 * math.sqrt((1.0 + 2.0 * squares) / end)


@kernel()
def without_season(demand: Floats, end: int, season: int) -> tuple[Floats, Floats]:
    """The history up to `end` divided by the indices of its season, and these: 1 where it has none."""
    adjusted = demand[:end].copy()
    indices = np.ones(max(season, 1))
    if is_seasonal(demand, end, season):
        found = season_indices(demand, end, season)
        lowest = found[0]
        for place in range(season):
            lowest = lowest if found[place] >= lowest else found[place]
        if lowest > 0.0:
            indices = found
            for period in range(end):
                adjusted[period] /= indices[period % season]
    return adjusted, indices
