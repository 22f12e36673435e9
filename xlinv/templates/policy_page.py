"""The Policy page: one row per item, every column one spilled formula over the tables."""

from dataclasses import dataclass
from typing import Final

from xlinv.templates.company import Company
from xlinv.templates.data_pages import (
    COST,
    DEMAND_MEAN,
    DISTRIBUTION,
    ERROR_SD,
    HISTORY,
    ITEM,
    KIND,
    LAST_USE,
    LEAD_TIME,
    LEAD_TIME_SD,
    MINIMUM_ORDER,
    MULTIPLE,
    ON_HAND,
    ORDER_COST,
    PRICE,
    SAFETY_NOW,
    whole_column,
)
from xlinv.templates.governance import Check
from xlinv.templates.page import Column, Page

_TOTALS, _HEADINGS, _FIRST = 3, 4, 5


@dataclass(frozen=True)
class Shown:
    """A column of tblPolicy: its heading, what it shows, look, width, the name of its total.

    A `spilled` one shows a working, one formula for all items; the others look their item up.
    """

    heading: str
    formula: str
    number: str = "integer"
    width: float = 11
    spilled: bool = True
    total: str = ""


def policy(heading: str) -> str:
    """A column of tblPolicy, for formulas on any sheet."""
    return whole_column("tblPolicy", heading)


def _where_demand(formula: str, otherwise: str = '"no demand"') -> str:
    return f"IF({DEMAND_MEAN}>0,{formula},{otherwise})"


CLASS: Final = policy("Class [ABC-XYZ]")
SERVICE: Final = policy("Service target [fraction]")
LEAD_TIME_MONTHS: Final = policy("Lead time [months]")
LOT: Final = policy("EOQ [units]")
SAFETY: Final = policy("Safety stock [units]")
REORDER: Final = policy("Reorder point [units]")
SAFETY_VALUE: Final = policy("Safety stock [EUR]")
VALUE: Final = policy("Stock on hand [EUR]")
QUALITY: Final = policy("Quality")

_PROTECTED: Final = f"{LEAD_TIME_MONTHS},{LEAD_TIME_SD}/set_DaysPerMonth"
_TERMS: Final = f"set_ReviewMonths,set_ServiceType,{LOT},{DISTRIBUTION}"
_EXPECTED_FILL: Final = (
    f"EXPECTEDFILL({REORDER},{LOT},{DEMAND_MEAN},{ERROR_SD},{LEAD_TIME_MONTHS}+set_ReviewMonths,"
    f"{LEAD_TIME_SD}/set_DaysPerMonth,{DISTRIBUTION})"
)
_COLUMNS: Final = (
    Shown("Item", ITEM, "text", 11, spilled=False),
    Shown("Description", whole_column("tblItems", "Description"), "text", 31, spilled=False),
    Shown("Type", KIND, "text", 7, spilled=False),
    Shown(
        "Class [ABC-XYZ]",
        f"ABCXYZ({DEMAND_MEAN}*{COST},{HISTORY},set_CutA,set_CutB,set_CutX,set_CutY)",
        "text",
        12,
    ),
    Shown("Demand [units/month]", DEMAND_MEAN, "decimal", spilled=False),
    Shown("Error SD [units/month]", ERROR_SD, "decimal", spilled=False),
    Shown(
        "Service target [fraction]",
        f"SUMIF(tblTargets[Class],{CLASS},tblTargets[Target '[fraction']])",
        "percent",
        10,
    ),
    Shown("Lead time [months]", f"{LEAD_TIME}/set_DaysPerMonth", "ratio", 10),
    Shown(
        "EOQ [units]",
        f"EOQ({DEMAND_MEAN},{ORDER_COST},{COST}*out_CarryRate/set_MonthsInYear,{MINIMUM_ORDER},{MULTIPLE})",
    ),
    Shown("Safety stock now [units]", SAFETY_NOW, spilled=False),
    Shown(
        "Safety stock [units]",
        _where_demand(f"SAFETYSTOCK({SERVICE},{ERROR_SD},{_PROTECTED},{DEMAND_MEAN},{_TERMS})", "0"),
    ),
    Shown("Change [units]", f"{SAFETY}-{SAFETY_NOW}", "change"),
    Shown(
        "Reorder point [units]",
        _where_demand(f"REORDERPOINT({SERVICE},{DEMAND_MEAN},{ERROR_SD},{_PROTECTED},{_TERMS})", "0"),
    ),
    Shown("Expected fill [fraction]", _where_demand(_EXPECTED_FILL), "percent"),
    Shown("Safety stock [EUR]", f"{SAFETY}*{COST}", width=12, total="out_SafetyStock"),
    Shown("Change [EUR]", f"({SAFETY}-{SAFETY_NOW})*{COST}", "change", 12, total="out_SafetyStockChange"),
    Shown("Stock on hand [EUR]", f"{ON_HAND}*{COST}", width=12, total="out_StockValue"),
    Shown("Days of supply [days]", _where_demand(f"DAYSOFSUPPLY({ON_HAND},{DEMAND_MEAN},set_DaysPerMonth)")),
    Shown(
        "GMROII [ratio]",
        f'IF({PRICE}>0,GMROII(({PRICE}-{COST})*{DEMAND_MEAN}*set_MonthsInYear,{VALUE}),"not sold")',
        "ratio",
    ),
    Shown(
        "Quality",
        f"SLOBCLASS({ON_HAND},{LAST_USE},{DEMAND_MEAN}*set_MonthsInYear,set_Slow,set_Obsolete)",
        "text",
    ),
)
_WORKINGS: Final = tuple(shown for shown in _COLUMNS if shown.spilled)
_FIRST_WORKING: Final = len(_COLUMNS) + 1
WIDTHS: Final = (*(shown.width for shown in _COLUMNS), 3, *(13,) * len(_WORKINGS))


