"""Slow, obvious twins of the reorder policies."""

import itertools
import math
from collections.abc import Callable
from functools import cache
from statistics import NormalDist

import numpy as np

Chances = list[float]


def poisson(mean: float, count: int) -> Chances:
    """Probabilities of 0, 1, ... count - 1 units."""
    return [math.exp(d * math.log(mean) - mean - math.lgamma(d + 1)) for d in range(count)]


def newsvendor_cost(level: int, holding: float, stockout: float, chances: Chances) -> float:
    return sum(
        chance * (holding * max(level - d, 0) + stockout * max(d - level, 0))
        for d, chance in enumerate(chances)
    )


def normal_cost(level: float, holding: float, stockout: float, mean: float, sd: float) -> float:
    z = (level - mean) / sd
    unit = NormalDist()
    short = sd * (unit.pdf(z) - z * unit.cdf(-z))
    return holding * (short + level - mean) + stockout * short


def rq_cost(
    r: float, q: float, holding: float, stockout: float, order: float, demand: float, mean: float, sd: float
) -> float:
    """(K·λ + ∫ G)/Q by Simpson's rule, apart where G bends: a rule that steps over the bend misses it."""
    bends = [min(max(mean + distance * sd, r), r + q) for distance in (-8.0, 0.0, 8.0)]
    weights = np.array([1] + [4, 2] * 499 + [4, 1]) / 3
    area = 0.0
    for low, high in itertools.pairwise([r, *bends, r + q]):
        y = np.linspace(low, high, 1001)
        costs = [normal_cost(level, holding, stockout, mean, sd) for level in y.tolist()]
        area += float(weights @ costs) * (high - low) / 1000
    return (order * demand + area) / q


def best_poisson_rq(
    holding: float, stockout: float, order: float, demand: float, lead_time: float, most: int
) -> tuple[float, int, int]:
    """Cost, r and Q of the best policy with levels up to `most`."""
    chances = poisson(demand * lead_time, 4 * most)
    costs = {y: newsvendor_cost(y, holding, stockout, chances) for y in range(-most, most + 1)}
    policies = [
        ((order * demand + sum(costs[y] for y in range(r + 1, r + q + 1))) / q, r, q)
        for r in range(-most, most)
        for q in range(1, most - r)
    ]
    return min(policies)


def ss_cost(s: int, up_to: int, order: float, chances: Chances, level_cost: Callable[[int], float]) -> float:
    """Long-run cost of an (s, S) policy from the stationary distribution of the stock after ordering."""
    levels = list(range(s + 1, up_to + 1))
    size = len(levels)
    moves = np.zeros((size, size))
    orders = np.zeros(size)
    for i, level in enumerate(levels):
        for d, chance in enumerate(chances):
            after = level - d
            if after <= s:
                orders[i] += chance
                after = up_to
            moves[i, after - s - 1] += chance
    system = np.vstack([moves.T - np.eye(size), np.ones(size)])
    shares = np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)[0]
    return float(shares @ (order * orders + np.array([level_cost(level) for level in levels])))


def finite_horizon_cost(
    periods: int,
    holding: float,
    stockout: float,
    order: float,
    unit: float,
    mean: float,
    sd: float,
    discount: float,
    terminal_holding: float,
    terminal_stockout: float,
    initial: int,
    highest: int,
) -> float:
    """Cost of the best plan by recursion over every level up to `highest`."""
    spread = 4 * sd
    demand = NormalDist(mean, sd)
    possible = range(max(0, round(mean - spread)), round(mean + spread) + 1)
    chances = {d: demand.cdf(d + 0.5) - (demand.cdf(d - 0.5) if d else 0.0) for d in possible}

    @cache
    def after_ordering(t: int, y: int) -> float:
        ahead = sum(chance * to_go(t + 1, y - d) for d, chance in chances.items())
        return normal_cost(y, holding, stockout, mean, sd) + discount * ahead

    @cache
    def to_go(t: int, x: int) -> float:
        if t == periods:
            return terminal_holding * max(x, 0) + terminal_stockout * max(-x, 0)
        raised = [
            order + unit * (y - x) + after_ordering(t, y) for y in range(x + 1, max(highest, x + 1) + 1)
        ]
        return min(after_ordering(t, x), *raised)

    return to_go(0, initial)
