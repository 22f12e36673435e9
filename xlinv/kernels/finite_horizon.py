"""Stochastic dynamic programming over a finite horizon: when to order, and up to what, in each period."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.demand_distribution import NORMAL
from xlinv.kernels.economic_order import backorder_quantity
from xlinv.kernels.whole_demand import normal_shares, probabilities

# Demand further from its mean, in standard deviations, counts as impossible; so do Snyder & Shen.
_DEMAND_SPREAD: Final = 4.0
_STOCK_SPREAD: Final = 5.0
MOST_STATES: Final = 3_000_000
_DIRECT: Final = 3_000_000
# A Fourier transform is fast where its length is one of these times a power of two.
_FAST_FACTORS: Final = (8, 9, 10, 12, 15)


class Horizon(NamedTuple):
    """What is to be planned: costs per period, and normal demand rounded to whole units."""

    periods: int
    holding: float
    stockout: float
    order: float
    unit: float
    mean: float
    sd: float
    discount: float
    terminal_holding: float
    terminal_stockout: float


class Decision(NamedTuple):
    """What to do in one period: at `reorder_point` or less order up to `order_up_to`; None is never.

    `cost` is the expected cost from the period on, with the initial stock at its start.
    """

    reorder_point: int | None
    order_up_to: int | None
    cost: float


class _Grid(NamedTuple):
    """The stock levels looked at."""

    first: int
    last: int


class _ToGo(NamedTuple):
    """Expected cost to go by stock level, and how much it rises per unit below the lowest level."""

    costs: Floats
    slope: float


class _Demand(NamedTuple):
    """The chances of `lowest`, `lowest` + 1, ... units of demand, and their Fourier transform where used."""

    lowest: int
    chances: Floats
    size: int
    transform: NDArray[np.complex128] | None


def plan(given: Horizon, initial: int) -> list[Decision] | None:
    """The best decisions of all periods; None where there are too many stock levels to look at.

    The levels are extended, and all starts again, where the best decision lies at their end.
    """
    certain, _ = backorder_quantity(given.mean, given.order, given.holding, given.stockout)
    spread = given.sd * (_STOCK_SPREAD + _DEMAND_SPREAD)
    grid = _Grid(
        min(-math.ceil(spread), initial) - 1,
        max(math.ceil(given.mean + certain + _STOCK_SPREAD * given.sd), initial) + 2,
    )
    while True:
        lowest, highest = _demand_range(given)
        if (grid.last - grid.first + highest - lowest) * given.periods > MOST_STATES:
            return None
        found = _decisions(given, initial, grid)
        if isinstance(found, list):
            return found
        grid = found


def _demand_range(given: Horizon) -> tuple[int, int]:
    spread = _DEMAND_SPREAD * given.sd
    return max(0, round(given.mean - spread)), round(given.mean + spread)


def _decisions(given: Horizon, initial: int, grid: _Grid) -> list[Decision] | _Grid:
    """The decisions of all periods; or the levels to look at instead."""
    levels = np.arange(grid.first, grid.last + 1, dtype=np.float64)
    left, short = normal_shares(levels, given.mean, given.sd)
    now = given.holding * left + given.stockout * short
    demand = _demand(given, len(levels))
    certainty = float(demand.chances.sum())
    terminal = given.terminal_holding * np.maximum(levels, 0.0)
    to_go = _ToGo(terminal + given.terminal_stockout * np.maximum(-levels, 0.0), given.terminal_stockout)
    found: list[Decision] = []
    for _ in range(given.periods):
        keeping = now + given.discount * _expected(to_go, demand)
        raising = given.unit * levels + keeping
        best = 1 + int(raising[1:].argmin())
        if best == len(levels) - 1:
            return _Grid(grid.first, grid.last + len(levels))
        after = np.append(np.minimum.accumulate(raising[::-1])[::-1][1:], np.inf)
        orders = given.order + after < raising
        slope = given.stockout + given.discount * certainty * to_go.slope
        if not orders[0] and slope > given.unit:
            return _Grid(grid.first - len(levels), grid.last)
        costs = np.where(orders, given.order + after - given.unit * levels, keeping)
        to_go = _ToGo(costs, given.unit if orders[0] else slope)
        reorder_point = _reorder_point(orders, best)
        cost = float(costs[initial - grid.first])
        if reorder_point is None:
            found.append(Decision(None, None, cost))
        else:
            found.append(Decision(grid.first + reorder_point, grid.first + best, cost))
    return found[::-1]


def _demand(given: Horizon, levels: int) -> _Demand:
    """The demand of a period, made ready to be mixed with the costs of so many levels."""
    lowest, highest = _demand_range(given)
    chances = probabilities(NORMAL, given.mean, given.sd, lowest, highest)
    reached = levels + highest
    if reached * len(chances) <= _DIRECT:
        return _Demand(lowest, chances, 0, None)
    # What wraps around the end of the transform stays among the levels that are cut off afterwards.
    size = min(factor << (-(-reached // factor) - 1).bit_length() for factor in _FAST_FACTORS)
    return _Demand(lowest, chances, size, np.fft.rfft(chances, size))


def _expected(to_go: _ToGo, demand: _Demand) -> Floats:
    """Expected cost to go after the demand, by the stock level before it."""
    reach = demand.lowest + len(demand.chances) - 1
    below = to_go.costs[0] + to_go.slope * np.arange(reach, 0, -1, dtype=np.float64)
    costs = np.concatenate([below, to_go.costs])
    if demand.transform is None:
        mixed = np.convolve(costs, demand.chances, "valid")
    else:
        mixed = np.fft.irfft(np.fft.rfft(costs, demand.size) * demand.transform, demand.size)
        mixed = mixed[len(demand.chances) - 1 : len(costs)]
    return np.asarray(mixed[: len(to_go.costs)])


def _reorder_point(orders: NDArray[np.bool_], best: int) -> int | None:
    """The highest level that is raised to the best one, itself included where the one below it is."""
    if not orders[0]:
        return None
    waits = int(np.argmin(orders[: best + 1]))
    return best if waits == best else waits - 1
