"""When to order and how much under uncertain demand: (r, Q), (s, S), and over a finite horizon."""

import math
from typing import Annotated, Final, TypeAlias

from xlinv.catalogue import (
    Argument,
    Example,
    Ge,
    Gt,
    Le,
    Option,
    Refusal,
    Result,
    Row,
    Table,
    Value,
    Whole,
    function,
)
from xlinv.cells import CellError
from xlinv.functions.arguments import OneHoldingCost, OneOrderCost
from xlinv.functions.refusals import refuse
from xlinv.kernels import finite_horizon as horizon
from xlinv.kernels import reorder_quantity, reorder_up_to
from xlinv.kernels.demand_distribution import CODES, no_quantile
from xlinv.kernels.whole_demand import rounds_well

StockoutCost: TypeAlias = Annotated[
    Value, Argument("money/unit/period", "Cost of one unit backordered for one period.", Gt(0))
]
MeanAboveZero: TypeAlias = Annotated[Value, Argument("units/period", "Mean demand per period.", Gt(0))]
_TOO_MANY_UNITS: Final = "the policy spans too many whole units to be exact: count in a larger unit"
_PLAN: Final = ("period", "reorder point", "order-up-to level", "expected cost to go")
_NEVER: Final = "never"
_SIZE_OF_A_PLAN: Final = (
    "periods × (stock levels + amounts of demand), as many as the best policy makes it look at, must not "
    f"exceed {horizon.MOST_STATES:,}"
)


@function(
    "RQPOLICY",
    family="Policies",
    formula="least (K·λ + ∫ G(y) dy over r … r + Q)/Q, G(y) = h·E[(y − D)⁺] + p·E[(D − y)⁺], D over L",
    source="Zheng (1992), Management Science 38(1); Federgruen & Zheng (1992), Operations Research 40(4); "
    "Hadley & Whitin (1963), ch. 4; Snyder & Shen (2019), eq. 5.7, 5.9, 5.16 to 5.18, 5.21 and 5.48",
    serves=("R092", "R102"),
    examples=[
        Example(
            "=RQPOLICY(0.225, 7.5, 8, 1300, 150, 1/12)",
            [[126.86706336762283, 328.44914227838495, 78.07114627035178]],
            "Snyder & Shen (2019), example 5.1",
            1e-8,
        ),
        Example(
            '=RQPOLICY(0.225, 7.5, 8, 1300, 150, 1/12, "eoqb")',
            [[128.63781431154956, 308.57378012037543, 78.20243187688159]],
            "0.2 % dearer",
        ),
        Example(
            '=RQPOLICY(20, 150, 100, 1.5, , 2, "exact", "poisson")',
            [[3.0, 5.0, 107.92358063314987]],
            "Snyder & Shen (2019), example 5.8",
        ),
        Example(
            '=RQPOLICY(20, 0.1, 100, 1.5, 1, 2, "eil")',
            CellError.NUM,
            "being short costs less than holding what would prevent it",
        ),
    ],
)
def rq_policy(
    holding_cost: OneHoldingCost,
    stockout_cost: Annotated[
        StockoutCost,
        Argument(
            "money/unit/period", "Cost of one unit backordered for one period; eil: for however long.", Gt(0)
        ),
    ],
    order_cost: Annotated[OneOrderCost, Argument("money/order", "Cost of placing one order.", Gt(0))],
    demand_mean: MeanAboveZero,
    demand_sd: Annotated[
        Value,
        Argument(
            "units/period",
            "Standard deviation of demand per period; poisson ignores it.",
            Ge(0),
            keep_blanks=True,
        ),
    ],
    lead_time: Annotated[Value, Argument("periods", "Replenishment lead time.", Ge(0))],
    method: Annotated[
        Option,
        Argument(
            "",
            "exact: the best r and Q together; eil: Hadley & Whitin's expected inventory level; eoqb: Q of "
            "the EOQ with backorders and the best r for it; eoqss: Q of the EOQ and a newsvendor's r.",
            default="exact",
            options=("exact", "eil", "eoqb", "eoqss"),
        ),
    ],
    distribution: Annotated[
        Option,
        Argument(
            "", "Distribution of demand in a lead time.", default="normal", options=("normal", "poisson")
        ),
    ],
) -> Annotated[
    Row,
    Result(
        "units, units, money/period",
        "The cost is the exact one of r and Q; that of eil is its own approximation.",
        ("reorder point", "quantity", "cost"),
    ),
]:
    """Reorder point and quantity under continuous review, and their cost per period."""
    ratio = stockout_cost / (holding_cost + stockout_cost)
    refuse(no_quantile(CODES[distribution], ratio, demand_mean, demand_sd))
    given = reorder_quantity.Costs(
        holding_cost,
        stockout_cost,
        order_cost,
        demand_mean,
        demand_mean * lead_time,
        demand_sd * math.sqrt(lead_time),
    )
    if distribution == "poisson":
        if method != "exact":
            told = f'"{method}" is an approximation for normal demand: poisson needs method "exact"'
            raise Refusal(CellError.NUM, told)
        found = reorder_quantity.exact_poisson(given)
        if found is None:
            raise Refusal(CellError.NUM, _TOO_MANY_UNITS)
        return found
    if method == "eil":
        found = reorder_quantity.by_expected_level(given)
        if found is None:
            told = "no reorder point is worth its stock: raise 'stockout_cost' or lower 'holding_cost'"
            raise Refusal(CellError.NUM, told)
        return found
    if method == "eoqb":
        return reorder_quantity.by_certain_quantity(given)
    return reorder_quantity.with_safety_stock(given) if method == "eoqss" else reorder_quantity.exact(given)


