"""How far stock reaches, and how much of it is of use."""

from typing import Annotated

import numpy as np

from xlinv.catalogue import (
    Argument,
    Classes,
    Column,
    Divisor,
    Example,
    Ge,
    Labels,
    Refusal,
    Result,
    Row,
    Series,
    Value,
    Values,
    answers,
    function,
)
from xlinv.cells import Cell, CellError
from xlinv.functions.arguments import OnHand, SafetyStock
from xlinv.kernels import cover, stock_components


@function(
    "DAYSOFSUPPLY",
    family="Finance and inventory quality",
    formula="on_hand / demand · days",
    source="ASCM Supply Chain Dictionary, 17th ed., 'days of supply'",
    serves=("R022",),
    examples=[
        Example("=DAYSOFSUPPLY(300, 20)", 15.0, "demand per day"),
        Example("=DAYSOFSUPPLY({300;450}, 600, 30)", [[15.0], [22.5]], "demand per month of 30 days"),
        Example("=DAYSOFSUPPLY(300, 0)", CellError.DIV0, "without demand stock lasts for ever"),
    ],
)
def days_of_supply(
    on_hand: OnHand,
    demand: Annotated[
        Values, Argument("units/period", "Demand per period, better forecast.", Ge(0), Divisor())
    ],
    days: Annotated[Values, Argument("days", "Days of one period of the demand.", Ge(0), default=1)],
) -> Annotated[Values, Result("days")]:
    """Days that the stock on hand covers at an even demand."""
    return on_hand / demand * days


@function(
    "PERIODSOFSUPPLY",
    family="Finance and inventory quality",
    formula="n + (ending − Σ_{t≤n} d_t) / d_{n+1}, n the periods covered in full",
    source="Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed.",
    serves=("R022", "R023"),
    examples=[
        Example(
            "=PERIODSOFSUPPLY(250, {100;120;90})", 2.3333333333333335, "two periods and a third of the next"
        ),
        Example("=PERIODSOFSUPPLY(310, {100;120;90})", 3.0, "exactly what is forecast"),
        Example("=PERIODSOFSUPPLY(400, {100;120;90})", CellError.NUM, "outlasts the demand given"),
    ],
)
def periods_of_supply(
    ending: Annotated[Value, Argument("units", "Stock at the end of the period before the first.", Ge(0))],
    future_demand: Annotated[
        Series, Argument("units/period", "Demand of the periods to come, the next one first.", Ge(0))
    ],
) -> Annotated[Value, Result("periods", "#NUM! where the stock outlasts the demand given.")]:
    """Periods of demand to come that the ending stock covers, counted out with the fraction."""
    covered = cover.time_to_consume(ending, future_demand, np.ones(len(future_demand)))
    if covered == np.inf:
        raise Refusal(CellError.NUM, "the stock outlasts the demand given: give more periods of it")
    return covered


@function(
    "SLOBCLASS",
    family="Finance and inventory quality",
    formula=(
        "obsolete if days_since_use ≥ obsolete and future_demand = 0; else slow if days_since_use ≥ slow; "
        "else excess if on_hand > future_demand; else active"
    ),
    source="Inventory quality ratio (Gossard, IQR International), with the rules stated in the formula",
    serves=("R024", "R026"),
    examples=[
        Example("=SLOBCLASS(100, 20, 400)", "active", "in use and needed"),
        Example("=SLOBCLASS(100, 200, 400)", "slow", "needed, but not touched for half a year"),
        Example(
            "=SLOBCLASS({500;500}, {20;400}, {400;0})", [["excess"], ["obsolete"]], "too much; no use left"
        ),
        Example("=SLOBCLASS(100, 20, 400, 365, 180)", CellError.NUM, "obsolete before slow"),
    ],
)
def slob_class(
    on_hand: OnHand,
    days_since_use: Annotated[Values, Argument("days", "Days since the last issue or sale.", Ge(0))],
    future_demand: Annotated[
        Values, Argument("units", "Demand over the horizon within which stock is not excess.", Ge(0))
    ],
    slow: Annotated[Values, Argument("days", "Days without use that make stock slow.", Ge(0), default=180)],
    obsolete: Annotated[
        Values,
        Argument("days", "Days without use that make stock without demand obsolete.", Ge(0), default=365),
    ],
) -> Annotated[Classes, Result("class")]:
    """Class of a stock: active, slow, excess or obsolete."""
    classes = np.where(on_hand > future_demand, "excess", "active").astype(object)
    classes[days_since_use >= slow] = "slow"
    classes[(days_since_use >= obsolete) & (future_demand == 0)] = "obsolete"
    return answers(classes, (obsolete < slow, CellError.NUM, "'obsolete' must not be less than 'slow'"))


