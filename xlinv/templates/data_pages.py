"""The pages of data that templates share: inputs and months, items, history, forecast."""

import re
from collections.abc import Sequence
from typing import Final

from xlinv.templates.company import FORECAST_MONTHS, MONTHS, Company, Item, month_label
from xlinv.templates.page import Column, Page


def whole_column(table: str, heading: str) -> str:
    """A whole column of a table as formulas write it; brackets in a heading are quoted."""
    return f"{table}[{quoted(heading)}]"


def this_row(table: str, heading: str) -> str:
    """The cell of a table's column that stands in the formula's own row."""
    return f"{table}[[#This Row],[{quoted(heading)}]]"


def quoted(heading: str) -> str:
    """A heading as it stands in a structured reference."""
    return re.sub(r"(['\[\]#])", r"'\1", heading)


_LABELS: Final = tuple(month_label(month) for month in range(MONTHS))
_FORECAST_LABELS: Final = _LABELS[-FORECAST_MONTHS:]
HISTORY: Final = f"tblHistory[[{_LABELS[0]}]:[{_LABELS[-1]}]]"
LAST_YEAR: Final = f"tblHistory[[{_FORECAST_LABELS[0]}]:[{_FORECAST_LABELS[-1]}]]"

ITEM: Final = whole_column("tblItems", "Item")
KIND: Final = whole_column("tblItems", "Type")
COST: Final = whole_column("tblItems", "Unit cost [EUR/unit]")
PRICE: Final = whole_column("tblItems", "Price [EUR/unit]")
LEAD_TIME: Final = whole_column("tblItems", "Lead time [days]")
LEAD_TIME_SD: Final = whole_column("tblItems", "Lead time SD [days]")
ORDER_COST: Final = whole_column("tblItems", "Order cost [EUR/order]")
MINIMUM_ORDER: Final = whole_column("tblItems", "MOQ [units]")
MULTIPLE: Final = whole_column("tblItems", "Multiple [units]")
DISTRIBUTION: Final = whole_column("tblItems", "Distribution")
ON_HAND: Final = whole_column("tblItems", "On hand [units]")
SAFETY_NOW: Final = whole_column("tblItems", "Safety stock now [units]")
LAST_USE: Final = whole_column("tblItems", "Last use [days ago]")
DEMAND_MEAN: Final = whole_column("tblHistory", "Mean [units/month]")
ERROR_SD: Final = whole_column("tblForecast", "Error SD [units/month]")

MONTH_END: Final = whole_column("tblFin", "Month end")
REVENUE: Final = whole_column("tblFin", "Revenue [EUR]")
COGS: Final = whole_column("tblFin", "Cost of goods sold [EUR]")
PURCHASES: Final = whole_column("tblFin", "Purchases [EUR]")
INVENTORY: Final = whole_column("tblFin", "Inventory [EUR]")
RECEIVABLES: Final = whole_column("tblFin", "Receivables [EUR]")
PAYABLES: Final = whole_column("tblFin", "Payables [EUR]")

ITEM_TYPES: Final = ("RM", "WIP", "FG", "SP")

INPUT_WIDTHS: Final = (30, 19, 22, 22, 19, 19, 19)
ITEM_WIDTHS: Final = (11, 31, 7, 23, 20, 7, 10, 10, 8, 8, 10, 9, 9, 12, 10, 10, 9)
HISTORY_WIDTHS: Final = (11, *(8,) * MONTHS, 13)
FORECAST_WIDTHS: Final = (14, 9, *(11,) * FORECAST_MONTHS, 16, 16, 16)


def write_inputs(page: Page, company: Company) -> tuple[int, int]:
    """Company, carrying rate, peer group, and money by month; the first and last row of the months."""
    rates = {name: (rate, basis) for name, rate, basis in company.carrying_rates}
    row = page.named_values(
        3,
        [
            ("Company", "in_Company", company.name, "", "Shown on the front page"),
            (
                "Date of stock and balances",
                "in_AsOf",
                company.as_of,
                "date",
                "Last month end in the table below",
            ),
            *(
                (f"Carrying rate: {name.lower()}", f"in_Rate{name}", rate, "per year", basis)
                for name, (rate, basis) in rates.items()
            ),
        ],
    )
    page.section(row + 1, "Peer group")
    row = page.table(
        row + 2,
        0,
        "tblBenchmarks",
        (
            Column("Metric", values=[mark.metric for mark in company.benchmarks]),
            Column("Best quartile [days]", "days", values=[mark.best for mark in company.benchmarks]),
            Column("Median [days]", "days", values=[mark.median for mark in company.benchmarks]),
            Column("Weakest quartile [days]", "days", values=[mark.weak for mark in company.benchmarks]),
            Column("Source", values=[company.benchmark_source] * len(company.benchmarks)),
        ),
        height=18,
    )
    page.section(row + 1, "Months")
    months = company.months
    end = page.table(
        row + 2,
        0,
        "tblFin",
        (
            Column("Month end", values=[month.end for month in months]),
            *(
                Column(heading, "integer", values=[getattr(month, field) for month in months])
                for heading, field in (
                    ("Revenue [EUR]", "revenue"),
                    ("Cost of goods sold [EUR]", "cogs"),
                    ("Purchases [EUR]", "purchases"),
                    ("Inventory [EUR]", "inventory"),
                    ("Receivables [EUR]", "receivables"),
                    ("Payables [EUR]", "payables"),
                )
            ),
        ),
        height=18,
    )
    page.freeze(3, 1, repeat=(0, 1))
    return row + 3, end - 1


