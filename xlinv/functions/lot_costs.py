"""What lot sizes cost to serve, and what minimum quantities, split deliveries and discounts change."""

import math
from typing import Annotated, Any, Final, TypeAlias

from xlinv.catalogue import (
    Argument,
    Column,
    Divisor,
    Example,
    Ge,
    Gt,
    Result,
    Row,
    Table,
    Value,
    Values,
    Whole,
    function,
)
from xlinv.cells import CellError
from xlinv.functions.arguments import (
    Demand,
    HoldingCost,
    OneHoldingCost,
    OneOrderCost,
    OneOrderQuantity,
    OrderCost,
    OrderQuantity,
)
from xlinv.kernels import economic_order

_FREIGHT: Final = Argument("money/order", "Cost of shipping one order, whatever its size.", Ge(0), default=0)
_HANDLING: Final = Argument("money/unit", "Cost of handling one unit.", Ge(0), default=0)
_OBSOLESCENCE: Final = Argument(
    "money/unit/period", "Expected loss of value of one unit carried for one period.", Ge(0), default=0
)
RateOfDemand: TypeAlias = Annotated[Values, Argument("units/period", "Demand per period.", Ge(0), Divisor())]
OneRateOfDemand: TypeAlias = Annotated[
    Value, Argument("units/period", "Demand per period.", Ge(0), Divisor())
]
_COMPARED: Final = (
    "lot",
    "quantity",
    "ordering",
    "freight",
    "holding",
    "obsolescence",
    "handling",
    "total",
    "above least",
)
_COMPARED_UNITS: Final = ", ".join(["text", "units"] + ["money/period"] * 7)


@function(
    "COSTTOSERVE",
    family="Lot sizing",
    formula="(K + f)·D/Q + (h + o)·Q/2 + c·D",
    source="Harris (1913), Factory 10(2), with freight, obsolescence and handling added",
    serves=("R103",),
    examples=[
        Example("=COSTTOSERVE(250, 1300, 8, 0.225)", 69.725, "with no other cost it is EOQCOST"),
        Example(
            "=COSTTOSERVE(250, 1300, 8, 0.225, 12, 0.1, 0.05)",
            268.375,
            "5.2 orders at 20, 125 units at 0.275, 1,300 units handled",
        ),
        Example("=COSTTOSERVE(0, 1300, 8, 0.225)", CellError.NUM, "no order of nothing"),
    ],
)
def cost_to_serve(
    order_quantity: OrderQuantity,
    demand: Demand,
    order_cost: OrderCost,
    holding_cost: HoldingCost,
    freight: Annotated[Values, _FREIGHT],
    handling: Annotated[Values, _HANDLING],
    obsolescence: Annotated[Values, _OBSOLESCENCE],
) -> Annotated[Values, Result("money/period")]:
    """Cost per period of serving demand with orders of a given quantity."""
    lots = economic_order.cost(order_quantity, demand, order_cost + freight, holding_cost + obsolescence)
    return lots + handling * demand