def write_policy(page: Page, company: Company) -> None:
    """The table in front, one row per item, and the spilled workings that it reads, to its right.

    The table is what other sheets, filters and programs without the catalogue read.
    """
    rows = max(1, len(company.items))
    _write_workings(page, rows)
    _write_table(page, rows)
    page.freeze(_FIRST, 2)
    page.sheet.print_area(0, 0, _FIRST + rows - 1, len(_COLUMNS) - 1)


def _write_workings(page: Page, rows: int) -> None:
    page.section(_TOTALS, "Workings: one spilled formula per column", _FIRST_WORKING)
    page.headings(_HEADINGS, _FIRST_WORKING, [working.heading for working in _WORKINGS], height=44)
    for number, working in enumerate(_WORKINGS, start=_FIRST_WORKING):
        page.spill(_FIRST, number, f"={working.formula}", rows, number=working.number)
    page.grey_where_not_installed(_FIRST, _FIRST_WORKING, _FIRST + rows - 1, len(WIDTHS) - 1)


def _write_table(page: Page, rows: int) -> None:
    page.table(
        _HEADINGS,
        0,
        "tblPolicy",
        [
            Column(
                shown.heading,
                shown.number,
                formula=_shown_formula(page, shown),
                style="x_Calc" if shown.spilled else "x_Link",
                rows=rows,
            )
            for shown in _COLUMNS
        ],
        height=44,
    )
    page.text(_TOTALS, 0, "Total", "x_Section")
    for number, shown in enumerate(_COLUMNS):
        if shown.total:
            total = f"=SUM({policy(shown.heading)})"
            page.formula(_TOTALS, number, total, shown.number, shown.total, bold=True)


def _shown_formula(page: Page, shown: Shown) -> str:
    if shown.spilled:
        return f"=INDEX({page.column(_FIRST_WORKING + _WORKINGS.index(shown))},ROW())"
    return f"=INDEX({shown.formula},ROW()-ROW(tblPolicy[[#Headers],[Item]]))"


def checks() -> list[Check]:
    """What must hold on the Policy page and in the data under it."""
    errors = "+".join(f"SUMPRODUCT(--ISERROR({each}))" for each in (CLASS, LOT, SAFETY, REORDER))
    expected = f"{DEMAND_MEAN}*({LEAD_TIME_MONTHS}+set_ReviewMonths)"
    difference = f'SUMPRODUCT(({DISTRIBUTION}="normal")*({REORDER}-{SAFETY}-{expected}))'
    return [
        Check(
            "chk_HistoryMatchesItems",
            "History",
            "Every item has its row of history, in the order of Items",
            f"SUMPRODUCT(--({whole_column('tblHistory', 'Item')}<>{ITEM}))=0",
            "Sort or complete History so that its items are those of Items",
        ),
        Check(
            "chk_ForecastMatchesItems",
            "Forecast",
            "Every item has its row of forecast, in the order of Items",
            f"SUMPRODUCT(--({whole_column('tblForecast', 'Item')}<>{ITEM}))=0",
            "Sort or complete Forecast so that its items are those of Items",
        ),
        Check(
            "chk_PolicyRows",
            "Policy",
            "tblPolicy has as many rows as Items",
            f"ROWS(tblPolicy[Item])=ROWS({ITEM})",
            "Drag the corner of tblPolicy down to the last row of the workings",
        ),
        Check(
            "chk_ItemsUnique",
            "Items",
            "No item stands twice",
            f"SUMPRODUCT(--(COUNTIF({ITEM},{ITEM})>1))=0",
            "Delete or rename the items that stand twice",
        ),
        Check(
            "chk_PolicyComplete",
            "Policy",
            "No error in class, lot, safety stock or reorder point",
            f"{errors}=0",
            "An error names its cause: #N/A a blank input, #VALUE! a text, #NUM! a number out of range",
        ),
        Check(
            "chk_TargetsSet",
            "Settings",
            "Every class has a service target between 50% and 100%",
            f"AND(MIN({SERVICE})>=1/2,MAX({SERVICE})<1)",
            "Complete tblTargets on Settings",
        ),
        Check(
            "chk_ReorderTies",
            "Policy",
            "Reorder point less safety stock is the demand over lead time and review",
            f"ABS({difference})<set_Tolerance",
            "A reorder point or safety stock was typed over: restore the formula",
        ),
        Check(
            "chk_CutsOrdered",
            "Settings",
            "Cut-offs of A below B, of X below Y",
            "AND(set_CutA<set_CutB,set_CutX<set_CutY)",
            "Correct the cut-offs on Settings",
        ),
        Check(
            "chk_StockKnown",
            "Items",
            "No stock on hand is negative",
            f'COUNTIF({ON_HAND},"<0")=0',
            "Negative stock is a booking that is missing: clear it before planning",
            severity="warning",
        ),
    ]
