"""Lot sizing: how much to order at a time."""

from typing import Annotated

from xlinv.catalogue import Argument, Example, Ge, Result, Values, function
from xlinv.cells import CellError
from xlinv.functions.arguments import Demand, HoldingCost, OrderCost, OrderQuantity
from xlinv.kernels import economic_order


@function(
    "EOQCOST",
    family="Lot sizing",
    formula="K·D/Q + h·Q/2",
    source="Harris (1913), Factory 10(2); Snyder & Shen (2019), eq. 3.3",
    serves=("R102",),
    examples=[
        Example("=EOQCOST(250, 1300, 8, 0.225)", 69.725, "Snyder & Shen (2019), example 3.1 at Q = 250"),
        Example("=EOQCOST(0, 1300, 8, 0.225)", CellError.NUM, "no order of nothing"),
    ],
)
def eoq_cost(
    order_quantity: OrderQuantity,
    demand: Demand,
    order_cost: OrderCost,
    holding_cost: Annotated[HoldingCost, Argument("money/unit/period", "Cost of carrying one unit.", Ge(0))],
) -> Annotated[Values, Result("money/period")]:
    """Ordering and holding cost per period of a given order quantity."""
    return economic_order.cost(order_quantity, demand, order_cost, holding_cost)
