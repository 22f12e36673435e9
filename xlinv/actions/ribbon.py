"""The ribbon, declared once: what each button says, which action it runs, and its command-line twin."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TAB_LABEL: Final = "Inventory"
TAB_KEYTIP: Final = "XI"


@dataclass(frozen=True)
class Button:
    """One button; `action` names the function that it runs, imported when it is pressed."""

    identity: str
    label: str
    keytip: str
    image: str
    reads: str
    writes: str
    action: str
    command: str
    large: bool = False

    @property
    def supertip(self) -> str:
        """What it reads, what it writes, and how to undo it."""
        undo = "Delete the sheets it wrote to undo it." if self.writes.startswith("Out_") else ""
        return f"Reads {self.reads}. Writes {self.writes}. {undo}".strip()


@dataclass(frozen=True)
class Menu:
    """A button that opens a list of buttons."""

    identity: str
    label: str
    keytip: str
    image: str
    supertip: str
    items: tuple[Button, ...]
    large: bool = False


@dataclass(frozen=True)
class Group:
    """Buttons that belong to one step of the work."""

    identity: str
    label: str
    controls: tuple[Button | Menu, ...]


_OPTIMISE_WRITES: Final = "Out_MEIO, Out_MEIOvsSEIO, Out_Recommend, Out_Components and Out_Tradeoffs"
_STAGES_AND_ARCS: Final = "a table of stages and a table of arcs, selected or found by their headings"

# In the order of the work, from left to right: diagnose, decide, assure.
RIBBON: Final = (
    Group(
        "grpModel",
        "Model",
        (
            Menu(
                "mnuNew",
                "New",
                "NW",
                "FileNew",
                "Creates a workbook from a template, filled with the sample company or empty.",
                (
                    Button(
                        "btnNewPolicy",
                        "Inventory Policy",
                        "NP",
                        "FileNew",
                        "nothing",
                        "a new workbook from the template inventory_policy",
                        "xlinv.hosts.new_book:inventory_policy",
                        "new inventory_policy",
                    ),
                    Button(
                        "btnNewNetwork",
                        "Network",
                        "NN",
                        "FileNew",
                        "nothing",
                        "a new workbook from the template network_meio",
                        "xlinv.hosts.new_book:network_meio",
                        "new network_meio",
                    ),
                ),
                large=True,
            ),
            Button(
                "btnValidate",
                "Validate",
                "VA",
                "DataValidation",
                "every table of the workbook",
                "Out_DataIssues",
                "xlinv.actions.model:validate",
                "validate",
            ),
        ),
    ),
    Group(
        "grpDiagnose",
        "Diagnose",
        (
            Button(
                "btnCash",
                "Cash",
                "CA",
                "FunctionsFinancialInsertGallery",
                "the table of balances by period",
                "Out_Cash and Out_Release",
                "xlinv.actions.diagnose:cash",
                "diagnose cash",
                large=True,
            ),
            Button(
                "btnProfile",
                "Profile",
                "PR",
                "PivotTableInsert",
                "the table of items with stock, cost and demand",
                "Out_Profile, Out_Coverage, Out_SLOB and Out_Quality",
                "xlinv.actions.profile:profile",
                "diagnose profile",
            ),
        ),
    ),
    Group(
        "grpSegment",
        "Segment",
        (
            Button(
                "btnABCXYZ",
                "ABC-XYZ",
                "AX",
                "SortDialog",
                "the table of items and the history of their demand",
                "Out_ABCXYZ and Out_CashBySegment",
                "xlinv.actions.segment:abc_xyz",
                "segment abcxyz",
                large=True,
            ),
            Button(
                "btnMatrices",
                "Matrices",
                "MX",
                "ChartTypeXYScatterInsertGallery",
                "the table of items with margin and criticality",
                "Out_MarginService and Out_GMROII",
                "xlinv.actions.segment:matrices",
                "segment matrix",
            ),
        ),
    ),
    Group(
        "grpPlan",
        "Plan",
        (
            Button(
                "btnSafetyStock",
                "Safety Stock",
                "SS",
                "FunctionsStatisticalInsertGallery",
                "the table of items and the history of their demand",
                "Out_SafetyStockPlan",
                "xlinv.actions.plan:safety_stock",
                "plan ss",
                large=True,
            ),
            Button(
                "btnOrderQty",
                "Order Qty",
                "OQ",
                "FunctionsMathTrigInsertGallery",
                "the table of items with order cost and minimum order quantity",
                "Out_LotSize and Out_Orders",
                "xlinv.actions.plan:order_quantity",
                "plan lots",
            ),
            Button(
                "btnServiceCurve",
                "Service Curve",
                "CV",
                "ChartTypeLineInsertGallery",
                "the table of items",
                "Out_ServiceCurve and Out_Investment",
                "xlinv.actions.service_curves:service_curve",
                "plan curve",
            ),
        ),
    ),
    Group(
        "grpOptimise",
        "Optimise",
        (
            Menu(
                "mnuOptimise",
                "Optimise",
                "OP",
                "GoalSeek",
                "Places stock across the selected network at least cost, with proof of how good the plan is.",
                (
                    Button(
                        "btnOptimiseNetwork",
                        "Network",
                        "ON",
                        "GoalSeek",
                        _STAGES_AND_ARCS,
                        _OPTIMISE_WRITES,
                        "xlinv.actions.optimise:network",
                        "optimise",
                    ),
                    Button(
                        "btnOptimiseSingle",
                        "Single-stage",
                        "OS",
                        "FunctionsStatisticalInsertGallery",
                        _STAGES_AND_ARCS,
                        _OPTIMISE_WRITES,
                        "xlinv.actions.optimise:single_stage",
                        "optimise --method single-stage",
                    ),
                    Button(
                        "btnOptimiseMix",
                        "Service Mix",
                        "OM",
                        "ChartTypeLineInsertGallery",
                        "the table of items, and the budget in in_Budget",
                        "Out_ServiceMix",
                        "xlinv.actions.service_mix:service_mix",
                        "optimise --method service-mix",
                    ),
                ),
                large=True,
            ),
            Button(
                "btnComponents",
                "Components",
                "CO",
                "ChartTypeColumnInsertGallery",
                "a table of stages and a table of arcs",
                "Out_Components",
                "xlinv.actions.optimise:components",
                "components",
            ),
        ),
    ),
    Group(
        "grpAssure",
        "Assure",
        (
            Button(
                "btnCheck",
                "Check",
                "CK",
                "ErrorCheckingMenu",
                "every sheet, name and table of the workbook",
                "Out_Check",
                "xlinv.actions.assure:check",
                "check",
                large=True,
            ),
            Button(
                "btnRecalculate",
                "Recalculate",
                "RC",
                "CalculateFull",
                "every formula of the saved workbook",
                "Out_Recalc, where a shown value differs from the computed one",
                "xlinv.actions.assure:recalculate",
                "recalc",
            ),
            Button(
                "btnExplain",
                "Explain",
                "EP",
                "FormulaEvaluate",
                "the selected cell",
                "Out_Explain",
                "xlinv.actions.assure:explain",
                "explain",
            ),
            Button(
                "btnHelp",
                "Help",
                "HP",
                "Help",
                "nothing",
                "Out_Help, the list of all functions",
                "xlinv.actions.assure:functions",
                "functions",
            ),
        ),
    ),
)


def buttons_of(group: Group) -> Iterator[Button]:
    """The buttons of a group, those in menus included."""
    for control in group.controls:
        if isinstance(control, Menu):
            yield from control.items
        else:
            yield control


def buttons() -> Iterator[Button]:
    """Every button of the ribbon."""
    for group in RIBBON:
        yield from buttons_of(group)
