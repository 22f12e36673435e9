"""Policy matrices: an item's or a supplier's place in a table of two or more criteria."""

from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue import (
    Argument,
    Classes,
    Example,
    Flag,
    Ge,
    Gt,
    Le,
    Option,
    Result,
    Values,
    Whole,
    answers,
    function,
)
from xlinv.cells import CellError

FAMILY: Final = "Segmentation"

Weight: TypeAlias = Annotated[
    Values,
    Argument("ratio", "Weight of this part; only the ratios of the weights count.", Ge(0), default=0.25),
]


def _named(names: tuple[str, ...], codes: NDArray[np.int64]) -> NDArray[Any]:
    return np.array(names, object)[codes]


@function(
    "MARGINSERVICE",
    family=FAMILY,
    formula="margin and criticality at or above their cuts: Protect; margin only: Grow; criticality only: "
    "Maintain; neither: Reduce",
    source="Margin-service matrix, after Fisher (1997), Harvard Business Review 75(2); cuts are the user's",
    serves=("R057", "R065"),
    examples=[
        Example("=MARGINSERVICE(0.45, 0.9)", "Protect", "high margin, critical to service"),
        Example(
            "=MARGINSERVICE({0.45;0.1;0.1}, {0.2;0.9;0.2})", [["Grow"], ["Maintain"], ["Reduce"]], "the rest"
        ),
        Example("=MARGINSERVICE(0.25, 0.9, 0.2)", "Protect", "with a cut of one's own"),
        Example("=MARGINSERVICE(45, 0.9)", CellError.NUM, "a margin is a fraction, 0.45 for 45 %"),
    ],
)
def margin_service(
    margin: Annotated[
        Values, Argument("fraction", "Gross margin of the item, of its price; may be negative.", Le(1))
    ],
    criticality: Annotated[
        Values, Argument("fraction", "How critical the item is to service, from 0 to 1.", Ge(0), Le(1))
    ],
    cut_margin: Annotated[
        Values, Argument("fraction", "Margin from which on it counts as high.", Le(1), default=0.3)
    ],
    cut_criticality: Annotated[
        Values,
        Argument("fraction", "Criticality from which on it counts as high.", Ge(0), Le(1), default=0.5),
    ],
) -> Annotated[Classes, Result("class", "Protect, Grow, Maintain or Reduce.")]:
    """Quadrant of the margin-service matrix: what to protect, and where stock can be reduced."""
    codes = 2 * (margin < cut_margin).astype(np.int64) + (criticality < cut_criticality)
    return _named(("Protect", "Grow", "Maintain", "Reduce"), codes)


@function(
    "RISKEXPOSURE",
    family=FAMILY,
    formula="Σ weight·part / Σ weight, with the parts 1/suppliers; min(1, volatility/full_volatility); "
    "min(1, lead_time/full_lead_time); 1 if international else 0",
    source="Risk exposure matrix; weighted scoring after Zsidisin (2003), JSCM 39(1)",
    serves=("R058",),
    examples=[
        Example("=RISKEXPOSURE(1, 0.25, 45, TRUE)", 0.75, "parts 1, 0.5, 0.5 and 1"),
        Example("=RISKEXPOSURE({1;4}, 0, 0)", [[0.25], [0.0625]], "single and multiple sourcing"),
        Example("=RISKEXPOSURE(0, 0.25, 45)", CellError.NUM, "somebody has to supply it"),
    ],
)
def risk_exposure(
    suppliers: Annotated[Values, Argument("count", "Suppliers qualified for the item.", Whole(), Ge(1))],
    volatility: Annotated[
        Values, Argument("ratio", "Volatility of price or market, as a coefficient of variation.", Ge(0))
    ],
    lead_time: Annotated[Values, Argument("days", "Replenishment lead time, in days.", Ge(0))],
    international: Annotated[Flag, Argument("", "Whether it crosses a border.", default=False)],
    weight_suppliers: Weight,
    weight_volatility: Weight,
    weight_lead_time: Weight,
    weight_international: Weight,
    full_volatility: Annotated[
        Values, Argument("ratio", "Volatility from which on its part is 1.", Gt(0), default=0.5)
    ],
    full_lead_time: Annotated[
        Values, Argument("days", "Lead time from which on its part is 1.", Gt(0), default=90)
    ],
) -> Annotated[Values, Result("score", "From 0 for none to 1 for the highest exposure.")]:
    """Score of exposure to supply risk: few suppliers, volatile markets, long and foreign routes."""
    weights = weight_suppliers + weight_volatility + weight_lead_time + weight_international
    score = (
        weight_suppliers / suppliers
        + weight_volatility * np.minimum(1.0, volatility / full_volatility)
        + weight_lead_time * np.minimum(1.0, lead_time / full_lead_time)
        + weight_international * (1.0 if international else 0.0)
    )
    return answers(score / weights, (weights == 0, CellError.DIV0, "the weights add up to 0"))


