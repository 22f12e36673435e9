"""Working capital: days of inventory, payables and receivables, and the cash they tie up."""

from typing import Annotated, TypeAlias

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Divisor,
    Example,
    Ge,
    Refusal,
    Result,
    Series,
    Value,
    Values,
    function,
)
from xlinv.cells import CellError, Floats
from xlinv.kernels import cover

DaysInPeriod: TypeAlias = Annotated[
    Value, Argument("days", "Days of the period that the flow covers.", Ge(0), Divisor(), default=365)
]
Balances: TypeAlias = Annotated[
    Column, Argument("money", "Balance, or a range of balances: their plain mean is taken.", Ge(0))
]
PeriodDays: TypeAlias = Annotated[Series, Argument("days", "Days of each of these periods.", Ge(0))]


def days_of(balances: np.ndarray, flow: float, days: float) -> float:
    """Days of flow that the mean balance stands for."""
    return float(np.mean(balances)) / flow * days


@function(
    "DIO",
    family="Finance and inventory quality",
    formula="mean(inventory) / cogs · days",
    source="Richards & Laughlin (1980), Financial Management 9(1), 32–38",
    serves=("R002",),
    examples=[
        Example("=DIO({40000,60000}, 300000)", 60.833333333333336, "opening and closing stock averaged"),
        Example("=DIO(55000, 80000, 90)", 61.875, "closing stock of a quarter of 90 days"),
        Example("=DIO({40000,60000}, 0)", CellError.DIV0, "no cost of goods sold to divide by"),
    ],
)
def dio(
    inventory: Annotated[
        Balances,
        Argument(
            "money",
            "Inventory at cost; a range of balances (opening and closing, 13 months) is averaged.",
            Ge(0),
        ),
    ],
    cogs: Annotated[
        Value, Argument("money", "Cost of goods sold in the period, not revenue.", Ge(0), Divisor())
    ],
    days: DaysInPeriod,
) -> Annotated[Value, Result("days")]:
    """Days inventory outstanding: how long inventory is held, at cost."""
    return days_of(inventory, cogs, days)


@function(
    "DPO",
    family="Finance and inventory quality",
    formula="mean(payables) / denominator · days",
    source="Richards & Laughlin (1980), Financial Management 9(1), 32–38",
    serves=("R003",),
    examples=[
        Example("=DPO({45000,51000}, 350400)", 50.0, "on purchases: cost of goods sold plus stock growth"),
        Example("=DPO(48000, -1)", CellError.NUM, "a negative flow"),
    ],
)
def dpo(
    payables: Annotated[
        Balances, Argument("money", "Trade payables; a range of balances is averaged.", Ge(0))
    ],
    denominator: Annotated[
        Value,
        Argument(
            "money",
            "Purchases, material cost or cost of goods sold in the period; say on the report which.",
            Ge(0),
            Divisor(),
        ),
    ],
    days: DaysInPeriod,
) -> Annotated[Value, Result("days")]:
    """Days payables outstanding: how long suppliers are owed."""
    return days_of(payables, denominator, days)


@function(
    "DSO",
    family="Finance and inventory quality",
    formula="mean(receivables) / revenue · days",
    source="Richards & Laughlin (1980), Financial Management 9(1), 32–38",
    serves=("R004",),
    examples=[
        Example("=DSO({60000,64000}, 452600)", 50.0, "opening and closing receivables averaged"),
        Example("=DSO(60000, 120000, 90)", 45.0, "a quarter"),
        Example('=DSO("n/a", 452600)', CellError.VALUE, "text where a number belongs"),
    ],
)
def dso(
    receivables: Annotated[
        Balances,
        Argument(
            "money", "Trade receivables, without tax if revenue is; a range of balances is averaged.", Ge(0)
        ),
    ],
    revenue: Annotated[Value, Argument("money", "Revenue on credit in the period.", Ge(0), Divisor())],
    days: DaysInPeriod,
) -> Annotated[Value, Result("days")]:
    """Days sales outstanding: how long customers owe."""
    return days_of(receivables, revenue, days)


@function(
    "CASHCYCLE",
    family="Finance and inventory quality",
    formula="dio + dso − dpo",
    source="Richards & Laughlin (1980), Financial Management 9(1), 32–38",
    serves=("R001",),
    examples=[
        Example("=CASHCYCLE(67.7, 48.7, 51.2)", 65.2, "medians of the Hackett 2022 US survey, 2021 data"),
        Example(
            "=CASHCYCLE(28.1, 27.8, 76.6)", -20.7, "its top performers: quartiles of parts do not add up"
        ),
        Example("=CASHCYCLE(-1, 48.7, 51.2)", CellError.NUM, "days are not negative"),
    ],
)
def cash_cycle(
    dio: Annotated[Values, Argument("days", "Days inventory outstanding.", Ge(0))],
    dso: Annotated[Values, Argument("days", "Days sales outstanding.", Ge(0))],
    dpo: Annotated[Values, Argument("days", "Days payables outstanding.", Ge(0))],
) -> Annotated[Values, Result("days", "Negative where suppliers finance the cycle.")]:
    """Cash conversion cycle: days from paying suppliers to being paid."""
    return dio + dso - dpo


