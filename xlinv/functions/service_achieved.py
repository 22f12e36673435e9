"""Service as it was achieved."""

from typing import Annotated

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Labels,
    Lt,
    Option,
    Refusal,
    Result,
    Value,
    function,
)
from xlinv.cells import CellError
from xlinv.kernels import delivery


@function(
    "FILLRATE",
    family="Finance and inventory quality",
    formula="unit: Σ min(shipped, ordered) / Σ ordered; line, order: share with shipped ≥ ordered throughout",
    source="Frazelle (2015), Inventory Strategy (RightChain): unit, line and order fill rate",
    serves=("R074", "R153"),
    examples=[
        Example("=FILLRATE({75,20}, {80,20})", 0.95, "95 of 100 units"),
        Example('=FILLRATE({75,20}, {80,20}, "line")', 0.5, "one of two lines"),
        Example('=FILLRATE({75,20}, {80,20}, "order", {"A","A"})', 0.0, "one order, and it was short"),
        Example('=FILLRATE({75,20}, {80,20}, "order")', CellError.NA, "which line belongs to which order?"),
    ],
)
def fill_rate(
    shipped: Annotated[
        Column, Argument("units", "Shipped at first, per line; money for the revenue fill rate.", Ge(0))
    ],
    ordered: Annotated[Column, Argument("units", "Ordered, per line; a line of 0 is left out.", Ge(0))],
    level: Annotated[
        Option,
        Argument(
            "",
            "unit: share of all units; line: of lines shipped in full; order: of orders with no line short.",
            default="unit",
            options=("unit", "line", "order"),
        ),
    ],
    order_ids: Annotated[Labels, Argument("", "Order of each line; needed for level order.", default=None)],
) -> Annotated[Value, Result("fraction")]:
    """Share of units, of lines or of orders that were filled."""
    wanted = ordered > 0
    if not wanted.any():
        raise Refusal(CellError.DIV0, "nothing was ordered")
    shipped, ordered = shipped[wanted], ordered[wanted]
    if level == "unit":
        return delivery.unit_fill(shipped, ordered)
    if level == "line":
        return delivery.line_fill(shipped, ordered)
    if order_ids is None or None in order_ids:
        raise Refusal(CellError.NA, "the order fill rate needs 'order_ids', one per line")
    ids = [label for label, kept in zip(order_ids, wanted, strict=True) if kept]
    return delivery.order_fill(shipped, ordered, ids)


@function(
    "OTIF",
    family="Finance and inventory quality",
    formula=(
        "share of lines with promised − early ≤ delivered ≤ promised + late and "
        "shipped ≥ ordered · (1 − tolerance)"
    ),
    source="ASCM Supply Chain Operations Reference: perfect order fulfilment, RL.1.1, on time and in full",
    serves=("R095",),
    examples=[
        Example(
            "=OTIF({45000;45000;45000}, {45000;45001;45000}, {10;10;10}, {10;10;8})",
            0.3333333333333333,
            "one line is late, one short",
        ),
        Example(
            "=OTIF({45000;45000;45000}, {45000;45001;45000}, {10;10;10}, {10;10;8}, 0, 1, 0.2)",
            1.0,
            "a day late and a fifth short are let pass",
        ),
        Example("=OTIF({45000;45000}, {45000;45001}, {10;10}, {10;-2})", CellError.NUM, "shipped below 0"),
    ],
)
def on_time_in_full(
    promised: Annotated[
        Column,
        Argument("date", "Day promised, or requested: say which; one row per order line.", Ge(0)),
    ],
    delivered: Annotated[
        Column, Argument("date", "Day delivered; blank while it is not.", Ge(0), keep_blanks=True)
    ],
    ordered: Annotated[Column, Argument("units", "Ordered, per line; a line of 0 is left out.", Ge(0))],
    shipped: Annotated[
        Column,
        Argument("units", "Delivered on that day; blank while nothing is.", Ge(0), keep_blanks=True),
    ],
    early: Annotated[
        Value,
        Argument("days", "Days early that still count as on time; at 0 none do.", Ge(0), default=0),
    ],
    late: Annotated[Value, Argument("days", "Days late that still count as on time.", Ge(0), default=0)],
    tolerance: Annotated[
        Value, Argument("fraction", "Share of a line that may lack.", Ge(0), Lt(1), default=0)
    ],
) -> Annotated[Value, Result("fraction")]:
    """Share of order lines delivered on time and in full."""
    wanted = ordered > 0
    if not wanted.any():
        raise Refusal(CellError.DIV0, "nothing was ordered")
    if (np.isnan(shipped) & ~np.isnan(delivered))[wanted].any():
        raise Refusal(CellError.NA, "'shipped' must not be blank where 'delivered' is given")
    kept = delivery.on_time(promised, delivered, early, late) & delivery.in_full(shipped, ordered, tolerance)
    return float(np.mean(kept[wanted]))


@function(
    "SSCOMPLIANCE",
    family="Finance and inventory quality",
    formula="share of rows with on_hand ≥ safety_stock",
    source="Kinaxis (2020), Inventory management metrics: percentage of safety stock compliance",
    serves=("R035",),
    examples=[
        Example("=SSCOMPLIANCE({120;80;60;200}, {100;100;50;150})", 0.75, "one of four is below"),
        Example("=SSCOMPLIANCE({120;80}, {100;100;50})", CellError.NA, "columns of different length"),
        Example("=SSCOMPLIANCE({120;80}, {100;-1})", CellError.NUM, "safety stock below 0"),
    ],
)
def safety_stock_compliance(
    on_hand: Annotated[
        Column, Argument("units", "Ending stock, actual or projected, by item or by period; below 0 if owed.")
    ],
    safety_stock: Annotated[Column, Argument("units", "Safety stock of the same row.", Ge(0))],
) -> Annotated[Value, Result("fraction")]:
    """Share of items or periods in which stock is not below its safety stock."""
    return float(np.mean(on_hand >= safety_stock))
