"""One item under an inventory policy, period by period."""

import math
from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

REORDER_QUANTITY: Final = 0
REORDER_UP_TO: Final = 1
ORDER_UP_TO: Final = 2
CODES: Final = {"rQ": REORDER_QUANTITY, "sQ": REORDER_QUANTITY, "sS": REORDER_UP_TO, "RS": ORDER_UP_TO}

CYCLE_SERVICE, FILL_RATE, READY_RATE, ON_HAND, ORDERS = range(5)


@kernel(compile_from=150_000)
def measures(
    policy: int,
    reorder_point: float,
    level_or_quantity: float,
    review_period: int,
    lost_sales: bool,
    demand: Floats,
    lead_time: Floats,
    warm_up: int,
) -> Floats:
    """Cycle service, fill rate, ready rate, mean stock on hand and orders per period of each replication.

    Demand and whole lead times have one row per replication, one column per period. In a period orders
    arrive first, then comes demand, then the review; what is ordered arrives after the lead time at the
    start of a period, so that a review protects the lead time and the review period.
    """
    replications, periods = demand.shape
    result = np.zeros((replications, 5))
    due = np.zeros(periods)
    arriving = np.zeros(periods, np.int64)
    for r in range(replications):
        due[:] = 0.0
        arriving[:] = 0
        net = level_or_quantity if policy != REORDER_QUANTITY else reorder_point + level_or_quantity
        position = net
        wanted = short = on_hand = 0.0
        ready = orders = cycles = good = 0
        stockout = False
        for t in range(periods):
            counted = t >= warm_up
            if arriving[t] > 0:
                if counted:
                    cycles += 1
                    good += 0 if stockout or (net < 0.0 and not lost_sales) else 1
                stockout = False
                net += due[t]
            missing = max(0.0, demand[r, t] - net) - max(0.0, -net)
            if lost_sales and missing > 0.0:
                stockout = True
                net -= demand[r, t] - missing
                position -= demand[r, t] - missing
            else:
                net -= demand[r, t]
                position -= demand[r, t]
            if counted:
                wanted += demand[r, t]
                short += missing
                on_hand += max(net, 0.0)
                ready += 1 if net > 0.0 else 0
            if t % review_period == 0:
                quantity = _order(policy, position, reorder_point, level_or_quantity)
                # Under (R,S) every review begins a cycle, though nothing were sold since the last one.
                if quantity > 0.0 or policy == ORDER_UP_TO:
                    position += quantity
                    orders += 1 if counted and quantity > 0.0 else 0
                    arrival = t + 1 + lead_time[r, t]
                    if arrival < periods:
                        due[int(arrival)] += quantity
                        arriving[int(arrival)] += 1
        span = periods - warm_up
        result[r, CYCLE_SERVICE] = good / cycles if cycles > 0 else 1.0
        result[r, FILL_RATE] = 1.0 - short / wanted if wanted > 0.0 else 1.0
        result[r, READY_RATE] = ready / span
        result[r, ON_HAND] = on_hand / span
        result[r, ORDERS] = orders / span
    return result


@kernel()
def _order(policy: int, position: float, reorder_point: float, level_or_quantity: float) -> float:
    """What a review orders."""
    if policy == ORDER_UP_TO:
        return max(0.0, level_or_quantity - position)
    if position > reorder_point:
        return 0.0
    if policy == REORDER_UP_TO:
        return level_or_quantity - position
    # As many lots as bring the position above the reorder point.
    return (math.floor((reorder_point - position) / level_or_quantity) + 1.0) * level_or_quantity
