"""Service shared out over a portfolio: the same for all, or where it costs least."""

from typing import Annotated, Final, TypeAlias

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Gt,
    Items,
    Lt,
    Option,
    Refusal,
    Result,
    Table,
    Value,
    function,
)
from xlinv.cells import CellError, Floats
from xlinv.kernels import normal
from xlinv.kernels.service_mix import factors_for_budget, factors_for_service

Demand: TypeAlias = Annotated[Items, Argument("units/period", "Mean demand per period of each item.", Ge(0))]
Sd: TypeAlias = Annotated[
    Items, Argument("units/period", "Standard deviation of demand per period of each item.", Ge(0))
]
LeadTimes: TypeAlias = Annotated[Items, Argument("periods", "Lead time of each item.", Ge(0))]
UnitCosts: TypeAlias = Annotated[Items, Argument("money/unit", "Cost of one unit of each item.", Gt(0))]
_SOURCE: Final = (
    "Sherbrooke (2004), ch. 2, marginal analysis; Silver, Pyke & Thomas (2017), ch. 6, exchange curves"
)
_LEVELS: Final = (0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999)
_HEADER: Final = ("service", "uniform", "optimal mix")
_LEAST: Final = 0.5


@function(
    "SERVICEMIX",
    family="Safety stock and service",
    formula="min Σ c·σ·√L·k subject to Σ w·Φ(k) = target·Σ w, k ≥ 0; fill: w = μ; csl: w = 1",
    source=_SOURCE,
    serves=("R099", "R119"),
    examples=[
        Example(
            "=SERVICEMIX({100;100}, {20;20}, {4;4}, {1;50}, 0.95)",
            [[0.9989623242726111], [0.9010376757273888]],
            "the cheap item carries the service",
        ),
        Example("=SERVICEMIX({100;100}, {20;20}, {4;4}, {1;50}, 0.4)", CellError.NUM, "below one half"),
    ],
)
def service_mix(
    demand_mean: Demand,
    demand_sd: Sd,
    lead_time: LeadTimes,
    unit_cost: UnitCosts,
    target: Annotated[
        Value,
        Argument(
            "fraction",
            "Aggregate service; not needed with a budget.",
            Gt(0),
            Lt(1),
            keep_blanks=True,
        ),
    ],
    measure: Annotated[
        Option,
        Argument(
            "",
            "How the items' service levels are averaged: fill, weighted by demand, the share of units that "
            "find stock at hand; csl, every item alike.",
            default="fill",
            options=("fill", "csl"),
        ),
    ],
    budget: Annotated[
        Value, Argument("money", "Value of safety stock to spend instead.", Ge(0), default=None)
    ],
) -> Annotated[Items, Result("fraction", "At least 0.5, where safety stock is 0; feed it to SAFETYSTOCK.")]:
    """Service level per item that reaches an aggregate at least investment, or the most within a budget."""
    weights = demand_mean if measure == "fill" else np.ones(len(demand_mean))
    costs = unit_cost * demand_sd * np.sqrt(lead_time)
    uncertain = costs > 0.0
    if budget is None:
        if target != target:
            raise Refusal(CellError.NA, "a 'target' or a 'budget' is required")
        if target < _LEAST:
            raise Refusal(CellError.NUM, "'target' must be >= 0.5: below it safety stock is negative")
        factors = factors_for_service(weights[uncertain], costs[uncertain], target)
    else:
        factors = factors_for_budget(weights[uncertain], costs[uncertain], budget)
    reached = normal.cumulatives(factors)
    weight = float(weights[uncertain].sum())
    average = float(weights[uncertain] @ reached) / weight if weight > 0.0 else _LEAST
    # Where nothing is uncertain service costs nothing: such an item shows the aggregate and leaves it alone.
    result = np.full(len(weights), average)
    result[uncertain] = reached
    return result


@function(
    "INVESTCURVE",
    family="Safety stock and service",
    formula="Σ c·σ·√L·k: with the same k for all, and with the mix of SERVICEMIX at the same share of units",
    source=_SOURCE,
    serves=("R091", "R119"),
    examples=[
        Example(
            "=INVESTCURVE({100;100}, {20;20}, {4;4}, {1;50}, {0.9;0.95})",
            [
                ["service", "uniform", "optimal mix"],
                [0.9, 2614.3651937109853, 1812.577909004449],
                [0.95, 3355.501398981002, 2698.142980573888],
            ],
            "the same service for less",
        ),
        Example("=INVESTCURVE(100, 20, 4, 1, {0.9;1})", CellError.NUM, "100 % is out of reach"),
    ],
)
def invest_curve(
    demand_mean: Annotated[Column, Argument("units/period", "Mean demand per period of each item.", Ge(0))],
    demand_sd: Annotated[Column, Argument("units/period", "Its standard deviation.", Ge(0))],
    lead_time: Annotated[Column, Argument("periods", "Lead time of each item.", Ge(0))],
    unit_cost: Annotated[Column, Argument("money/unit", "Cost of one unit of each item.", Gt(0))],
    levels: Annotated[
        Column,
        Argument(
            "fraction",
            "Service levels to show, from 0.5; twelve from 0.8 to 0.999 if left out.",
            Ge(_LEAST),
            Lt(1),
            default=None,
            alone=True,
        ),
    ],
) -> Annotated[Table, Result("fraction, money, money", parts=_HEADER)]:
    """Safety stock investment of a portfolio at each service level: uniform, and as the best mix."""
    service = np.array(_LEVELS) if levels is None else levels
    costs = unit_cost * demand_sd * np.sqrt(lead_time)
    uncertain = costs > 0.0
    uniform = normal.quantiles(service) * float(costs.sum())
    rows = [
        [level, same, _least(demand_mean[uncertain], costs[uncertain], level)]
        for level, same in zip(service.tolist(), uniform.tolist(), strict=True)
    ]
    return [list(_HEADER), *rows]


def _least(weights: Floats, costs: Floats, level: float) -> float:
    return float(costs @ factors_for_service(weights, costs, level))