def write_items(page: Page, company: Company) -> None:
    """Master data, terms of supply and stock of every item."""
    page.table(3, 0, "tblItems", [_item_column(company.items, *column) for column in _ITEM_COLUMNS])
    page.freeze(4, 2)


_ITEM_COLUMNS: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    ("Item", "key", "text", ()),
    ("Description", "description", "text", ()),
    ("Type", "kind", "text", ITEM_TYPES),
    ("Site", "site", "text", ()),
    ("Supplier", "supplier", "text", ()),
    ("Unit", "unit", "text", ()),
    ("Unit cost [EUR/unit]", "unit_cost", "cents", ()),
    ("Price [EUR/unit]", "price", "cents", ()),
    ("Lead time [days]", "lead_time_days", "integer", ()),
    ("Lead time SD [days]", "lead_time_sd_days", "integer", ()),
    ("Order cost [EUR/order]", "order_cost", "integer", ()),
    ("MOQ [units]", "minimum_order", "integer", ()),
    ("Multiple [units]", "order_multiple", "integer", ()),
    ("Distribution", "distribution", "text", ("normal", "gamma", "poisson", "negbin", "lognormal")),
    ("On hand [units]", "on_hand", "integer", ()),
    ("Safety stock now [units]", "safety_stock", "integer", ()),
    ("Last use [days ago]", "days_since_use", "integer", ()),
)


def _item_column(
    items: Sequence[Item], heading: str, field: str, number: str, choices: tuple[str, ...]
) -> Column:
    return Column(heading, number, values=[getattr(item, field) for item in items], choices=choices)


def write_history(page: Page, company: Company) -> None:
    """24 months of demand, and the mean of the last twelve."""
    mean = f"AVERAGE(tblHistory[[#This Row],[{_FORECAST_LABELS[0]}]:[{_FORECAST_LABELS[-1]}]])"
    page.table(
        3,
        0,
        "tblHistory",
        (
            Column("Item", values=[item.key for item in company.items]),
            *(
                Column(label, "integer", values=[item.demand[month] for item in company.items])
                for month, label in enumerate(_LABELS)
            ),
            Column("Mean [units/month]", "decimal", formula=f"={mean}"),
        ),
        height=30,
    )
    page.freeze(4, 1)


def write_forecast(page: Page, company: Company) -> None:
    """The forecast of the last twelve months and how far it was off: what safety stock insures against."""
    actual = f"INDEX({LAST_YEAR},{this_row('tblForecast', 'Row')},0)"
    forecast = f"tblForecast[[#This Row],[{_FORECAST_LABELS[0]}]:[{_FORECAST_LABELS[-1]}]]"
    page.table(
        3,
        0,
        "tblForecast",
        (
            Column("Item", values=[item.key for item in company.items]),
            Column(
                "Row",
                "integer",
                formula=f"=MATCH({this_row('tblForecast', 'Item')},{whole_column('tblHistory', 'Item')},0)",
            ),
            *(
                Column(label, "integer", values=[item.forecast[month] for item in company.items])
                for month, label in enumerate(_FORECAST_LABELS)
            ),
            Column(
                "Error SD [units/month]",
                "decimal",
                formula=f"=FORECASTSIGMA({actual},{forecast})",
            ),
            Column(
                "WMAPE [fraction]",
                "percent",
                formula=_where_demand(f"WMAPE({actual},{forecast})", actual),
            ),
            Column(
                "Bias [fraction]",
                "percent",
                formula=_where_demand(f"FORECASTBIAS({actual},{forecast})", actual),
            ),
        ),
        height=30,
    )
    page.freeze(4, 1)


def _where_demand(formula: str, actual: str) -> str:
    return f'=IF(SUM({actual})=0,"no demand",{formula})'
