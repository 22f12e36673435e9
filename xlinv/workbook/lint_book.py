"""A workbook as the lint rules look at it: formulas, constants and styles by cell, tables, names."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from xlinv.cells import Cell, CellError
from xlinv.workbook.formula import shape
from xlinv.workbook.references import Area, column_number, parse_area

Place = tuple[int, int]
# Sheets of results are written whole by actions: nobody edits or calculates there.
RESULT_PREFIX: Final = "Out_"
_REFERENCE: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_WORD: Final = re.compile(r"([A-Za-z_][\w.]*)\(")
_TEXT: Final = re.compile(r'"(?:[^"]|"")*"')
_PREFIXES: Final = re.compile(r"_xlfn\.|_xlws\.|_xludf\.|_xldudf_", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LintTable:
    name: str
    area: Area
    headings: tuple[str, ...]


@dataclass
class LintSheet:
    """One sheet: formulas without their `=`, constants, the style of each filled cell."""

    name: str
    formulas: dict[Place, str] = field(default_factory=dict)
    constants: dict[Place, Cell] = field(default_factory=dict)
    styles: dict[Place, str] = field(default_factory=dict)
    filled_by_arrays: list[Area] = field(default_factory=list)
    tables: list[LintTable] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    frozen: bool = False
    protected: bool = False

    @property
    def is_result(self) -> bool:
        return self.name.startswith(RESULT_PREFIX)

    @cached_property
    def patterns(self) -> dict[Place, str]:
        """Every formula with its references relative to its cell: equal for copies of each other."""
        return {place: _pattern(text, *place) for place, text in self.formulas.items()}

    def filled(self, place: Place) -> bool:
        """Whether an array formula fills the cell."""
        return any(area.contains(*place) for area in self.filled_by_arrays)

    def number(self, place: Place) -> bool:
        """Whether a number was typed into the cell."""
        value = self.constants.get(place)
        return isinstance(value, float | int) and not isinstance(value, bool)


@dataclass
class LintBook:
    sheets: list[LintSheet]
    names: Mapping[str, str]

    @property
    def own(self) -> list[LintSheet]:
        """The sheets that people and formulas fill."""
        return [sheet for sheet in self.sheets if not sheet.is_result]

    def table(self, name: str) -> tuple[LintSheet, LintTable] | None:
        for sheet in self.sheets:
            for table in sheet.tables:
                if table.name.casefold() == name.casefold():
                    return sheet, table
        return None


def read_lint_book(path: Path) -> LintBook:
    """A workbook file; it is read only, never written."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells what it would lose in writing, and nothing is written
        book = openpyxl.load_workbook(path)
    names = {name: defined.attr_text or "" for name, defined in book.defined_names.items()}
    return LintBook([_read_sheet(sheet) for sheet in book.worksheets], names)


def _read_sheet(sheet: Any) -> LintSheet:
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    found = LintSheet(sheet.title, frozen=bool(sheet.freeze_panes), protected=sheet.protection.sheet)
    found.merged = [str(area) for area in sheet.merged_cells.ranges]
    for table in sheet.tables.values():
        headings = tuple(str(column.name) for column in table.tableColumns)
        found.tables.append(LintTable(table.displayName, parse_area(table.ref), headings))
    for row in sheet.iter_rows():
        for cell in row:
            value = cell.value
            if value is None or isinstance(value, DataTableFormula):
                continue
            place = (cell.row, cell.column)
            found.styles[place] = cell.style
            if isinstance(value, ArrayFormula):
                found.formulas[place] = str(value.text or "").removeprefix("=")
                found.filled_by_arrays.append(parse_area(value.ref))
            elif cell.data_type == "f":
                found.formulas[place] = str(value).removeprefix("=")
            elif isinstance(value, str):
                found.constants[place] = CellError.from_text(value) if cell.data_type == "e" else value
            else:
                found.constants[place] = value if isinstance(value, float | int) else str(value)
    return found


def _pattern(text: str, row: int, column: int) -> str:
    own = shape(text)
    return own.key + "|" + ",".join(_relative(reference, row, column) for reference in own.references)


def _relative(reference: str, row: int, column: int) -> str:
    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = match.groups()
        across = letters.upper() if fixed_column else f"[{column_number(letters) - column}]"
        down = digits if fixed_row else f"[{int(digits) - row}]"
        return f"C{across}R{down}"

    return _REFERENCE.sub(moved, reference)


def called(text: str) -> set[str]:
    """The functions a formula calls, in capitals, without the prefixes that files store."""
    plain = _PREFIXES.sub("", _TEXT.sub("", text))
    return {word.upper().removeprefix("XLINV.") for word in _WORD.findall(plain)}
