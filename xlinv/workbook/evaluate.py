"""One formula without a workbook: `evaluate("=SUM(EOQ(d, 50, 2))", d=[100, 200, 300])`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from xlinv.catalogue import Function
from xlinv.cells import Block, Cell, CellError, InputError, block
from xlinv.workbook import formula as formulas
from xlinv.workbook.calculation import Calculation, cell_number
from xlinv.workbook.engine import CIRCULAR, EngineSheet, SheetContent
from xlinv.workbook.references import LAST_COLUMN, LAST_ROW, area_at, is_cell
from xlinv.workbook.rewriting import template
from xlinv.workbook.scope import Place
from xlinv.workbook.spellings import OWN

Value: TypeAlias = float | int | bool | str | CellError | Block

_FORMULA_SHEET: Final = "Formula"
_NAMES_SHEET: Final = "Names"
# The formula stands where a reference typed into it hardly ever points.
_HOME: Final = (1, LAST_COLUMN)


def evaluate(formula: str, /, **names: Any) -> Value:
    """The value of a spreadsheet formula.

    Args:
        formula: as typed into a cell, with or without the leading `=`.
        names: what names in the formula stand for: numbers, text, dates, lists, lists of rows, arrays,
            pandas objects. A flat list is a column.

    Returns:
        A number, text, TRUE or FALSE, a CellError, or rows of these where the result spills.

    Raises:
        InputError: what is given is no formula, or a name cannot stand in one.
    """
    return evaluate_with_problems(formula, names)[0]


def evaluate_with_problems(
    formula: str,
    names: Mapping[str, Any] | None = None,
    functions: Mapping[str, Function] | None = None,
    now: datetime | None = None,
) -> tuple[Value, list[str]]:
    """The value of a formula, and in words why it shows an error where it does."""
    if functions is None:
        from xlinv.functions import CATALOGUE

        functions = CATALOGUE
    calculation = Calculation(functions, now or datetime.now())
    book = calculation.book
    book.sheets = [_FORMULA_SHEET, _NAMES_SHEET]
    content, book.names = _bound(names or {})
    text = formula.strip()
    text = text[1:-1].strip() if text.startswith("{=") and text.endswith("}") else text
    shape = formulas.shape(text.removeprefix("="))
    try:
        rewritten = template(shape.key, shape.references, Place(_FORMULA_SHEET, *_HOME), book)
    except formulas.FormulaError as error:
        raise InputError("formula", f"must be one a spreadsheet accepts ({error})", formula) from None
    number = cell_number(0, *_HOME)
    cell = f"{OWN}CAPTURE({int(number)},{rewritten.text(shape.references, _HOME[0])})"
    own = SheetContent(formulas=[(*_HOME, cell)])
    engine = calculation.engine()
    sheets = [EngineSheet(_FORMULA_SHEET, own.rows()), EngineSheet(_NAMES_SHEET, content.rows())]
    rejected = engine.load(sheets)
    if rejected:
        raise InputError("formula", f"must be one a spreadsheet accepts ({rejected[0].reason})", formula)
    engine.evaluate()
    array = calculation.captured.get(number)
    value: Value
    if array is None:
        value = _plain(engine.read(_FORMULA_SHEET, area_at(*_HOME, 1, 1))[0][0])
    else:
        value = [[0.0 if cell is None else cell for cell in row] for row in array]
    return value, [*rewritten.problems, *calculation.problems.get(number, [])]


def _plain(value: Cell) -> Value:
    if value == CIRCULAR:
        return CellError.REF
    return 0.0 if value is None else value


def _bound(names: Mapping[str, Any]) -> tuple[SheetContent, dict[tuple[str, str], str]]:
    """The values of names side by side on a sheet, and where each lies."""
    content = SheetContent()
    places = {}
    column = 1
    for name, value in names.items():
        if is_cell(name) or name.upper() in ("TRUE", "FALSE"):
            raise InputError("name", "must not read as a cell or as TRUE or FALSE", name)
        cells = block(value)
        if not cells or not cells[0]:
            raise InputError(name, "must hold at least one value", value)
        area = area_at(1, column, len(cells), len(cells[0]))
        if area.bottom > LAST_ROW or area.right > LAST_COLUMN:
            raise InputError(name, f"must fit a sheet of {LAST_ROW:,} rows", len(cells))
        content.blocks.append((area, cells))
        first, _, last = str(area).partition(":")
        places["", name.lower()] = f"{_NAMES_SHEET}!" + ":".join(
            _absolute(part) for part in (first, last) if part
        )
        column = area.right + 1
    return content, places


def _absolute(reference: str) -> str:
    letters = reference.rstrip("0123456789")
    return f"${letters}${reference[len(letters) :]}"