@function(
    "SSPOLICY",
    family="Policies",
    formula="least (K + Σ m(j)·G(S − j))/M(S − s), j < S − s; m the renewals of demand, M their sum",
    source="Zheng & Federgruen (1991), Operations Research 39(4); Ehrhardt & Mosier (1984), Management "
    "Science 30(5); Snyder & Shen (2019), eq. 4.71 to 4.80",
    serves=("R092", "R108"),
    examples=[
        Example("=SSPOLICY(1, 4, 5, 6)", [[4.0, 10.0, 8.034111561471642]], "Snyder & Shen, example 4.7"),
        Example(
            "=SSPOLICY(1, 9, 64, 10)",
            [[6.0, 40.0, 35.021555272320455]],
            "Zheng & Federgruen (1991), table I",
        ),
        Example(
            '=SSPOLICY(0.18, 0.7, 2.5, 50, 8, 0, "normal", "power")',
            [[40.19461695647407, 74.29017010980579, 6.7977209553659454]],
            "Snyder & Shen (2019), example 4.8",
        ),
        Example("=SSPOLICY(1, 0, 5, 6)", CellError.NUM, "if shortage is free, never order"),
    ],
)
def ss_policy(
    holding_cost: OneHoldingCost,
    stockout_cost: StockoutCost,
    order_cost: OneOrderCost,
    demand_mean: MeanAboveZero,
    demand_sd: Annotated[
        Value,
        Argument(
            "units/period",
            "Standard deviation of demand per period; poisson ignores it, but power takes it where given.",
            Ge(0),
            default=None,
        ),
    ],
    lead_time: Annotated[
        Value, Argument("periods", "Lead time beyond the period of the review.", Ge(0), default=0)
    ],
    distribution: Annotated[
        Option,
        Argument(
            "",
            "Distribution of demand per period; normal demand is rounded to whole units.",
            default="poisson",
            options=("poisson", "normal", "negbin"),
        ),
    ],
    method: Annotated[
        Option,
        Argument(
            "",
            "exact: the best whole s and S; power: Ehrhardt & Mosier's regression, its cost that of s and S "
            "rounded, to finer units than 1 where normal demand spreads little.",
            default="exact",
            options=("exact", "power"),
        ),
    ],
) -> Annotated[Row, Result("units, units, money/period", parts=("s", "S", "cost"))]:
    """Reorder point s and order-up-to level S under review every period, and their cost per period."""
    code = CODES[distribution]
    sd = math.nan if demand_sd is None else demand_sd
    ratio = stockout_cost / (holding_cost + stockout_cost)
    protected = demand_mean * (lead_time + 1.0), sd * math.sqrt(lead_time + 1.0)
    refuse(no_quantile(code, ratio, demand_mean, sd) or no_quantile(code, ratio, *protected))
    given = reorder_up_to.Review(code, holding_cost, stockout_cost, order_cost, demand_mean, sd, *protected)
    if method == "exact":
        if distribution == "normal":
            _must_round_well(demand_mean, sd)
        found = reorder_up_to.exact(given)
        if found is None:
            raise Refusal(CellError.NUM, _TOO_MANY_UNITS)
        return found
    if distribution == "poisson" and not sd > 0.0:
        sd = math.sqrt(demand_mean)
    reorder_point, order_up_to = reorder_up_to.by_power_approximation(
        given._replace(sd=sd, protected_sd=sd * math.sqrt(lead_time + 1.0))
    )
    cost = reorder_up_to.policy_cost(given, reorder_point, order_up_to)
    if cost is None:
        raise Refusal(CellError.NUM, _TOO_MANY_UNITS)
    return reorder_point, order_up_to, cost


