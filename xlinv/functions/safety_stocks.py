"""Safety stock and the levels built on it: reorder point and order-up-to level."""

from typing import Annotated, TypeAlias

import numpy as np

from xlinv.catalogue import Argument, Column, Example, Ge, Gt, Lt, Result, Table, Value, Values, function
from xlinv.cells import CellError
from xlinv.functions.arguments import (
    DemandMean,
    DemandSd,
    Distribution,
    LeadTime,
    LeadTimeSd,
    ReviewPeriod,
    SdOrBlank,
    Service,
    ServiceType,
)
from xlinv.functions.refusals import refuse_first, refused
from xlinv.kernels import protection
from xlinv.kernels.demand_distribution import CODES

_LEVELS = (0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999)
_SOURCE = "Silver, Pyke & Thomas (2017), Inventory and Production Management, ch. 6; King (2011), APICS"

MeanIfNeeded: TypeAlias = Annotated[
    Values,
    Argument(
        "units/period",
        "Mean demand per period; needed where the lead time varies and by every distribution but normal.",
        Ge(0),
        default=0,
    ),
]
CycleQuantity: TypeAlias = Annotated[
    Values,
    Argument(
        "units",
        "Order quantity of (r,Q), for a fill rate; without it the policy is (R,S).",
        Gt(0),
        default=None,
    ),
]


@function(
    "SAFETYSTOCK",
    family="Safety stock and service",
    formula=(
        "csl: F⁻¹(service) − μ·(L + R), for normal z·√((L + R)·σ² + μ²·σ_L²); "
        "fill, (r,Q): E[(D − s)⁺] = (1 − β)·Q; "
        "fill, (R,S): E[(D − S)⁺] over L + R less that over L = (1 − β)·μ·R"
    ),
    source=f"{_SOURCE}; Hadley & Whitin (1963), ch. 5, for both ends of an (R,S) cycle",
    serves=("R089", "R107"),
    examples=[
        Example("=SAFETYSTOCK(0.95, 20, 4)", 65.79414507805886, "z = 1.6449 times 20·√4"),
        Example("=SAFETYSTOCK(0.95, 5, 6, 2, 50)", 165.71441113876742, "lead time varies: King (2011)"),
        Example('=SAFETYSTOCK(0.99, 11.4, 1, , , , "fill", 200)', 6.562872802641169, "G(k) = 0.01·200/11.4"),
        Example(
            '=SAFETYSTOCK(0.97, 20, 3, , 50, 1, "fill")',
            55.45479947092497,
            "(R,S): shortage at both ends of a cycle",
        ),
        Example('=SAFETYSTOCK(0.95, 6, 3, , 4, , , , "gamma")', 20.527587675026453, "skewed demand"),
        Example('=SAFETYSTOCK(0.95, , 2, , 3, , , , "poisson")', 4.0, "10 units less the mean of 6"),
        Example("=SAFETYSTOCK(0.3, 20, 4)", -20.97602050832163, "below one half it is negative, and shown"),
        Example("=SAFETYSTOCK(1, 20, 4)", CellError.NUM, "no stock covers every demand"),
        Example('=SAFETYSTOCK(0.95, 20, 4, , , , "fill")', CellError.NA, "fill of what cycle?"),
    ],
)
def safety_stock(
    service: Service,
    demand_sd: SdOrBlank,
    lead_time: LeadTime,
    lead_time_sd: LeadTimeSd,
    demand_mean: MeanIfNeeded,
    review_period: ReviewPeriod,
    service_type: ServiceType,
    order_quantity: CycleQuantity,
    distribution: Distribution,
) -> Annotated[Values, Result("units", "Negative where the promise needs less than the mean demand.")]:
    """Stock held against uncertain demand and lead time to keep a service promise."""
    if service_type == "csl" and distribution == "normal" and not np.isnan(demand_sd).any():
        return protection.normal_safety_stocks(
            service, demand_sd, lead_time, lead_time_sd, demand_mean, review_period
        )
    levels, reason = protection.stocks(
        CODES[distribution],
        service_type == "fill",
        service,
        demand_sd,
        lead_time,
        lead_time_sd,
        demand_mean,
        review_period,
        order_quantity,
        True,
    )
    return refused(levels, reason)


