"""Economic order quantities: how much to order at a time under steady demand."""

from typing import Annotated

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Gt,
    Items,
    Option,
    Result,
    Row,
    Value,
    Values,
    answers,
    function,
)
from xlinv.cells import CellError, Floats, InputError
from xlinv.functions.arguments import (
    Demand,
    HoldingCost,
    OneDemand,
    OneHoldingCost,
    OneOrderCost,
    OrderCost,
    OrderQuantity,
)
from xlinv.kernels import economic_order, quantity_discounts


@function(
    "EOQ",
    family="Lot sizing",
    formula="√(2·K·D/h); with moq and multiple the cheaper of the two feasible neighbours",
    source="Harris (1913), Factory 10(2); Snyder & Shen (2019), eq. 3.4",
    serves=("R102",),
    examples=[
        Example("=EOQ(1300, 8, 0.225)", 304.0467800264368, "Snyder & Shen (2019), example 3.1"),
        Example("=EOQ(1300, 8, 0.225, 0, 50)", 300.0, "300 costs 68.42, 350 costs 69.09"),
        Example("=EOQ(1300, 8, 0.225, 400)", 400.0, "the supplier's minimum"),
        Example("=EOQ(1300, 8, 0)", CellError.NUM, "where carrying is free there is no best quantity"),
    ],
)
def eoq(
    demand: Demand,
    order_cost: OrderCost,
    holding_cost: HoldingCost,
    moq: Annotated[Values, Argument("units", "Smallest quantity that may be ordered.", Ge(0), default=0)],
    multiple: Annotated[
        Values,
        Argument("units", "Pack size: orders are multiples of it; 0 for any quantity.", Ge(0), default=0),
    ],
) -> Annotated[Values, Result("units", "0 where nothing is demanded.")]:
    """Order quantity with the least ordering and holding cost."""
    ideal = economic_order.order_quantity(demand, order_cost, holding_cost)
    quantity = economic_order.feasible_quantity(ideal, moq, multiple)
    quantity[demand == 0.0] = 0.0
    return quantity