@function(
    "LOTCOMPARE",
    family="Lot sizing",
    formula="COSTTOSERVE by its parts; EOQ = √(2·K·D/h); least cost to serve = √(2·(K + f)·D/(h + o))",
    source="Harris (1913), Factory 10(2), with freight, obsolescence and handling added",
    serves=("R103",),
    examples=[
        Example(
            "=LOTCOMPARE({250}, 1000, 10, 0.5, 30)",
            [
                list(_COMPARED),
                ["given", 250.0, 40.0, 120.0, 62.5, 0.0, 0.0, 222.5, 22.5],
                ["EOQ", 200.0, 50.0, 150.0, 50.0, 0.0, 0.0, 250.0, 50.0],
                ["least cost to serve", 400.0, 25.0, 75.0, 100.0, 0.0, 0.0, 200.0, 0.0],
            ],
            "freight of 30 per order is worth lots of twice the EOQ",
        ),
        Example("=LOTCOMPARE({0;250}, 1000, 10, 0.5)", CellError.NUM, "no order of nothing"),
    ],
)
def lot_compare(
    quantities: Annotated[Column, Argument("units", "Order quantities to compare.", Gt(0))],
    demand: Annotated[Value, Argument("units/period", "Demand per period.", Gt(0))],
    order_cost: Annotated[Value, Argument("money/order", "Cost of placing one order.", Gt(0))],
    holding_cost: OneHoldingCost,
    freight: Annotated[Value, _FREIGHT],
    handling: Annotated[Value, _HANDLING],
    obsolescence: Annotated[Value, _OBSOLESCENCE],
) -> Annotated[
    Table,
    Result(
        _COMPARED_UNITS,
        "The given quantities, then the economic order quantity and the one that costs least to serve.",
        _COMPARED,
    ),
]:
    """Cost to serve of several order quantities by its parts, against the best ones."""
    per_order, per_unit = order_cost + freight, holding_cost + obsolescence
    eoq = math.sqrt(2.0 * order_cost * demand / holding_cost)
    best = math.sqrt(2.0 * per_order * demand / per_unit)
    lots = [("given", float(quantity)) for quantity in quantities]
    rows: list[list[Any]] = []
    for lot, quantity in [*lots, ("EOQ", eoq), ("least cost to serve", best)]:
        orders, stock = demand / quantity, quantity / 2.0
        parts = (
            order_cost * orders,
            freight * orders,
            holding_cost * stock,
            obsolescence * stock,
            handling * demand,
        )
        rows.append([lot, quantity, *parts, math.fsum(parts)])
    least = rows[-1][-1]
    return [list(_COMPARED), *[[*row, row[-1] - least] for row in rows]]


@function(
    "MOQIMPACT",
    family="Lot sizing",
    formula="(Q − EOQ)/2 with Q = max(moq, EOQ); times the unit cost; EOQCOST(Q) − EOQCOST(EOQ)",
    source="Silver, Pyke & Thomas (2017), ch. 4, sensitivity of the economic order quantity",
    serves=("R104",),
    examples=[
        Example(
            "=MOQIMPACT(400, 1000, 10, 0.5, 3)",
            [[100.0, 300.0, 25.0]],
            "twice the EOQ of 200: 100 more units on average, a quarter more cost",
        ),
        Example("=MOQIMPACT(100, 1000, 10, 0.5, 3)", [[0.0, 0.0, 0.0]], "below the EOQ it does not bind"),
        Example("=MOQIMPACT(-1, 1000, 10, 0.5, 3)", CellError.NUM, "no minimum below 0"),
    ],
)
def moq_impact(
    moq: Annotated[Value, Argument("units", "Smallest quantity that may be ordered.", Ge(0))],
    demand: OneRateOfDemand,
    order_cost: OneOrderCost,
    holding_cost: OneHoldingCost,
    unit_cost: Annotated[Value, Argument("money/unit", "Cost of one unit.", Ge(0))],
) -> Annotated[
    Row,
    Result(
        "units, money, money/period",
        "Average stock, cash and cost above those of the economic order quantity.",
        ("extra units", "cash", "cost"),
    ),
]:
    """What a minimum order quantity adds to stock, cash tied up and cost."""
    ideal = math.sqrt(2.0 * order_cost * demand / holding_cost)
    if moq <= ideal:
        return 0.0, 0.0, 0.0
    units = (moq - ideal) / 2.0
    # (moq − EOQ)²·h/(2·moq) is the difference of the two costs, without its cancellation.
    return units, units * unit_cost, holding_cost * (moq - ideal) * ((moq - ideal) / moq) / 2.0