@function(
    "REORDERPOINT",
    family="Safety stock and service",
    formula="μ·(L + R) + safety stock; for poisson and negbin the smallest integer that meets the service",
    source=f"{_SOURCE}; Burgin (1975), Operational Research Quarterly 26(3), for gamma",
    serves=("R089", "R097"),
    examples=[
        Example("=REORDERPOINT(0.95, 50, 5, 6, 2)", 465.71441113876745, "lead time varies: King (2011)"),
        Example('=REORDERPOINT(0.95, 4, 6, 3, , , , , "gamma")', 32.52758767502645, "Burgin's gamma demand"),
        Example('=REORDERPOINT(0.95, 4, 6, 3, , , , , "negbin")', 32.0, "P(D ≤ 32) = 0.9504"),
        Example('=REORDERPOINT(0.95, 4, 1, 3, , , , , "negbin")', CellError.NUM, "variance 3 below mean 12"),
    ],
)
def reorder_point(
    service: Service,
    demand_mean: DemandMean,
    demand_sd: SdOrBlank,
    lead_time: LeadTime,
    lead_time_sd: LeadTimeSd,
    review_period: ReviewPeriod,
    service_type: ServiceType,
    order_quantity: CycleQuantity,
    distribution: Distribution,
) -> Annotated[
    Values,
    Result(
        "units",
        "Exact where an order is placed the moment the position passes it. Looked at once a period, the "
        "position undershoots: for 95 % of cycles (μ 60, σ 20, L 4, Q 600) simulation gave 76 % with "
        "review_period 0 and 98 % with 1. SIMPOLICY shows it for your policy.",
    ),
]:
    """Inventory position at which an order is due."""
    levels, reason = protection.stocks(
        CODES[distribution],
        service_type == "fill",
        service,
        demand_sd,
        lead_time,
        lead_time_sd,
        demand_mean,
        review_period,
        order_quantity,
        False,
    )
    return refused(levels, reason)


@function(
    "ORDERUPTO",
    family="Safety stock and service",
    formula="μ·(L + R) + safety stock of (R,S); for poisson and negbin the smallest integer that serves",
    source=f"{_SOURCE}; Hadley & Whitin (1963), ch. 5",
    serves=("R089", "R097"),
    examples=[
        Example("=ORDERUPTO(0.9, 100, 30, 4, 2)", 694.1744224394766, "six periods protected"),
        Example('=ORDERUPTO(0.97, 50, 20, 3, 1, , "fill")', 255.45479947092497, "share of units"),
        Example(
            '=ORDERUPTO(0.97, 50, 20, 3, 0, , "fill")', CellError.NA, "without a review there is no cycle"
        ),
    ],
)
def order_up_to(
    service: Service,
    demand_mean: DemandMean,
    demand_sd: SdOrBlank,
    lead_time: LeadTime,
    review_period: Annotated[Values, Argument("periods", "Time between reviews.", Ge(0))],
    lead_time_sd: LeadTimeSd,
    service_type: ServiceType,
    distribution: Distribution,
) -> Annotated[
    Values,
    Result(
        "units",
        "Exact for independent demand of the distribution named and a fixed lead time. Orders that cross "
        "make it generous: for 95 % of cycles (μ 60, σ 20, L 4) σ_L = 2 gave 99.3 % in simulation. Normal "
        "for skewed demand is short: 93.6 % for 95 %, 97.5 % for 99 %, where demand is gamma with σ = μ. "
        "Lost sales raise the fill rate: 97.8 % for 95 %.",
    ),
]:
    """Inventory position up to which each periodic review orders."""
    levels, reason = protection.stocks(
        CODES[distribution],
        service_type == "fill",
        service,
        demand_sd,
        lead_time,
        lead_time_sd,
        demand_mean,
        review_period,
        np.full(len(service), np.nan),
        False,
    )
    return refused(levels, reason)


