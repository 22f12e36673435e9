"""`recalculate`: read a workbook, evaluate every formula, and write the new values into its bytes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from xlinv.catalogue import Function
from xlinv.cells import Block, Cell, CellError
from xlinv.workbook import patching
from xlinv.workbook.book_xml import BookXml, read_book
from xlinv.workbook.calculation import Calculation, cell_number
from xlinv.workbook.dynamic_arrays import with_metadata, without_calculation_chain
from xlinv.workbook.engine import CIRCULAR, Engine, EngineSheet, Rejected, SheetContent
from xlinv.workbook.package import Package, UnreadableWorkbookError
from xlinv.workbook.patching import SAME, same
from xlinv.workbook.references import Area, address, area_at
from xlinv.workbook.rewriting import ROUND_SHEET
from xlinv.workbook.sheet_calculation import SheetFormulas
from xlinv.workbook.sheet_xml import FormulaCell, SheetXml, value_of
from xlinv.workbook.spilling import Anchor, Spills

_FULL_CALCULATION: Final = re.compile(rb'\s(?:fullCalcOnLoad|forceFullCalc)="[^"]*"')
_READ_AT_ONCE: Final = 200_000
_MOST_NAMED: Final = 5
_WORTH_BATCHING: Final = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose cached value is not the computed one; blank where there is none.

    `position` is where the formula stands in the sheet's bytes, or -1 for a cell filled by an array.
    """

    formulas: SheetFormulas
    row: int
    column: int
    position: int
    cached: Cell
    computed: Cell

    @property
    def sheet(self) -> str:
        return self.formulas.name

    @property
    def cell(self) -> str:
        return address(self.row, self.column)

    @property
    def formula(self) -> str:
        if self.position < 0:
            return "(filled by an array)"
        cell = self.formulas.xml.formula_cell_at(self.position)
        return "=" + self.formulas.formula(cell).text()

    def stale(self, tolerance: float) -> bool:
        return not same(self.cached, self.computed, tolerance)


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A formula cell that shows an error, with what is known about why."""

    sheet: str
    cell: str
    formula: str
    error: CellError
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Recalculation:
    """What a recalculation found; nothing is written before `save`."""

    formulas: int = 0
    differences: list[Difference] = field(default_factory=list)
    errors: list[ErrorCell] = field(default_factory=list)
    failed_checks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    parts: dict[str, bytes | None] = field(default_factory=dict)
    package: Package | None = None

    def save(self, target: Path) -> bool:
        """Write the workbook through a temporary file; whether anything had to be written."""
        assert self.package is not None
        if not self.parts and target.exists() and target.samefile(self.package.path):
            return False
        self.package.save(target, self.parts)
        return True


def recalculate(
    path: Path | str, out: Path | str | None = None, *, now: datetime | None = None
) -> Recalculation:
    """Bring a workbook's values up to date, in place or at `out`; nothing else in it changes.

    Args:
        path: an .xlsx or .xlsm file.
        out: where to write; in place where omitted.
        now: what TODAY and NOW give; the present where omitted.

    Raises:
        UnreadableWorkbookError: the file cannot be recalculated, with what to do about it.
    """
    result = compute(Path(path), now=now)
    result.save(Path(out or path))
    return result


def compute(
    path: Path,
    *,
    now: datetime | None = None,
    functions: Mapping[str, Function] | None = None,
) -> Recalculation:
    """Evaluate a workbook and find what changes in it, without writing anything.

    Args:
        path: an .xlsx or .xlsm file.
        now: what TODAY and NOW give; the present where omitted.
        functions: the catalogue where omitted.

    Raises:
        UnreadableWorkbookError: the file cannot be recalculated, with what to do about it.
    """
    if functions is None:
        from xlinv.functions import CATALOGUE

        functions = CATALOGUE
    package = Package(path)
    book = read_book(package)
    calculation = Calculation(functions, now or datetime.now(), book.iterations, book.iteration_change)
    return _Run(package, book, calculation).result()


class _Run:
    """One recalculation, step by step."""

    def __init__(self, package: Package, book: BookXml, calculation: Calculation) -> None:
        self.package, self.book, self.calculation = package, book, calculation
        self.found = Recalculation(package=package)
        known = calculation.book
        known.sheets = [sheet.name for sheet in book.worksheets]
        known.tables, known.names, known.external = book.tables, book.names, book.external
        self.sheets = [
            SheetFormulas(sheet.name, position, SheetXml(package.read_xml(sheet.part)), book.saved_by_excel)
            for position, sheet in enumerate(book.worksheets)
        ]
        known.hidden_rows = any(sheet.xml.has_hidden_rows() for sheet in self.sheets)
        known.filtered_rows = known.hidden_rows and (
            book.filtered_tables or any(sheet.xml.is_filtered() for sheet in self.sheets)
        )
        # Where circles are meant to run, a placeholder would stay in them.
        known.batched = not book.iterations and self._formulas_expected() >= _WORTH_BATCHING
        if known.batched:
            calculation.batches.start()
        self.engine: Engine = calculation.engine()

    def result(self) -> Recalculation:
        rejected = self._load()
        tables = defaultdict(list)
        for table in self.book.tables.values():
            tables[table.sheet].append(table.area)
        self.spills = Spills(self.calculation, self.engine, self.sheets, tables)
        self.spills.settle()
        self.calculation.batches.forget()
        for problem in rejected:
            number = cell_number(
                next(s.position for s in self.sheets if s.name == problem.sheet), problem.row, problem.column
            )
            self.sheets[int(number) >> 34].problems[number] = (problem.reason,)
        for sheet in self.sheets:
            self._patch(sheet)
        self._patch_book()
        self.found.failed_checks = list(self._failed_checks())
        self.found.formulas = sum(sheet.count for sheet in self.sheets)
        self.found.notes = list(self._notes())
        return self.found

    def _formulas_expected(self) -> int:
        return sum(sheet.xml.data.count(b"<f") for sheet in self.sheets)

    def _load(self) -> list[Rejected]:
        loaded = [sheet.engine_sheet(self.calculation) for sheet in self.sheets]
        loaded += [EngineSheet(name, content.rows()) for name, content in self.book.external_sheets.items()]
        if self.calculation.book.batched:
            first = SheetContent([(area_at(1, 1, 1, 1), [[0.0]])])
            loaded.append(EngineSheet(ROUND_SHEET, first.rows()))
        strings = self.book.shared_strings
        return self.engine.load(loaded, self.package.read_xml(strings) if strings in self.package else b"")

    # Values

    def _values(self, sheet: SheetFormulas) -> Iterator[tuple[FormulaCell, Cell]]:
        """Every formula cell of a sheet with its computed value."""
        left, width = sheet.left, sheet.right - sheet.left + 1
        at_once = max(1, _READ_AT_ONCE // max(width, 1))
        first, block = 0, list[list[Cell]]()
        for cell in sheet.xml.formula_cells():
            if not first <= cell.row < first + len(block):
                first = cell.row
                height = max(1, min(at_once, sheet.bottom - first + 1))
                block = self.engine.read(sheet.name, area_at(first, left, height, width))
            yield cell, block[cell.row - first][cell.column - left]

    # Writing

    def _patch(self, sheet: SheetFormulas) -> None:
        data = sheet.xml.data
        pieces, position = [], 0
        circular: list[str] = []
        for cell, value in self._values(sheet):
            if b"dataTable" in cell.formula_attributes:
                continue
            if value == CIRCULAR:
                circular.append(f"{sheet.name}!{address(cell.row, cell.column)}")
                continue
            value = 0.0 if value is None else value
            new = self._patched(sheet, cell, value)
            if new is not None:
                pieces += [data[position : cell.start], new]
                position = cell.end
            if isinstance(value, CellError):
                self._note_error(sheet, cell, value)
        if circular:
            self._refuse_circle(circular)
        if pieces:
            data = b"".join((*pieces, data[position:]))
        data = self._with_children(sheet, data)
        if data is not sheet.xml.data:
            self.found.parts[self.book.worksheets[sheet.position].part] = data

    def _patched(self, sheet: SheetFormulas, cell: FormulaCell, value: Cell) -> bytes | None:
        """The cell's new bytes, or None where the file shows the value already."""
        area = None
        if self.spills.anchors:
            number = cell_number(sheet.position, cell.row, cell.column)
            area = self._new_area(self.spills.anchors.get(number), cell)
        meta = self._meta() if area is not None and cell.array is None else None
        kind, text = cell.cached()
        cached = value_of(kind, text)
        unchanged = kind != "s" and same(cached, value)
        if not unchanged:
            self.found.differences.append(Difference(sheet, cell.row, cell.column, cell.start, cached, value))
        return None if unchanged and area is None else patching.formula_cell(cell, value, area, meta)

    def _new_area(self, anchor: Anchor | None, cell: FormulaCell) -> Area | None:
        """Where the formula's array lies now, if the file says otherwise."""
        if anchor is None or anchor.fixed:
            return None
        old = cell.array
        return None if old == anchor.filled or (old is None and anchor.filled.single) else anchor.filled

    def _meta(self) -> int:
        """The index of the metadata that marks a cell's formula as a dynamic array."""
        if not hasattr(self, "_dynamic_meta"):
            self._dynamic_meta, parts = with_metadata(self.package, self.book.part)
            self.found.parts.update(parts)
            self.found.parts.update(without_calculation_chain(self.package, self.book.part, self.found.parts))
        return self._dynamic_meta

    def _with_children(self, sheet: SheetFormulas, data: bytes) -> bytes:
        """The values beside array formulas; cells that an array of the file no longer fills are cleared."""
        wanted: dict[int, dict[int, Cell]] = defaultdict(dict)
        formulas: dict[tuple[int, int], Anchor] = {}
        extent: Area | None = None
        for number, (old, _) in sheet.arrays.items():
            if not old.single and number in self.spills.anchors:
                _put(wanted, old, [])
        for anchor in self.spills.anchors.values():
            if anchor.sheet != sheet.position or anchor.filled.single:
                continue
            _put(wanted, anchor.filled, anchor.rows)
            extent = anchor.filled if extent is None else _hull(extent, anchor.filled)
            formulas[anchor.row, anchor.column] = anchor
        if not wanted:
            return data

        def report(row: int, column: int, cached: Cell, computed: Cell) -> None:
            self.found.differences.append(Difference(sheet, row, column, -1, cached, computed))

        before = len(self.found.differences)
        patched = patching.with_values(SheetXml(data), wanted, report)
        if len(self.found.differences) == before:
            return data
        return patching.dimension_grown(patched, extent)

    def _patch_book(self) -> None:
        """Excel without the add-in must not recalculate what it cannot; where we could not either, it may."""
        if not self.found.parts:
            return
        if any(error.error is CellError.NAME for error in self.found.errors):
            return
        part = self.book.part
        raw = self.found.parts.get(part) or self.package.read(part)
        stripped = _FULL_CALCULATION.sub(b"", raw)
        if stripped != raw:
            self.found.parts[part] = stripped

    # Findings

    def _note_error(self, sheet: SheetFormulas, cell: FormulaCell, error: CellError) -> None:
        number = cell_number(sheet.position, cell.row, cell.column)
        reasons = [*sheet.problems.get(number, ()), *self.calculation.problems.get(number, [])]
        if error is CellError.NAME:
            reasons += self._unknown(sheet, cell)
        if number in self.calculation.blocked:
            reasons.append("the cells the result needs are not empty: clear them")
        self.found.errors.append(
            ErrorCell(
                sheet.name,
                address(cell.row, cell.column),
                "=" + sheet.formula(cell).text(),
                error,
                tuple(reasons),
            )
        )

    def _unknown(self, sheet: SheetFormulas, cell: FormulaCell) -> list[str]:
        """Why a formula shows #NAME?: functions that neither the engine nor the catalogue has."""
        called = sheet.template(cell, sheet.formula(cell), self.calculation).functions
        return [
            f"{name} is no function known here: one from VBA or another add-in only Excel can compute"
            for name in sorted(self.calculation.unknown(called))
        ]

    def _refuse_circle(self, cells: list[str]) -> None:
        more = f" and {len(cells) - _MOST_NAMED:,} more" if len(cells) > _MOST_NAMED else ""
        raise UnreadableWorkbookError(
            f"{', '.join(cells[:_MOST_NAMED])}{more} depend on themselves: break the circle, "
            "or turn on iterative calculation in Excel (File, Options, Formulas) and save"
        )

    def _notes(self) -> Iterator[str]:
        """What keeps values that nobody here can compute."""
        if self.book.external:
            yield "values of linked workbooks are those stored in this file: update the links in Excel"
        tables = sum(sheet.data_tables for sheet in self.sheets)
        if tables:
            yield f"{tables:,} cells of what-if data tables keep their values: recalculate them in Excel"

    def _failed_checks(self) -> Iterator[str]:
        """Check cells (names that begin with chk_, results in tblChecks) that do not hold."""
        from xlinv.workbook.checks import check_areas, failed

        for title, sheet, area in check_areas(self.book):
            values: Block = self.engine.read(sheet, area)
            yield from failed(title, sheet, area, values)


def _put(wanted: dict[int, dict[int, Cell]], area: Area, rows: Block) -> None:
    """The cells of an area but its first, with their values; None where there are no rows."""
    for i, row in enumerate(range(area.top, area.bottom + 1)):
        line = wanted[row]
        for j, column in enumerate(range(area.left, area.right + 1)):
            if i or j:
                line[column] = rows[i][j] if rows else None


def _hull(first: Area, second: Area) -> Area:
    return Area(
        min(first.top, second.top),
        min(first.left, second.left),
        max(first.bottom, second.bottom),
        max(first.right, second.right),
    )


__all__ = ["SAME", "Difference", "ErrorCell", "Recalculation", "UnreadableWorkbookError", "recalculate"]
