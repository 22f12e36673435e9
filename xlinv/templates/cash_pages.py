"""The Cash page and the Service curve page: what the policy means in days, money and service."""

from collections.abc import Sequence
from typing import Final

from xlinv.templates.company import Company
from xlinv.templates.data_pages import (
    COGS,
    COST,
    DEMAND_MEAN,
    INVENTORY,
    ITEM_TYPES,
    KIND,
    MONTH_END,
    PAYABLES,
    PRICE,
    PURCHASES,
    RECEIVABLES,
    REVENUE,
    quoted,
    this_row,
    whole_column,
)
from xlinv.templates.governance import Check
from xlinv.templates.page import Column, Page
from xlinv.templates.policy_page import CLASS, QUALITY, VALUE
from xlinv.templates.style import BLUE, GREY, SKY

CASH_WIDTHS: Final = (38, 16, 14, 14, 14, 16, 16, 18, 18, 3, *(15,) * 14)

_YEAR: Final = f'{MONTH_END},">"&out_YearStart,{MONTH_END},"<="&in_AsOf'
_BALANCES: Final = f'{MONTH_END},">="&out_YearStart,{MONTH_END},"<="&in_AsOf'

_FIGURES: Final = (
    ("Start of the year looked at", "out_YearStart", "=EDATE(in_AsOf,-set_MonthsInYear)", "date", ""),
    ("Revenue", "out_Revenue", f"=SUMIFS({REVENUE},{_YEAR})", "integer", "EUR"),
    ("Cost of goods sold", "out_COGS", f"=SUMIFS({COGS},{_YEAR})", "integer", "EUR"),
    ("Gross margin", "out_GrossMargin", "=out_Revenue-out_COGS", "integer", "EUR"),
    ("Purchases", "out_Purchases", f"=SUMIFS({PURCHASES},{_YEAR})", "integer", "EUR"),
    (
        "Stock, average of month ends",
        "out_AverageStock",
        f"=AVERAGEIFS({INVENTORY},{_BALANCES})",
        "integer",
        "EUR",
    ),
    (
        "Stock, last month end",
        "out_EndingStock",
        f"=SUMIFS({INVENTORY},{MONTH_END},in_AsOf)",
        "integer",
        "EUR",
    ),
    (
        "Stock that DIO rests on",
        "out_StockBasis",
        '=IF(set_InvBasis="Ending",out_EndingStock,out_AverageStock)',
        "integer",
        "EUR",
    ),
    ("Receivables, average", "out_Receivables", f"=AVERAGEIFS({RECEIVABLES},{_BALANCES})", "integer", "EUR"),
    ("Payables, average", "out_Payables", f"=AVERAGEIFS({PAYABLES},{_BALANCES})", "integer", "EUR"),
    (
        "Flow that DPO rests on",
        "out_DPOFlow",
        '=IF(set_DPODenominator="COGS",out_COGS,out_Purchases)',
        "integer",
        "EUR",
    ),
)

_RETURNS: Final = (
    ("Gross margin rate", "out_MarginRate", "=out_GrossMargin/out_Revenue", "percent", "fraction"),
    ("Turns", "out_Turns", "=TURNS(out_COGS,out_AverageStock)", "ratio", "per year"),
    ("GMROII", "out_GMROII", "=GMROII(out_GrossMargin,out_AverageStock)", "ratio", "ratio"),
    (
        "GMROII from margin and turns",
        "out_GMROIITurn",
        "=GMROIITURN(out_MarginRate,out_Turns)",
        "ratio",
        "ratio",
    ),
    (
        "Carrying rate",
        "out_CarryRate",
        "=CARRYRATE(in_RateCapital,in_RateStorage,in_RateService,in_RateRisk)",
        "percent",
        "per year",
    ),
    (
        "Cost of carrying the average stock",
        "out_CarryCost",
        "=CARRYCOST(out_AverageStock,out_CarryRate)",
        "integer",
        "EUR/year",
    ),
    ("Safety stock now", "out_SafetyStockNow", "=out_SafetyStock-out_SafetyStockChange", "integer", "EUR"),
    (
        "Carrying cost of the safety stock change",
        "out_CarryChange",
        "=out_SafetyStockChange*out_CarryRate",
        "change",
        "EUR/year",
    ),
)

