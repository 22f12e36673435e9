"""What IronCalc says of the built-in formulas of a workbook, beside our own engine."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xlinv.cells import Cell, CellError
from xlinv.functions import CATALOGUE
from xlinv.workbook.book_xml import BookXml, read_book
from xlinv.workbook.package import Package, UnreadableWorkbookError
from xlinv.workbook.patching import same
from xlinv.workbook.recalculation import Recalculation
from xlinv.workbook.references import address
from xlinv.workbook.sheet_calculation import SheetFormulas
from xlinv.workbook.sheet_xml import FormulaCell, SheetXml, value_of
from xlinv.workbook.spellings import own_name

_CALL: Final = re.compile(r"([A-Za-z_][\w.]*)\(")
_WORD: Final = re.compile(r"[A-Za-z_\\][\w.\\]*")
_LINKED: Final = re.compile(r"\[\d+\][^\[\]]*!")
_VOLATILE: Final = frozenset(("TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY"))
# IronCalc reads text without a formula only where it stands inline.
_PLAIN_TEXT: Final = re.compile(rb'<c( [^>]*?) t="str"([^>]*)><v[^>]*>([^<]*)</v></c>')
# These look at the spilled cells of another formula, which IronCalc is given as plain values.
_SPILLED: Final = "ANCHORARRAY"
# What IronCalc shows where it lacks a function, which is no opinion.
_NO_OPINION: Final = ("#N/IMPL!", "#NAME?", "#ERROR!", "#CIRC!")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell with our value and IronCalc's."""

    sheet: str
    cell: str
    formula: str
    ours: Cell
    theirs: Cell


def disagreements(result: Recalculation, tolerance: float) -> list[Disagreement]:
    """Cells with a built-in formula on which IronCalc gives another value than ours.

    Cells that call the catalogue, spill or are volatile, and those that IronCalc cannot compute, keep our
    values while it evaluates the rest.

    Raises:
        UnreadableWorkbookError: IronCalc is not installed, or cannot read the workbook.
    """
    try:
        import ironcalc
    except ImportError:
        raise UnreadableWorkbookError(
            'a second opinion needs IronCalc: install it with pip install "xlinv[second-opinion]"'
        ) from None
    assert result.package is not None
    with tempfile.TemporaryDirectory() as folder:
        computed = Path(folder) / "computed.xlsx"
        frozen = Path(folder) / "frozen.xlsx"
        result.package.save(computed, result.parts)
        package = Package(computed)
        book = read_book(package)
        kept = _freeze(package, book, frozen)
        package.close()
        try:
            model = ironcalc.load_from_xlsx(str(frozen), "en", "UTC", "en")
            model.evaluate()
        except Exception as error:
            raise UnreadableWorkbookError(f"IronCalc cannot read {result.package.path}: {error}") from None
        answers = _answers(model, kept)
    return [
        Disagreement(sheet, address(row, column), f"={formula}", ours, theirs)
        for (sheet, row, column, formula, ours), theirs in zip(kept, answers, strict=True)
        if not same(ours, theirs, tolerance) and not (_blank(ours) and _blank(theirs))
    ]


_MOST_ROUNDS: Final = 10
Kept = list[tuple[str, int, int, str, Cell]]


def _freeze(package: Package, book: BookXml, target: Path) -> Kept:
    """Write the workbook with values in place of what IronCalc cannot know; the formulas it keeps."""
    names = {name for (_, name), text in book.names.items() if _beyond(text, frozenset())}
    kept: Kept = []
    changes: dict[str, bytes | None] = {}
    for position, sheet in enumerate(book.worksheets):
        formulas = SheetFormulas(sheet.name, position, SheetXml(package.read_xml(sheet.part)), False)
        data, pieces, start = formulas.xml.data, [], 0
        for cell in formulas.xml.formula_cells():
            text = formulas.formula(cell).text()
            array = b'"array"' in cell.formula_attributes or b'"dataTable"' in cell.formula_attributes
            if array or _beyond(text, names):
                pieces += [data[start : cell.start], _as_value(cell)]
                start = cell.end
            else:
                kept.append((sheet.name, cell.row, cell.column, text, value_of(*cell.cached())))
        whole = b"".join((*pieces, data[start:]))
        changes[sheet.part] = _PLAIN_TEXT.sub(rb'<c\1 t="inlineStr"\2><is><t>\3</t></is></c>', whole)
    package.save(target, changes)
    return kept


def _beyond(text: str, names: frozenset[str] | set[str]) -> bool:
    """Whether a formula calls the catalogue, another workbook or a volatile function."""
    called = {own_name(name) for name in _CALL.findall(text)}
    if _LINKED.search(text):
        return True
    words = {word.lower() for word in _WORD.findall(text)} if names else set()
    return bool(called & (CATALOGUE.keys() | _VOLATILE | {_SPILLED})) or bool(words & names)


def _as_value(cell: FormulaCell) -> bytes:
    place = address(cell.row, cell.column).encode()
    return b'<c r="%s"%s>%s</c>' % (place, cell.attributes, cell.rest)


def _answers(model: Any, kept: Kept) -> list[Cell]:
    """IronCalc's values; where it has only an error for a value of ours, it is given ours and asked again."""
    positions = {sheet["name"]: number for number, sheet in enumerate(model.get_worksheets_properties())}
    given: set[int] = set()
    for _ in range(_MOST_ROUNDS):
        answers = [
            ours if number in given else _cell(model.get_cell_value(positions[sheet], row, column))
            for number, (sheet, row, column, _, ours) in enumerate(kept)
        ]
        lacking = [
            number
            for number, (answer, (*_, ours)) in enumerate(zip(answers, kept, strict=True))
            if isinstance(answer, CellError) and not isinstance(ours, CellError)
        ]
        if not lacking:
            break
        for number in lacking:
            sheet, row, column, _, ours = kept[number]
            _give(model, positions[sheet], row, column, ours)
        given.update(lacking)
        model.evaluate()
    return answers


def _cell(answer: Any) -> Cell:
    if isinstance(answer, str) and answer in _NO_OPINION:
        return CellError.NAME
    return CellError.from_text(answer) or answer if isinstance(answer, str) else answer


def _give(model: Any, sheet: int, row: int, column: int, value: Cell) -> None:
    if isinstance(value, bool):
        model.update_cell_with_bool(sheet, row, column, value)
    elif isinstance(value, float | int):
        model.update_cell_with_number(sheet, row, column, float(value))
    else:
        model.update_cell_with_text(sheet, row, column, str(value or ""))


def _blank(value: Cell) -> bool:
    return value is None or value == "" or (value == 0 and not isinstance(value, bool))
