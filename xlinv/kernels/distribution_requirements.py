"""Distribution requirements: what to receive and when to ship it, period by period."""

import math

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

# A requirement that is a whole number of lots but for rounding must not ask for one lot more.
_WHOLE = 1e-9


@kernel()
def in_lots(quantity: float, lot: float) -> float:
    """The least whole number of lots that holds the quantity."""
    lots = quantity / lot
    nearest = math.floor(lots + 0.5)
    return float((nearest if abs(lots - nearest) <= _WHOLE * max(1.0, nearest) else math.ceil(lots)) * lot)


@kernel()
def planned_distribution(
    gross: Floats, on_hand: float, scheduled: Floats, safety_stock: float, lead_time: int, lot: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Net requirement, planned receipt, projected stock, planned shipment and overdue part of each period.

    A receipt is planned where stock would end below the safety stock. Overdue is the part of a receipt
    that would have had to be shipped before the first period.
    """
    count = len(gross)
    net, receipt, projected = np.zeros(count), np.zeros(count), np.zeros(count)
    shipment, overdue = np.zeros(count), np.zeros(count)
    stock = on_hand
    for t in range(count):
        stock += scheduled[t] - gross[t]
        if stock < safety_stock:
            net[t] = safety_stock - stock
            receipt[t] = in_lots(net[t], lot)
            stock += receipt[t]
            if t >= lead_time:
                shipment[t - lead_time] = receipt[t]
            else:
                overdue[t] = receipt[t]
        projected[t] = stock
    return net, receipt, projected, shipment, overdue