# Metric, formula, flow, and whether more days are worse.
_DAYS: Final = (
    ("DIO", "=DIO(out_StockBasis,out_COGS,set_DaysInYear)", "out_COGS", True),
    ("DSO", "=DSO(out_Receivables,out_Revenue,set_DaysInYear)", "out_Revenue", True),
    ("DPO", "=DPO(out_Payables,out_DPOFlow,set_DaysInYear)", "out_DPOFlow", False),
)
_PEERS: Final = ("Best quartile '[days']", "Median '[days']", "Weakest quartile '[days']")
_DAYS_ROW: Final = 5
_RETURNS_ROW: Final = 27
_SEGMENT_WORKINGS: Final = 10
_SEGMENT_HEADINGS: Final = ("Items", "Stock [EUR]", "Share [fraction]")
_SEGMENT_LOOKS: Final = ("integer", "integer", "percent")
_CLASSES: Final = tuple(a + x for a in "ABC" for x in "XYZ")
_QUALITIES: Final = ("Active", "Slow", "Excess", "Obsolete")
_GRID: Final = {"visible": True, "line": {"color": "#E3E5EA"}}


def write_cash(page: Page, company: Company, months: tuple[int, int]) -> None:
    """Days against peers and the cash between, then returns, figures used, and where the stock lies.

    `months` are the first and last row of the table of months on sheet Inputs.
    """
    page.section(3, "Days against the peer group, and the cash between")
    page.headings(
        4, 0,
        ("Metric", "Actual [days]", "Best quartile [days]", "Median [days]", "Weakest quartile [days]",
         "Gap to median [days]", "Flow [EUR/year]", "Release to median [EUR]", "Release to best [EUR]"),
        height=32,
    )  # fmt: skip
    for row, (metric, formula, flow, more_is_worse) in enumerate(_DAYS, start=_DAYS_ROW):
        _write_days(page, row, metric, formula, flow, more_is_worse)
    _write_cycle(page, _DAYS_ROW + len(_DAYS))
    _write_charts(page, months)
    page.headings(_RETURNS_ROW, 0, ("Returns and carrying cost", "Value", "Unit"), height=18)
    for row, line in enumerate(_RETURNS, start=_RETURNS_ROW + 1):
        _write_line(page, row, *line)
    figures_row = _RETURNS_ROW + len(_RETURNS) + 2
    page.headings(figures_row, 0, ("Figures of the last twelve months", "Value", "Unit"), height=18)
    for row, figure in enumerate(_FIGURES, start=figures_row + 1):
        _write_line(page, row, *figure)
    _write_segments(page, company)
    page.freeze(5, 1, repeat=(0, 1))
    page.sheet.print_area(0, 0, _RETURNS_ROW + 24, 8)
    page.protect()


def _write_segments(page: Page, company: Company) -> None:
    """Where the stock lies by class, type and quality: tables in front of three spilled workings."""
    page.section(_RETURNS_ROW - 1, "Workings: spilled formulas", _SEGMENT_WORKINGS)
    row = _RETURNS_ROW
    for number, (label, segments, names) in enumerate(
        (
            ("Class", CLASS, _CLASSES),
            ("Type", KIND, ITEM_TYPES),
            ("Quality", QUALITY, _QUALITIES),
        )
    ):
        column = _SEGMENT_WORKINGS + 5 * number
        last = _RETURNS_ROW + len(names)
        rows = len(names) + 1 if company.items else 1
        page.spill(_RETURNS_ROW, column, f"=SEGCASH({VALUE},{segments})", rows, 4, number="decimal")
        page.grey_where_not_installed(_RETURNS_ROW, column, last, column + 3)
        working = page.block(_RETURNS_ROW, column, last, column + 3)
        row = _write_segment_table(page, row, label, names, working) + 1


