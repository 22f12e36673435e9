"""Economic order and production quantities."""

import numpy as np

from xlinv.cells import Floats


def order_quantity(demand: Floats, order_cost: Floats, holding_cost: Floats) -> Floats:
    """Quantity with the least ordering and holding cost (Harris 1913)."""
    quantity: Floats = np.sqrt(2.0 * demand * order_cost / holding_cost)
    return quantity


def cost(order_quantity: Floats, demand: Floats, order_cost: Floats, holding_cost: Floats) -> Floats:
    """Ordering and holding cost per period of a given quantity."""
    return order_cost * demand / order_quantity + holding_cost * order_quantity / 2.0
