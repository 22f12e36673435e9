"""What lies ahead: projected stock, its breaches, requirements, promises and shares of what is short."""

from typing import Annotated, Any, Final, TypeAlias

import numpy as np

from xlinv.catalogue import (
    Argument,
    Example,
    Ge,
    Gt,
    Items,
    Option,
    PerPeriod,
    Result,
    Row,
    Series,
    Table,
    Value,
    Whole,
    answers,
    function,
)
from xlinv.cells import CellError, InputError
from xlinv.kernels import allocation, distribution_requirements
from xlinv.kernels import projection as stock_projection

Receipts: TypeAlias = Annotated[
    Series, Argument("units/period", "Receipts already scheduled, first period first.", Ge(0))
]
OneOnHand: TypeAlias = Annotated[
    Value, Argument("units", "Stock on hand before the first period; negative where units are owed.")
]
DRP_COLUMNS: Final = (
    "period",
    "gross",
    "scheduled",
    "net",
    "planned receipt",
    "projected",
    "planned shipment",
    "overdue",
)


@function(
    "PROJECTINVENTORY",
    family="Finance and inventory quality",
    formula="I_t = opening + Σ_{s≤t} (receipts_s − demand_s)",
    source="Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed.",
    serves=("R010",),
    examples=[
        Example(
            "=PROJECTINVENTORY(100, {0;80;0}, {60;50;90})",
            [[40.0], [70.0], [-20.0]],
            "the third period ends 20 units short",
        ),
        Example("=PROJECTINVENTORY(100, {0;80}, {60;50;90})", CellError.NA, "a receipt is missing"),
        Example("=PROJECTINVENTORY(100, 0, -60)", CellError.NUM, "demand below 0"),
    ],
)
def project_inventory(
    opening: OneOnHand,
    receipts: Receipts,
    demand: Annotated[Series, Argument("units/period", "Demand forecast, first period first.", Ge(0))],
) -> Annotated[Series, Result("units", "Stock at the end of each period; times unit cost it is money.")]:
    """Stock at the end of each period to come; below 0 it is what will be owed."""
    return stock_projection.projected_stock(opening, receipts, demand)


@function(
    "FUTUREBREACH",
    family="Finance and inventory quality",
    formula="first t with I_t < min_t (short by min_t − I_t) or I_t > max_t (excess of I_t − max_t)",
    source="Limits of projected stock as in Orlicky (1975), Material Requirements Planning: exceptions",
    serves=("R166",),
    examples=[
        Example(
            "=FUTUREBREACH({40;70;-20}, 20, 150)",
            [[3.0, "short", 40.0]],
            "the third period falls 40 units below its minimum",
        ),
        Example("=FUTUREBREACH({40;70}, {20;20}, {90;60})", [[2.0, "excess", 10.0]], "limits per period"),
        Example("=FUTUREBREACH({40;70}, 20, 150)", [[0.0, "ok", 0.0]], "no breach in sight"),
        Example("=FUTUREBREACH({40;70}, 150, 20)", CellError.NUM, "a minimum above the maximum"),
    ],
)
def future_breach(
    projection: Annotated[
        Series, Argument("units", "Projected stock, as PROJECTINVENTORY gives it, first period first.")
    ],
    min: Annotated[PerPeriod, Argument("units", "Least stock wanted, one or one per period.")],
    max: Annotated[PerPeriod, Argument("units", "Most stock wanted, one or one per period.")],
) -> Annotated[
    Row,
    Result(
        "count, text, units",
        'Period from 1; kind "short" or "excess"; 0, "ok", 0 where stock keeps within its limits.',
        parts=("period", "kind", "size"),
    ),
]:
    """First period in which projected stock leaves its limits, how, and by how much."""
    crossed = np.flatnonzero(min > max)
    if len(crossed):
        t = int(crossed[0])
        raise InputError("min", "must not be above 'max'", float(min[t]), f"period {t + 1}")
    period, size = stock_projection.first_breach(projection, min, max)
    kind = "ok" if not period else "short" if size < 0 else "excess"
    return float(period), kind, abs(size)


