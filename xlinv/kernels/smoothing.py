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
def season_trend(demand: Floats, end: int, season: int) -> float:
    """Trend of least squares beside a level of its own for each place of the season.

    So the trend is free of the season even where the last year is not complete.
    """
    products = 0.0
    squares = 0.0
    for place in range(season):
        times = (end - 1 - place) // season + 1
        middle = place + season * (times - 1) / 2.0
        mean = 0.0
        for period in range(place, end, season):
            mean += demand[period] / times
        for period in range(place, end, season):
            products += (period - middle) * (demand[period] - mean)
            squares += (period - middle) ** 2
    return products / squares if squares > 0.0 else 0.0


@kernel()
def seasonal_start(demand: Floats, end: int, season: int, multiplicative: bool) -> Floats:
    """Level before the first period, trend, and the shape of the season, shape (2 + season,).

    The line of level and trend is that of least squares, every place of the season counting the same; the
    shape compares each place with the line, in all its years: the limit of smoothing with weights near 0.
    """
    trend = season_trend(demand, end, season)
    start = np.zeros(2 + season)
    level = 0.0
    for period in range(end):
        times = (end - 1 - period % season) // season + 1
        level += (demand[period] - trend * (period + 1)) / times / season
    # A line that falls below 0 says nothing of a ratio to it.
    lowest = 0.1 * (level + trend * (end + 1) / 2.0)
    mean = 0.0
    for period in range(end):
        times = (end - 1 - period % season) // season + 1
        base = level + trend * (period + 1)
        share = (demand[period] / max(base, lowest) if multiplicative else demand[period] - base) / times
        start[2 + period % season] += share
        mean += share / season
    for place in range(2, 2 + season):
        start[place] = start[place] / mean if multiplicative else start[place] - mean
    start[0] = max(level * mean, lowest) if multiplicative else level + mean
    start[1] = trend * mean if multiplicative else trend
    return start


@kernel()
def seasonal(
    demand: Floats, end: int, multiplicative: bool, start: Floats, weights: Floats, forecast: Floats
) -> float:
    """Trend and season (Holt 1957, Winters 1960), additive or multiplicative, from `start` on.

    `weights` (3,) are those of level, trend and season. The multiplicative form needs demand above 0.
    """
    level, trend = start[0], start[1]
    shape = start[2:].copy()
    season = len(shape)
    squares = 0.0
    for period in range(end):
        place = period % season
        base = level + trend
        if multiplicative:
            error = demand[period] - base * shape[place]
            step_up = error / shape[place]
            shape[place] += weights[2] * error / base
        else:
            error = demand[period] - base - shape[place]
            step_up = error
            shape[place] += weights[2] * error
        level = base + weights[0] * step_up
        trend += weights[0] * weights[1] * step_up
        if multiplicative:
            level = max(level, 1e-9 * demand[period])
            trend = max(trend, -0.5 * level)
        squares += error * error
    for step in range(len(forecast)):
        base = level + (step + 1) * trend
        own = shape[(end + step) % season]
        forecast[step] = max(0.0, base * own if multiplicative else base + own)
    return squares
