"""Service measured, converted and priced."""

from typing import Annotated, TypeAlias

import numpy as np

from xlinv.catalogue import Argument, Example, Ge, Gt, Lt, Result, Values, answers, function
from xlinv.cells import CellError, Floats
from xlinv.functions.arguments import (
    DemandDistribution,
    DemandMean,
    Distribution,
    LeadTime,
    LeadTimeSd,
    OrderQuantity,
    SdOrBlank,
    Service,
    ServiceType,
)
from xlinv.functions.refusals import refused
from xlinv.kernels import newsvendor, normal, protection
from xlinv.kernels.demand_distribution import CODES

ProtectedSd: TypeAlias = Annotated[
    Values,
    Argument(
        "units", "Standard deviation of demand over the interval protected, as LEADTIMESD gives it.", Gt(0)
    ),
]
Stock: TypeAlias = Annotated[Values, Argument("units", "Stock that meets the demand.")]
Mean: TypeAlias = Annotated[Values, Argument("units", "Mean of the demand itself.", Ge(0))]
Sd: TypeAlias = Annotated[
    Values,
    Argument(
        "units", "Standard deviation of the demand itself; poisson ignores it.", Ge(0), keep_blanks=True
    ),
]
_P2 = "Silver, Pyke & Thomas (2017), ch. 6, rule P2"


@function(
    "SAFETYFACTOR",
    family="Safety stock and service",
    formula="csl: Φ⁻¹(service); fill: k with G(k) = (1 − service)·Q/σ",
    source="Silver, Pyke & Thomas (2017), ch. 6",
    serves=("R098",),
    examples=[
        Example("=SAFETYFACTOR(0.95)", 1.6448536269514722, "one cycle in twenty short"),
        Example('=SAFETYFACTOR(0.99, "fill", 200, 11.4)', 0.5756905967229096, "one unit in a hundred short"),
        Example('=SAFETYFACTOR(0.99, "fill", 200)', CellError.NA, "how uncertain is demand?"),
    ],
)
def safety_factor(
    service: Service,
    service_type: ServiceType,
    order_quantity: Annotated[
        Values, Argument("units", "Quantity of each order, for fill.", Gt(0), default=None)
    ],
    sd: Annotated[
        Values,
        Argument(
            "units",
            "Standard deviation of demand over the interval protected, for fill.",
            Gt(0),
            default=None,
        ),
    ],
) -> Annotated[Values, Result("standard deviations", "Negative where the promise allows it.")]:
    """Standard deviations of demand to hold as safety stock."""
    if service_type == "csl":
        return normal.quantiles(service)
    missing = np.isnan(order_quantity) | np.isnan(sd)
    factors = normal.loss_quantiles(np.where(missing, 1.0, (1.0 - service) * order_quantity / sd))
    sentence = "a fill rate needs 'order_quantity' and 'sd'"
    return answers(factors, (missing, CellError.NA, sentence))


@function(
    "CSLTOFILL",
    family="Safety stock and service",
    formula="1 − σ·G(Φ⁻¹(csl))/Q",
    source=_P2,
    serves=("R098",),
    examples=[
        Example(
            "=CSLTOFILL(0.717587833829826, 11.4, 200)",
            0.99,
            "a cycle service of 72 % fills 99 % of the units",
        ),
        Example("=CSLTOFILL(0.5, 100, 20)", CellError.NUM, "a cycle orders 20 and leaves 39.9 short"),
    ],
)
def csl_to_fill(
    csl: Annotated[Values, Argument("fraction", "Share of cycles without a stockout.", Gt(0), Lt(1))],
    sd: ProtectedSd,
    order_quantity: OrderQuantity,
) -> Annotated[Values, Result("fraction")]:
    """Fill rate that a cycle service level gives under (r,Q)."""
    fill = 1.0 - sd * normal.losses(normal.quantiles(csl)) / order_quantity
    short = fill < 0.0
    sentence = "a cycle would leave more units short than it orders: this service has no fill rate"
    return answers(fill, (short, CellError.NUM, sentence))