@function(
    "DRP",
    family="Finance and inventory quality",
    formula=(
        "net_t = max(0, safety_stock − (I_{t−1} + scheduled_t − gross_t)); receipt_t = ⌈net_t / lot⌉·lot; "
        "shipment_{t−L} = receipt_t"
    ),
    source="Martin (1995), Distribution Resource Planning; time-phased record of Orlicky (1975)",
    serves=("R167",),
    examples=[
        Example(
            "=DRP({60;60;60;60}, 100, {0;50;0;0}, 20, 1, 50)",
            [
                list(DRP_COLUMNS),
                [1, 60.0, 0.0, 0.0, 0.0, 40.0, 0.0, 0.0],
                [2, 60.0, 50.0, 0.0, 0.0, 30.0, 50.0, 0.0],
                [3, 60.0, 0.0, 50.0, 50.0, 20.0, 100.0, 0.0],
                [4, 60.0, 0.0, 60.0, 100.0, 60.0, 0.0, 0.0],
            ],
            "what is needed in period 3 is shipped in period 2; period 4 needs two lots of 50",
        ),
        Example("=DRP({60;60}, 100, {0;50}, 20, 1.5)", CellError.NUM, "half a period of lead time"),
    ],
)
def drp(
    gross: Annotated[
        Series, Argument("units/period", "Gross requirements: forecast or orders, first period first.", Ge(0))
    ],
    on_hand: OneOnHand,
    scheduled: Annotated[
        Series, Argument("units/period", "Scheduled receipts, already in transit, per period.", Ge(0))
    ],
    safety_stock: Annotated[Value, Argument("units", "Safety stock to keep.", Ge(0))],
    lead_time: Annotated[
        Value, Argument("periods", "Time from shipment to receipt, in whole periods.", Ge(0), Whole())
    ],
    lot: Annotated[
        Value, Argument("units", "Lot size: planned receipts are multiples of it.", Gt(0), default=1)
    ],
) -> Annotated[
    Table,
    Result(
        "units",
        "One row per period; overdue is what should have been shipped before the first period.",
        parts=DRP_COLUMNS,
    ),
]:
    """Distribution requirements plan of one item at one site: what to receive and when to ship it."""
    periods = int(min(lead_time, len(gross)))
    net, receipt, projected, shipment, overdue = distribution_requirements.planned_distribution(
        gross, on_hand, scheduled, safety_stock, periods, lot
    )
    columns = (gross, scheduled, net, receipt, projected, shipment, overdue)
    return [list(DRP_COLUMNS), *([t + 1, *(float(c[t]) for c in columns)] for t in range(len(gross)))]


@function(
    "ATP",
    family="Finance and inventory quality",
    formula="a_t − a_{t−1}, a_t = min_{s≥t} (on_hand + Σ_{u≤s} (receipts_u − orders_u))",
    source="APICS Dictionary, 'available-to-promise: discrete', with shortfalls taken from earlier periods",
    serves=("R195",),
    examples=[
        Example(
            "=ATP(20, {0;30;0;30}, {15;10;5;40})",
            [[5.0], [5.0], [0.0], [0.0]],
            "period 4 is oversold by 10, which come from period 2",
        ),
        Example("=ATP(0, {0;10}, {4;0})", [[-4.0], [10.0]], "4 units are promised too early"),
        Example("=ATP(20, {0;-30}, {15;10})", CellError.NUM, "a receipt below 0"),
    ],
)
def available_to_promise(
    on_hand: OneOnHand,
    receipts: Receipts,
    orders: Annotated[
        Series, Argument("units/period", "Customer orders already promised, first period first.", Ge(0))
    ],
) -> Annotated[
    Series,
    Result(
        "units",
        "Its running sum is what can be promised by a period: the first to reach a quantity is its date.",
    ),
]:
    """Quantity that each period adds to what can still be promised; below 0 where too much is promised."""
    return stock_projection.available_to_promise(on_hand, receipts, orders)


@function(
    "ALLOCATE",
    family="Finance and inventory quality",
    formula="priority: in order, equal priorities in proportion; fairshare: demand · min(1, supply/Σ demand)",
    source="Fair share as in Jönsson & Silver (1987), Management Science 33(2); ranks in order",
    serves=("R194",),
    examples=[
        Example(
            "=ALLOCATE(100, {60;50;50}, {1;2;2})",
            [[60.0], [20.0], [20.0]],
            "the first is served in full, the others share the rest",
        ),
        Example(
            '=ALLOCATE(120, {60;50;50}, {1;2;2}, "fairshare")',
            [[45.0], [37.5], [37.5]],
            "everybody gets three quarters",
        ),
        Example("=ALLOCATE(-1, {60;50}, {1;2})", CellError.NUM, "supply below 0"),
    ],
)
def allocate(
    supply: Annotated[Value, Argument("units", "What there is to share out.", Ge(0))],
    demands: Annotated[
        Items, Argument("units", "What each customer, site or order asks for; a bad row gets none.", Ge(0))
    ],
    priorities: Annotated[
        Items,
        Argument(
            "", "Priority of each, 1 before 2; fairshare ignores it, so it may be blank.", keep_blanks=True
        ),
    ],
    method: Annotated[
        Option,
        Argument(
            "",
            "priority: 1 is served before 2, equals in proportion; fairshare: all in proportion.",
            default="priority",
            options=("priority", "fairshare"),
        ),
    ],
) -> Annotated[Items, Result("units", "Never more than asked for; what nobody asks for is left over.")]:
    """Share of each demand in a supply that does not suffice for all of them."""
    if method == "fairshare":
        return allocation.fair_share(supply, demands)
    unranked = np.isnan(priorities)
    allocated: Any = np.zeros(len(demands))
    allocated[~unranked] = allocation.by_priority(supply, demands[~unranked], priorities[~unranked])
    return answers(allocated, (unranked, CellError.NA, "'priorities' must not be blank where it decides"))