def _write_segment_table(page: Page, row: int, label: str, names: Sequence[str], working: str) -> int:
    table = f"tblStockBy{label}"
    headings = (label, *_SEGMENT_HEADINGS)

    def found(heading: str) -> str:
        place = f"COLUMNS({table}[[#Headers],[{label}]:[{quoted(heading)}]])"
        return f"=IFERROR(VLOOKUP({this_row(table, label)},{working},{place},FALSE),0)"

    last = page.table(
        row,
        5,
        table,
        (
            Column(label, values=names, style="x_Text"),
            *(
                Column(heading, number, formula=found(heading))
                for heading, number in zip(headings[1:], _SEGMENT_LOOKS, strict=True)
            ),
        ),
        height=18,
    )
    page.text(last, 5, "Total", bold=True, indent=1)
    for offset, (heading, number) in enumerate(zip(headings[1:], _SEGMENT_LOOKS, strict=True), start=6):
        name = f"out_StockBy{label}" if heading == "Stock [EUR]" else ""
        page.formula(last, offset, f"=SUM({whole_column(table, heading)})", number, name, bold=True)
    return last + 1


def _write_line(page: Page, row: int, label: str, name: str, formula: str, number: str, unit: str) -> None:
    page.text(row, 0, label)
    page.formula(row, 1, formula, number, name)
    page.text(row, 2, unit, align="center")


def _write_days(page: Page, row: int, metric: str, formula: str, flow: str, more_is_worse: bool) -> None:
    page.text(row, 0, metric, bold=True)
    page.formula(row, 1, formula, "days", name=f"out_{metric}", bold=True)
    for offset, heading in enumerate(_PEERS):
        lookup = f"=SUMIF(tblBenchmarks[Metric],$A{row + 1},tblBenchmarks[{heading}])"
        page.formula(row, 2 + offset, lookup, "days", style="x_Link")
    page.formula(row, 5, f"=B{row + 1}-D{row + 1}", "days")
    page.formula(row, 6, f"={flow}", "integer")
    for column, target in ((7, "D"), (8, "C")):
        days = (f"B{row + 1}", f"{target}{row + 1}")
        actual, aim = days if more_is_worse else days[::-1]
        page.formula(row, column, f"=CASHRELEASE({actual},{aim},G{row + 1},set_DaysInYear)", "integer")


def _write_cycle(page: Page, row: int) -> None:
    first, last = _DAYS_ROW + 1, row
    page.text(row, 0, "Cash cycle, total release", bold=True)
    page.formula(row, 1, "=CASHCYCLE(out_DIO,out_DSO,out_DPO)", "days", name="out_CCC", bold=True)
    for column in range(2, 7):
        page.text(row, column, "")
    for column, letter, name in ((7, "H", "out_ReleaseToMedian"), (8, "I", "out_ReleaseToBest")):
        page.formula(row, column, f"=SUM({letter}{first}:{letter}{last})", "integer", name, bold=True)
    page.text(
        row + 1, 0,
        "The quartiles of the three metrics come from different companies: they do not add up.",
        "x_Note",
    )  # fmt: skip


