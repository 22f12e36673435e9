"""One stock decision for one period's demand, and the base-stock levels that repeat it."""

import math
from typing import Annotated, TypeAlias

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Gt,
    Le,
    Refusal,
    Result,
    Row,
    Value,
    Values,
    function,
)
from xlinv.cells import CellError
from xlinv.functions.arguments import DemandDistribution, Distribution
from xlinv.functions.refusals import refuse, refused
from xlinv.kernels import newsvendor as kernels
from xlinv.kernels.demand_distribution import CODES, leftover, loss_and_tail, no_quantile, quantile

Underage: TypeAlias = Annotated[
    Values, Argument("money/unit", "Cost of being one unit short: margin and penalty lost.", Gt(0))
]
Overage: TypeAlias = Annotated[
    Values, Argument("money/unit", "Cost of one unit left over: cost less salvage, or holding.", Gt(0))
]
Mean: TypeAlias = Annotated[Values, Argument("units", "Mean of the demand itself.", Ge(0))]
Sd: TypeAlias = Annotated[
    Values,
    Argument(
        "units", "Standard deviation of the demand itself; poisson ignores it.", Ge(0), keep_blanks=True
    ),
]


@function(
    "NEWSVENDOR",
    family="Policies",
    formula="F⁻¹(c_u/(c_u + c_o)); for poisson and negbin the smallest integer that reaches the ratio",
    source="Arrow, Harris & Marschak (1951), Econometrica 19(3); Snyder & Shen (2019), eq. 4.27 and 4.30",
    serves=("R092",),
    examples=[
        Example("=NEWSVENDOR(0.7, 0.18, 50, 8)", 56.60395592743389, "Snyder & Shen (2019), example 4.3"),
        Example('=NEWSVENDOR(4, 1, 6, , "poisson")', 8.0, "Snyder & Shen (2019), example 4.7"),
        Example("=NEWSVENDOR(0.7, 0, 50, 8)", CellError.NUM, "free leftovers: there is no best stock"),
    ],
)
def newsvendor(
    underage: Underage, overage: Overage, demand_mean: Mean, demand_sd: Sd, distribution: DemandDistribution
) -> Annotated[Values, Result("units")]:
    """Stock for one selling period that costs least in expectation."""
    levels, reason = kernels.quantiles(
        CODES[distribution], underage / (underage + overage), demand_mean, demand_sd
    )
    return refused(levels, reason)


@function(
    "NEWSVENDORCOST",
    family="Policies",
    formula="c_o·E[(stock − D)⁺] + c_u·E[(D − stock)⁺]",
    source="Snyder & Shen (2019), eq. 4.24 and 4.6",
    serves=("R092",),
    examples=[
        Example("=NEWSVENDORCOST(56.60395592743389, 0.7, 0.18, 50, 8)", 1.9976051931766445, "the best stock"),
        Example('=NEWSVENDORCOST(8, 4, 1, 6, , "poisson")', 3.5701069457709376, "Snyder & Shen, example 4.7"),
        Example("=NEWSVENDORCOST(8, 4, 1, 6)", CellError.NA, "normal demand needs its deviation"),
    ],
)
def newsvendor_cost(
    stock: Annotated[Values, Argument("units", "Stock for the period.")],
    underage: Annotated[Values, Argument("money/unit", "Cost of being one unit short.", Ge(0))],
    overage: Annotated[Values, Argument("money/unit", "Cost of one unit left over.", Ge(0))],
    demand_mean: Mean,
    demand_sd: Sd,
    distribution: DemandDistribution,
) -> Annotated[Values, Result("money")]:
    """Expected cost of too much and too little of a stock for one selling period."""
    short, reason = kernels.losses(CODES[distribution], stock, demand_mean, demand_sd)
    left, _ = kernels.leftovers(CODES[distribution], stock, demand_mean, demand_sd)
    return refused(overage * left + underage * short, reason)


@function(
    "NEWSVENDORPMF",
    family="Policies",
    formula="least value whose cumulative probability reaches c_u/(c_u + c_o)",
    source="Arrow, Harris & Marschak (1951), Econometrica 19(3); Snyder & Shen (2019), eq. 4.6, cost",
    serves=("R092",),
    examples=[
        Example(
            "=NEWSVENDORPMF({10;20;30}, {0.3;0.5;0.2}, 3, 1)", [[20.0, 9.0]], "0.8 reaches the ratio of 0.75"
        ),
        Example("=NEWSVENDORPMF({10;20}, {0.3;0.5}, 3, 1)", CellError.NUM, "probabilities of 0.8 in all"),
    ],
)
def newsvendor_pmf(
    values: Annotated[Column, Argument("units", "Demands that may come, in any order.", Ge(0))],
    probabilities: Annotated[
        Column, Argument("fraction", "Probability of each demand; together 1.", Ge(0), Le(1))
    ],
    underage: Annotated[Value, Argument("money/unit", "Cost of being one unit short.", Gt(0))],
    overage: Annotated[Value, Argument("money/unit", "Cost of one unit left over.", Gt(0))],
) -> Annotated[Row, Result("units, money", parts=("units", "cost"))]:
    """Stock for one selling period, and its cost, where demand is a list of possibilities."""
    total = math.fsum(probabilities)
    if abs(total - 1.0) > 1e-6:
        raise Refusal(CellError.NUM, f"probabilities must add up to 1, not {total:g}")
    order = np.argsort(values, kind="stable")
    # Sums such as 0.7 + 0.1 miss the ratio they stand for by a rounding error.
    reached = np.cumsum(probabilities[order]) >= underage / (underage + overage) - 1e-12
    stock = float(values[order][np.argmax(reached)]) if reached.any() else float(values.max())
    cost = probabilities @ (
        overage * np.maximum(stock - values, 0.0) + underage * np.maximum(values - stock, 0.0)
    )
    return stock, float(cost)


