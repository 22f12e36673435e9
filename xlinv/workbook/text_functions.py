"""Text functions that the engine lacks or computes unlike Excel, over cells and rows of cells."""

import math
from collections.abc import Callable
from typing import Any, Final

from xlinv.cells import Cell, CellError
from xlinv.workbook.comparison import each
from xlinv.workbook.number_format import formatted, general, moment_in_text, number_in_text


def _joined(*values: Any) -> Any:
    """`a & b & ...`, with numbers to 15 digits."""
    return each(_joined_cells, *values)


_LONGEST_TEXT: Final = 32_767


def _joined_cells(*cells: Cell) -> Cell:
    texts = []
    for cell in cells:
        if isinstance(cell, CellError):
            return cell
        texts.append(_text_of(cell))
    text = "".join(texts)
    return text if len(text) <= _LONGEST_TEXT else CellError.VALUE


def _text_of(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return str(cell).upper() if isinstance(cell, bool) else general(cell)  # type: ignore[arg-type]


def _shown(value: Any) -> Any:
    """Numbers as text of 15 digits, everything else as it is."""
    if isinstance(value, list):
        return [[_shown(item) for item in row] for row in value]
    return general(value) if isinstance(value, float | int) and not isinstance(value, bool) else value


def _text(value: Any, form: Any) -> Any:
    def one(cell: Cell, pattern: Cell) -> Cell:
        for item in (cell, pattern):
            if isinstance(item, CellError):
                return item
        wanted = _shown(pattern)
        result = formatted(cell, "" if wanted is None else str(wanted))
        return CellError.VALUE if result is None else result

    return each(one, value, form)


def _value(value: Any) -> Any:
    def one(cell: Cell) -> Cell:
        if isinstance(cell, str):
            number = number_in_text(cell)
            return CellError.VALUE if number is None else number
        return CellError.VALUE if isinstance(cell, bool) else cell

    return each(one, value)


def _date_value(text: Any) -> Any:
    def one(cell: Cell) -> Cell:
        if isinstance(cell, CellError):
            return cell
        days = moment_in_text(cell) if isinstance(cell, str) else None
        return CellError.VALUE if days is None else float(math.floor(days))

    return each(one, text)


def _in_case(function: Callable[[str], str]) -> Callable[..., Any]:
    """UPPER and the like: letters of every script, each staying one letter."""

    def one(cell: Cell) -> Cell:
        return cell if isinstance(cell, CellError) else function(_text_of(cell))

    return lambda value: each(one, value)


def _upper(text: str) -> str:
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "DATEVALUE": _date_value,
    "JOIN": _joined,
    "LOWER": _in_case(str.lower),
    "PROPER": _in_case(str.title),
    "SHOWN": _shown,
    "TEXT": _text,
    "UPPER": _in_case(_upper),
    "VALUE": _value,
}
