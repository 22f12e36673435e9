"""Economic order and production quantities."""

import math

import numpy as np

from xlinv.cells import Floats

# A quotient this close below a whole number counts as that number: 0.9 / 0.3 is three.
_ROUNDING = 1e-12


def order_quantity(demand: Floats, order_cost: Floats, holding_cost: Floats) -> Floats:
    """Quantity with the least ordering and holding cost (Harris 1913)."""
    quantity: Floats = np.sqrt(2.0 * demand * order_cost / holding_cost)
    return quantity


def production_quantity(
    demand: Floats, setup_cost: Floats, holding_cost: Floats, production_rate: Floats
) -> Floats:
    """Batch with the least setup and holding cost where stock builds up while it is made (Taft 1918)."""
    growth = 1.0 - demand / production_rate
    return order_quantity(demand, setup_cost, holding_cost * growth)


def cost(order_quantity: Floats, demand: Floats, order_cost: Floats, holding_cost: Floats) -> Floats:
    """Ordering and holding cost per period of a given quantity."""
    return order_cost * demand / order_quantity + holding_cost * order_quantity / 2.0


def smallest_multiple(quantity: Floats, multiple: Floats) -> Floats:
    """The smallest multiple that is at least `quantity`; `quantity` itself where `multiple` is 0."""
    step = np.where(multiple > 0.0, multiple, 1.0)
    count = np.ceil(quantity / step * (1.0 - _ROUNDING))
    return np.where(multiple > 0.0, count * step, quantity)


def feasible_quantity(ideal: Floats, moq: Floats, multiple: Floats) -> Floats:
    """The cheapest quantity that keeps minimum and multiple, where `ideal` is the cheapest of all.

    Ordering and holding cost of a quantity equals that of ideal² / quantity, so of two neighbours the
    smaller one is the cheaper one if and only if their geometric mean is at least the ideal.
    """
    least = smallest_multiple(np.maximum(moq, multiple), multiple)
    upper = np.maximum(smallest_multiple(ideal, multiple), least)
    lower = np.maximum(upper - multiple, least)
    rounded = np.where(ideal <= np.sqrt(lower) * np.sqrt(upper), lower, upper)
    return np.where(multiple > 0.0, rounded, np.maximum(ideal, moq))


def backorder_quantity(
    demand: float, order_cost: float, holding_cost: float, backorder_cost: float
) -> tuple[float, float]:
    """Quantity with the least cost where demand may wait, and that cost per period (Zipkin 2000, §3.3)."""
    effective = backorder_cost * (holding_cost / (holding_cost + backorder_cost))
    ordering = 2.0 * order_cost * demand
    quantity = math.sqrt(ordering / effective) if ordering > 0.0 else 0.0
    return quantity, quantity * effective


def joint_quantities(
    shared_cost: float, item_costs: Floats, holding_costs: Floats, demands: Floats
) -> tuple[Floats, float, float]:
    """Quantities of items ordered together, the time between orders, and cost per period (Silver 1976)."""
    carrying = holding_costs * demands
    ratio = item_costs / carrying
    most_often = int(ratio.argmin())
    per_order = shared_cost + item_costs[most_often]
    if per_order > 0.0:
        multiples = np.maximum(1.0, np.rint(np.sqrt(ratio * (carrying[most_often] / per_order))))
    else:
        multiples = np.ones(len(ratio))
    multiples[most_often] = 1.0
    ordering = shared_cost + float((item_costs / multiples).sum())
    holding = float((carrying * multiples).sum())
    cycle = math.sqrt(2.0 * ordering / holding)
    return demands * multiples * cycle, cycle, math.sqrt(2.0 * ordering * holding)