@function(
    "LEADTIMESD",
    family="Safety stock and service",
    formula="√((L + R)·σ² + μ²·σ_L²)",
    source="Hadley & Whitin (1963), Analysis of Inventory Systems; King (2011), APICS magazine July/August",
    serves=("R084", "R089"),
    examples=[
        Example("=LEADTIMESD(5, 6, 2, 50)", 100.74720839804942, "King (2011)"),
        Example("=LEADTIMESD(30, 4, , , 2)", 73.48469228349535, "review period added"),
        Example("=LEADTIMESD(-5, 6)", CellError.NUM, "a standard deviation is never negative"),
    ],
)
def lead_time_sd(
    demand_sd: DemandSd,
    lead_time: LeadTime,
    lead_time_sd: LeadTimeSd,
    demand_mean: Annotated[
        Values,
        Argument(
            "units/period", "Mean demand per period; needed where the lead time varies.", Ge(0), default=0
        ),
    ],
    review_period: ReviewPeriod,
) -> Annotated[Values, Result("units")]:
    """Standard deviation of demand over the interval that the stock has to protect."""
    return protection.protected_sds(demand_sd, demand_mean, lead_time + review_period, lead_time_sd)


@function(
    "SERVICECURVE",
    family="Safety stock and service",
    formula="safety stock at each level, times unit cost",
    source=_SOURCE,
    serves=("R090", "R092"),
    examples=[
        Example(
            "=SERVICECURVE(100, 20, 4, , 5, , {0.9;0.95})",
            [
                ["service", "safety stock", "value"],
                [0.9, 51.26206262178402, 256.3103131089201],
                [0.95, 65.79414507805886, 328.9707253902943],
            ],
            "half the remaining risk costs 28 % more",
        ),
        Example("=SERVICECURVE(100, 20, 4, , 5, , {0.9;1})", CellError.NUM, "100 % is out of reach"),
    ],
)
def service_curve(
    demand_mean: Annotated[Value, Argument("units/period", "Mean demand per period.", Ge(0))],
    demand_sd: Annotated[Value, Argument("units/period", "Standard deviation of demand per period.", Ge(0))],
    lead_time: Annotated[Value, Argument("periods", "Replenishment lead time.", Ge(0))],
    lead_time_sd: Annotated[
        Value, Argument("periods", "Standard deviation of the lead time.", Ge(0), default=0)
    ],
    unit_cost: Annotated[Value, Argument("money/unit", "Cost of one unit.", Ge(0), default=1)],
    order_quantity: Annotated[
        Value, Argument("units", "Quantity of each order, for service_type fill.", Gt(0), default=None)
    ],
    levels: Annotated[
        Column,
        Argument(
            "fraction",
            "Service levels to show; twelve from 0.8 to 0.999 if left out.",
            Gt(0),
            Lt(1),
            default=None,
        ),
    ],
    service_type: ServiceType,
) -> Annotated[Table, Result("fraction, units, money", parts=("service", "safety stock", "value"))]:
    """Safety stock and its value at a range of service levels."""
    service = np.array(_LEVELS) if levels is None else levels
    count = len(service)
    stock, reason = protection.stocks(
        CODES["normal"],
        service_type == "fill",
        service,
        np.full(count, demand_sd),
        np.full(count, lead_time),
        np.full(count, lead_time_sd),
        np.full(count, demand_mean),
        np.zeros(count),
        np.full(count, np.nan if order_quantity is None else order_quantity),
        True,
    )
    refuse_first(reason)
    rows = [
        [level, units, units * unit_cost]
        for level, units in zip(service.tolist(), stock.tolist(), strict=True)
    ]
    return [["service", "safety stock", "value"], *rows]
