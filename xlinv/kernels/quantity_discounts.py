"""Order quantities where the price falls with the quantity."""

from typing import NamedTuple

import numpy as np

from xlinv.cells import Floats


class Purchase(NamedTuple):
    """What to order at a time, the price it reaches, and the cost per period, purchase included."""

    quantity: float
    price: float
    cost: float


def best_purchase(
    demand: float,
    order_cost: float,
    holding_rate: float,
    breaks: Floats,
    prices: Floats,
    incremental: bool,
) -> Purchase:
    """The cheapest order quantity under all-units or incremental discounts.

    `breaks[j]` is the smallest quantity that reaches `prices[j]`. An incremental discount applies only to
    the units beyond the break, so the dearer units before it act as a further cost per order. Within
    each price's range the cost is convex: its best quantity is the ideal one or the break.
    """
    surcharges = np.zeros(len(prices))
    if incremental:
        surcharges[1:] = np.cumsum((prices[:-1] - prices[1:]) * breaks[1:])
    ends = np.append(breaks[1:], np.inf)
    best = Purchase(0.0, float(prices[0]), np.inf)
    for price, start, end, surcharge in zip(
        prices.tolist(), breaks.tolist(), ends.tolist(), surcharges.tolist(), strict=True
    ):
        ordering = (order_cost + surcharge) * demand
        quantity = max((2.0 * ordering / (holding_rate * price)) ** 0.5, start)
        if quantity < end:
            holding = holding_rate * (price * quantity + surcharge) / 2.0
            total = price * demand + holding + (ordering / quantity if ordering else 0.0)
            if total < best.cost:
                best = Purchase(quantity, price, total)
    return best