@function(
    "INVCOMPONENTS",
    family="Finance and inventory quality",
    formula=(
        "on hand covers safety, then cycle, then prebuild; the rest is obsolete as far as on_hand − "
        "future_demand goes, else excess; Σ = on_hand + pipeline"
    ),
    source="Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed.",
    serves=("R029",),
    examples=[
        Example(
            "=INVCOMPONENTS(1000, 200, 300, 150, 50, 800)",
            [[200.0, 300.0, 150.0, 50.0, 250.0, 200.0]],
            "200 units will not be used; the row sums to 1,000 on hand and 150 in transit",
        ),
        Example(
            "=INVCOMPONENTS(400, 200, 300, 0)",
            [[200.0, 200.0, 0.0, 0.0, 0.0, 0.0]],
            "cycle stock is short of its 300",
        ),
        Example("=INVCOMPONENTS(400, -1, 300, 0)", CellError.NUM, "negative safety stock"),
    ],
)
def inventory_components(
    on_hand: Annotated[Value, Argument("units", "Stock on hand, without what is in transit.", Ge(0))],
    safety: Annotated[Value, Argument("units", "Safety stock needed.", Ge(0))],
    cycle: Annotated[Value, Argument("units", "Cycle stock needed, half a lot on average.", Ge(0))],
    pipeline: Annotated[Value, Argument("units", "Stock in transit, on top of what is on hand.", Ge(0))],
    prebuild: Annotated[
        Value, Argument("units", "Stock built ahead for a season or an event.", Ge(0), default=0)
    ],
    future_demand: Annotated[
        Value,
        Argument(
            "units",
            "Demand still to come; left out, all surplus is excess and none obsolete.",
            Ge(0),
            default=None,
        ),
    ],
) -> Annotated[Row, Result("units", parts=("safety", "cycle", "pipeline", "prebuild", "excess", "obsolete"))]:
    """Stock split by what it is there for; the parts sum exactly to on hand plus pipeline."""
    usable = np.inf if future_demand is None else future_demand
    return tuple(stock_components.components(on_hand, safety, cycle, pipeline, prebuild, usable))


@function(
    "ENTITLEMENT",
    family="Finance and inventory quality",
    formula="safety + cycle + pipeline + mandatory",
    source="Components as in Silver, Pyke & Thomas (2017), §2.4.1",
    serves=("R029", "R009"),
    examples=[
        Example("=ENTITLEMENT(200, 300, 150)", 650.0, "what parameters and lead times justify"),
        Example("=ENTITLEMENT({200;80}, {300;40}, 150, 50)", [[700.0], [320.0]], "50 of them for display"),
        Example("=ENTITLEMENT(200, -300, 150)", CellError.NUM, "negative cycle stock"),
    ],
)
def entitlement(
    safety: Annotated[Values, Argument("units", "Safety stock needed.", Ge(0))],
    cycle: Annotated[Values, Argument("units", "Cycle stock needed, half a lot on average.", Ge(0))],
    pipeline: Annotated[Values, Argument("units", "Stock in transit: demand over the lead time.", Ge(0))],
    mandatory: Annotated[
        Values, Argument("units", "Stock held by law, contract or for display.", Ge(0), default=0)
    ],
) -> Annotated[Values, Result("units", "In money where its components are.")]:
    """Inventory entitlement: the stock that present policies and lead times justify."""
    return safety + cycle + pipeline + mandatory


