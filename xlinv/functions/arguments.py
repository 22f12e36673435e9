"""Arguments that several functions share, each declared once."""

from typing import Annotated, TypeAlias

from xlinv.catalogue import Argument, Column, Ge, Gt, History, Lt, Option, Value, Values

Service: TypeAlias = Annotated[Values, Argument("fraction", "Service level promised.", Gt(0), Lt(1))]
DemandMean: TypeAlias = Annotated[Values, Argument("units/period", "Mean demand per period.", Ge(0))]
DemandSd: TypeAlias = Annotated[
    Values,
    Argument("units/period", "Standard deviation of demand per period, better of its forecast error.", Ge(0)),
]
SdOrBlank: TypeAlias = Annotated[
    Values,
    Argument(
        "units/period",
        "Standard deviation of demand per period, better of its forecast error; poisson ignores it.",
        Ge(0),
        keep_blanks=True,
    ),
]
LeadTime: TypeAlias = Annotated[Values, Argument("periods", "Replenishment lead time.", Ge(0))]
LeadTimeSd: TypeAlias = Annotated[
    Values, Argument("periods", "Standard deviation of the lead time.", Ge(0), default=0)
]
ReviewPeriod: TypeAlias = Annotated[
    Values, Argument("periods", "Time between reviews; 0 for continuous review.", Ge(0), default=0)
]
_DISTRIBUTIONS = ("normal", "gamma", "poisson", "negbin", "lognormal")
Distribution: TypeAlias = Annotated[
    Option,
    Argument(
        "",
        "Distribution of demand over the protection interval; negbin is the negative binomial.",
        default="normal",
        options=_DISTRIBUTIONS,
    ),
]
DemandDistribution: TypeAlias = Annotated[
    Option,
    Argument(
        "",
        "Distribution of the demand whose mean is given; negbin is the negative binomial.",
        default="normal",
        options=_DISTRIBUTIONS,
    ),
]
ServiceType: TypeAlias = Annotated[
    Option,
    Argument(
        "",
        "What is promised: csl, no stockout in a replenishment cycle; fill, the share of units from stock.",
        default="csl",
        options=("csl", "fill"),
    ),
]
_DEMAND = Argument("units/period", "Demand per period.", Ge(0))
_ORDER_COST = Argument("money/order", "Cost of placing one order.", Ge(0))
_HOLDING_COST = Argument("money/unit/period", "Cost of carrying one unit for one period.", Gt(0))
_ORDER_QUANTITY = Argument("units", "Quantity of each order.", Gt(0))

OrderQuantity: TypeAlias = Annotated[Values, _ORDER_QUANTITY]
Demand: TypeAlias = Annotated[Values, _DEMAND]
OrderCost: TypeAlias = Annotated[Values, _ORDER_COST]
HoldingCost: TypeAlias = Annotated[Values, _HOLDING_COST]
OneOrderQuantity: TypeAlias = Annotated[Value, _ORDER_QUANTITY]
OneDemand: TypeAlias = Annotated[Value, _DEMAND]
OneOrderCost: TypeAlias = Annotated[Value, _ORDER_COST]
OneHoldingCost: TypeAlias = Annotated[Value, _HOLDING_COST]
DemandHistory: TypeAlias = Annotated[
    History,
    Argument(
        "units/period",
        "Demand per period, one item per row; a single column is one item too, and a blank a period not "
        "observed.",
        Ge(0),
    ),
]
Actual: TypeAlias = Annotated[Column, Argument("units/period", "Demand that came.")]
Forecast: TypeAlias = Annotated[Column, Argument("units/period", "Forecast of the same periods.")]
GrossMargin: TypeAlias = Annotated[
    Values, Argument("money", "Revenue less cost of goods sold in the period; negative for a loss.")
]
AverageInventory: TypeAlias = Annotated[Values, Argument("money", "Average inventory at cost.", Ge(0))]
CarryingRate: TypeAlias = Annotated[
    Values, Argument("fraction/year", "Carrying cost rate, built up as in CARRYRATE.", Ge(0))
]
SafetyStock: TypeAlias = Annotated[Values, Argument("units", "Safety stock.", Ge(0), default=0)]
OnHand: TypeAlias = Annotated[Values, Argument("units", "Stock on hand.", Ge(0))]
