"""What a formula can refer to: its workbook, its place, and the variables of LET and LAMBDA around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlinv.workbook.formula import Call
from xlinv.workbook.lambdas import Plans
from xlinv.workbook.tables import Table


@dataclass(slots=True)
class Book:
    """What formulas may refer to besides cells: sheets, tables, names, functions, other workbooks.

    Keys are lower-case; a name is found under (sheet or "", name). `external` maps the number of a linked
    workbook and its sheet to the sheet that holds its stored values.
    """

    sheets: list[str]
    tables: Mapping[str, Table] = field(default_factory=dict)
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    external: Mapping[tuple[str, str], str] = field(default_factory=dict)
    plans: Plans = field(default_factory=Plans)
    batched: bool = False
    hidden_rows: bool = False
    filtered_rows: bool = False

    def sheet(self, name: str) -> str | None:
        wanted = name.lower()
        return next((sheet for sheet in self.sheets if sheet.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Place:
    """The cell a formula stands in; `implicit` where Excel itself stored it as a one-cell formula."""

    sheet: str
    row: int
    column: int
    implicit: bool = False


@dataclass(slots=True)
class Frame:
    """The body of a lambda that runs over an array, which sees its parameters and what is handed in."""

    parameters: dict[str, str]
    handed_in: list[str] = field(default_factory=list)

    def hand_in(self, text: str) -> str:
        if text not in self.handed_in:
            self.handed_in.append(text)
        return f"\ue004{self.handed_in.index(text)}\ue005"


@dataclass(slots=True)
class Variable:
    """A name bound by LET or LAMBDA: the frame it lives in, and its lambda where it is one."""

    depth: int
    function: Call | None = None
