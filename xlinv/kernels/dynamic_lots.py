"""Lot sizes for known demand that varies over time."""

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel


@kernel(compile_from=4_000)
def cheapest_lots(demand: Floats, order_cost: Floats, holding_cost: Floats, unit_cost: Floats) -> Floats:
    """The order quantities of least total cost, in O(n log n).

    Wagner & Whitin's recursion from the last period back. A lot ordered in t that lasts until s costs a
    straight line in x = unit_cost[t] − carried[t] (the carrying cost up to t), with the cumulative demand
    before s as slope; the best s is found on the lower envelope of these lines (Wagelmans, van Hoesel &
    Kolen 1992). Of equally cheap lots the shortest is taken.
    """
    periods = len(demand)
    before = np.zeros(periods + 1)  # demand before the period
    carried = np.zeros(periods + 1)  # cost of carrying one unit from the first period to this one
    weighted = np.zeros(periods + 1)
    for t in range(periods):
        before[t + 1] = before[t] + demand[t]
        carried[t + 1] = carried[t] + holding_cost[t]
        weighted[t + 1] = weighted[t] + demand[t] * carried[t]
    cost_to_go = np.zeros(periods + 1)
    next_order = np.arange(1, periods + 2)
    orders = np.zeros(periods, np.bool_)
    envelope = np.zeros(periods + 1, np.int64)  # period s of each line, slopes falling
    intercepts = np.zeros(periods + 1)
    envelope[0] = periods
    intercepts[0] = weighted[periods]
    lines = 1
    for t in range(periods - 1, -1, -1):
        x = unit_cost[t] - carried[t]
        low, high = 0, lines - 1
        while low < high:
            middle = (low + high) // 2
            older = intercepts[middle] + before[envelope[middle]] * x
            newer = intercepts[middle + 1] + before[envelope[middle + 1]] * x
            if newer <= older:
                low = middle + 1
            else:
                high = middle
        ordering = order_cost[t] + intercepts[low] + before[envelope[low]] * x - weighted[t] - before[t] * x
        next_order[t] = envelope[low]
        orders[t] = True
        if demand[t] == 0.0 and cost_to_go[t + 1] <= ordering:
            ordering = cost_to_go[t + 1]
            next_order[t] = t + 1
            orders[t] = False
        cost_to_go[t] = ordering
        intercept = weighted[t] + cost_to_go[t]
        slope = before[t]
        if slope == before[envelope[lines - 1]]:
            if intercept > intercepts[lines - 1]:
                continue
            lines -= 1
        while lines >= 2:
            last, previous = before[envelope[lines - 1]], before[envelope[lines - 2]]
            # The last line leaves where the new one meets the line before it no later than the last did.
            if (intercept - intercepts[lines - 2]) * (previous - last) > (
                intercepts[lines - 1] - intercepts[lines - 2]
            ) * (previous - slope):
                break
            lines -= 1
        envelope[lines] = t
        intercepts[lines] = intercept
        lines += 1
    return _filled(demand, orders, next_order)


@kernel(compile_from=4_000)
def _filled(demand: Floats, orders: NDArray[np.bool_], next_order: NDArray[np.int64]) -> Floats:
    """The quantities of lots that last until the next order."""
    quantities = np.zeros(len(demand))
    t = 0
    while t < len(demand):
        following = next_order[t]
        if orders[t]:
            for covered in range(t, following):
                quantities[t] += demand[covered]
        t = following
    return quantities


@kernel(compile_from=40_000)
def silver_meal_lots(demand: Floats, order_cost: Floats, holding_cost: Floats, unit_cost: Floats) -> Floats:
    """Lots extended for as long as the cost per period covered does not rise (Silver & Meal 1973)."""
    periods = len(demand)
    orders = np.zeros(periods, np.bool_)
    next_order = np.arange(1, periods + 1)
    t = 0
    while t < periods:
        following = t + 1
        if demand[t] > 0.0:
            orders[t] = True
            total = order_cost[t]
            carried = 0.0
            while following < periods:
                carried += holding_cost[following - 1]
                extended = total + demand[following] * (carried + unit_cost[t] - unit_cost[following])
                if extended * (following - t) > total * (following + 1 - t):
                    break
                total = extended
                following += 1
        next_order[t] = following
        t = following
    return _filled(demand, orders, next_order)


@kernel(compile_from=40_000)
def part_period_lots(demand: Floats, order_cost: Floats, holding_cost: Floats, unit_cost: Floats) -> Floats:
    """Lots whose carrying cost comes as close as possible to the cost of ordering them (DeMatteis 1968)."""
    periods = len(demand)
    orders = np.zeros(periods, np.bool_)
    next_order = np.arange(1, periods + 1)
    t = 0
    while t < periods:
        following = t + 1
        if demand[t] > 0.0:
            orders[t] = True
            carrying = 0.0
            carried = 0.0
            while following < periods:
                carried += holding_cost[following - 1]
                extended = carrying + demand[following] * (carried + unit_cost[t] - unit_cost[following])
                if extended - order_cost[t] > order_cost[t] - carrying:
                    break
                carrying = extended
                following += 1
        next_order[t] = following
        t = following
    return _filled(demand, orders, next_order)


@kernel(compile_from=40_000)
def closing_stock(plan: Floats, demand: Floats) -> Floats:
    """Stock at the end of each period, from none; negative where the plan falls short.

    A difference that is only rounding of the sums counts as none.
    """
    stock = np.zeros(len(demand))
    needed = 0.0
    left = 0.0
    for t in range(len(demand)):
        needed += demand[t]
        left += plan[t] - demand[t]
        if abs(left) <= 1e-12 * needed:
            left = 0.0
        stock[t] = left
    return stock


def plan_cost(
    plan: Floats, stock: Floats, order_cost: Floats, holding_cost: Floats, unit_cost: Floats
) -> float:
    """Cost of ordering, carrying the closing stock, and purchase over all periods."""
    return float(np.sum(np.where(plan > 0.0, order_cost, 0.0) + holding_cost * stock + unit_cost * plan))