def _write_charts(page: Page, rows_of_months: tuple[int, int]) -> None:
    days = page.chart(
        11, 0,
        {"type": "column", "title": "Days: actual, peer median, best quartile", "width": 640, "height": 300,
         "legend": True, "y_axis": {"name": "days", "major_gridlines": _GRID}},
    )  # fmt: skip
    rows = (_DAYS_ROW, _DAYS_ROW + 2)
    for name, column, colour in (("Actual", 1, BLUE), ("Median", 3, "#A6A6A6"), ("Best quartile", 2, SKY)):
        days.add_series(
            {
                "name": name,
                "categories": ["Cash", rows[0], 0, rows[1], 0],
                "values": ["Cash", rows[0], column, rows[1], column],
                "fill": {"color": colour},
                "gap": 80,
                "data_labels": {"value": True, "num_format": "0", "font": {"size": 8, "color": GREY}},
            }
        )
    months = page.chart(
        11, 5,
        {"type": "column", "title": "Stock at month end", "width": 492, "height": 300,
         "x_axis": {"num_format": "mmm yy", "date_axis": True, "major_unit": 3, "major_unit_type": "months"},
         "y_axis": {"name": "EUR million", "num_format": "0.0,,", "min": 0,
                    "major_gridlines": _GRID}},
    )  # fmt: skip
    first, last = rows_of_months
    months.add_series(
        {
            "name": "Stock",
            "categories": ["Inputs", first, 0, last, 0],
            "values": ["Inputs", first, 4, last, 4],
            "fill": {"color": BLUE},
            "gap": 40,
        }
    )


def checks() -> list[Check]:
    """What must hold between stock, balances, days and returns."""
    ratio = "<set_RatioTolerance"
    usage = f"SUMPRODUCT(--({PRICE}>0),{DEMAND_MEAN},{{}})*set_MonthsInYear"
    return [
        Check(
            "chk_StockTiesToBalance",
            "Cash",
            "Stock of Items at cost is the inventory of the balance",
            "ABS(out_StockValue-out_EndingStock)<=set_Tolerance",
            "Take stock and balance at the same date, or name the difference to the ledger",
        ),
        Check(
            "chk_COGSTiesToHistory",
            "Cash",
            "Cost of goods sold is the history of what is sold, at unit cost",
            f"ABS({usage.format(COST)}-out_COGS)<=set_Tolerance",
            "Complete History, or explain variances booked to cost of goods sold",
        ),
        Check(
            "chk_RevenueTiesToHistory",
            "Cash",
            "Revenue is the history of what is sold, at list price",
            f"ABS({usage.format(PRICE)}-out_Revenue)<=set_Tolerance",
            "Discounts are not in the price list: use average prices in Items",
            severity="warning",
        ),
        Check(
            "chk_TurnsTimesDIO",
            "Cash",
            "Turns times DIO on the average stock is a year",
            f"ABS(TURNS(out_COGS,out_AverageStock)*DIO(out_AverageStock,out_COGS,set_DaysInYear)/set_DaysInYear-1){ratio}",
            "A formula on Cash was typed over: restore it",
        ),
        Check(
            "chk_CycleTies",
            "Cash",
            "Cash cycle is DIO plus DSO less DPO",
            f"ABS(out_CCC-(out_DIO+out_DSO-out_DPO)){ratio}",
            "A formula on Cash was typed over: restore it",
        ),
        Check(
            "chk_GMROIITies",
            "Cash",
            "GMROII is the same from money and from margin rate times turns",
            f"ABS(out_GMROII/out_GMROIITurn-1){ratio}",
            "A formula on Cash was typed over: restore it",
        ),
        Check(
            "chk_SegmentsTie",
            "Cash",
            "Stock by class, by type and by quality each adds up to the stock",
            "MAX(ABS(out_StockByClass-out_StockValue),ABS(out_StockByType-out_StockValue),"
            "ABS(out_StockByQuality-out_StockValue))<=set_Tolerance",
            "An item has no class, no type or no quality: see its row on Policy",
        ),
        Check(
            "chk_CarryRatePlausible",
            "Inputs",
            "Carrying rate is built up and lies below the limit of Settings",
            "AND(in_RateCapital>0,out_CarryRate<set_CarryLimit)",
            "Check the four components: they are rates per year, as fractions",
            severity="warning",
        ),
        Check(
            "chk_EngineAccepted",
            "Version",
            "The engine that calculates is the one accepted in tblVersion",
            "out_Engine=out_EngineAccepted",
            "Compare the figures under both versions, then add a row to tblVersion",
            severity="warning",
        ),
    ]
