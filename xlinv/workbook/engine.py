"""What recalculation needs of a spreadsheet engine, and the sheets it is given."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from xlinv.cells import Block, Cell, CellError
from xlinv.workbook.references import Area, address
from xlinv.workbook.xml_text import escape

# What `Engine.read` gives for a cell that depends on itself; no workbook holds private-use characters.
CIRCULAR: Final = "\ue00fcircular"


@dataclass(frozen=True, slots=True)
class Settings:
    """How an engine evaluates: its functions, its clock, and how often a circle may run round."""

    functions: Mapping[str, Callable[..., Any]]
    now: datetime
    iterations: int = 0
    iteration_change: float = 0.001


class EngineSheet(NamedTuple):
    """A sheet as an engine loads it: the inside of `<sheetData>`, and where its formulas stand."""

    name: str
    rows: bytes


@dataclass(slots=True)
class Rejected:
    """A formula that the engine cannot read, and its reason."""

    sheet: str
    row: int
    column: int
    reason: str


class Engine(Protocol):
    """Evaluates sheets of values and formulas; rows and columns count from 1."""

    def load(self, sheets: Sequence[EngineSheet], shared_strings: bytes = b"") -> list[Rejected]: ...

    def evaluate(self) -> None: ...

    def read(self, sheet: str, area: Area) -> Block: ...

    def write(self, sheet: str, area: Area, rows: Block) -> None: ...

    def recompute(self, sheet: str, row: int, column: int) -> None: ...


NewEngine = Callable[[Settings], Engine]


@dataclass(slots=True)
class SheetContent:
    """Blocks of values and single formulas, to be written as a sheet of their own."""

    blocks: list[tuple[Area, Block]] = field(default_factory=list)
    formulas: list[tuple[int, int, str]] = field(default_factory=list)

    def rows(self) -> bytes:
        """The inside of `<sheetData>`."""
        by_row: dict[int, list[tuple[int, str]]] = {}
        for area, block in self.blocks:
            for row, values in enumerate(block, start=area.top):
                cells = by_row.setdefault(row, [])
                for column, value in enumerate(values, start=area.left):
                    if value is not None:
                        cells.append((column, value_xml(address(row, column), value)))
        for row, column, text in self.formulas:
            cell = f'<c r="{address(row, column)}"><f>{escape(text)}</f></c>'
            by_row.setdefault(row, []).append((column, cell))
        return "".join(_row_xml(row, by_row[row]) for row in sorted(by_row)).encode()


def _row_xml(row: int, cells: Iterable[tuple[int, str]]) -> str:
    return f'<row r="{row}">{"".join(text for _, text in sorted(cells))}</row>'


def value_xml(place: str, value: Cell) -> str:
    kind, text = stored(value)
    return f'<c r="{place}"{kind}><v>{text}</v></c>'


# XML 1.0 has no control characters; Excel writes them as _x0007_.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Above this, a whole number is written as Excel would: by its digits and an exponent.
_LARGEST_PLAIN_INTEGER: Final = 1e15


def stored(value: Cell) -> tuple[str, str]:
    """A value as a file stores it: the cell's type attribute and the escaped text of `<v>`."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _LARGEST_PLAIN_INTEGER:
            return "", str(int(value))
        if value - value != 0:
            return ' t="e"', CellError.NUM.value
        return "", repr(value)
    if isinstance(value, bool):
        return ' t="b"', "1" if value else "0"
    if isinstance(value, int):
        return "", str(value) if abs(value) < _LARGEST_PLAIN_INTEGER else repr(float(value))
    if isinstance(value, CellError):
        return ' t="e"', escape(value.value)
    if value is None:
        return "", "0"
    text = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", str(value))
    return ' t="str"', escape(text)
