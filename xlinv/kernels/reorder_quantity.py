"""(r, Q) policies under continuous review: order Q whenever the inventory position falls to r."""

import functools
import math
from typing import Final, NamedTuple

import numpy as np

from xlinv.kernels import normal
from xlinv.kernels.demand_distribution import POISSON
from xlinv.kernels.economic_order import backorder_quantity
from xlinv.kernels.quadrature import gauss_legendre
from xlinv.kernels.whole_demand import least_cost, level_costs, range_below

_MOST_STEPS: Final = 200
_MOST_ITERATIONS: Final = 10_000
_MOST_LEVELS: Final = 2_000_000
_CLOSE: Final = 1e-14
# Demand in a lead time spread less than this part of the quantity is as good as certain.
_NEGLIGIBLE: Final = 1e-12
# Over a range this short, in standard deviations, the closed form of the mean cost would cancel.
_SHORT: Final = 1.0


class ReorderPolicy(NamedTuple):
    """When to order, how much, and the cost per period."""

    reorder_point: float
    quantity: float
    cost: float


class Costs(NamedTuple):
    """What a policy is about: costs, demand per period, and mean and deviation of demand in a lead time."""

    holding: float
    stockout: float
    order: float
    demand: float
    mean: float
    sd: float


def exact(given: Costs) -> ReorderPolicy:
    """The best policy for normal demand in a lead time (Zheng 1992; Snyder & Shen 2019, ch. 5).

    The best policy costs c = G(r) = G(r + Q), G the cost of a level, where the area between c and G equals
    the ordering cost per period. That area is convex and rising in c, so Newton's method from above cannot
    fail; the start is Zheng's upper bound.
    """
    quantity, certain = _if_certain(given)
    if given.sd <= _NEGLIGIBLE * quantity:
        return ReorderPolicy(given.mean - certain / given.stockout, quantity, certain)
    best = normal.quantile(given.stockout / (given.holding + given.stockout))
    least = _level_cost(given, best)
    cost = least + certain / given.sd
    target = given.order * given.demand / given.sd / given.sd
    if not math.isfinite(cost / given.holding + cost / given.stockout + target):
        raise OverflowError
    for _ in range(_MOST_STEPS):
        low, high = _reaching(given, cost, best, -1), _reaching(given, cost, best, 1)
        step = (_area(given, cost, low, high) - target) / max(high - low, 1e-300)
        cost = max(cost - step, least)
        if abs(step) <= _CLOSE * cost:
            break
    return ReorderPolicy(given.mean + given.sd * low, given.sd * (high - low), given.sd * cost)


