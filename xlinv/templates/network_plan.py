"""The Plan and Result pages of the network workbook: where safety stock should lie, and what that saves."""

from typing import Final

from xlinv.templates.data_pages import this_row, whole_column
from xlinv.templates.governance import Check
from xlinv.templates.page import Column, Page
from xlinv.templates.style import BLUE, GREY

PLAN_WIDTHS: Final = (32, 28, 9, 14, 14, 16, 15, 15, 15, 15, 15, 9, 3, *(15,) * 8)
RESULT_WIDTHS: Final = (36, 16, 14, 14, 14, 3, *(11,) * 7, 3, *(14,) * 6)

_TYPES: Final = ("RM", "WIP", "FG", "SP")
_TOP: Final = 15
_NETWORK: Final = "tblStages[#All],tblArcs[#All],set_Method"
_GRID: Final = {"visible": True, "line": {"color": "#E3E5EA"}}

_PLAN_ROW, _PLAN_WORKINGS = 4, 13
_COST_ROW, _TYPES_ROW, _TOP_ROW, _COST_WORKINGS = 3, 12, 20, 14

# What each column of NETWORKSTOCK is called in the table in front, and how it looks.
_SHOWN: Final = (
    ("Inbound service time [days]", "integer"),
    ("Outbound service time [days]", "integer"),
    ("Net replenishment time [days]", "integer"),
    ("Safety stock [units]", "integer"),
    ("Base stock [units]", "integer"),
    ("Safety stock [EUR]", "integer"),
)
_VALUE: Final = whole_column("tblPlan", "Safety stock [EUR]")
_NOW: Final = whole_column("tblPlan", "Safety stock now [EUR]")

# Label, name, which part of NETWORKCOST, look, unit.
_COSTS: Final = (
    ("Safety stock of the plan", "out_PlanCost", "integer", "EUR"),
    ("No plan can be below", "out_LowerBound", "integer", "EUR"),
    ("Gap", "out_Gap", "percent", "fraction"),
    ("Every stage for itself, same service", "out_SingleStage", "integer", "EUR"),
    ("Saving against single-stage planning", "out_SavingVsSEIO", "integer", "EUR"),
)


def write_plan(page: Page, stages: int) -> None:
    """tblPlan, one row per stage, and the spilled NETWORKSTOCK that it reads, to its right."""
    page.section(_PLAN_ROW - 1, "Workings: one spilled formula", _PLAN_WORKINGS)
    page.spill(_PLAN_ROW, _PLAN_WORKINGS, f"=NETWORKSTOCK({_NETWORK})", stages + 1, 7, number="decimal")
    page.grey_where_not_installed(_PLAN_ROW, _PLAN_WORKINGS, _PLAN_ROW + stages, _PLAN_WORKINGS + 6)
    value, all_values = this_row("tblPlan", "Safety stock [EUR]"), _VALUE
    place = f"({all_values}={value})*(ROW({all_values})<ROW())"
    stage_row = "ROW()-ROW(tblPlan[[#Headers],[Stage]])"

    def of_stage(heading: str) -> str:
        return f"=INDEX({whole_column('tblStages', heading)},{stage_row})"

    now = f"INDEX({whole_column('tblStages', 'Current safety stock [units]')},{stage_row})"
    cost = f"INDEX({whole_column('tblStages', 'Unit value [EUR/unit]')},{stage_row})"
    page.table(
        _PLAN_ROW,
        0,
        "tblPlan",
        (
            Column("Stage", formula=of_stage("Stage"), style="x_Link", rows=stages),
            Column("Site", formula=of_stage("Site"), style="x_Link"),
            Column("Type", formula=of_stage("Type"), style="x_Link"),
            *(
                Column(heading, number, formula=f"=INDEX({page.column(_PLAN_WORKINGS + 1 + offset)},ROW())")
                for offset, (heading, number) in enumerate(_SHOWN)
            ),
            Column("Safety stock now [EUR]", "integer", formula=f"={now}*{cost}", style="x_Link"),
            Column(
                "Change [EUR]",
                "change",
                formula=f"={value}-{this_row('tblPlan', 'Safety stock now [EUR]')}",
            ),
            Column("Rank", "integer", formula=f"=SUMPRODUCT(({all_values}>{value})+{place})+1"),
        ),
    )
    page.freeze(_PLAN_ROW + 1, 1)
    page.sheet.print_area(0, 0, _PLAN_ROW + stages, 11)


