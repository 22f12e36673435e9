"""What inventory earns, and what it costs to carry."""

from typing import Annotated

from xlinv.catalogue import Argument, Divisor, Example, Ge, Lt, Result, Values, function
from xlinv.cells import CellError
from xlinv.functions.arguments import AverageInventory, CarryingRate, GrossMargin, OrderCost


@function(
    "GMROII",
    family="Finance and inventory quality",
    formula="gross_margin / inventory_cost",
    source="Sweeney (1973), Journal of Marketing 37(1), 60–68",
    serves=("R013", "R062"),
    examples=[
        Example("=GMROII(150000, 50000)", 3.0, "3 of margin for every 1 of stock"),
        Example("=GMROII({90,-20}, 60)", [[1.5, -0.3333333333333333]], "an item sold at a loss"),
        Example("=GMROII(150000, 0)", CellError.DIV0, "no stock to earn a return on"),
    ],
)
def gmroii(
    gross_margin: GrossMargin,
    inventory_cost: Annotated[
        Values,
        Argument("money", "Average inventory of the same period at cost, not retail.", Ge(0), Divisor()),
    ],
) -> Annotated[Values, Result("ratio")]:
    """Gross margin return on inventory investment."""
    return gross_margin / inventory_cost


@function(
    "GMROIITURN",
    family="Finance and inventory quality",
    formula="margin_rate / (1 − margin_rate) · cost_turns",
    source="Sweeney (1973), Journal of Marketing 37(1), 60–68; margin per cost = m/(1 − m)",
    serves=("R013",),
    examples=[
        Example("=GMROIITURN(0.6, 2.5)", 3.75, "fashion: much margin, few turns"),
        Example("=GMROIITURN(0.4, 7)", 4.666666666666667, "grocery: little margin, many turns"),
        Example("=GMROIITURN(1, 2.5)", CellError.NUM, "all margin and no cost has no cost turns"),
    ],
)
def gmroii_turn(
    margin_rate: Annotated[Values, Argument("fraction", "Gross margin as a share of revenue.", Lt(1))],
    cost_turns: Annotated[
        Values, Argument("turns", "Cost of goods sold over average inventory at cost.", Ge(0))
    ],
) -> Annotated[Values, Result("ratio")]:
    """Gross margin return on inventory investment, from margin and turns at cost."""
    return margin_rate / (1.0 - margin_rate) * cost_turns


@function(
    "TURNS",
    family="Finance and inventory quality",
    formula="cogs / inventory",
    source="Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed.",
    serves=("R014",),
    examples=[
        Example("=TURNS(300000, 50000)", 6.0, "365 / 6 = 60.8 days"),
        Example("=TURNS(300000, 0)", CellError.DIV0, "no stock to turn"),
    ],
)
def turns(
    cogs: Annotated[Values, Argument("money", "Cost of goods sold in the period.", Ge(0))],
    inventory: Annotated[
        Values, Argument("money", "Average inventory of the period at cost.", Ge(0), Divisor())
    ],
) -> Annotated[Values, Result("turns", "DIO × TURNS is the number of days of the period.")]:
    """Inventory turns: how often stock is sold and replaced in the period."""
    return cogs / inventory


@function(
    "CARRYRATE",
    family="Finance and inventory quality",
    formula="capital + storage + service + risk",
    source="Stock & Lambert (2001), Strategic Logistics Management, 4th ed.",
    serves=("R012",),
    examples=[
        Example(
            "=CARRYRATE(0.08, 0.02, 0.005, 0.02)", 0.125, "a build-up that ends far below the folklore 25 %"
        ),
        Example("=CARRYRATE(0.08, , 0.005, 0.02)", CellError.NA, "storage has to be stated, if only as 0"),
    ],
)
def carry_rate(
    capital: Annotated[Values, Argument("fraction/year", "Cost of capital; say before or after tax.", Ge(0))],
    storage: Annotated[
        Values,
        Argument("fraction/year", "Space and handling that more or less stock would change.", Ge(0)),
    ],
    service: Annotated[Values, Argument("fraction/year", "Insurance and taxes on stock.", Ge(0))],
    risk: Annotated[
        Values, Argument("fraction/year", "Obsolescence, damage, shrinkage and relocation.", Ge(0))
    ],
) -> Annotated[Values, Result("fraction/year")]:
    """Carrying cost rate of inventory, built up from its four components."""
    return capital + storage + service + risk


@function(
    "CARRYCOST",
    family="Finance and inventory quality",
    formula="inventory · rate · years",
    source="Stock & Lambert (2001), Strategic Logistics Management, 4th ed.",
    serves=("R012",),
    examples=[
        Example("=CARRYCOST(50000, 0.125)", 6250.0, "a year"),
        Example("=CARRYCOST(50000, 0.125, 0.25)", 1562.5, "a quarter"),
        Example("=CARRYCOST(-50000, 0.125)", CellError.NUM, "negative stock"),
    ],
)
def carry_cost(
    inventory: AverageInventory,
    rate: CarryingRate,
    years: Annotated[Values, Argument("years", "How long it is carried.", Ge(0), default=1)],
) -> Annotated[Values, Result("money")]:
    """Cost of carrying inventory."""
    return inventory * rate * years


@function(
    "NETMARGIN",
    family="Finance and inventory quality",
    formula="gross_margin − inventory · carry_rate",
    source="Economic margin after a charge for capital: Stock & Lambert (2001), 4th ed.",
    serves=("R015",),
    examples=[
        Example("=NETMARGIN(20000, 50000, 0.25)", 7500.0, "12,500 of the margin goes into carrying stock"),
        Example("=NETMARGIN(10000, 50000, 0.25)", -2500.0, "a profitable item that is not"),
        Example("=NETMARGIN(20000, 50000, -0.25)", CellError.NUM, "a negative rate"),
    ],
)
def net_margin(
    gross_margin: GrossMargin, inventory: AverageInventory, carry_rate: CarryingRate
) -> Annotated[Values, Result("money", "For the period of the margin; for less than a year scale the rate.")]:
    """Gross margin after the cost of carrying the inventory that earns it."""
    return gross_margin - inventory * carry_rate


@function(
    "TOTALINVCOST",
    family="Finance and inventory quality",
    formula="average_inventory · rate + orders · order_cost + shortage_cost + handling + transfer",
    source="Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed.",
    serves=("R011",),
    examples=[
        Example("=TOTALINVCOST(50000, 0.2, 24, 75)", 11800.0, "10,000 to carry and 1,800 to order"),
        Example("=TOTALINVCOST(50000, 0.2, 24, 75, 900, 400, 250)", 13350.0, "the whole cost stack"),
        Example("=TOTALINVCOST(50000, , 24, 75)", CellError.NA, "the rate has to be stated"),
    ],
)
def total_inventory_cost(
    average_inventory: AverageInventory,
    rate: CarryingRate,
    orders: Annotated[Values, Argument("orders/year", "Orders placed in a year.", Ge(0))],
    order_cost: OrderCost,
    shortage_cost: Annotated[
        Values, Argument("money/year", "Backorders, lost margin, expediting.", Ge(0), default=0)
    ],
    handling: Annotated[Values, Argument("money/year", "Handling not in the rate.", Ge(0), default=0)],
    transfer: Annotated[Values, Argument("money/year", "Transfers between sites.", Ge(0), default=0)],
) -> Annotated[Values, Result("money/year")]:
    """Total cost of inventory in a year: to carry, to order, to be short, to handle and to transfer."""
    return average_inventory * rate + orders * order_cost + shortage_cost + handling + transfer