@function(
    "CASHRELEASE",
    family="Finance and inventory quality",
    formula="max(0, actual_days − target_days) · annual_flow / days",
    source="The Hackett Group, US Working Capital Survey (2022), definition of opportunity",
    serves=("R006",),
    examples=[
        Example("=CASHRELEASE(67.7, 55.7, 3650000)", 120000.0, "from 67.7 days of inventory to 55.7"),
        Example("=CASHRELEASE(50, 55.7, 3650000)", 0.0, "already better than the target: nothing to release"),
        Example("=CASHRELEASE(67.7, 55.7, 3650000, 0)", CellError.DIV0, "a year of no days"),
    ],
)
def cash_release(
    actual_days: Annotated[Values, Argument("days", "Days now: DIO or DSO, or for payables the target.")],
    target_days: Annotated[Values, Argument("days", "Days aimed at, or for payables the days now.")],
    annual_flow: Annotated[
        Values, Argument("money", "Flow of the year behind the days: COGS, revenue or purchases.", Ge(0))
    ],
    days: Annotated[Values, Argument("days", "Days of the year.", Ge(0), Divisor(), default=365)],
) -> Annotated[Values, Result("money", "Cash once, not profit every year.")]:
    """Cash freed once by moving one component from its days now to a target, never below 0."""
    return np.maximum(actual_days - target_days, 0.0) * annual_flow / days


@function(
    "DSOCOUNTBACK",
    family="Finance and inventory quality",
    formula="Σ days of the latest periods whose revenue receivables cover + the part of one more",
    source="Credit Research Foundation, Standard Industry Calculations: count-back method",
    serves=("R004",),
    examples=[
        Example(
            "=DSOCOUNTBACK(150, {90;120;100}, {31;28;31})",
            42.666666666666664,
            "all 31 days of the last period and 50/120 of the 28 days before",
        ),
        Example("=DSOCOUNTBACK(150, {90;120;100}, 30)", CellError.NA, "days are needed for each period"),
        Example("=DSOCOUNTBACK(400, {90;120;100}, {31;28;31})", CellError.NUM, "older than the revenue"),
    ],
)
def dso_count_back(
    receivables: Annotated[Value, Argument("money", "Trade receivables now, without tax as revenue.", Ge(0))],
    revenue: Annotated[
        Series, Argument("money/period", "Revenue on credit per period, the latest period last.", Ge(0))
    ],
    period_days: PeriodDays,
) -> Annotated[Value, Result("days", "Season does not distort it as it does the ratio of DSO.")]:
    """Days sales outstanding by count-back: how many of the latest days' revenue is still owed."""
    return days_covered(receivables, revenue[::-1].copy(), period_days[::-1].copy(), "receivables", "revenue")


@function(
    "DIOFORWARD",
    family="Finance and inventory quality",
    formula="Σ days of the next periods whose COGS inventory covers + the part of one more",
    source="Count-back turned forward; Silver, Pyke & Thomas (2017), 4th ed., coverage",
    serves=("R010", "R002"),
    examples=[
        Example(
            "=DIOFORWARD(150, {100;120;90}, {31;28;31})",
            42.666666666666664,
            "all 31 days of the next period and 50/120 of the 28 days after",
        ),
        Example("=DIOFORWARD(400, {100;120;90}, {31;28;31})", CellError.NUM, "outlasts the forecast given"),
    ],
)
def dio_forward(
    inventory: Annotated[Value, Argument("money", "Inventory at cost now.", Ge(0))],
    future_cogs: Annotated[
        Series, Argument("money/period", "Cost of goods to be sold per period, the next period first.", Ge(0))
    ],
    period_days: PeriodDays,
) -> Annotated[Value, Result("days")]:
    """Days inventory outstanding counted forward: how many days of cost of goods sold inventory covers."""
    return days_covered(inventory, future_cogs, period_days, "inventory", "future_cogs")


def days_covered(balance: float, flow: Floats, days: Floats, name: str, flow_name: str) -> float:
    """Days until the flows consume the balance; raises Refusal where they do not."""
    covered = cover.time_to_consume(balance, flow, days)
    if covered == np.inf:
        raise Refusal(CellError.NUM, f"'{name}' exceeds all of '{flow_name}': give more periods of it")
    return covered


@function(
    "CASHEFFECT",
    family="Finance and inventory quality",
    formula="(old_stock − new_stock) · unit_cost",
    source="Definition: change of inventory at cost, as in the cash flow statement (IAS 7)",
    serves=("R020",),
    examples=[
        Example("=CASHEFFECT(1200, 900, 8)", 2400.0, "300 units fewer free 2,400"),
        Example("=CASHEFFECT({900;900}, {1000;850}, {8;8})", [[-800.0], [400.0]], "more stock ties up cash"),
        Example("=CASHEFFECT(1200, -1, 8)", CellError.NUM, "negative stock"),
    ],
)
def cash_effect(
    old_stock: Annotated[Values, Argument("units", "Stock before the change.", Ge(0))],
    new_stock: Annotated[Values, Argument("units", "Stock after the change.", Ge(0))],
    unit_cost: Annotated[Values, Argument("money/unit", "Cost of one unit, paid out for it.", Ge(0))],
) -> Annotated[Values, Result("money", "Above 0 where cash is freed, below where it is tied up.")]:
    """Cash freed once by a change of stock."""
    return (old_stock - new_stock) * unit_cost
