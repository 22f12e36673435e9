"""Demand in whole units: its probabilities, and the cost per period of each stock level that faces it."""

import math
from typing import Final, NamedTuple

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels import normal
from xlinv.kernels.counts import tails
from xlinv.kernels.demand_distribution import NORMAL, POISSON, leftover, loss_and_tail, quantile

# Below this spread, rounding normal demand to whole units would change its mean and deviation visibly.
_LEAST_SD_TO_ROUND: Final = 0.5


class LevelCosts(NamedTuple):
    """Expected holding and stockout cost per period of `first`, `first + 1`, ... units of stock."""

    first: int
    costs: Floats


def rounds_well(mean: float, sd: float) -> bool:
    """Whether normal demand keeps its mean and deviation when it is rounded to whole units."""
    return sd >= _LEAST_SD_TO_ROUND or (sd == 0.0 and mean == math.floor(mean))


def probabilities(distribution: int, mean: float, sd: float, first: int, last: int) -> Floats:
    """P(D = d) for d from `first` ≥ 0 to `last`; normal demand is rounded, what is below 0 counts as 0."""
    if distribution == NORMAL:
        return _rounded_normal(mean, sd, first, last)
    variance = mean if distribution == POISSON else sd * sd
    # p(n + 1)/p(n) = (a + b·n)/(n + 1) (Panjer 1981), from a term near the mode in both directions.
    b = 1.0 - mean / variance
    a = mean * (1.0 - b)
    start = min(max(math.floor(mean), first), last)
    term = tails(float(start), mean, variance)[2]
    up = np.arange(start, last, dtype=np.float64)
    down = np.arange(start, first, -1, dtype=np.float64)
    above = term * np.cumprod((a + b * up) / (up + 1.0))
    below = term * np.cumprod(down / (a + b * (down - 1.0)))
    return np.concatenate([below[::-1], [term], above])


def _rounded_normal(mean: float, sd: float, first: int, last: int) -> Floats:
    if sd == 0.0:
        return np.asarray(np.arange(first, last + 1) == math.floor(mean + 0.5), np.float64)
    z = (np.arange(first, last + 2, dtype=np.float64) - 0.5 - mean) / sd
    if first == 0:
        z[0] = -np.inf
    # Differences of the nearer tail do not cancel.
    below, above = normal.cumulatives(z), normal.cumulatives(-z)
    return np.asarray(np.where(z[1:] < 0.0, np.diff(below), -np.diff(above)))


def chance_of_some(distribution: int, mean: float, sd: float) -> float:
    """P(D ≥ 1), without cancellation."""
    _, chance = loss_and_tail(distribution, 0.5, mean, sd)
    return float(chance)


def mean_in_units(distribution: int, mean: float, sd: float) -> float:
    """No less than the mean of the demand in whole units: of normal demand none is below 0."""
    if distribution != NORMAL:
        return mean
    above, _ = loss_and_tail(distribution, 0.0, mean, sd)
    return float(above) + 0.5


def least_cost(distribution: int, holding_cost: float, stockout_cost: float, mean: float, sd: float) -> float:
    """Expected cost of the best stock level for the demand."""
    level = float(quantile(distribution, stockout_cost / (holding_cost + stockout_cost), mean, sd))
    short, _ = loss_and_tail(distribution, level, mean, sd)
    return holding_cost * leftover(distribution, level, mean, sd) + stockout_cost * short


def range_below(cost: float, holding_cost: float, stockout_cost: float, mean: float) -> tuple[int, int]:
    """Whole levels beyond which a level costs more than `cost`, because h·(y − μ) and p·(μ − y) do."""
    return math.floor(mean - cost / stockout_cost) - 1, math.ceil(mean + cost / holding_cost) + 1


def level_costs(
    distribution: int,
    holding_cost: float,
    stockout_cost: float,
    mean: float,
    sd: float,
    first: int,
    last: int,
) -> LevelCosts:
    """The cost of every level from `first` to `last`, of sums that never cancel."""
    levels = np.arange(first, last + 1, dtype=np.float64)
    if distribution == NORMAL or (distribution == POISSON and mean == 0.0):
        left, short = normal_shares(levels, mean, 0.0 if distribution == POISSON else sd)
        return LevelCosts(first, holding_cost * left + stockout_cost * short)
    chances = np.zeros(len(levels))
    if last >= 0:
        start = max(first, 0)
        chances[start - first :] = probabilities(distribution, mean, sd, start, last)
    _, above_first = loss_and_tail(distribution, float(first), mean, sd)
    short_last, above_last = loss_and_tail(distribution, float(last), mean, sd)
    at_most = (1.0 - above_first) + np.concatenate([[0.0], np.cumsum(chances[1:])])
    more = above_last + np.concatenate([np.cumsum(chances[:0:-1])[::-1], [0.0]])
    left = leftover(distribution, float(first), mean, sd) + np.concatenate([[0.0], np.cumsum(at_most[:-1])])
    short = short_last + np.concatenate([np.cumsum(more[:-1][::-1])[::-1], [0.0]])
    return LevelCosts(first, holding_cost * left + stockout_cost * short)


def normal_shares(levels: Floats, mean: float, sd: float) -> tuple[Floats, Floats]:
    """What each level has left of normal demand on average, and what it lacks."""
    if sd == 0.0:
        return np.maximum(levels - mean, 0.0), np.maximum(mean - levels, 0.0)
    z = (levels - mean) / sd
    return sd * normal.losses(-z), sd * normal.losses(z)
