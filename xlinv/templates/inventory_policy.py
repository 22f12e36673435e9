"""The inventory-policy workbook: what to stock of every item, why, and what that means in cash."""

from pathlib import Path
from typing import Final

from xlinv.templates import cash_pages, policy_page
from xlinv.templates.company import Company
from xlinv.templates.curve_page import CURVE_WIDTHS, LEVELS, write_service_curve
from xlinv.templates.data_pages import (
    COST,
    DEMAND_MEAN,
    ERROR_SD,
    FORECAST_WIDTHS,
    HISTORY_WIDTHS,
    INPUT_WIDTHS,
    ITEM,
    ITEM_WIDTHS,
    LEAD_TIME_SD,
    write_forecast,
    write_history,
    write_inputs,
    write_items,
)
from xlinv.templates.governance import (
    ABOUT_WIDTHS,
    CHECK_WIDTHS,
    FUNCTION_WIDTHS,
    VERSION_WIDTHS,
    Headline,
    hash_of,
    write_about,
    write_checks,
    write_functions,
    write_version,
)
from xlinv.templates.page import Book, Column, Page
from xlinv.version import __version__

SUMMARY: Final = (
    "safety stock, reorder point, order quantity and class of every item, and the cash they tie up"
)

HEADLINES: Final = (
    Headline("Stock value", "out_StockValue", "EUR", "integer", "Units on hand at unit cost, all items"),
    Headline(
        "DIO", "out_DIO", "days", "days", "Days inventory outstanding: average stock over cost of goods sold"
    ),
    Headline(
        "Cash cycle", "out_CCC", "days", "days", "DIO plus DSO less DPO: days from paying to being paid"
    ),
    Headline("GMROII", "out_GMROII", "ratio", "ratio", "Gross margin of a year per EUR of average stock"),
    Headline(
        "Safety stock now", "out_SafetyStockNow", "EUR", "integer", "What planners' rule of weeks holds"
    ),
    Headline(
        "Safety stock recommended",
        "out_SafetyStock",
        "EUR",
        "integer",
        "What the service targets of Settings need",
    ),
    Headline(
        "Change", "out_SafetyStockChange", "EUR", "change", "One-off cash effect: negative releases cash"
    ),
    Headline(
        "Cash release to median", "out_ReleaseToMedian", "EUR", "integer", "If days reached the peer median"
    ),
)

_PURPOSE: Final = (
    "Finance and supply chain share this book: the same stock seen as service, as units and as cash.",
    "It recommends a safety stock, reorder point and order quantity per item, and says what each ties up.",
)
_STEPS: Final = (
    "Fill Inputs, Items, History and Forecast: cells with blue figures on a cream ground, nothing else.",
    "Set service targets and cut-offs on Settings.",
    "Recalculate: in Excel with the xlinv add-in at once, elsewhere with  xlinv recalc inventory_policy.xlsx",
    "Read Policy per item, Cash for the company, Service curve for the price of more service.",
    "Cash and Service curve are locked without a password: change their inputs, not the results.",
    "Do not pass on figures while a check of severity error says FAIL.",
)
_FUNCTIONS: Final = (
    "ABCXYZ", "CARRYCOST", "CARRYRATE", "CASHCYCLE", "CASHRELEASE", "DAYSOFSUPPLY", "DIO", "DPO", "DSO",
    "EOQ", "EXPECTEDFILL", "FORECASTBIAS", "FORECASTSIGMA", "GMROII", "GMROIITURN", "REORDERPOINT",
    "SAFETYSTOCK", "SEGCASH", "SERVICECURVE", "SLOBCLASS", "TURNS", "WMAPE",
)  # fmt: skip
_CLASS_TARGETS: Final = (
    ("AX", 0.985), ("AY", 0.975), ("AZ", 0.95), ("BX", 0.98), ("BY", 0.97), ("BZ", 0.94),
    ("CX", 0.97), ("CY", 0.95), ("CZ", 0.90),
)  # fmt: skip
# What the curve of the chosen item rests on: label, name, column it is looked up in, look, unit.
_CURVE_SOURCES: Final = (
    ("Demand", "out_CurveMean", DEMAND_MEAN, "decimal", "units/month"),
    ("Error SD", "out_CurveSD", ERROR_SD, "decimal", "units/month"),
    ("Lead time", "out_CurveLeadTime", policy_page.LEAD_TIME_MONTHS, "ratio", "months"),
    ("Lead time SD", "out_CurveLeadTimeSD", LEAD_TIME_SD, "integer", "days"),
    ("Unit cost", "out_CurveCost", COST, "cents", "EUR/unit"),
    ("Order quantity", "out_CurveLot", policy_page.LOT, "integer", "units"),
    ("Service target", "out_CurveTarget", policy_page.SERVICE, "percent", "fraction"),
    ("Safety stock at target", "out_CurveSafety", policy_page.SAFETY_VALUE, "integer", "EUR"),
)
_CURVE_LINES: Final = (
    ("Item (chosen on Settings)", "out_CurveItem", "=set_CurveItem", "text", ""),
    ("Row in Items", "out_CurveRow", f"=MATCH(set_CurveItem,{ITEM},0)", "integer", ""),
    *(
        (label, name, f"=INDEX({source},out_CurveRow)", number, unit)
        for label, name, source, number, unit in _CURVE_SOURCES
    ),
)
_CURVE_INPUTS: Final = (
    "out_CurveMean,out_CurveSD,out_CurveLeadTime+set_ReviewMonths,out_CurveLeadTimeSD/set_DaysPerMonth,"
    "out_CurveCost,out_CurveLot,tblLevels[Service '[fraction']],set_ServiceType"
)