def by_certain_quantity(given: Costs) -> ReorderPolicy:
    """The quantity of certain demand with planned backorders, and its best reorder point (Zheng 1992)."""
    quantity, _ = _if_certain(given)
    if given.sd <= _NEGLIGIBLE * quantity:
        return exact(given)
    quantity /= given.sd
    low = normal.quantile(given.stockout / (given.holding + given.stockout)) - quantity
    high = low + quantity
    # The best reorder point costs as much as the level to which an order then raises the position.
    for _ in range(_MOST_STEPS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if _level_cost(given, middle) > _level_cost(given, middle + quantity):
            low = middle
        else:
            high = middle
    return _costed(given, high, quantity)


def with_safety_stock(given: Costs) -> ReorderPolicy:
    """The economic order quantity, and the reorder point of a newsvendor over the lead time."""
    quantity = math.sqrt(2.0 * given.order * given.demand / given.holding)
    if given.sd == 0.0:
        return ReorderPolicy(given.mean, quantity, given.holding * quantity)
    best = normal.quantile(given.stockout / (given.holding + given.stockout))
    return _costed(given, best, quantity / given.sd)


def by_expected_level(given: Costs) -> ReorderPolicy | None:
    """Hadley & Whitin's approximation, where the stockout cost is one per unit; None where it has no answer.

    Quantity and reorder point follow from each other in turn: both rise until they meet.
    """
    quantity = math.sqrt(2.0 * given.order * given.demand / given.holding)
    reorder_point, short = given.mean, 0.0
    for _ in range(_MOST_ITERATIONS):
        risk = quantity * given.holding / (given.stockout * given.demand)
        if not 0.0 < risk < 1.0:
            return None
        if given.sd > 0.0:
            k = -normal.quantile(risk)
            reorder_point, short = given.mean + given.sd * k, given.sd * normal.loss(k)
        before = quantity
        quantity = math.sqrt(2.0 * given.demand * (given.order + given.stockout * short) / given.holding)
        if abs(quantity - before) <= _CLOSE * quantity:
            stock = given.holding * (reorder_point - given.mean + quantity / 2.0)
            per_cycle = given.order + given.stockout * short
            return ReorderPolicy(reorder_point, quantity, stock + per_cycle * given.demand / quantity)
    return None


def exact_poisson(given: Costs) -> ReorderPolicy | None:
    """The best policy for Poisson demand (Federgruen & Zheng 1992); None where it spans too many units.

    The best Q positions are the Q cheapest levels, which lie side by side; the next one belongs to them as
    long as it costs no more than the average.
    """
    least = least_cost(POISSON, given.holding, given.stockout, given.mean, 0.0)
    _, certain = _if_certain(given)
    bound = least + min(given.order * given.demand, certain + given.holding + given.stockout)
    first, last = range_below(bound, given.holding, given.stockout, given.mean)
    if last - first > _MOST_LEVELS:
        return None
    costs = level_costs(POISSON, given.holding, given.stockout, given.mean, 0.0, first, last).costs
    best = int(costs.argmin())
    # Of two equally dear levels the one above comes first.
    order = np.concatenate([np.arange(best, len(costs)), np.arange(best - 1, -1, -1)])
    order = order[np.argsort(costs[order], kind="stable")]
    rising = costs[order]
    averages = (given.order * given.demand + np.cumsum(rising)) / np.arange(1, len(rising) + 1)
    dearer = np.flatnonzero(rising[1:] > averages[:-1])
    count = int(dearer[0]) + 1 if len(dearer) else len(rising)
    lowest = first + int(order[:count].min())
    return ReorderPolicy(float(lowest - 1), float(count), float(averages[count - 1]))


def _if_certain(given: Costs) -> tuple[float, float]:
    """The best quantity if demand were certain, and its cost per period."""
    return backorder_quantity(given.demand, given.order, given.holding, given.stockout)


def _level_cost(given: Costs, k: float) -> float:
    """Cost of the level k standard deviations above the mean, in standard deviations."""
    return given.holding * normal.loss(-k) + given.stockout * normal.loss(k)


def _reaching(given: Costs, cost: float, best: float, side: int) -> float:
    """The level on one side of the best that costs `cost`: Newton's method from outside cannot overshoot."""
    k = cost / given.holding if side > 0 else -cost / given.stockout
    for _ in range(_MOST_STEPS):
        slope = given.holding * normal.cumulative(k) - given.stockout * normal.upper_tail(k)
        if slope * side <= 0.0:
            return best
        step = (_level_cost(given, k) - cost) / slope
        k -= step
        if step * side <= _CLOSE * max(abs(k), 1e-3):
            break
    return k


def _area(given: Costs, cost: float, low: float, high: float) -> float:
    """∫ (cost − G) from low to high, in squared standard deviations."""
    if high - low < _SHORT:
        nodes, weights = _nodes()
        width = 0.5 * (high - low)
        return width * sum(
            weight * (cost - _level_cost(given, 0.5 * (low + high) + width * node))
            for node, weight in zip(nodes, weights, strict=True)
        )
    return cost * (high - low) - _cost_between(given, low, high)


def _cost_between(given: Costs, low: float, high: float) -> float:
    """∫ G from low to high."""
    over = _second_loss(-high) - _second_loss(-low)
    return given.holding * over + given.stockout * (_second_loss(low) - _second_loss(high))


def _second_loss(k: float) -> float:
    """∫ of the unit normal loss from k on, ½·((1 + k²)·(1 − Φ(k)) − k·φ(k)) = ½·(1 − Φ(k) − k·G(k))."""
    return 0.5 * (normal.upper_tail(k) - k * normal.loss(k))


@functools.cache
def _nodes() -> tuple[list[float], list[float]]:
    nodes, weights = gauss_legendre(12)
    return nodes.tolist(), weights.tolist()


def _costed(given: Costs, k: float, quantity: float) -> ReorderPolicy:
    """A policy in standard deviations, with its exact cost."""
    if quantity < _SHORT:
        mean_cost = -_area(given, 0.0, k, k + quantity) / quantity
    else:
        mean_cost = _cost_between(given, k, k + quantity) / quantity
    ordering = given.order * given.demand / given.sd / quantity
    return ReorderPolicy(given.mean + given.sd * k, given.sd * quantity, ordering + given.sd * mean_cost)
