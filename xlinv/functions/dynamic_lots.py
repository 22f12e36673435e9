"""Lot sizes for demand that is known and varies over time."""

from typing import Annotated, TypeAlias

from xlinv.catalogue import Argument, Example, Ge, PerPeriod, Result, Series, Value, function
from xlinv.cells import CellError, Floats, InputError
from xlinv.kernels import dynamic_lots

DemandPlan: TypeAlias = Annotated[
    Series, Argument("units/period", "Demand, first period first; all of it is met in time.", Ge(0))
]
OrderCosts: TypeAlias = Annotated[
    PerPeriod, Argument("money/order", "Cost of placing an order in the period.", Ge(0))
]
HoldingCosts: TypeAlias = Annotated[
    PerPeriod,
    Argument("money/unit/period", "Cost of one unit in stock at the end of the period.", Ge(0)),
]
UnitCosts: TypeAlias = Annotated[
    PerPeriod, Argument("money/unit", "Price of one unit ordered in the period.", Ge(0), default=0)
]
Lots: TypeAlias = Annotated[Series, Result("units", "One quantity per period, 0 where nothing is ordered.")]


@function(
    "WAGNERWHITIN",
    family="Lot sizing",
    formula="θ(t) = min over s > t of K_t + c_t·Σd + Σ carrying cost + θ(s), sums over t … s − 1",
    source="Wagner & Whitin (1958), Management Science 5(1); Wagelmans, van Hoesel & Kolen (1992)",
    serves=("R109",),
    examples=[
        Example(
            "=WAGNERWHITIN({90;120;80;70}, 500, 2)",
            [[210.0], [0.0], [150.0], [0.0]],
            "Snyder & Shen (2019), example 3.9: cost 1,380",
        ),
        Example(
            "=WAGNERWHITIN({730;580;445;650;880}, 100, 0.1)",
            [[1310.0], [0.0], [1095.0], [0.0], [880.0]],
            "Snyder & Shen (2019), problem 3.29: cost 423",
        ),
        Example(
            "=WAGNERWHITIN({40;60;50}, 100, 1, {5;9;9})",
            [[150.0], [0.0], [0.0]],
            "a price rise ahead: buy before it",
        ),
        Example("=WAGNERWHITIN({90;-1}, 500, 2)", CellError.NUM, "demand below 0"),
    ],
)
def wagner_whitin(
    demand: DemandPlan, order_cost: OrderCosts, holding_cost: HoldingCosts, unit_cost: UnitCosts
) -> Lots:
    """Order quantities that meet known demand at least total cost."""
    return dynamic_lots.cheapest_lots(demand, order_cost, holding_cost, unit_cost)


@function(
    "SILVERMEAL",
    family="Lot sizing",
    formula="extend the lot while (K + Σ carrying cost)/periods covered does not rise",
    source="Silver & Meal (1973), Production and Inventory Management 14(2)",
    serves=("R109",),
    examples=[
        Example(
            "=SILVERMEAL({90;120;80;70}, 500, 2)",
            [[290.0], [0.0], [0.0], [70.0]],
            "1,560 against the 1,380 of WAGNERWHITIN",
        ),
        Example('=SILVERMEAL({90;"x"}, 500, 2)', CellError.VALUE, "text is no demand"),
    ],
)
def silver_meal(
    demand: DemandPlan, order_cost: OrderCosts, holding_cost: HoldingCosts, unit_cost: UnitCosts
) -> Lots:
    """Order quantities by the Silver-Meal heuristic, which never looks back or far ahead."""
    return dynamic_lots.silver_meal_lots(demand, order_cost, holding_cost, unit_cost)


@function(
    "PARTPERIOD",
    family="Lot sizing",
    formula="the lot whose carrying cost is nearest to K; of equally near ones the longer",
    source="DeMatteis (1968), IBM Systems Journal 7(1)",
    serves=("R109",),
    examples=[
        Example(
            "=PARTPERIOD({90;120;80;70}, 500, 2)",
            [[290.0], [0.0], [0.0], [70.0]],
            "carrying 560 is nearer to 500 than 240",
        ),
        Example("=PARTPERIOD({90;120}, 500, -2)", CellError.NUM, "carrying cannot cost less than nothing"),
    ],
)
def part_period(
    demand: DemandPlan, order_cost: OrderCosts, holding_cost: HoldingCosts, unit_cost: UnitCosts
) -> Lots:
    """Order quantities by part-period balancing: carrying a lot costs about what ordering it does."""
    return dynamic_lots.part_period_lots(demand, order_cost, holding_cost, unit_cost)


@function(
    "LOTFORLOT",
    family="Lot sizing",
    formula="Q_t = d_t",
    source="Orlicky (1975), Material Requirements Planning, ch. 6",
    serves=("R109",),
    examples=[
        Example("=LOTFORLOT({90;0;80}, 500, 2)", [[90.0], [0.0], [80.0]], "each period its own order"),
        Example("=LOTFORLOT({90;-1;80}, 500, 2)", CellError.NUM, "demand below 0"),
    ],
)
def lot_for_lot(
    demand: DemandPlan, order_cost: OrderCosts, holding_cost: HoldingCosts, unit_cost: UnitCosts
) -> Lots:
    """Order quantities that follow demand, which carry no stock and order most often."""
    return demand


@function(
    "LOTCOST",
    family="Lot sizing",
    formula="Σ K_t·[Q_t > 0] + h_t·stock_t + c_t·Q_t",
    source="Wagner & Whitin (1958), Management Science 5(1)",
    serves=("R109",),
    examples=[
        Example("=LOTCOST({210;0;150;0}, {90;120;80;70}, 500, 2)", 1380.0, "the plan of WAGNERWHITIN"),
        Example("=LOTCOST({90;120;80;70}, {90;120;80;70}, 500, 2)", 2000.0, "lot for lot: four orders"),
        Example("=LOTCOST({90;0}, {90;120}, 500, 2)", CellError.NUM, "120 units short in period 2"),
    ],
)
def lot_cost(
    plan: Annotated[Series, Argument("units", "Quantity ordered in each period.", Ge(0))],
    demand: DemandPlan,
    order_cost: OrderCosts,
    holding_cost: HoldingCosts,
    unit_cost: UnitCosts,
) -> Annotated[Value, Result("money", "Over all periods; no stock at the start, none may be missing.")]:
    """Cost of ordering, carrying and buying what a plan orders to meet known demand."""
    stock = dynamic_lots.closing_stock(plan, demand)
    _must_suffice(plan, stock)
    return dynamic_lots.plan_cost(plan, stock, order_cost, holding_cost, unit_cost)


def _must_suffice(plan: Floats, stock: Floats) -> None:
    """Raise InputError where the plan leaves demand unmet."""
    short = stock < 0.0
    if short.any():
        period = int(short.argmax())
        rule = f"must meet demand in time, but is {-stock[period]:g} units short"
        raise InputError("plan", rule, float(plan[period]), f"row {period + 1}")
