"""Stock as it will be, period by period, if nothing else is done."""

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel


@kernel()
def projected_stock(opening: float, receipts: Floats, demand: Floats) -> Floats:
    """Stock at the end of each period; negative where demand is owed."""
    stock = np.empty(len(demand))
    balance = opening
    for t in range(len(demand)):
        balance += receipts[t] - demand[t]
        stock[t] = balance
    return stock


@kernel()
def first_breach(projection: Floats, least: Floats, most: Floats) -> tuple[int, float]:
    """The first period outside its limits, from 1, and by how much: negative below, positive above.

    Period 0 stands for a projection that keeps within its limits.
    """
    for t in range(len(projection)):
        if projection[t] < least[t]:
            return t + 1, projection[t] - least[t]
        if projection[t] > most[t]:
            return t + 1, projection[t] - most[t]
    return 0, 0.0


@kernel()
def available_to_promise(on_hand: float, receipts: Floats, orders: Floats) -> Floats:
    """What each period adds to the quantity that can be promised without breaking an order already taken.

    By the end of a period no more can be promised than the least that is left over in any period from
    then on: the increase of that is what the period adds.
    """
    available = projected_stock(on_hand, receipts, orders)
    for t in range(len(available) - 2, -1, -1):
        available[t] = min(available[t], available[t + 1])
    for t in range(len(available) - 1, 0, -1):
        available[t] -= available[t - 1]
    return available