def _must_round_well(mean: float, sd: float) -> None:
    """Refuse normal demand that would change when it is rounded to whole units."""
    if not rounds_well(mean, sd):
        told = (
            f"demand of {mean:g} ± {sd:g} is too small to be rounded to whole units: count in a smaller unit"
        )
        raise Refusal(CellError.NUM, told)


@function(
    "FINITEHORIZON",
    family="Policies",
    formula="θ_t(x) = min over y ≥ x of K·[y > x] + c·(y − x) + h·E[(y − D)⁺] + p·E[(D − y)⁺] "
    "+ γ·E[θ_{t+1}(y − D)]",
    source="Arrow, Harris & Marschak (1951), Econometrica 19(3); Scarf (1960); "
    "Snyder & Shen (2019), eq. 4.66",
    serves=("R092",),
    examples=[
        Example(
            "=FINITEHORIZON(2, 1, 25, 0, 1, 18, 3, 0.98)",
            [
                list(_PLAN),
                [1.0, 23.0, 23.0, 59.85066692440016],
                [2.0, 23.0, 23.0, 35.92360467659558],
            ],
            "two periods of Snyder & Shen (2019), problem 4.29",
        ),
        Example("=FINITEHORIZON(2.5, 1, 25, 0, 1, 18, 3)", CellError.NUM, "whole periods only"),
    ],
)
def finite_horizon(
    periods: Annotated[Value, Argument("periods", f"Periods to plan; {_SIZE_OF_A_PLAN}.", Ge(1), Whole())],
    holding_cost: Annotated[
        OneHoldingCost,
        Argument("money/unit/period", "Cost of one unit in stock at the end of a period.", Gt(0)),
    ],
    stockout_cost: Annotated[
        StockoutCost,
        Argument("money/unit/period", "Cost of one unit backordered at the end of a period.", Gt(0)),
    ],
    order_cost: OneOrderCost,
    unit_cost: Annotated[Value, Argument("money/unit", "Price of one unit.", Ge(0))],
    demand_mean: Annotated[Value, Argument("units/period", "Mean demand per period.", Ge(0))],
    demand_sd: Annotated[
        Value,
        Argument(
            "units/period",
            "Standard deviation of demand per period. What follows a period is weighed by normal demand "
            "rounded to whole units; what lies further than 4 deviations from the mean is left out, which "
            "lowers the cost to go by some 0.003 % per period.",
            Ge(0),
        ),
    ],
    discount: Annotated[
        Value,
        Argument("fraction", "What money a period later is worth now.", Gt(0), Le(1), default=1),
    ],
    terminal_holding: Annotated[
        Value,
        Argument(
            "money/unit",
            "Cost of one unit in stock when the horizon ends, on top; left out, the holding cost.",
            Ge(0),
            default=None,
        ),
    ],
    terminal_stockout: Annotated[
        Value,
        Argument(
            "money/unit",
            "Cost of one unit backordered when the horizon ends, on top; left out, the stockout cost.",
            Ge(0),
            default=None,
        ),
    ],
    initial: Annotated[
        Value, Argument("units", "Stock before the first order; below 0 backorders.", Whole(), default=0)
    ],
) -> Annotated[
    Table,
    Result(
        "count, units, units, money",
        'At the reorder point or less order up to the level; "never" where the price is worth no order. '
        "The cost to go of a period starts with the initial stock.",
        _PLAN,
    ),
]:
    """Best reorder point and order-up-to level of each period of a finite horizon, and the cost to go."""
    _must_round_well(demand_mean, demand_sd)
    found = horizon.plan(
        horizon.Horizon(
            int(periods),
            holding_cost,
            stockout_cost,
            order_cost,
            unit_cost,
            demand_mean,
            demand_sd,
            discount,
            holding_cost if terminal_holding is None else terminal_holding,
            stockout_cost if terminal_stockout is None else terminal_stockout,
        ),
        int(initial),
    )
    if found is None:
        raise Refusal(CellError.NUM, f"{_SIZE_OF_A_PLAN}: count in a larger unit, or plan fewer periods")
    return [
        list(_PLAN),
        *[
            [
                float(period),
                _NEVER if decision.reorder_point is None else float(decision.reorder_point),
                _NEVER if decision.order_up_to is None else float(decision.order_up_to),
                decision.cost,
            ]
            for period, decision in enumerate(found, start=1)
        ],
    ]
