"""The network workbook: the company's stages and arcs, ready for multi-echelon optimisation."""

from pathlib import Path
from typing import Final

from xlinv.templates import network_plan
from xlinv.templates.company import Company
from xlinv.templates.curve_page import CURVE_WIDTHS, LEVELS, write_service_curve
from xlinv.templates.data_pages import whole_column
from xlinv.templates.governance import (
    ABOUT_WIDTHS,
    CHECK_WIDTHS,
    FUNCTION_WIDTHS,
    VERSION_WIDTHS,
    Check,
    Headline,
    hash_of,
    write_about,
    write_checks,
    write_functions,
    write_version,
)
from xlinv.templates.network_pages import (
    CURRENT,
    DEMAND,
    LEVEL,
    ON_HAND,
    PROMISE,
    STAGE,
    STAGE_WIDTHS,
    UNIT_VALUE,
    write_arcs,
    write_constraints,
    write_stages,
    write_variability,
)
from xlinv.templates.network_picture import PICTURE_WIDTHS, write_picture
from xlinv.templates.network_plan import PLAN_WIDTHS, RESULT_WIDTHS, write_plan, write_result
from xlinv.templates.page import Book, Column, Page
from xlinv.templates.supply_network import network_of
from xlinv.version import __version__

SUMMARY: Final = "the network of plants, warehouses and stores, ready to optimise safety stock across stages"

_PURPOSE: Final = (
    "Where along the chain should safety stock lie, so that the promised service costs least cash?",
    "The network is planned as one: stock upstream is cheaper, stock downstream is nearer to the customer.",
)
_STEPS: Final = (
    "Answer Purpose first: what the buffers are for, who decides, what must not change.",
    "Fill Stages, Arcs, Variability and Constraints: cells with blue figures on a cream ground.",
    "Select a cell of the table on Stages and press Optimise, or run  xlinv optimise network_meio.xlsx",
    "Read Out_MEIO per stage, Out_MEIOvsSEIO for the saving, Out_Recommend to accept or override.",
)
_HEADLINES: Final = (
    Headline(
        "Stock in the network", "out_NetworkCash", "EUR", "integer", "Stock on hand at cost, all stages"
    ),
    Headline(
        "Safety stock now", "out_SafetyStockNow", "EUR", "integer", "What the stages hold as buffer today"
    ),
    Headline(
        "Safety stock of the plan", "out_PlanCost", "EUR", "integer", "Least cash that keeps all promises"
    ),
    Headline(
        "Saving", "out_SavingVsSEIO", "EUR", "integer", "Against single-stage planning at the same service"
    ),
    Headline("Stages", "out_Stages", "stages", "integer", "Items at sites"),
    Headline(
        "Arcs", "out_Arcs", "arcs", "integer", "Which stage supplies which, and how many units per unit"
    ),
)
_QUESTIONS: Final = (
    ("Which outcome comes first?", "Promised service at least cash", "CFO and COO"),
    ("What may not fall, whatever the saving?", "Service levels on sheet Stages", "COO"),
    ("How far may one stage change in a cycle?", "set_MaxChangePct on Settings", "Inventory manager"),
    ("Who accepts a recommendation?", "Planner; above 50,000 EUR the council", "Working Capital Council"),
    ("When is the network planned again?", "Each quarter, and when a lead time moves by a fifth", "Planner"),
)

_CURVE_SOURCES: Final = (
    ("Demand", "out_CurveMean", DEMAND, "ratio", "units/day"),
    ("Error SD", "out_CurveSD", whole_column("tblStages", "Demand SD [units/day]"), "ratio", "units/day"),
    (
        "Net replenishment time",
        "out_CurveLeadTime",
        whole_column("tblPlan", "Net replenishment time [days]"),
        "integer",
        "days",
    ),
    ("Unit value", "out_CurveCost", UNIT_VALUE, "cents", "EUR/unit"),
    ("Service target", "out_CurveTarget", LEVEL, "percent", "fraction"),
    (
        "Safety stock of the plan",
        "out_CurveSafety",
        whole_column("tblPlan", "Safety stock [EUR]"),
        "integer",
        "EUR",
    ),
)
_CURVE_LINES: Final = (
    ("Stage (chosen on Settings)", "out_CurveStage", "=set_CurveStage", "text", ""),
    ("Row in Stages", "out_CurveRow", f"=MATCH(set_CurveStage,{STAGE},0)", "integer", ""),
    *(
        (label, name, f"=INDEX({source},out_CurveRow)", number, unit)
        for label, name, source, number, unit in _CURVE_SOURCES
    ),
)
_CURVE_INPUTS: Final = (
    "out_CurveMean,out_CurveSD,out_CurveLeadTime,0,out_CurveCost,,"
    "tblLevels[Service '[fraction']],set_ServiceType"
)


