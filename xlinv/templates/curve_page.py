"""The Service curve page: what each further point of service costs in stock, as a table and a chart."""

from collections.abc import Sequence
from typing import Final

from xlinv.templates.page import Page
from xlinv.templates.style import AMBER, BLUE

CURVE_WIDTHS: Final = (30, 18, 18, 3, *(12,) * 7, 3, 16, 18, 18)

# The levels that every template offers first.
LEVELS: Final = (0.80, 0.85, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998)

_LINES_ROW, _CURVE_ROW, _WORKINGS = 4, 16, 12
_GRID: Final = {"visible": True, "line": {"color": "#E3E5EA"}}

# Label, name, formula, look, unit.
Line = tuple[str, str, str, str, str]


def write_service_curve(page: Page, heading: str, lines: Sequence[Line], inputs: str) -> None:
    """The figures of what was chosen, its safety stock at each service level, and the curve.

    `lines` ends with the service target and the safety stock at it; `inputs` are those of SERVICECURVE.
    """
    page.headings(_LINES_ROW - 1, 0, (heading, "Value", "Unit"), height=18)
    for row, (label, name, formula, number, unit) in enumerate(lines, start=_LINES_ROW):
        page.text(row, 0, label)
        style = "x_Link" if number == "text" else "x_Calc"
        page.formula(row, 1, formula, number, name, style, align="right")
        page.text(row, 2, unit, align="center")
    _write_curve(page, inputs)
    _write_chart(page, _LINES_ROW + len(lines) - 2)
    page.freeze(4, 1, repeat=(0, 1))
    page.sheet.print_area(0, 0, _CURVE_ROW + len(LEVELS), 10)
    page.protect()


def _write_curve(page: Page, inputs: str) -> None:
    headings = ("Service [fraction]", "Safety stock [units]", "Safety stock [EUR]")
    last = _CURVE_ROW + len(LEVELS) - 1
    page.headings(_CURVE_ROW - 1, 0, headings, height=18)
    page.section(_CURVE_ROW - 2, "Workings: one spilled formula", _WORKINGS)
    page.spill(_CURVE_ROW - 1, _WORKINGS, f"=SERVICECURVE({inputs})", len(LEVELS) + 1, 3, number="cents")
    page.grey_where_not_installed(_CURVE_ROW - 1, _WORKINGS, last, _WORKINGS + 2)
    for row in range(_CURVE_ROW, last + 1):
        for column, number in enumerate(("percent", "integer", "integer")):
            page.formula(row, column, f"={page.cell(row, _WORKINGS + column)}", number, align="right")


def _write_chart(page: Page, target_row: int) -> None:
    last = _CURVE_ROW + len(LEVELS) - 1
    chart = page.chart(
        3, 4,
        {"type": "scatter", "subtype": "smooth_with_markers", "title": "What service costs",
         "width": 610, "height": 520, "legend": True,
         "x_axis": {"name": "service level", "num_format": "0%", "min": 0.8, "max": 1, "major_unit": 0.05,
                    "major_gridlines": {"visible": False}},
         "y_axis": {"name": "safety stock [EUR]", "num_format": "#,##0", "min": 0, "major_gridlines": _GRID}},
    )  # fmt: skip
    chart.add_series(
        {
            "name": "Safety stock",
            "categories": [page.name, _CURVE_ROW, 0, last, 0],
            "values": [page.name, _CURVE_ROW, 2, last, 2],
            "line": {"color": BLUE, "width": 2},
            "marker": {"type": "circle", "size": 5, "fill": {"color": BLUE}, "border": {"color": BLUE}},
        }
    )
    chart.add_series(
        {
            "name": "Target",
            "categories": [page.name, target_row, 1, target_row, 1],
            "values": [page.name, target_row + 1, 1, target_row + 1, 1],
            "line": {"none": True},
            "marker": {"type": "diamond", "size": 11, "fill": {"color": AMBER}, "border": {"color": AMBER}},
        }
    )