@function(
    "KRALJIC",
    family=FAMILY,
    formula="profit impact and supply risk at or above the cut: Strategic; impact only: Leverage; risk only: "
    "Bottleneck; neither: Non-critical",
    source="Kraljic (1983), Harvard Business Review 61(5)",
    serves=("R063",),
    examples=[
        Example(
            "=KRALJIC({0.8;0.8;0.2;0.2}, {0.9;0.1;0.9;0.1})",
            [["Strategic"], ["Leverage"], ["Bottleneck"], ["Non-critical"]],
            "the four quadrants",
        ),
        Example("=KRALJIC(8, 3, 5)", "Leverage", "scores from 1 to 10, cut at 5"),
        Example("=KRALJIC(-1, 0.5)", CellError.NUM, "a score is not negative"),
    ],
)
def kraljic(
    profit_impact: Annotated[Values, Argument("score", "Impact of the purchase on profit.", Ge(0))],
    supply_risk: Annotated[Values, Argument("score", "Risk of its supply, on the same scale.", Ge(0))],
    cut: Annotated[Values, Argument("score", "Score from which on it counts as high.", Ge(0), default=0.5)],
) -> Annotated[Classes, Result("class", "Strategic, Leverage, Bottleneck or Non-critical.")]:
    """Quadrant of the Kraljic matrix for an item or a supplier."""
    codes = 2 * (profit_impact < cut).astype(np.int64) + (supply_risk < cut)
    return _named(("Strategic", "Leverage", "Bottleneck", "Non-critical"), codes)


@function(
    "ARCHETYPE",
    family=FAMILY,
    formula="the first rule that holds: margin class Protect, or A with risk ≥ 0.5, or C and Maintain with "
    "risk ≥ 0.5 (critical and hard to get): Strategic; C that is Reduce or Z: Tail; else Commodity",
    source="SKU archetypes and their policies, after the working-capital blueprint, 3.2",
    serves=("R059", "R065"),
    examples=[
        Example('=ARCHETYPE("A", "X", "Protect", 0.2)', "Strategic", "margin and service to protect"),
        Example('=ARCHETYPE("B", "X", "Maintain", 0.2)', "Commodity", "steady and replaceable"),
        Example('=ARCHETYPE("C", "Z", "Grow", 0.2)', "Tail", "little value, little to forecast"),
        Example('=ARCHETYPE("D", "Z", "Grow", 0.2)', CellError.VALUE, "there is no class D"),
    ],
)
def archetype(
    abc: Annotated[Option, Argument("", "Class by value, as ABCCLASS gives it.", options=("A", "B", "C"))],
    xyz: Annotated[Option, Argument("", "Class by variability, as XYZCLASS.", options=("X", "Y", "Z"))],
    margin_class: Annotated[
        Option,
        Argument(
            "",
            "Class by margin and service, as MARGINSERVICE.",
            options=("Protect", "Grow", "Maintain", "Reduce"),
        ),
    ],
    risk: Annotated[
        Values, Argument("score", "Supply risk from 0 to 1, as RISKEXPOSURE gives it.", Ge(0), Le(1))
    ],
) -> Annotated[Classes, Result("class", "Strategic, Commodity or Tail.")]:
    """Archetype of an item, the key to its stock policy: Strategic, Commodity or Tail."""
    risky = risk >= 0.5
    if margin_class == "Protect":
        strategic = np.ones(len(risk), np.bool_)
    else:
        strategic = risky & (abc == "A" or (abc == "C" and margin_class == "Maintain"))
    tail = abc == "C" and (margin_class == "Reduce" or xyz == "Z")
    return _named(("Commodity", "Tail", "Strategic"), np.where(strategic, 2, int(tail)))


@function(
    "DRIVERSEGMENT",
    family=FAMILY,
    formula="four letters, H at or above its cut and L below: demand variability, lead time variability, "
    "service, replenishment frequency",
    source="Segmentation by the drivers of inventory; Silver, Pyke & Thomas (2017), ch. 2",
    serves=("R064", "R065"),
    examples=[
        Example("=DRIVERSEGMENT(0.8, 0.1, 0.98, 4)", "HLHH", "varied demand, reliable supply, ordered often"),
        Example("=DRIVERSEGMENT(0.2, 0.6, 0.9, 0.5)", "LHLL", "steady demand, unreliable supply"),
        Example("=DRIVERSEGMENT(0.2, 0.6, 98, 1)", CellError.NUM, "service is a fraction, 0.98 for 98 %"),
    ],
)
def driver_segment(
    demand_cv: Annotated[Values, Argument("ratio", "Coefficient of variation of demand.", Ge(0))],
    lead_time_cv: Annotated[Values, Argument("ratio", "Coefficient of variation of the lead time.", Ge(0))],
    service: Annotated[Values, Argument("fraction", "Service level required.", Ge(0), Le(1))],
    frequency: Annotated[Values, Argument("orders/period", "Replenishments per period.", Ge(0))],
    cut_demand_cv: Annotated[
        Values, Argument("ratio", "Demand variability that is high.", Ge(0), default=0.5)
    ],
    cut_lead_time_cv: Annotated[
        Values, Argument("ratio", "Lead time variability that is high.", Ge(0), default=0.25)
    ],
    cut_service: Annotated[
        Values, Argument("fraction", "Service level that is high.", Ge(0), Le(1), default=0.95)
    ],
    cut_frequency: Annotated[
        Values, Argument("orders/period", "Replenishment frequency that is high.", Ge(0), default=1)
    ],
) -> Annotated[Classes, Result("code", "LLLL to HHHH.")]:
    """Segment by the drivers of inventory: what varies, what is promised and how often it is replenished."""
    codes = (
        8 * (demand_cv >= cut_demand_cv).astype(np.int64)
        + 4 * (lead_time_cv >= cut_lead_time_cv)
        + 2 * (service >= cut_service)
        + (frequency >= cut_frequency)
    )
    names = tuple(a + b + c + d for a in "LH" for b in "LH" for c in "LH" for d in "LH")
    return _named(names, codes)
