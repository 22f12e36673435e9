"""The engine protocol fulfilled by formualizer."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any, Final

import formualizer

from xlinv.cells import Block, Cell, CellError
from xlinv.workbook.engine import CIRCULAR, EngineSheet, Rejected, Settings
from xlinv.workbook.references import Area, column_number
from xlinv.workbook.xml_text import attribute, unescape

_KINDS: Final = {
    CellError.NULL: "Null",
    CellError.DIV0: "Div",
    CellError.VALUE: "Value",
    CellError.REF: "Ref",
    CellError.NAME: "Name",
    CellError.NUM: "Num",
    CellError.NA: "Na",
    CellError.SPILL: "Spill",
    CellError.CALC: "Calc",
}
_ERRORS: Final = {kind: error for error, kind in _KINDS.items()} | {"NImpl": CellError.NAME}
_RAW_ERRORS: Final = {error: {"type": "Error", "kind": kind} for error, kind in _KINDS.items()}
_RAW_ERRORS[CellError.GETTING_DATA] = _RAW_ERRORS[CellError.NA]

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_FORMULA: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"><f>([^<]*)</f></c>')


def cell_of(raw: Any) -> Any:
    """What the engine hands to a function or shows in a cell, as a cell or rows of cells."""
    kind = type(raw)
    if kind is dict:
        return CIRCULAR if raw["kind"] == "Circ" else _ERRORS.get(raw["kind"], CellError.VALUE)
    if kind is list:
        return [[cell_of(item) if type(item) is dict else item for item in row] for row in raw]
    return raw


def raw_of(value: Cell | Block) -> Any:
    """A cell or rows of cells as the engine takes them."""
    if isinstance(value, CellError):
        return _RAW_ERRORS[value]
    if isinstance(value, list):
        return [[_RAW_ERRORS[item] if type(item) is CellError else item for item in row] for row in value]
    return value


class FormualizerEngine:
    """One formualizer workbook."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._book: Any = None

    def load(self, sheets: Sequence[EngineSheet], shared_strings: bytes = b"") -> list[Rejected]:
        """Load sheets; where the engine cannot read a formula, its cell shows #VALUE! and is reported."""
        rejected: list[Rejected] = []
        try:
            self._book = self._loaded(sheets, shared_strings)
        except Exception:
            # One formula the engine cannot read spoils the whole load, so they are entered one by one.
            bare = [EngineSheet(sheet.name, _FORMULA.sub(b"", sheet.rows)) for sheet in sheets]
            self._book = self._loaded(bare, shared_strings)
            rejected = [problem for sheet in sheets for problem in self._entered(sheet)]
        self._book.set_temporal_egress("serial")
        self._book.set_deterministic_clock(self._settings.now.replace(tzinfo=UTC))
        for name, function in self._settings.functions.items():
            self._book.register_function(name, function)
        return rejected

    def _loaded(self, sheets: Sequence[EngineSheet], shared_strings: bytes) -> Any:
        evaluation = formualizer.EvaluationConfig()
        evaluation.enable_parallel = False
        evaluation.workbook_seed = 0
        evaluation.cycle_detection = "runtime"
        if self._settings.iterations:
            evaluation.cycle_policy = "iterate"
            evaluation.iterate_max_iterations = self._settings.iterations
            evaluation.iterate_max_change = self._settings.iteration_change
        config = formualizer.WorkbookConfig(mode=formualizer.WorkbookMode.Ephemeral, eval_config=evaluation)
        return formualizer.Workbook.from_bytes(_package(sheets, shared_strings), config=config)

    def _entered(self, sheet: EngineSheet) -> list[Rejected]:
        rejected = []
        for match in _FORMULA.finditer(sheet.rows):
            row, column = int(match[2]), column_number(match[1].decode())
            try:
                self._book.set_formula(sheet.name, row, column, "=" + unescape(match[3].decode()))
            except Exception as reason:
                self._book.set_value(sheet.name, row, column, _RAW_ERRORS[CellError.VALUE])
                rejected.append(Rejected(sheet.name, row, column, str(reason)))
        return rejected

    def evaluate(self) -> None:
        self._book.evaluate_all()

    def read(self, sheet: str, area: Area) -> Block:
        address = formualizer.RangeAddress(sheet, *area)
        rows: Block = cell_of(self._book.sheet(sheet).get_values(address))
        return rows

    def write(self, sheet: str, area: Area, rows: Block) -> None:
        self._book.set_values_batch(sheet, area.top, area.left, raw_of(rows))

    def recompute(self, sheet: str, row: int, column: int) -> None:
        """Let the next evaluation compute this formula again."""
        self._book.set_formula(sheet, row, column, self._book.get_formula(sheet, row, column))


def function_of_cells(function: Callable[..., Cell | Block]) -> Callable[..., Any]:
    """A function of cells as the engine calls it."""

    def called(*arguments: Any) -> Any:
        return raw_of(function(*map(cell_of, arguments)))

    return called


def _package(sheets: Sequence[EngineSheet], shared_strings: bytes) -> bytes:
    """The least .xlsx that holds these sheets: no styles, so every date is a plain number."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
        for number in numbers
    )
    listed = "".join(
        f'<sheet name={attribute(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    if shared_strings:
        overrides += f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_OFFICE}.sharedStrings+xml"/>'
        links += f'<Relationship Id="rIdS" Type="{_DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="rId1" '
        f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_RELATIONSHIPS}">{links}'
        "</Relationships>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if shared_strings:
            archive.writestr("xl/sharedStrings.xml", shared_strings)
        for number, sheet in zip(numbers, sheets, strict=True):
            head = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml", b"".join((head, sheet.rows, b"</sheetData></worksheet>"))
            )
    return buffer.getvalue()
