"""Economic order quantities where the supplier fails for a while, or delivers another quantity."""

import math

_MOST_STEPS = 200


def disruption_quantity(
    demand: float,
    order_cost: float,
    holding_cost: float,
    stockout_cost: float,
    disruption_rate: float,
    recovery_rate: float,
) -> tuple[float, float]:
    """Quantity and cost per period of orders that wait while the supplier is down, demand being lost.

    In a cycle the order lasts for x = Q/D periods; ψ(x) = λ/(λ + μ)·(1 − e^(−(λ + μ)x)) is the probability
    that the supplier is then down, for 1/μ more periods on average (Parlar & Berkin 1991; Berk &
    Arreola-Risa 1994). The cost is quasiconvex in x: the root of its derivative's numerator is sought.
    """
    if demand == 0.0:
        return 0.0, 0.0
    switching = disruption_rate + recovery_rate

    def downtime(x: float) -> float:
        return -disruption_rate / switching * math.expm1(-switching * x) / recovery_rate

    def rising(x: float) -> float:
        """A positive multiple of the slope of the cost."""
        more = disruption_rate * math.exp(-switching * x) / recovery_rate
        saved = disruption_rate / switching * _two_events(switching * x) / recovery_rate
        carrying = holding_cost * demand * (0.5 * x * x * (1.0 - more) + x * downtime(x))
        return carrying - stockout_cost * demand * saved - order_cost * (1.0 + more)

    low, high = 0.0, 1.0
    for _ in range(_MOST_STEPS):
        if rising(high) >= 0.0:
            break
        low, high = high, 2.0 * high
    for _ in range(_MOST_STEPS):
        if low > 0.0 or high < 1e-300:
            break
        if rising(0.5 * high) < 0.0:
            low = 0.5 * high
        else:
            high = 0.5 * high
    for _ in range(_MOST_STEPS):
        x = 0.5 * (low + high)
        if not low < x < high:
            break
        if rising(x) < 0.0:
            low = x
        else:
            high = x
    down = downtime(high)
    cost = order_cost + 0.5 * holding_cost * demand * high * high + stockout_cost * demand * down
    return demand * high, cost / (high + down)


def _two_events(u: float) -> float:
    """1 − (1 + u)·e^(−u), the probability of two Poisson events or more, without cancellation."""
    if u >= 1.0:
        return 1.0 - (1.0 + u) * math.exp(-u)
    term = 0.5 * u * u
    total = 0.0
    count = 2.0
    while term > 1e-17 * total:
        total += term
        count += 1.0
        term *= u / count
    return total * math.exp(-u)


def additive_yield_quantity(
    demand: float, order_cost: float, holding_cost: float, yield_mean: float, yield_sd: float
) -> tuple[float, float]:
    """Quantity and cost per period where an order of Q brings Q + Y units."""
    received = math.sqrt(2.0 * order_cost * demand / holding_cost + yield_sd * yield_sd)
    return received - yield_mean, holding_cost * received


def multiplicative_yield_quantity(
    demand: float, order_cost: float, holding_cost: float, yield_mean: float, yield_sd: float
) -> tuple[float, float]:
    """Quantity and cost per period where an order of Q brings Q·Y units."""
    second_moment = yield_sd * yield_sd + yield_mean * yield_mean
    quantity = math.sqrt(2.0 * order_cost * demand / (holding_cost * second_moment))
    return quantity, holding_cost * quantity * second_moment / yield_mean
