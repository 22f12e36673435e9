"""How often to review, and how much to order at a review."""

from typing import Annotated

import numpy as np

from xlinv.catalogue import (
    Argument,
    Example,
    Ge,
    Gt,
    Lt,
    Refusal,
    Result,
    Row,
    Value,
    Values,
    answers,
    function,
)
from xlinv.cells import CellError
from xlinv.functions.arguments import OneDemand, OneHoldingCost
from xlinv.kernels import review_period
from xlinv.kernels.economic_order import smallest_multiple


@function(
    "REVIEWOPT",
    family="Lot sizing",
    formula="least K/R + h·(μ·R/2 + z·σ·√(L + R)) over R",
    source="Hadley & Whitin (1963), ch. 5; Silver, Pyke & Thomas (2017), ch. 6, (R, S) policies",
    serves=("R107",),
    examples=[
        Example(
            "=REVIEWOPT(40, 0.5, 100, 0, 2, 0.95)",
            [[1.2649110640673518, 0.0, 63.24555320336758]],
            "without uncertainty it is the EOQ's rhythm",
        ),
        Example(
            "=REVIEWOPT(40, 0.5, 100, 30, 2, 0.95)",
            [[1.1182779279518682, 87.13766575034208, 107.29506436230038]],
            "uncertainty is worth reviewing more often",
        ),
        Example("=REVIEWOPT(40, 0.5, 100, 30, 2, 1)", CellError.NUM, "no finite stock promises all"),
    ],
)
def review_opt(
    order_cost: Annotated[Value, Argument("money/review", "Cost of a review and its order.", Ge(0))],
    holding_cost: OneHoldingCost,
    demand_mean: OneDemand,
    demand_sd: Annotated[
        Value,
        Argument("units/period", "Standard deviation of demand per period, better of its forecast.", Ge(0)),
    ],
    lead_time: Annotated[Value, Argument("periods", "Replenishment lead time.", Ge(0))],
    service: Annotated[
        Value, Argument("fraction", "Probability of no stockout between reviews.", Gt(0), Lt(1))
    ],
) -> Annotated[
    Row,
    Result(
        "periods, units, money/period",
        "The cost is that of ordering, cycle stock and safety stock.",
        ("review period", "safety stock", "cost"),
    ),
]:
    """Review period that costs least, safety stock included."""
    best = review_period.best_review_period(
        order_cost, holding_cost, demand_mean, demand_sd, lead_time, service
    )
    if best is None:
        raise Refusal(CellError.NUM, "reviewing ever less often costs ever less: there is nothing to carry")
    return best


@function(
    "ORDERQTY",
    family="Lot sizing",
    formula="position ≤ s: S − position, at least the minimum, rounded up to the multiple; else 0",
    source="Silver, Pyke & Thomas (2017), ch. 6, (s, S) policies",
    serves=("R108",),
    examples=[
        Example("=ORDERQTY(35, 40, 100)", 65.0, "at or below the reorder point: up to 100"),
        Example("=ORDERQTY(35, 40, 100, 0, 24)", 72.0, "three full cases"),
        Example("=ORDERQTY(41, 40, 100)", 0.0, "above the reorder point"),
        Example("=ORDERQTY(35, 120, 100)", CellError.NUM, "it would order for ever"),
    ],
)
def order_qty(
    position: Annotated[Values, Argument("units", "Inventory position: on hand + on order − backorders.")],
    reorder_point: Annotated[Values, Argument("units", "Order at or below this position.")],
    order_up_to: Annotated[Values, Argument("units", "Position to reach by ordering.")],
    moq: Annotated[Values, Argument("units", "Smallest quantity that may be ordered.", Ge(0), default=0)],
    multiple: Annotated[
        Values,
        Argument("units", "Pack size: orders are multiples of it; 0 for any quantity.", Ge(0), default=0),
    ],
) -> Annotated[Values, Result("units")]:
    """Quantity to order now."""
    needed = np.where(position <= reorder_point, order_up_to - position, 0.0)
    quantity = np.where(needed > 0.0, smallest_multiple(np.maximum(needed, moq), multiple), 0.0)
    wrong = order_up_to < reorder_point
    return answers(quantity, (wrong, CellError.NUM, "'order_up_to' must not be below 'reorder_point'"))
