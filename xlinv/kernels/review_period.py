"""The review period that balances the cost of ordering with cycle and safety stock."""

import math

from xlinv.kernels import normal

_MOST_STEPS = 300
# Below this, halving the period goes on to no purpose: without a cost of ordering review all the time.
_NO_TIME = 1e-300


def best_review_period(
    order_cost: float,
    holding_cost: float,
    demand_mean: float,
    demand_sd: float,
    lead_time: float,
    service: float,
) -> tuple[float, float, float] | None:
    """Review period, its safety stock and its cost per period; None where longer is always better.

    R² times the slope of the cost is −K + h·R²/2·(μ + z·σ/√(L + R)): below 0 at first, rising where the
    bracket is above 0, so that its only root is the least cost.
    """
    spread = normal.quantile(service) * demand_sd

    def rising(review: float) -> float:
        protected = math.sqrt(lead_time + review)
        slope = demand_mean + (spread / protected if protected > 0.0 else 0.0)
        return holding_cost * review * review / 2.0 * slope - order_cost

    low, high = 0.0, 1.0
    for _ in range(_MOST_STEPS):
        if rising(high) >= 0.0:
            break
        low, high = high, 2.0 * high
    else:
        return None
    while low < 0.5 * (low + high) < high:
        review = 0.5 * (low + high)
        if rising(review) < 0.0:
            low = review
        else:
            high = review
    if order_cost == 0.0 and high < _NO_TIME:
        high = 0.0
    safety_stock = spread * math.sqrt(lead_time + high)
    ordering = order_cost / high if order_cost > 0.0 else 0.0
    return high, safety_stock, ordering + holding_cost * (demand_mean * high / 2.0 + safety_stock)