@function(
    "BASESTOCK",
    family="Policies",
    formula="S = F⁻¹(p/(p + h)) of demand over L + 1 periods; cost h·E[(S − D)⁺] + p·E[(D − S)⁺]",
    source="Snyder & Shen (2019), eq. 4.24, 4.30 and 4.37, with a lead time",
    serves=("R092", "R097"),
    examples=[
        Example(
            "=BASESTOCK(0.18, 0.7, 50, 8, 4)",
            [[264.76689437415484, 4.466781004149577]],
            "Snyder & Shen (2019), example 4.4",
        ),
        Example("=BASESTOCK(0.18, 0, 50, 8, 4)", CellError.NUM, "if shortage is free, hold nothing"),
    ],
)
def base_stock(
    holding_cost: Annotated[
        Value, Argument("money/unit/period", "Cost of carrying one unit for one period.", Gt(0))
    ],
    stockout_cost: Annotated[
        Value, Argument("money/unit/period", "Cost of one unit backordered for one period.", Gt(0))
    ],
    demand_mean: Annotated[Value, Argument("units/period", "Mean demand per period.", Ge(0))],
    demand_sd: Annotated[
        Value,
        Argument(
            "units/period",
            "Standard deviation of demand per period; poisson ignores it.",
            Ge(0),
            keep_blanks=True,
        ),
    ],
    lead_time: Annotated[Value, Argument("periods", "Replenishment lead time.", Ge(0), default=0)],
    distribution: Distribution,
) -> Annotated[Row, Result("units, money/period", parts=("level", "cost"))]:
    """Base-stock level of a policy reviewed every period, and its cost per period."""
    code = CODES[distribution]
    ratio = stockout_cost / (stockout_cost + holding_cost)
    mean = demand_mean * (lead_time + 1.0)
    sd = demand_sd * math.sqrt(lead_time + 1.0)
    refuse(no_quantile(code, ratio, mean, sd))
    level = float(quantile(code, ratio, mean, sd))
    short, _ = loss_and_tail(code, level, mean, sd)
    return level, holding_cost * leftover(code, level, mean, sd) + stockout_cost * short


@function(
    "BASESTOCKDISRUPTION",
    family="Policies",
    formula="S = (n + 1)·d, n the least with 1 − α/(α + β)·(1 − β)ⁿ ≥ p/(p + h)",
    source="Snyder & Shen (2019), eq. 9.14 and 9.18; Tomlin (2006), Management Science 52(5)",
    serves=("R101",),
    examples=[
        Example(
            "=BASESTOCKDISRUPTION(0.25, 3, 2000, 0.04, 0.25)",
            [[8000.0, 2737.0689655172414]],
            "three periods of supply on top of the running one; Snyder & Shen (2019), example 9.3",
        ),
        Example(
            "=BASESTOCKDISRUPTION(0.25, 3, 2000, 0.04, 0)", CellError.NUM, "a supplier that never recovers"
        ),
    ],
)
def base_stock_disruption(
    holding_cost: Annotated[
        Value, Argument("money/unit/period", "Cost of carrying one unit for one period.", Gt(0))
    ],
    stockout_cost: Annotated[
        Value, Argument("money/unit/period", "Cost of one unit backordered for one period.", Gt(0))
    ],
    demand: Annotated[Value, Argument("units/period", "Demand per period, known.", Ge(0))],
    disruption_probability: Annotated[
        Value,
        Argument("fraction", "Probability that a supply that is up goes down next period.", Ge(0), Le(1)),
    ],
    recovery_probability: Annotated[
        Value,
        Argument("fraction", "Probability that a supply that is down comes back next period.", Gt(0), Le(1)),
    ],
) -> Annotated[Row, Result("units, money/period", parts=("level", "cost"))]:
    """Base-stock level against a supply that breaks down, and its cost per period."""
    periods, covered, uncovered = kernels.disruption_cover(
        holding_cost / (stockout_cost + holding_cost), disruption_probability, recovery_probability
    )
    cost = demand * (holding_cost * covered + stockout_cost * uncovered)
    return (periods + 1.0) * demand, cost
