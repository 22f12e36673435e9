"""(s, S) policies: at a review with s or less, order up to S."""

import math
from typing import Final, NamedTuple

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.demand_distribution import NORMAL
from xlinv.kernels.economic_order import backorder_quantity
from xlinv.kernels.whole_demand import (
    LevelCosts,
    chance_of_some,
    least_cost,
    level_costs,
    mean_in_units,
    probabilities,
    range_below,
)

_MOST_LEVELS: Final = 32_768
# Beyond this whole numbers cannot be told from their neighbours.
_FARTHEST_LEVEL: Final = 2**53
# How finely normal demand is rounded where levels are not whole either.
_UNITS_PER_SD: Final = 8.0
_LEVELS_PER_LOT: Final = 8192.0


class UpToPolicy(NamedTuple):
    """The reorder point s, the order-up-to level S, and the cost per period."""

    reorder_point: float
    order_up_to: float
    cost: float


class Review(NamedTuple):
    """What a policy is about: costs, demand per period, and from a review until the next order can arrive."""

    distribution: int
    holding: float
    stockout: float
    order: float
    mean: float
    sd: float
    protected_mean: float
    protected_sd: float


class Renewals(NamedTuple):
    """How demand passes through the levels below S.

    `visits[j]` is the mean number of periods that begin j units below S, `periods[n]` those until n units
    or more are gone. `reversed_costs` are the costs of the levels, from the `highest` downwards.
    """

    visits: Floats
    periods: Floats
    highest: int
    reversed_costs: Floats


def exact(given: Review) -> UpToPolicy | None:
    """The best policy (Zheng & Federgruen 1991); None where it spans too many whole units.

    S runs upwards from the level that is best for one period, as long as S by itself costs no more than
    the best policy so far; for each S that is an improvement the best s follows.
    """
    least = least_cost(
        given.distribution, given.holding, given.stockout, given.protected_mean, given.protected_sd
    )
    first, last = _range(given, least)
    if _too_many(first, last):
        return None
    costs, renewals = _prepared(given, first, last)
    level = costs.costs
    up_to = int(level.argmin())
    below = up_to - 1
    while _cost(given, renewals, first + below, first + up_to) > level[below]:
        below -= 1
    cheapest = _cost(given, renewals, first + below, first + up_to)
    candidate = up_to + 1
    while level[candidate] <= cheapest:
        if _cost(given, renewals, first + below, first + candidate) < cheapest:
            up_to = candidate
            while _cost(given, renewals, first + below, first + up_to) <= level[below + 1]:
                below += 1
            cheapest = _cost(given, renewals, first + below, first + up_to)
        candidate += 1
    return UpToPolicy(float(first + below), float(first + up_to), cheapest)


def by_power_approximation(given: Review) -> tuple[float, float]:
    """s and S by regression on optimal policies (Ehrhardt & Mosier 1984)."""
    spread = given.protected_sd
    quantity = (
        1.3
        * given.mean**0.494
        * (given.order / given.holding) ** 0.506
        * (1.0 + (spread / given.mean) ** 2) ** 0.116
    )
    reorder_point = 0.973 * given.protected_mean
    if spread > 0.0 and quantity > 0.0:
        z = math.sqrt(quantity / spread * (given.holding / given.stockout))
        reorder_point += spread * (0.183 / z + 1.063 - 2.192 * z)
    if not math.isfinite(reorder_point + quantity):
        raise OverflowError
    return reorder_point, reorder_point + quantity


def policy_cost(given: Review, reorder_point: float, order_up_to: float) -> float | None:
    """Cost per period of a policy whose levels are rounded; None where it spans too many whole units."""
    unit = 1.0
    if given.distribution == NORMAL:
        finest = (order_up_to - reorder_point) / _LEVELS_PER_LOT
        unit = max(min(1.0, given.sd / _UNITS_PER_SD), finest) or 1.0
        given = _counted_in(given, unit)
    low = round(reorder_point / unit)
    high = max(low + 1, round(order_up_to / unit))
    if _too_many(low, high):
        return None
    _, renewals = _prepared(given, low + 1, high)
    return _cost(given, renewals, low, high)


def _too_many(first: int, last: int) -> bool:
    return last - first > _MOST_LEVELS or max(-first, last) > _FARTHEST_LEVEL


def _counted_in(given: Review, unit: float) -> Review:
    """The same in another unit."""
    return given._replace(
        holding=given.holding * unit,
        stockout=given.stockout * unit,
        mean=given.mean / unit,
        sd=given.sd / unit,
        protected_mean=given.protected_mean / unit,
        protected_sd=given.protected_sd / unit,
    )


def _range(given: Review, least: float) -> tuple[int, int]:
    """Levels outside of which neither the search nor the best policy goes.

    Both stay among levels that cost no more than some policy does: for S by itself, one that orders every
    period or raises the position by about an EOQ around the best level; for s, one with the best level as S.
    On average n units last for n/μ periods at least, and a level x units from the best costs h·x more above
    it, p·x more below it at most.
    """
    mean = mean_in_units(given.distribution, given.mean, given.sd)
    ordering = given.order * mean
    _, certain = backorder_quantity(mean, given.order, given.holding, given.stockout)
    around = math.sqrt(2.0) * certain
    beneath = 2.0 * math.sqrt(ordering * given.stockout)
    slack = least + 2.0 * (given.holding + given.stockout)
    costs = given.holding, given.stockout, given.protected_mean
    first, _ = range_below(slack + min(given.order, beneath), *costs)
    _, last = range_below(slack + min(given.order, around), *costs)
    return first, last


def _prepared(given: Review, first: int, last: int) -> tuple[LevelCosts, Renewals]:
    costs = level_costs(
        given.distribution,
        given.holding,
        given.stockout,
        given.protected_mean,
        given.protected_sd,
        first,
        last,
    )
    chances = probabilities(given.distribution, given.mean, given.sd, 0, last - first + 1)
    visits = _visits(chances, chance_of_some(given.distribution, given.mean, given.sd))
    periods = np.concatenate([[0.0], np.cumsum(visits)])
    return costs, Renewals(visits, periods, last, np.ascontiguousarray(costs.costs[::-1]))


def _visits(chances: Floats, some: float) -> Floats:
    """m(j) = [j = 0] + Σ p(i)·m(j − i), where `some` is 1 − p(0): how often the stock is j units below S."""
    count = len(chances)
    used = int(np.flatnonzero(chances > 0.0)[-1]) if (chances > 0.0).any() else 0
    backwards = np.ascontiguousarray(chances[used:0:-1])
    stays = 1.0 / some
    visits = np.zeros(count)
    visits[0] = stays
    for j in range(1, count):
        reach = min(j, used)
        visits[j] = stays * _product(backwards[used - reach :], visits[j - reach : j])
    return visits


def _cost(given: Review, renewals: Renewals, reorder_point: int, order_up_to: int) -> float:
    """(K + Σ m(j)·G(S − j))/M(S − s), the sum over j < S − s."""
    span = order_up_to - reorder_point
    start = renewals.highest - order_up_to
    carried = _product(renewals.visits[:span], renewals.reversed_costs[start : start + span])
    return float((given.order + carried) / renewals.periods[span])


def _product(left: Floats, right: Floats) -> float:
    """The inner product; np.dot would wake a second thread for long ones, which costs more than it saves."""
    return float(np.einsum("i,i->", left, right))
