"""What a policy workbook says in short: its headline figures, classes and checks, read from cached values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlinv.templates.inventory_policy import HEADLINES
from xlinv.templates.style import NUMBER_FORMATS


@dataclass(frozen=True)
class Summary:
    """Rows of text: (label, value, unit), (class, items, stock value), (check, result, test)."""

    figures: Sequence[tuple[str, str, str]]
    classes: Sequence[tuple[str, str, str]]
    checks: Sequence[tuple[str, str, str]]


def read_summary(path: Path) -> Summary:
    """The headline figures, stock by class and checks of a recalculated inventory-policy workbook."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    figures = [
        (line.label, _shown(_named(book, line.name), NUMBER_FORMATS[line.number]), line.unit)
        for line in HEADLINES
    ]
    classes = [
        (str(row[0]), _shown(row[1], "#,##0"), _shown(row[2], "#,##0"))
        for row in _table(book["Cash"], "tblStockByClass")
    ]
    checks = [(str(row[0]), str(row[3]), str(row[2])) for row in _table(book["Checks"], "tblChecks")]
    return Summary(figures, [row for row in classes if row[1] != "0"], checks)


def _named(book: Any, name: str) -> Any:
    sheet, cell = next(iter(book.defined_names[name].destinations))
    return book[sheet][cell].value


def _table(sheet: Any, name: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref][1:]]


def _shown(value: Any, number_format: str) -> str:
    """A number as the workbook's formats show it; text and errors as they are."""
    if not isinstance(value, int | float):
        return str(value)
    shape = number_format.split(";")[0].rpartition("]")[2]
    decimals = len(shape.partition(".")[2])
    sign = "+" if shape.startswith("+") else ""
    return f"{value:{sign},.{decimals}f}"
