"""Slow, obvious twins of the forecasting methods, at given weights."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def simple_level(demand: Sequence[float], weight: float, start: float) -> float:
    """Simple exponential smoothing as the weighted sum of everything seen."""
    n = len(demand)
    past = sum(weight * (1 - weight) ** (n - 1 - t) * d for t, d in enumerate(demand))
    return past + (1 - weight) ** n * start


def croston_rate(demand: Sequence[float], weight: float) -> float:
    """Sizes and intervals written out as two series, each smoothed from its first value."""
    places = [-1, *[t for t, d in enumerate(demand) if d > 0]]
    sizes = [demand[t] for t in places[1:]]
    intervals = [b - a for a, b in pairwise(places)]
    return simple_level(sizes[1:], weight, sizes[0]) / simple_level(intervals[1:], weight, intervals[0])


def tsb_rate(demand: Sequence[float], occurrence_weight: float, size_weight: float) -> float:
    """Probability smoothed over all periods, size over those with demand."""
    occurred = [float(d > 0) for d in demand]
    sizes = [d for d in demand if d > 0]
    probability = simple_level(occurred, occurrence_weight, sum(occurred[:6]) / len(occurred[:6]))
    return probability * simple_level(sizes, size_weight, sizes[0])


def line_and_season(demand: Sequence[float], season: int) -> tuple[float, list[float]]:
    """Trend, and what the regression on it and on one indicator per place of the season fits."""
    time = np.arange(len(demand))
    columns = np.column_stack([time, *(time % season == place for place in range(season))])
    found = np.linalg.lstsq(columns, np.array(demand, float), rcond=None)[0]
    return float(found[0]), (columns @ found).tolist()


def absolute_errors(forecasts: Sequence[Sequence[float]], demand: Sequence[float], first: int) -> float:
    """Sum over the forecasts from the origins `first`, `first` + 1 … of what they missed demand by."""
    return sum(
        abs(expected - actual)
        for origin, forecast in enumerate(forecasts, first)
        for expected, actual in zip(forecast, demand[origin:], strict=False)
    )
