"""What terms with suppliers are worth: consignment, supply chain finance, a second source."""

import math
from typing import Annotated

from xlinv.catalogue import Argument, Example, Ge, Le, Result, Row, Value, Values, function
from xlinv.cells import Cell, CellError
from xlinv.functions.arguments import AverageInventory


@function(
    "CONSIGNVALUE",
    family="Finance and inventory quality",
    formula="average_inventory · ownership_shift · rate − fee",
    source="Valentini & Zavanella (2003), Int. J. Production Economics 81–82: consignment stock",
    serves=("R172",),
    examples=[
        Example("=CONSIGNVALUE(200000, 0.1)", 20000.0, "all of it is the supplier's until it is used"),
        Example("=CONSIGNVALUE(200000, 0.1, 0.6, 5000)", 7000.0, "three fifths, and the supplier's charge"),
        Example("=CONSIGNVALUE(200000, 0.1, 1.2)", CellError.NUM, "more than all of it"),
    ],
)
def consignment_value(
    average_inventory: AverageInventory,
    rate: Annotated[
        Values,
        Argument(
            "fraction/year",
            "Part of the carrying rate that goes with ownership: capital and risk, seldom storage.",
            Ge(0),
        ),
    ],
    ownership_shift: Annotated[
        Values, Argument("fraction", "Share of it that the supplier will own.", Ge(0), Le(1), default=1)
    ],
    fee: Annotated[
        Values,
        Argument("money/year", "What the supplier asks for it, in price or fee.", Ge(0), default=0),
    ],
) -> Annotated[
    Values, Result("money/year", "Report DIO with and without consigned stock (IFRS 15: who controls it?).")
]:
    """What consignment saves the buyer in a year."""
    return average_inventory * ownership_shift * rate - fee


@function(
    "SCFBENEFIT",
    family="Finance and inventory quality",
    formula=(
        "cash = spend · days_extended / 365; supplier = cash · (rate_supplier − rate_buyer − fee); "
        "breakeven fee = rate_supplier − rate_buyer"
    ),
    source="Wuttke, Blome, Heese & Protopappa-Sieke (2016), Int. J. Production Economics 178, 72–81",
    serves=("R173",),
    examples=[
        Example(
            "=SCFBENEFIT(3650000, 30, 0.04, 0.09, 0.01)",
            [[300000.0, 12000.0, 0.05]],
            "the buyer frees 300,000 and the supplier still gains 12,000 a year",
            1e-9,
        ),
        Example(
            "=SCFBENEFIT(3650000, 30, 0.04, 0.03, 0.01)",
            [[300000.0, -6000.0, -0.01]],
            "a supplier that borrows more cheaply loses",
        ),
        Example("=SCFBENEFIT(3650000, -30, 0.04, 0.09, 0.01)", CellError.NUM, "terms are not extended"),
    ],
)
def supply_chain_finance_benefit(
    spend: Annotated[Value, Argument("money/year", "Spend with the supplier in a year.", Ge(0))],
    days_extended: Annotated[Value, Argument("days", "Days by which payment terms are extended.", Ge(0))],
    rate_buyer: Annotated[
        Value,
        Argument("fraction/year", "Rate at which the financier pays early, on the buyer's credit.", Ge(0)),
    ],
    rate_supplier: Annotated[
        Value, Argument("fraction/year", "Rate at which the supplier borrows otherwise.", Ge(0))
    ],
    fee: Annotated[
        Value, Argument("fraction/year", "Charge of the programme on top of its rate.", Ge(0), default=0)
    ],
) -> Annotated[
    Row,
    Result(
        "money, money/year, fraction/year",
        "Payables so financed may be debt, and are to be disclosed (IAS 7.44F).",
        parts=("buyer cash", "supplier benefit", "breakeven fee"),
    ),
]:
    """Cash that longer terms free for the buyer, and what the supplier gains or loses by financed payment."""
    cash = spend * days_extended / 365.0
    breakeven = rate_supplier - rate_buyer
    return cash, cash * (breakeven - fee), breakeven


@function(
    "DUALSOURCE",
    family="Finance and inventory quality",
    formula=(
        "L = w·L₁ + (1 − w)·L₂; σ = √(w²σ₁² + (1 − w)²σ₂²); safety stock change σ/σ₁ − 1; "
        "pipeline change L/L₁ − 1"
    ),
    source="Order splitting: Sculli & Wu (1981), J. Opl Res. Soc. 32(11); Thomas & Tyworth (2006), TR-E 42",
    serves=("R177",),
    examples=[
        Example(
            "=DUALSOURCE(6, 2, 4, 1.5, 0.5)",
            [[5.0, 1.25, -0.375, -0.16666666666666663]],
            "two sources that vary independently need three eighths less",
        ),
        Example(
            "=DUALSOURCE(4, 0, 6, 2, 0.5)",
            [[5.0, 1.0, CellError.DIV0, 0.25]],
            "a first source without variation leaves nothing to compare with",
        ),
        Example("=DUALSOURCE(6, 2, 4, 1.5, 1.5)", CellError.NUM, "a share above 1"),
    ],
)
def dual_source(
    lead_time_1: Annotated[Value, Argument("periods", "Mean lead time of the present source.", Ge(0))],
    lead_time_sd_1: Annotated[Value, Argument("periods", "Its standard deviation.", Ge(0))],
    lead_time_2: Annotated[Value, Argument("periods", "Mean lead time of the second source.", Ge(0))],
    lead_time_sd_2: Annotated[Value, Argument("periods", "Its standard deviation.", Ge(0))],
    split: Annotated[
        Value, Argument("fraction", "Share of every order that stays with the first source.", Ge(0), Le(1))
    ],
) -> Annotated[
    Row,
    Result(
        "periods, periods, fraction, fraction",
        "Changes against the first source alone: of the safety stock that lead times ask for, and of stock "
        "in transit; times its value and carrying rate each is a cost.",
        parts=("lead time", "lead time sd", "safety stock change", "pipeline change"),
    ),
]:
    """Lead time of an item split between two sources, its deviation, and what that does to stock."""
    rest = 1.0 - split
    lead_time = split * lead_time_1 + rest * lead_time_2
    deviation = math.hypot(split * lead_time_sd_1, rest * lead_time_sd_2)
    return lead_time, deviation, _change(deviation, lead_time_sd_1), _change(lead_time, lead_time_1)


def _change(new: float, old: float) -> Cell:
    return new / old - 1.0 if old else CellError.DIV0
