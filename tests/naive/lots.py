"""Slow, obvious twins of the lot-sizing kernels."""

import math
from collections.abc import Sequence
from itertools import product
from statistics import NormalDist


def eoq_cost(quantity: float, demand: float, order_cost: float, holding_cost: float) -> float:
    return order_cost * demand / quantity + holding_cost * quantity / 2


def plan_cost(
    plan: Sequence[float],
    demand: Sequence[float],
    order_cost: Sequence[float],
    holding_cost: Sequence[float],
    unit_cost: Sequence[float],
) -> float:
    """The cost of a plan; infinite where it leaves demand unmet."""
    total, stock = 0.0, 0.0
    for t, quantity in enumerate(plan):
        stock += quantity - demand[t]
        if stock < -1e-9:
            return float("inf")
        total += (order_cost[t] if quantity > 0 else 0.0) + holding_cost[t] * stock + unit_cost[t] * quantity
    return total


def cheapest_plan_cost(
    demand: Sequence[float],
    order_cost: Sequence[float],
    holding_cost: Sequence[float],
    unit_cost: Sequence[float],
) -> float:
    """The least cost over every choice of the periods in which to order."""
    periods = len(demand)
    best = float("inf")
    for chosen in product([False, True], repeat=periods):
        plan = [0.0] * periods
        latest = None
        for t in range(periods):
            if chosen[t]:
                latest = t
            if demand[t] > 0 and latest is None:
                break
            if latest is not None:
                plan[latest] += demand[t]
        best = min(best, plan_cost(plan, demand, order_cost, holding_cost, unit_cost))
    return best


def silver_meal(demand: Sequence[float], order_cost: float, holding_cost: float) -> list[float]:
    """Silver & Meal's rule written out for constant costs."""
    plan, t = [0.0] * len(demand), 0
    while t < len(demand):
        if demand[t] == 0:
            t += 1
            continue

        def per_period(cover: int, start: int = t) -> float:
            carrying = sum(i * demand[start + i] for i in range(cover))
            return (order_cost + holding_cost * carrying) / cover

        cover = 1
        while t + cover < len(demand) and per_period(cover + 1) <= per_period(cover):
            cover += 1
        plan[t] = sum(demand[t : t + cover])
        t += cover
    return plan


def disruption_cost(
    quantity: float, demand: float, order: float, holding: float, stockout: float, down: float, up: float
) -> float:
    """Cost per period of a cycle: the stock lasts, then a supplier that is down makes customers go away."""
    lasts = quantity / demand
    waiting = down / (down + up) * (1 - math.exp(-(down + up) * lasts)) / up
    return (order + holding * quantity / 2 * lasts + stockout * demand * waiting) / (lasts + waiting)


def review_cost(
    review: float, order: float, holding: float, mean: float, sd: float, lead_time: float, service: float
) -> float:
    safety_stock = NormalDist().inv_cdf(service) * sd * math.sqrt(lead_time + review)
    return order / review + holding * (mean * review / 2 + safety_stock)