def build(path: Path, company: Company) -> None:
    """Write the workbook with its inputs; the action Optimise adds the sheets of results."""
    network = network_of(company)
    book = Book("Network safety stock", "Multi-echelon inventory optimisation")
    about = book.page(
        "About", "Control", "What this book is for, its headline figures, sheets and colours",
        title="Network safety stock", widths=ABOUT_WIDTHS, one_page=True,
    )  # fmt: skip
    _write_purpose(
        book.page("Purpose", "Input", "What the buffers are for, and who decides", widths=(48, 52, 28))
    )
    write_stages(
        book.page("Stages", "Input", "Every item at every site", widths=STAGE_WIDTHS, large_paper=True),
        network,
    )
    write_arcs(
        book.page("Arcs", "Input", "Which stage supplies which", widths=(36, 36, 18), portrait=True), network
    )
    write_variability(
        book.page(
            "Variability",
            "Input",
            "Demand and its error per stage that sells",
            widths=(28, 12, 14, 16, 16, 16, 16),
        ),
        network,
    )
    write_constraints(
        book.page("Constraints", "Input", "Limits of single stages", widths=(28, 16, 14, 52)),
        bool(company.items),
    )
    _write_settings(
        book.page(
            "Settings",
            "Input",
            "How the network is optimised",
            widths=(34, 28, 14, 20, 20, 20),
            one_page=True,
        ),
        company,
    )
    plan = book.page(
        "Plan", "Calculation", "Safety stock of every stage under the least-cost plan",
        widths=PLAN_WIDTHS, large_paper=True,
    )  # fmt: skip
    result = book.page(
        "Result",
        "Output",
        "What the plan costs and saves",
        widths=RESULT_WIDTHS,
        one_page=True,
    )
    curve = book.page(
        "Service curve", "Output", "What each further point of service costs, for one stage",
        widths=CURVE_WIDTHS, one_page=True,
    )  # fmt: skip
    write_plan(plan, max(1, len(network.places)))
    write_result(result)
    write_service_curve(curve, "Stage", _CURVE_LINES, _CURVE_INPUTS)
    write_picture(
        book.page("Network", "Output", "A picture of the network", widths=PICTURE_WIDTHS, large_paper=True),
        network,
    )
    checks = book.page("Checks", "Control", "Ties and limits that must hold", widths=CHECK_WIDTHS)
    version = book.page("Version", "Control", "Versions, approvals and engine", widths=VERSION_WIDTHS)
    functions = book.page(
        "Functions", "Control", "Functions that the figures rest on: version, method", widths=FUNCTION_WIDTHS
    )
    write_checks(checks, _checks() + network_plan.checks())
    write_version(version, __version__, "First issue", hash_of(company))
    write_functions(functions, ("NETWORKCOST", "NETWORKSTOCK", "SERVICECURVE"))
    write_about(about, book, _PURPOSE, _STEPS, _HEADLINES)
    about.sheet.activate()
    book.save(path)


def _write_purpose(page: Page) -> None:
    page.table(
        3,
        0,
        "tblPurpose",
        (
            Column("Question", values=[question for question, _, _ in _QUESTIONS], style="x_Text"),
            Column("Answer", values=[answer for _, answer, _ in _QUESTIONS]),
            Column("Owner", values=[owner for _, _, owner in _QUESTIONS]),
        ),
        height=18,
    )
    page.freeze(4, 1)


