"""Exponential smoothing: one pass over a history, its one-step errors, and the forecast from its end.

Every pass takes `demand` (periods,), of which it uses the first `end`, and its smoothing weights in
(0, 1]; writes the forecast of the periods after `end` into `forecast` (horizon,), and returns the sum of
the squared one-step errors. Forecasts below 0 are 0: demand is not negative.
"""

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

# Starting values are taken from so many periods at the beginning of a history.
_START = 6


@kernel()
def start_level(demand: Floats, end: int) -> float:
    """The mean of the first few periods."""
    count = min(end, _START)
    total = 0.0
    for period in range(count):
        total += demand[period]
    return total / count


@kernel()
def slope_and_middle(demand: Floats, end: int) -> tuple[float, float]:
    """Least-squares slope over the first `end` periods, and their mean."""
    total = 0.0
    for period in range(end):
        total += demand[period]
    mean = total / end
    middle = (end - 1) / 2.0
    products = 0.0
    squares = 0.0
    for period in range(end):
        products += (period - middle) * (demand[period] - mean)
        squares += (period - middle) ** 2
    return (products / squares if end > 1 else 0.0), mean


@kernel()
def simple(demand: Floats, end: int, weight: float, forecast: Floats) -> float:
    """Simple exponential smoothing (Brown 1959)."""
    level = start_level(demand, end)
    squares = 0.0
    for period in range(end):
        error = demand[period] - level
        level += weight * error
        squares += error * error
    for step in range(len(forecast)):
        forecast[step] = level
    return squares


@kernel()
def trended(demand: Floats, end: int, weight: float, trend_weight: float, forecast: Floats) -> float:
    """Linear trend (Holt 1957)."""
    count = min(end, _START)
    trend, mean = slope_and_middle(demand, count)
    level = mean - trend * (count + 1) / 2.0
    squares = 0.0
    for period in range(end):
        error = demand[period] - level - trend
        level += trend + weight * error
        trend += weight * trend_weight * error
        squares += error * error
    for step in range(len(forecast)):
        forecast[step] = max(0.0, level + (step + 1) * trend)
    return squares


@kernel()
def theta(demand: Floats, end: int, weight: float, forecast: Floats) -> float:
    """The theta method as smoothing with half the overall slope as drift (Hyndman & Billah 2003)."""
    squares = simple(demand, end, weight, forecast)
    drift = slope_and_middle(demand, end)[0] / 2.0
    unreached = 1.0
    for _ in range(end):
        unreached *= 1.0 - weight
    for step in range(len(forecast)):
        forecast[step] = max(0.0, forecast[step] + drift * (step + (1.0 - unreached) / weight))
    return squares


@kernel()
def seasonal_start(
    demand: Floats, end: int, season: int, multiplicative: bool, shape: Floats
) -> tuple[float, float]:
    """Level before the first period, and trend; the shape of the season goes into `shape` (season,).

    Each place of the season is compared with the mean of the season around it in all years, so that the
    shape is neither that of the first year alone nor swayed by a level that moved since.
    """
    # Differences over a season are free of it; few of them say little of the trend, so they count less.
    trend = 0.0
    for period in range(season, end):
        trend += (demand[period] - demand[period - season]) / season / max(end - season, season)
    around = 0.0
    for period in range(season):
        around += demand[period] / season
        shape[period] = 0.0
    level = around - trend * (season + 1) / 2.0
    if multiplicative:
        level = max(level, 0.1 * around)
    first = 0
    for period in range(end):
        while first < period - season // 2 and first + season < end:
            around += (demand[first + season] - demand[first]) / season
            first += 1
        base = around + trend * (period - first - (season - 1) / 2.0)
        place = period % season
        times = (end - 1 - place) // season + 1
        if multiplicative:
            shape[place] += demand[period] / max(base, 0.1 * around) / times
        else:
            shape[place] += (demand[period] - base) / times
    mean = 0.0
    for place in range(season):
        mean += shape[place] / season
    for place in range(season):
        shape[place] = shape[place] / mean if multiplicative else shape[place] - mean
    return level, trend


@kernel()
def seasonal(
    demand: Floats,
    end: int,
    season: int,
    multiplicative: bool,
    weight: float,
    trend_weight: float,
    season_weight: float,
    forecast: Floats,
) -> float:
    """Trend and season (Holt 1957, Winters 1960), additive or multiplicative.

    Needs `end` > `season`; the multiplicative form demand above 0.
    """
    shape = np.empty(season)
    level, trend = seasonal_start(demand, end, season, multiplicative, shape)
    squares = 0.0
    for period in range(end):
        place = period % season
        base = level + trend
        if multiplicative:
            error = demand[period] - base * shape[place]
            step_up = error / shape[place]
            shape[place] += season_weight * error / base
        else:
            error = demand[period] - base - shape[place]
            step_up = error
            shape[place] += season_weight * error
        level = base + weight * step_up
        trend += weight * trend_weight * step_up
        if multiplicative:
            level = max(level, 1e-9 * demand[period])
            trend = max(trend, -0.5 * level)
        squares += error * error
    for step in range(len(forecast)):
        base = level + (step + 1) * trend
        own = shape[(end + step) % season]
        forecast[step] = max(0.0, base * own if multiplicative else base + own)
    return squares
