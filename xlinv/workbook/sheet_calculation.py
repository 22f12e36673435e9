"""One sheet on its way into the engine: formulas rewritten, arrays marked, everything else as it lies."""

from dataclasses import dataclass, field

from xlinv.workbook.calculation import Calculation, cell_number
from xlinv.workbook.engine import EngineSheet
from xlinv.workbook.formula import FormulaError, Shape, shape
from xlinv.workbook.package import UnreadableWorkbookError
from xlinv.workbook.references import LAST_COLUMN, Area, address, moved
from xlinv.workbook.rewriting import Template, template
from xlinv.workbook.scope import Place
from xlinv.workbook.sheet_xml import FormulaCell, SheetXml
from xlinv.workbook.spellings import OWN
from xlinv.workbook.xml_text import escape


@dataclass(slots=True)
class SheetFormulas:
    """The formulas of one sheet, and what was found on the way.

    By cell number: `arrays` holds where each array formula of the file lies and whether it spills, `problems`
    what cannot be computed.
    """

    name: str
    position: int
    xml: SheetXml
    implicit: bool
    arrays: dict[float, tuple[Area, bool]] = field(default_factory=dict)
    problems: dict[float, tuple[str, ...]] = field(default_factory=dict)
    count: int = 0
    left: int = LAST_COLUMN
    right: int = 1
    bottom: int = 0
    data_tables: int = 0
    _templates: dict[tuple[str, bool], Template] = field(default_factory=dict)
    _shared: dict[str, tuple[Shape, int, int]] = field(default_factory=dict)

    def formula(self, cell: FormulaCell) -> Shape:
        """A cell's formula; a shared one as it reads in this cell, asked for after the one it shares."""
        if b"shared" not in cell.formula_attributes:
            return shape(cell.text)
        key = cell.formula_attribute(b"si")
        if cell.source_text:
            self._shared[key] = (shape(cell.text), cell.row, cell.column)
            return self._shared[key][0]
        if key not in self._shared:
            raise UnreadableWorkbookError(
                f"{self.name}!{address(cell.row, cell.column)} shares a formula that is not there: "
                "open and save the workbook in Excel"
            )
        first, row, column = self._shared[key]
        down, right = cell.row - row, cell.column - column
        return Shape(first.key, [moved(text, down, right) for text in first.references])

    def engine_sheet(self, calculation: Calculation) -> EngineSheet:
        """The sheet with formulas the engine can read and without their cached values."""
        data = self.xml.data
        pieces = []
        position = self.xml.body_start
        for cell in self.xml.formula_cells():
            self.count += 1
            self.left, self.right = min(self.left, cell.column), max(self.right, cell.column)
            self.bottom = cell.row
            pieces.append(data[position : cell.start])
            position = cell.end
            if b"dataTable" in cell.formula_attributes:
                self.data_tables += 1
                pieces.append(_value_only(cell))
            else:
                place = address(cell.row, cell.column).encode()
                formula = self._engine_formula(cell, calculation)
                pieces.append(b'<c r="%s"><f>%s</f></c>' % (place, formula))
        pieces.append(data[position : self.xml.body_end])
        return EngineSheet(self.name, b"".join(pieces))

    def _engine_formula(self, cell: FormulaCell, calculation: Calculation) -> bytes:
        """The escaped formula as the engine reads it."""
        own, array = self.formula(cell), cell.array
        found = self.template(cell, own, calculation)
        if found.unchanged and not (array or found.may_spill or found.problems) and cell.source_text:
            return cell.source_text
        if array or found.may_spill or found.problems:
            number = cell_number(self.position, cell.row, cell.column)
            if array:
                self.arrays[number] = (array, cell.dynamic)
            if found.problems:
                self.problems[number] = found.problems
        text = found.text(own.references, cell.row)
        if array or found.may_spill:
            text = f"{OWN}CAPTURE({int(number)},{text})"
        return escape(text).encode()

    def template(self, cell: FormulaCell, own: Shape, calculation: Calculation) -> Template:
        """How the engine reads formulas of this shape."""
        array = b't="array"' in cell.formula_attributes
        found = self._templates.get((own.key, array))
        if found is not None:
            return found
        place = Place(self.name, cell.row, cell.column, implicit=self.implicit and not array)
        try:
            found = template(own.key, own.references, place, calculation.book)
        except FormulaError as error:
            raise UnreadableWorkbookError(
                f"{self.name}!{address(cell.row, cell.column)} holds a formula no spreadsheet accepts, "
                f"since {error}: correct it"
            ) from None
        if not found.one_place:
            self._templates[own.key, array] = found
        return found


def _value_only(cell: FormulaCell) -> bytes:
    """A what-if data table's cell, which keeps the value it has."""
    return b'<c r="%s"%s>%s</c>' % (address(cell.row, cell.column).encode(), cell.attributes, cell.rest)
