"""The catalogue's functions as xlwings calls them: values of cells in, values for cells out."""

import inspect
from collections.abc import Callable
from typing import Any, Final

from xlinv.catalogue import OMITTED, Function
from xlinv.cells import Block, Cell, CellError

# xlwings would turn empty text into a blank and shape away single rows: take what Excel hands over.
ARGUMENT_OPTIONS: Final = {"convert": "raw"}

# An error in a cell arrives as the number that COM knows it by: 0x800A0000 and Excel's own number.
_COM_ERROR: Final = -2_146_828_288
_ERRORS: Final = {
    _COM_ERROR + number: error
    for number, error in (
        (2000, CellError.NULL),
        (2007, CellError.DIV0),
        (2015, CellError.VALUE),
        (2023, CellError.REF),
        (2029, CellError.NAME),
        (2036, CellError.NUM),
        (2042, CellError.NA),
        (2043, CellError.GETTING_DATA),
        (2045, CellError.SPILL),
        (2050, CellError.CALC),
    )
}


def cell_function(declared: Function) -> Callable[..., Any]:
    """A plain function with the declaration's argument names, for a host that inspects signatures.

    Every argument may be left out: the catalogue, not the host, says what that means.
    """

    def answer(*arguments: Any) -> Any:
        return for_cells(declared.evaluate(*map(from_excel, arguments)).cells)

    answer.__name__ = answer.__qualname__ = declared.name
    answer.__doc__ = declared.summary
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(parameter.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=OMITTED)
            for parameter in declared.parameters
        ]
    )
    return answer


def from_excel(value: Any) -> Any:
    """A value, or rows of values, as Excel's Value2 gives them, with errors for their numbers."""
    if isinstance(value, tuple):
        return [[_ERRORS.get(item, item) if type(item) is int else item for item in row] for row in value]
    return _ERRORS.get(value, value) if type(value) is int else value


def for_cells(cells: Block) -> Any:
    """A result as the VBA wrapper takes it: one value, or rows of values, errors as their text."""
    rows = [[_for_cell(item) for item in row] for row in cells]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _for_cell(item: Cell) -> Any:
    if isinstance(item, CellError):
        return str(item)
    return "" if item is None else item