@function(
    "FILLTOCSL",
    family="Safety stock and service",
    formula="Φ(k) with G(k) = (1 − fill)·Q/σ",
    source=_P2,
    serves=("R098",),
    examples=[
        Example(
            "=FILLTOCSL(0.99, 11.4, 200)", 0.717587833829826, "99 % of the units need 72 % of the cycles"
        ),
        Example(
            "=FILLTOCSL(0.95, 50, 1000)", 0.18420076853800738, "large lots fill most units by themselves"
        ),
        Example("=FILLTOCSL(0.95, 0, 1000)", CellError.NUM, "without uncertainty nothing is short"),
    ],
)
def fill_to_csl(
    fill: Annotated[Values, Argument("fraction", "Share of units delivered from stock.", Gt(0), Lt(1))],
    sd: ProtectedSd,
    order_quantity: OrderQuantity,
) -> Annotated[Values, Result("fraction")]:
    """Cycle service level that a fill rate needs under (r,Q)."""
    return normal.cumulatives(normal.loss_quantiles((1.0 - fill) * order_quantity / sd))


@function(
    "EXPECTEDSHORT",
    family="Safety stock and service",
    formula="E[(D − stock)⁺]",
    source="Snyder & Shen (2019), appendix C; Zipkin (2000), appendix C",
    serves=("R098",),
    examples=[
        Example(
            '=EXPECTEDSHORT(18, 15, , "poisson")', 0.5176095282584722, "counted demand needs no deviation"
        ),
        Example('=EXPECTEDSHORT(14, 10, 5, "negbin")', 0.725834853931843, "counted demand with a long tail"),
        Example('=EXPECTEDSHORT(14, 10, 3, "negbin")', CellError.NUM, "variance 9 below mean 10"),
    ],
)
def expected_short(
    stock: Stock, demand_mean: Mean, demand_sd: Sd, distribution: DemandDistribution
) -> Annotated[Values, Result("units")]:
    """Expected demand beyond the stock: the loss function of the demand."""
    short, reason = newsvendor.losses(CODES[distribution], stock, demand_mean, demand_sd)
    return refused(short, reason)


@function(
    "EXPECTEDLEFT",
    family="Safety stock and service",
    formula="E[(stock − D)⁺]",
    source="Snyder & Shen (2019), appendix C; Zipkin (2000), appendix C",
    serves=("R098",),
    examples=[
        Example('=EXPECTEDLEFT(18, 15, , "poisson")', 3.517609528258472, "3 units more than EXPECTEDSHORT"),
        Example("=EXPECTEDLEFT(18, 15, -1)", CellError.NUM, "a standard deviation is never negative"),
    ],
)
def expected_left(
    stock: Stock, demand_mean: Mean, demand_sd: Sd, distribution: DemandDistribution
) -> Annotated[Values, Result("units")]:
    """Expected stock left over once the demand is met: the complementary loss function."""
    left, reason = newsvendor.leftovers(CODES[distribution], stock, demand_mean, demand_sd)
    return refused(left, reason)


@function(
    "CRITICALRATIO",
    family="Safety stock and service",
    formula="c_u/(c_u + c_o)",
    source="Arrow, Harris & Marschak (1951), Econometrica 19(3)",
    serves=("R092",),
    examples=[
        Example("=CRITICALRATIO(0.7, 0.18)", 0.7954545454545455, "Snyder & Shen (2019), example 4.3"),
        Example("=CRITICALRATIO(0, 0)", CellError.DIV0, "nothing is at stake"),
    ],
)
def critical_ratio(
    underage: Annotated[Values, Argument("money/unit", "Cost of being one unit short.", Ge(0))],
    overage: Annotated[Values, Argument("money/unit", "Cost of one unit left over.", Ge(0))],
) -> Annotated[Values, Result("fraction")]:
    """Service level at which one more unit costs as much as it saves."""
    return _ratio(underage, overage)