@function(
    "EXCESSQTY",
    family="Finance and inventory quality",
    formula="max(0, on_hand − future_demand − safety_stock)",
    source="Toelle & Tersine (1989), Excess inventory: financial asset or operational liability?",
    serves=("R025",),
    examples=[
        Example("=EXCESSQTY(1000, 700, 100)", 200.0, "more than a year's demand and the safety stock"),
        Example("=EXCESSQTY({1000;500}, {700;700})", [[300.0], [0.0]], "the second is all needed"),
        Example('=EXCESSQTY("many", 700)', CellError.VALUE, "text is no quantity"),
    ],
)
def excess_quantity(
    on_hand: OnHand,
    future_demand: Annotated[
        Values, Argument("units", "Demand over the horizon within which stock is not excess.", Ge(0))
    ],
    safety_stock: SafetyStock,
) -> Annotated[Values, Result("units")]:
    """Stock beyond the demand of the horizon and the safety stock."""
    return np.maximum(on_hand - future_demand - safety_stock, 0.0)


@function(
    "EXPIRYRISK",
    family="Finance and inventory quality",
    formula="max(0, stock − daily_demand · max(0, days_to_expiry))",
    source="Nahmias (1982), Operations Research 30(4): first in, first out at even demand",
    serves=("R030",),
    examples=[
        Example("=EXPIRYRISK(500, 30, 12)", 140.0, "30 days sell 360 of 500"),
        Example("=EXPIRYRISK({500;80}, {30;-2}, 12)", [[140.0], [80.0]], "what has expired is all at risk"),
        Example("=EXPIRYRISK(500, 30, -12)", CellError.NUM, "negative demand"),
    ],
)
def expiry_risk(
    stock: Annotated[Values, Argument("units", "Stock of the batch and of what expires before it.", Ge(0))],
    days_to_expiry: Annotated[
        Values,
        Argument("days", "Days in which it can still be sold, less any the customer asks for; < 0: expired."),
    ],
    daily_demand: Annotated[Values, Argument("units/day", "Demand per day.", Ge(0))],
) -> Annotated[Values, Result("units")]:
    """Stock that will expire before even demand, served first in first out, has used it."""
    return np.maximum(stock - daily_demand * np.maximum(days_to_expiry, 0.0), 0.0)


@function(
    "INVQUALITY",
    family="Finance and inventory quality",
    formula='Σ values of class "active" / Σ values',
    source="Gossard (2003), The Inventory Quality Ratio",
    serves=("R026",),
    examples=[
        Example(
            '=INVQUALITY({400;300;200;100}, {"active";"slow";"excess";"obsolete"})',
            0.4,
            "two fifths of the value is of use",
        ),
        Example('=INVQUALITY({0;0}, {"active";"slow"})', CellError.DIV0, "nothing in stock"),
    ],
)
def inventory_quality_ratio(
    values: Annotated[Column, Argument("money", "Value of each stock at cost.", Ge(0))],
    classes: Annotated[Labels, Argument("", "Class of each, as SLOBCLASS gives it; upper case or lower.")],
) -> Annotated[Value, Result("ratio", "Say with it the rules by which a stock is active.")]:
    """Inventory quality ratio: the share of the value of stock that is active."""
    active = np.array([_is_active(label) for label in classes])
    total = float(values.sum())
    if total == 0.0:
        raise Refusal(CellError.DIV0, "the values sum to 0")
    return float(values[active].sum()) / total


def _is_active(label: Cell) -> bool:
    if label is None:
        raise Refusal(CellError.NA, "'classes' must not be blank where there is a value")
    return str(label).strip().casefold() == "active"