def _write_settings(page: Page, company: Company) -> None:
    row = page.named_values(
        3,
        [
            ("Company", "in_Company", company.name, "", "Shown on the front page"),
            ("Date of stock", "in_AsOf", company.as_of, "date", "Month end of the stock on hand"),
            ("Cash cap", "in_CashCap", None, "EUR", "Most that safety stock may tie up; blank for none"),
            ("Service floor", "in_ServiceFloor", 0.9, "fraction", "No target below it"),
            ("Method", "set_Method", "guaranteed", "text", "guaranteed: service times that are kept"),
            (
                "Objective",
                "set_Objective",
                "Least cash at target service",
                "text",
                "What the optimisation aims at",
            ),
            ("Time limit", "set_TimeLimit", 60, "seconds", "The best plan so far is kept, with its bound"),
            ("Largest change", "set_MaxChangePct", 0.5, "fraction", "Recommendations beyond it are flagged"),
            ("Seed", "set_Seed", 1, "number", "Simulations repeat with the same seed"),
            ("Days in a year", "set_DaysInYear", 365, "days", "Lead times and demand are counted in days"),
            ("Months in a year", "set_MonthsInYear", 12, "months", "History is counted in months"),
            ("Largest accepted gap", "set_MaxGap", 0.01, "fraction", "Beyond it a check warns"),
            ("Service type", "set_ServiceType", "csl", "text", "csl: no stockout in a cycle; fill: share"),
            ("Stage of the service curve", "set_CurveStage", "FG-V40 @ DC Ulm", "text", "A stage that sells"),
            (
                "Tolerance of money checks",
                "set_Tolerance",
                1,
                "EUR",
                "Differences up to this count as rounding",
            ),
        ],
    )
    page.headings(row + 1, 0, ("Derived", "Value", "Unit", " How", " ", " "), height=18)
    for offset, (label, name, formula, unit, note) in enumerate(
        (
            (
                "Days in a month",
                "set_DaysPerMonth",
                "=set_DaysInYear/set_MonthsInYear",
                "days",
                "Days over months",
            ),
            (
                "Stock in the network",
                "out_NetworkCash",
                f"=SUMPRODUCT({ON_HAND},{UNIT_VALUE})",
                "EUR",
                "At cost",
            ),
            (
                "Safety stock now",
                "out_SafetyStockNow",
                f"=SUMPRODUCT({CURRENT},{UNIT_VALUE})",
                "EUR",
                "At cost",
            ),
            ("Stages", "out_Stages", f"=COUNTA({STAGE})", "stages", "Rows of tblStages"),
            ("Arcs", "out_Arcs", "=COUNTA(tblArcs[From stage])", "arcs", "Rows of tblArcs"),
        ),
        start=row + 2,
    ):
        page.text(offset, 0, label)
        page.formula(offset, 1, formula, "ratio" if unit == "days" else "integer", name)
        page.text(offset, 2, unit, align="center")
        page.text(offset, 3, note, "x_Note", indent=1)
    page.section(row + 8, "Service levels of the curve")
    page.table(row + 9, 0, "tblLevels", (Column("Service [fraction]", "percent", values=LEVELS),), height=18)
    page.freeze(4, 1, repeat=(0, 1))


def _checks() -> list[Check]:
    unknown = "SUMPRODUCT(--(COUNTIF({stages},{ends})=0))=0"
    return [
        Check(
            "chk_StagesUnique",
            "Stages",
            "No stage stands twice",
            f"SUMPRODUCT(--(COUNTIF({STAGE},{STAGE})>1))=0",
            "Rename or delete the stage that stands twice",
        ),
        Check(
            "chk_ArcsKnown",
            "Arcs",
            "Every arc starts and ends at a stage of Stages",
            f"AND({unknown.format(stages=STAGE, ends='tblArcs[From stage]')},"
            f"{unknown.format(stages=STAGE, ends='tblArcs[To stage]')})",
            "Correct the name on Arcs, or add the stage",
        ),
        Check(
            "chk_AllTargetsTyped",
            "Stages",
            "Every stage that sells has a promised time and a service level",
            f"SUMPRODUCT(--ISNUMBER({DEMAND}))=SUMPRODUCT(ISNUMBER({DEMAND})*ISNUMBER({PROMISE})*ISNUMBER({LEVEL}))",
            "Complete service time and service level on Stages",
        ),
        Check(
            "chk_ServiceFloor",
            "Stages",
            "No service level lies below the floor of Settings",
            f'COUNTIF({LEVEL},"<"&in_ServiceFloor)=0',
            "Raise the level, or lower the floor with the council",
        ),
        Check(
            "chk_SharesSum",
            "Variability",
            "The shares of every item add up to its demand",
            "SUMPRODUCT(--(ABS(SUMIF(tblVariability[Item],tblVariability[Item],"
            "tblVariability[Share of demand '[fraction']])-1)*out_NetworkCash>set_Tolerance))=0",
            "Correct the shares of demand on Variability",
        ),
        Check(
            "chk_ConstraintsKnown",
            "Constraints",
            "Every limit belongs to a stage",
            f'SUMPRODUCT((tblConstraints[Stage]<>"")*(COUNTIF({STAGE},tblConstraints[Stage])=0))=0',
            "Correct the name on Constraints",
        ),
    ]