def build(path: Path, company: Company) -> None:
    """Write the workbook, with formulas and without values: recalculation fills those in."""
    book = Book("Inventory policy", "Safety stock, reorder points, order quantities and cash")
    about = book.page(
        "About", "Control", "What this book is for, its headline figures, sheets and colours",
        title="Inventory policy", widths=ABOUT_WIDTHS, one_page=True,
    )  # fmt: skip
    months = write_inputs(
        book.page(
            "Inputs", "Input", "Company, carrying rate, peers, and money by month", widths=INPUT_WIDTHS
        ),
        company,
    )
    write_items(
        book.page(
            "Items", "Input", "Master data, terms of supply and stock of every item", widths=ITEM_WIDTHS
        ),
        company,
    )
    write_history(
        book.page(
            "History", "Input", "Demand per item and month, in units of the item", widths=HISTORY_WIDTHS
        ),
        company,
    )
    write_forecast(
        book.page(
            "Forecast",
            "Input",
            "What was forecast for the last twelve months, and the error",
            widths=FORECAST_WIDTHS,
            large_paper=True,
        ),
        company,
    )
    settings = book.page(
        "Settings",
        "Input",
        "Service targets, cut-offs and conventions that the formulas use",
        widths=(34, 16, 14, 20, 20, 20),
        one_page=True,
    )
    policy = book.page(
        "Policy", "Calculation", "Safety stock, reorder point, order quantity, class and cash per item",
        widths=policy_page.WIDTHS, large_paper=True,
    )  # fmt: skip
    cash = book.page(
        "Cash", "Output", "Days, returns and cash release against the peer group; where the stock lies",
        widths=cash_pages.CASH_WIDTHS, one_page=True,
    )  # fmt: skip
    curve = book.page(
        "Service curve", "Output", "What each further point of service costs in stock, for one item",
        widths=CURVE_WIDTHS, one_page=True,
    )  # fmt: skip
    checks = book.page("Checks", "Control", "Ties and limits that must hold", widths=CHECK_WIDTHS)
    version = book.page("Version", "Control", "Versions, approvals and engine", widths=VERSION_WIDTHS)
    functions = book.page(
        "Functions", "Control", "Functions that the figures rest on: version, method", widths=FUNCTION_WIDTHS
    )

    _write_settings(settings, company)
    policy_page.write_policy(policy, company)
    cash_pages.write_cash(cash, company, months)
    write_service_curve(curve, "Item", _CURVE_LINES, _CURVE_INPUTS)
    write_checks(checks, policy_page.checks() + cash_pages.checks())
    write_version(version, __version__, "First issue", hash_of(company))
    write_functions(functions, _FUNCTIONS)
    write_about(about, book, _PURPOSE, _STEPS, HEADLINES)
    about.sheet.activate()
    book.save(path)