@function(
    "ECONSERVICE",
    family="Safety stock and service",
    formula="(margin + penalty)/(margin + penalty + holding cost)",
    source="Silver, Pyke & Thomas (2017), ch. 9, items for a single period",
    serves=("R092",),
    examples=[
        Example("=ECONSERVICE(8, 1.5, 2)", 0.8695652173913043, "10 at stake when short, 1.5 when over"),
        Example("=ECONSERVICE(0, 0, 0)", CellError.DIV0, "nothing is at stake"),
    ],
)
def econ_service(
    margin: Annotated[Values, Argument("money/unit", "Margin lost with each unit short.", Ge(0))],
    holding_cost: Annotated[
        Values, Argument("money/unit", "Cost of carrying one unit unsold over a replenishment cycle.", Ge(0))
    ],
    penalty: Annotated[
        Values, Argument("money/unit", "Penalty and goodwill lost with each unit short.", Ge(0))
    ],
) -> Annotated[Values, Result("fraction")]:
    """Economic service level: where the cost of carrying a unit meets the loss of missing it."""
    return _ratio(margin + penalty, holding_cost)


def _ratio(underage: Floats, overage: Floats) -> Floats:
    total = underage + overage
    nothing = total == 0.0
    ratio: Floats = underage / np.where(nothing, 1.0, total)
    return answers(ratio, (nothing, CellError.DIV0, "both costs are 0"))


@function(
    "UNITLOSS",
    family="Safety stock and service",
    formula="G(k) = φ(k) − k·(1 − Φ(k))",
    source="Silver, Pyke & Thomas (2017), appendix II; Brown (1967)",
    serves=("R098",),
    examples=[
        Example("=UNITLOSS(1)", 0.08331547058768629, "one standard deviation of stock leaves 0.083 short"),
        Example("=UNITLOSS(-3)", 3.0003821543170477, "a negative k is as good"),
        Example('=UNITLOSS("one")', CellError.VALUE, "text is not a number"),
    ],
)
def unit_loss(
    k: Annotated[Values, Argument("standard deviations", "Safety factor.")],
) -> Annotated[Values, Result("standard deviations")]:
    """Expected shortage of standard normal demand beyond a stock of k: the unit normal loss."""
    return normal.losses(k)


@function(
    "EXPECTEDFILL",
    family="Safety stock and service",
    formula="1 − (E[(D − s)⁺] − E[(D − s − Q)⁺])/Q, D demand over the lead time",
    source="Hadley & Whitin (1963), ch. 4; Silver, Pyke & Thomas (2017), ch. 6",
    serves=("R098", "R127"),
    examples=[
        Example(
            "=EXPECTEDFILL(56.5628728026412, 200, 50, 11.4, 1)",
            0.99,
            "the reorder point that REORDERPOINT gives for 0.99",
            1e-7,
        ),
        Example('=EXPECTEDFILL(10, 5, 3, , 2, , "poisson")', 0.9846861565576068, "counted demand"),
        Example("=EXPECTEDFILL(10, 0, 3, 1, 2)", CellError.NUM, "an order of nothing fills nothing"),
    ],
)
def expected_fill(
    reorder_point: Annotated[Values, Argument("units", "Inventory position at which an order is placed.")],
    order_quantity: OrderQuantity,
    demand_mean: DemandMean,
    demand_sd: SdOrBlank,
    lead_time: LeadTime,
    lead_time_sd: LeadTimeSd,
    distribution: Distribution,
) -> Annotated[
    Values,
    Result(
        "fraction", "At least what REORDERPOINT aimed at, which counts the shortage at one end of a cycle."
    ),
]:
    """Share of units delivered from stock under an (r,Q) policy with backorders."""
    fill, reason = protection.fill_rates(
        CODES[distribution], reorder_point, order_quantity, demand_mean, demand_sd, lead_time, lead_time_sd
    )
    return refused(fill, reason)