def write_result(page: Page) -> None:
    """The plan in money: cost, proof, saving; by type; the stages that tie up most."""
    page.headings(_COST_ROW, 0, ("The network planned as one", "Value", "Unit"), height=18)
    page.section(_COST_ROW - 1, "Workings: one spilled formula", _COST_WORKINGS)
    page.spill(_COST_ROW + 1, _COST_WORKINGS, f"=NETWORKCOST({_NETWORK})", 1, len(_COSTS), number="decimal")
    page.grey_where_not_installed(
        _COST_ROW + 1, _COST_WORKINGS, _COST_ROW + 1, _COST_WORKINGS + len(_COSTS) - 1
    )
    for offset, (label, name, number, unit) in enumerate(_COSTS):
        row = _COST_ROW + 1 + offset
        page.text(row, 0, label)
        page.formula(row, 1, f"={page.cell(_COST_ROW + 1, _COST_WORKINGS + offset)}", number, name)
        page.text(row, 2, unit, align="center")
    row = _COST_ROW + 1 + len(_COSTS)
    page.text(row, 0, "Change against safety stock now")
    page.formula(row, 1, "=out_PlanCost-out_SafetyStockNow", "change", "out_PlanChange")
    page.text(row, 2, "EUR", align="center")
    page.text(
        row + 1,
        0,
        "Lead times are taken as kept: what they vary comes on top.",
        "x_Note",
    )
    _write_types(page)
    _write_top(page)
    page.sheet.print_area(0, 0, _TOP_ROW + _TOP + 1, 12)
    page.freeze(3, 1, repeat=(0, 1))


def _write_types(page: Page) -> None:
    kind = this_row("tblPlanByType", "Type")

    def total(column: str) -> str:
        return f"=SUMIF(tblPlan[Type],{kind},{column})"

    page.table(
        _TYPES_ROW,
        0,
        "tblPlanByType",
        (
            Column("Type", values=_TYPES, style="x_Text"),
            Column("Stages", "integer", formula=f"=COUNTIF(tblPlan[Type],{kind})"),
            Column("Now [EUR]", "integer", formula=total(_NOW)),
            Column("Plan [EUR]", "integer", formula=total(_VALUE)),
            Column("Change [EUR]", "change", formula=total(whole_column("tblPlan", "Change [EUR]"))),
        ),
        height=18,
    )
    chart = page.chart(
        2, 6,
        {"type": "column", "title": "Safety stock by type", "width": 560, "height": 320,
         "legend": True,
         "y_axis": {"name": "EUR thousand", "num_format": "#,##0,", "major_gridlines": _GRID}},
    )  # fmt: skip
    for name, column, colour in (("Now", 2, "#A6A6A6"), ("Plan", 3, BLUE)):
        chart.add_series(
            {
                "name": name,
                "categories": [page.name, _TYPES_ROW + 1, 0, _TYPES_ROW + len(_TYPES), 0],
                "values": [page.name, _TYPES_ROW + 1, column, _TYPES_ROW + len(_TYPES), column],
                "fill": {"color": colour},
                "gap": 80,
                "data_labels": {"value": True, "num_format": "#,##0,", "font": {"size": 8, "color": GREY}},
            }
        )


def _write_top(page: Page) -> None:
    page.section(_TOP_ROW - 2, "Stages that tie up most")
    rank = this_row("tblTopStages", "Rank")
    page.table(
        _TOP_ROW - 1,
        0,
        "tblTopStages",
        (
            Column("Stage", formula=f"=INDEX(tblPlan[Stage],MATCH({rank},tblPlan[Rank],0))"),
            Column(
                "Safety stock [EUR]", "integer", formula=f"=INDEX({_VALUE},MATCH({rank},tblPlan[Rank],0))"
            ),
            Column("Rank", "integer", values=range(1, _TOP + 1), style="x_Text"),
        ),
        height=18,
    )
    chart = page.chart(
        _TOP_ROW - 2, 6,
        {"type": "bar", "title": "Cost by stage: the fifteen largest", "width": 560, "height": 350,
         "x_axis": {"name": "EUR", "num_format": "#,##0", "major_gridlines": _GRID},
         "y_axis": {"reverse": True}},
    )  # fmt: skip
    chart.add_series(
        {
            "name": "Safety stock",
            "categories": [page.name, _TOP_ROW, 0, _TOP_ROW + _TOP - 1, 0],
            "values": [page.name, _TOP_ROW, 1, _TOP_ROW + _TOP - 1, 1],
            "fill": {"color": BLUE},
            "gap": 40,
        }
    )


def checks() -> list[Check]:
    """What must hold of the plan."""
    return [
        Check(
            "chk_MEIONotWorse",
            "Result",
            "The plan costs no more than every stage for itself",
            "out_PlanCost<=out_SingleStage+set_Tolerance",
            "Raise the time limit; if it persists, report it",
        ),
        Check(
            "chk_PlanTies",
            "Result",
            "The stages of the plan add up to its cost",
            f"ABS(SUM({_VALUE})-out_PlanCost)<=set_Tolerance",
            "A formula on Plan was typed over: restore it",
        ),
        Check(
            "chk_PlanRows",
            "Plan",
            "tblPlan has as many rows as Stages",
            "ROWS(tblPlan[Stage])=ROWS(tblStages[Stage])",
            "Drag the corner of tblPlan down to the last row of the workings",
        ),
        Check(
            "chk_PlanProved",
            "Result",
            "No other plan could be cheaper by more than a hundredth",
            "out_Gap<=set_MaxGap",
            "Raise the time limit, or take the plan with its gap",
            severity="warning",
        ),
    ]