def _write_settings(page: Page, company: Company) -> None:
    row = page.named_values(
        3,
        [
            ("Days in a year", "set_DaysInYear", 365, "days", "For DIO, DSO, DPO and turns"),
            (
                "Months in a year",
                "set_MonthsInYear",
                12,
                "months",
                "Demand and lead times are counted in months",
            ),
            ("Review interval", "set_ReviewDays", 7, "days", "Stock is looked at once a week"),
            (
                "Service type",
                "set_ServiceType",
                "csl",
                "text",
                "csl: no stockout in a cycle; fill: share of units",
            ),
            ("Class A up to", "set_CutA", 0.8, "fraction", "Cumulative share of yearly usage value"),
            ("Class B up to", "set_CutB", 0.95, "fraction", "Cumulative share of yearly usage value"),
            ("Class X up to", "set_CutX", 0.25, "ratio", "Coefficient of variation of monthly demand"),
            ("Class Y up to", "set_CutY", 0.6, "ratio", "Coefficient of variation of monthly demand"),
            ("Slow-moving after", "set_Slow", 180, "days", "Days since last use"),
            ("Obsolete after", "set_Obsolete", 365, "days", "Days since last use"),
            ("Stock basis of DIO", "set_InvBasis", "Average", "text", "Average of 13 month ends, or Ending"),
            ("DPO against", "set_DPODenominator", "Purchases", "text", "Purchases, or COGS"),
            ("Item of the service curve", "set_CurveItem", "FG-V40", "text", "Any item of sheet Items"),
            ("Highest plausible carrying rate", "set_CarryLimit", 0.6, "per year", "Above it a check warns"),
            (
                "Tolerance of money checks",
                "set_Tolerance",
                1,
                "EUR",
                "Differences up to this count as rounding",
            ),
            (
                "Tolerance of ratio checks",
                "set_RatioTolerance",
                0.000001,
                "relative",
                "Differences up to this share count as rounding",
            ),
        ],
    )
    for setting, choices in ((7, ["csl", "fill"]), (14, ["Average", "Ending"]), (15, ["Purchases", "COGS"])):
        page.choose(setting, 1, choices)
    page.choose(16, 1, f"=Items!$A$5:$A${4 + max(1, len(company.items))}")
    row = _write_derived(page, row + 1)
    page.section(row + 1, "Service target per class")
    page.table(
        row + 2,
        0,
        "tblTargets",
        (
            Column("Class", values=[name for name, _ in _CLASS_TARGETS]),
            Column("Target [fraction]", "service", values=[target for _, target in _CLASS_TARGETS]),
        ),
        height=18,
    )
    page.section(row + 1, "Service levels of the curve", column=3)
    page.table(row + 2, 3, "tblLevels", (Column("Service [fraction]", "service", values=LEVELS),), height=18)
    page.freeze(4, 1, repeat=(0, 1))


def _write_derived(page: Page, row: int) -> int:
    page.headings(row, 0, ("Derived", "Value", "Unit", " How", " ", " "), height=18)
    for label, name, formula, unit, note in (
        (
            "Days in a month",
            "set_DaysPerMonth",
            "=set_DaysInYear/set_MonthsInYear",
            "days",
            "Days over months",
        ),
        (
            "Review interval",
            "set_ReviewMonths",
            "=set_ReviewDays/set_DaysPerMonth",
            "months",
            "Days over days",
        ),
    ):
        row += 1
        page.text(row, 0, label)
        page.formula(row, 1, formula, "ratio", name)
        page.text(row, 2, unit, align="center")
        page.text(row, 3, note, "x_Note", indent=1)
    return row + 1
