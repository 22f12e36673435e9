"""Service levels of a portfolio that cost least: each item's next unit of service at the same price.

Minimise Σ aᵢ·kᵢ subject to Σ wᵢ·Φ(kᵢ) = target, kᵢ ≥ 0: where kᵢ > 0, aᵢ = λ·wᵢ·φ(kᵢ), so
kᵢ = √(2·(log λ + log(wᵢ·φ(0)/aᵢ))). Φ is concave on k ≥ 0, so this is the optimum.
"""

import math

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.normal import cumulative

_LOG_DENSITY_AT_0 = -0.5 * math.log(2.0 * math.pi)


def factors_for_service(weights: Floats, costs: Floats, target: float) -> Floats:
    """Safety factors that reach a weighted mean service of `target` ≥ 0.5 at least cost; costs > 0."""
    return _factors(weights, costs, target * float(weights.sum()), True)


def factors_for_budget(weights: Floats, costs: Floats, budget: float) -> Floats:
    """Safety factors that reach the highest weighted mean service with Σ costs·factors = `budget` ≥ 0."""
    return _factors(weights, costs, budget, False)


@kernel(compile_from=256)
def _factors(weights: Floats, costs: Floats, goal: float, service: bool) -> Floats:
    """Safety factors at the price λ at which Σ w·Φ(k), or Σ a·k, reaches the goal, by bisection on log λ."""
    offsets = np.empty(weights.size)
    low, high = math.inf, -math.inf
    for i in range(weights.size):
        offsets[i] = -math.inf
        if weights[i] > 0.0:
            offsets[i] = math.log(weights[i]) - math.log(costs[i]) + _LOG_DENSITY_AT_0
            low = min(low, -offsets[i])
            high = max(high, -offsets[i])
    factors = np.zeros(weights.size)
    if low > high:
        return factors
    if goal <= _reached(weights, costs, offsets, low, service):
        return factors
    reach = 1.0
    while reach < 1e4 and _reached(weights, costs, offsets, high + reach, service) < goal:
        reach *= 2.0
    high += reach
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if _reached(weights, costs, offsets, middle, service) < goal:
            low = middle
        else:
            high = middle
    # Enough service from above, within the budget from below.
    price = high if service else low
    for i in range(weights.size):
        factors[i] = math.sqrt(2.0 * max(0.0, price + offsets[i]))
    return factors


@kernel()
def _reached(weights: Floats, costs: Floats, offsets: Floats, price: float, service: bool) -> float:
    total = 0.0
    for i in range(weights.size):
        factor = math.sqrt(2.0 * max(0.0, price + offsets[i]))
        total += weights[i] * cumulative(factor) if service else costs[i] * factor
    return total