@function(
    "SPLITSHIP",
    family="Lot sizing",
    formula="h·Q/2·(1 − 1/n) − c·(n − 1)·D/Q; break-even c = h·Q²/(2·n·D)",
    source="Harris (1913), Factory 10(2): the same order, but in n equal deliveries evenly spread",
    serves=("R105",),
    examples=[
        Example(
            "=SPLITSHIP(1200, 4, 15, 0.5, 3600)", [[90.0, 25.0]], "worth it while a receipt costs below 25"
        ),
        Example("=SPLITSHIP(1200, 0, 15, 0.5, 3600)", CellError.NUM, "at least one shipment"),
    ],
)
def split_ship(
    order_quantity: OneOrderQuantity,
    shipments: Annotated[
        Value, Argument("count", "Equal shipments in which an order comes.", Ge(1), Whole())
    ],
    receipt_cost: Annotated[
        Value, Argument("money/receipt", "Cost of receiving one more shipment, freight included.", Ge(0))
    ],
    holding_cost: OneHoldingCost,
    demand: OneRateOfDemand,
) -> Annotated[
    Row,
    Result(
        "money/period, money/receipt",
        "Below 0 where the receipts cost more than the stock saved.",
        ("saving", "break-even receipt cost"),
    ),
]:
    """Saving of having orders delivered in several shipments, and the receipt cost up to which it pays."""
    carried = holding_cost * order_quantity / 2.0 * (1.0 - 1.0 / shipments)
    receipts = (shipments - 1.0) * demand / order_quantity
    break_even = holding_cost * order_quantity / (2.0 * shipments) * (order_quantity / demand)
    return carried - receipt_cost * receipts, break_even


@function(
    "DISCOUNTBUY",
    family="Lot sizing",
    formula="Q·(v − d) + Q/D·√(2·K·D·v·r) − K − d·r·Q²/(2·D); cover Q/D",
    source="Silver, Pyke & Thomas (2017), ch. 4, one-time opportunity to buy at a reduced price",
    serves=("R050",),
    examples=[
        Example(
            "=DISCOUNTBUY(100, 10, 9, 400, 0.02)", [[256.0, 4.0]], "400 saved, four periods' stock costs 144"
        ),
        Example(
            "=DISCOUNTBUY(100, 10, 9, 1600, 0.02)",
            [[-704.0, 16.0]],
            "more than demand can absorb: the discount is lost",
        ),
        Example("=DISCOUNTBUY(0, 10, 9, 400, 0.02)", CellError.DIV0, "without demand it lasts for ever"),
    ],
)
def discount_buy(
    demand: OneRateOfDemand,
    price: Annotated[Value, Argument("money/unit", "Price as a rule.", Ge(0))],
    discount_price: Annotated[Value, Argument("money/unit", "Price of this purchase.", Ge(0))],
    order_quantity: OneOrderQuantity,
    carry_rate: Annotated[
        Value, Argument("1/period", "Carrying cost as a fraction of the price, per period.", Ge(0))
    ],
    order_cost: Annotated[
        Value,
        Argument(
            "money/order",
            "Cost of placing an order; 0 compares with buying just in time, else with orders of the EOQ.",
            Ge(0),
            default=0,
        ),
    ],
) -> Annotated[
    Row,
    Result("money, periods", "Below 0 where the offer costs more than it saves.", ("net benefit", "cover")),
]:
    """Net benefit of one purchase at a reduced price, and for how long it lasts."""
    cover = order_quantity / demand
    saved = order_quantity * (price - discount_price)
    not_ordered = cover * math.sqrt(2.0 * order_cost * demand * price * carry_rate) - order_cost
    return saved + not_ordered - discount_price * carry_rate * order_quantity * cover / 2.0, cover


@function(
    "BATCHDAYS",
    family="Lot sizing",
    formula="B/D",
    source="Hopp & Spearman (2011), Factory Physics: a batch in units of time",
    serves=("R106",),
    examples=[
        Example("=BATCHDAYS(1800, 60)", 30.0, "every batch serves a month"),
        Example("=BATCHDAYS(1800, 0)", CellError.DIV0, "without demand it lasts for ever"),
    ],
)
def batch_days(
    batch: Annotated[Values, Argument("units", "Production batch.", Ge(0))],
    demand: RateOfDemand,
) -> Annotated[Values, Result("periods", "Days where the demand is per day.")]:
    """Periods of demand that one production batch serves."""
    return batch / demand