@function(
    "EOQCOST",
    family="Lot sizing",
    formula="K·D/Q + h·Q/2",
    source="Harris (1913), Factory 10(2); Snyder & Shen (2019), ch. 3",
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


@function(
    "EPQ",
    family="Lot sizing",
    formula="√(2·K·D/(h·(1 − D/P)))",
    source="Taft (1918), The Iron Age 101; Snyder & Shen (2019), eq. 3.31",
    serves=("R102", "R106"),
    examples=[
        Example("=EPQ(80, 4, 0.08, 110)", 171.26976771553507, "Snyder & Shen (2019), problem 3.22"),
        Example("=EPQ(120, 4, 0.08, 110)", CellError.NUM, "production cannot keep up with demand"),
    ],
)
def epq(
    demand: Demand,
    setup_cost: Annotated[Values, Argument("money/batch", "Cost of setting up one batch.", Ge(0))],
    holding_cost: HoldingCost,
    production_rate: Annotated[
        Values, Argument("units/period", "Units made per period; more than the demand.", Gt(0))
    ],
) -> Annotated[Values, Result("units")]:
    """Production batch with the least setup and holding cost at a finite production rate."""
    short = demand >= production_rate
    quantity = economic_order.production_quantity(demand, setup_cost, holding_cost, production_rate)
    return answers(quantity, (short, CellError.NUM, "'production_rate' must be more than 'demand'"))


@function(
    "EOQBACKORDER",
    family="Lot sizing",
    formula="Q = √(2·K·D·(h + b)/(h·b)), share h/(h + b), cost Q·h·b/(h + b)",
    source="Zipkin (2000), §3.3; Snyder & Shen (2019), eq. 3.27 to 3.29",
    serves=("R102",),
    examples=[
        Example(
            "=EOQBACKORDER(1300, 8, 0.225, 5)",
            [[310.81255515896464, 0.0430622009569378, 66.92136355097325]],
            "Snyder & Shen (2019), example 3.8",
        ),
        Example("=EOQBACKORDER(1300, 8, 0.225, 0)", CellError.NUM, "if waiting is free, never order"),
    ],
)
def eoq_backorder(
    demand: OneDemand,
    order_cost: OneOrderCost,
    holding_cost: OneHoldingCost,
    backorder_cost: Annotated[
        Value, Argument("money/unit/period", "Cost of one unit backordered for one period.", Gt(0))
    ],
) -> Annotated[
    Row,
    Result(
        "units, fraction, money/period",
        "The share is that of the demand which waits.",
        ("quantity", "backordered share", "cost"),
    ),
]:
    """Order quantity, backordered share and cost where customers wait for the next order."""
    quantity, cost = economic_order.backorder_quantity(demand, order_cost, holding_cost, backorder_cost)
    return quantity, holding_cost / (holding_cost + backorder_cost), cost


@function(
    "JOINTREPLENISHMENT",
    family="Lot sizing",
    formula="m_i = √(k_i/(h_i·d_i)·h_j·d_j/(K + k_j)) rounded, j the least k/(h·d); "
    "T = √(2·(K + Σ k_i/m_i)/Σ h_i·d_i·m_i); Q_i = d_i·m_i·T",
    source="Silver (1976), Management Science 22(12); Silver, Pyke & Thomas (2017), ch. 10",
    serves=("R102",),
    examples=[
        Example(
            "=JOINTREPLENISHMENT(600, {120;840;300}, {160;20;50}, {1;1;1})",
            [[3.103164454170876], [9.309493362512628], [3.103164454170876]],
            "the second item comes with every third order",
        ),
        Example("=JOINTREPLENISHMENT(-600, {120;840}, {160;20}, {1;1})", CellError.NUM, "cost below 0"),
    ],
)
def joint_replenishment(
    shared_cost: Annotated[Value, Argument("money/order", "Cost of an order, whatever is on it.", Ge(0))],
    item_costs: Annotated[Items, Argument("money/order", "Cost of adding the item to an order.", Ge(0))],
    holding_costs: Annotated[
        Items, Argument("money/unit/period", "Cost of carrying one unit of the item for one period.", Gt(0))
    ],
    demands: Annotated[Items, Argument("units/period", "Demand for the item per period.", Gt(0))],
) -> Annotated[
    Items,
    Result("units", "Each item's quantity whenever it is ordered; unusable rows are planned without."),
]:
    """Order quantities of items that share the cost of ordering, by Silver's heuristic."""
    quantities, _, _ = economic_order.joint_quantities(shared_cost, item_costs, holding_costs, demands)
    return quantities


@function(
    "EOQDISCOUNT",
    family="Lot sizing",
    formula="least of c_j·D + K·D/Q + r·c_j·Q/2 over the price ranges (all-units)",
    source="Hadley & Whitin (1963), ch. 2; Snyder & Shen (2019), eq. 3.18 to 3.22",
    serves=("R102",),
    examples=[
        Example(
            "=EOQDISCOUNT(1300, 8, 0.3, {0;400;800}, {0.75;0.72;0.68})",
            [[800.0, 0.68, 978.6]],
            "Snyder & Shen (2019), example 3.5: the lowest price is worth a bigger order",
        ),
        Example(
            '=EOQDISCOUNT(1300, 8, 0.3, {0;400;800}, {0.75;0.72;0.68}, "incremental")',
            [[304.0467800264368, 0.75, 1043.4105255059483]],
            "the same where the lower price is paid only for the units beyond the break",
        ),
        Example(
            "=EOQDISCOUNT(1300, 8, 0.3, {0;800;400}, {0.75;0.72;0.68})", CellError.NUM, "breaks must rise"
        ),
    ],
)
def eoq_discount(
    demand: OneDemand,
    order_cost: OneOrderCost,
    holding_rate: Annotated[
        Value, Argument("1/period", "Carrying cost as a fraction of the price, per period.", Gt(0))
    ],
    breaks: Annotated[
        Column,
        Argument("units", "Smallest quantity of each price; the first is the least one may order.", Ge(0)),
    ],
    prices: Annotated[
        Column, Argument("money/unit", "Price from each break on, never rising with the quantity.", Gt(0))
    ],
    type: Annotated[
        Option,
        Argument(
            "",
            "all-units: one price for the whole order; incremental: each price for the units in its range.",
            default="all-units",
            options=("all-units", "incremental"),
        ),
    ],
) -> Annotated[
    Row,
    Result(
        "units, money/unit, money/period",
        "The price is that of the last unit; the cost includes the purchase.",
        ("quantity", "unit price", "total cost"),
    ),
]:
    """Order quantity, price and cost where the supplier's price falls with the quantity."""
    _must_step(breaks, prices)
    return quantity_discounts.best_purchase(
        demand, order_cost, holding_rate, breaks, prices, type == "incremental"
    )


def _must_step(breaks: Floats, prices: Floats) -> None:
    """Raise InputError unless breaks rise and prices do not."""
    for row in range(1, len(breaks)):
        if not breaks[row] > breaks[row - 1]:
            raise InputError("breaks", "must rise from row to row", float(breaks[row]), f"row {row + 1}")
        if not prices[row] <= prices[row - 1]:
            raise InputError("prices", "must not rise with quantity", float(prices[row]), f"row {row + 1}")
