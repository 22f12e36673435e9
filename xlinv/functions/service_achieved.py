"""Service as it was achieved."""

from typing import Annotated

from xlinv.catalogue import Argument, Column, Example, Ge, Labels, Option, Refusal, Result, Value, function
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
        Option, Argument("", "What is counted.", default="unit", options=("unit", "line", "order"))
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
    ids = [label for label, kept in zip(order_ids or [], wanted, strict=False) if kept]
    if not ids or None in ids:
        raise Refusal(CellError.NA, "the order fill rate needs 'order_ids', one per line")
    return delivery.order_fill(shipped, ordered, ids)
