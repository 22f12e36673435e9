"""How Excel orders cells: numbers to 15 digits, text regardless of case, TRUE and FALSE last."""

from collections.abc import Callable
from typing import Any, Final

from xlinv.cells import Cell, CellError


def order_of_numbers(left: float, right: float) -> int:
    """-1, 0 or 1; numbers that agree to 15 significant digits are equal."""
    if left == right:
        return 0
    if abs(left - right) <= 1e-14 * abs(left) and f"{left:.14e}" == f"{right:.14e}":
        return 0
    return -1 if left < right else 1


def order_of_cells(left: Cell, right: Cell) -> int:
    """-1, 0 or 1; a blank equals 0, empty text or FALSE, whichever it meets; errors come last."""
    left = _blank_as(right) if left is None else left
    right = _blank_as(left) if right is None else right
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(left, str) and isinstance(right, str):
        left, right = left.casefold(), right.casefold()
        return (left > right) - (left < right)
    if isinstance(left, float | int) and isinstance(right, float | int):
        return order_of_numbers(float(left), float(right))
    return 0


def _blank_as(other: Cell) -> Cell:
    if isinstance(other, str):
        return ""
    return False if isinstance(other, bool) else 0.0


def _rank(value: Cell) -> int:
    if isinstance(value, CellError):
        return 3
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def _compared(test: Callable[[int], bool]) -> Callable[[Any, Any], Any]:
    def compare_cells(left: Cell, right: Cell) -> Cell:
        if isinstance(left, CellError):
            return left
        if isinstance(right, CellError):
            return right
        return test(order_of_cells(left, right))

    def compare(left: Any, right: Any) -> Any:
        if type(left) is float and type(right) is float:
            return test(order_of_numbers(left, right))
        return each(compare_cells, left, right)

    return compare


_BEYOND: Final = object()


def each(function: Callable[..., Cell], *arguments: Any) -> Any:
    """A function of cells over arrays as Excel joins them: one row or column repeats, the rest is #N/A."""
    arrays = [argument for argument in arguments if isinstance(argument, list)]
    if not arrays:
        return function(*arguments)
    rows, columns = max(map(len, arrays)), max(len(array[0]) for array in arrays)
    return [
        [_one(function, [_element(argument, i, j) for argument in arguments]) for j in range(columns)]
        for i in range(rows)
    ]


def _element(argument: Any, i: int, j: int) -> Any:
    if not isinstance(argument, list):
        return argument
    i = 0 if len(argument) == 1 else i
    j = 0 if len(argument[0]) == 1 else j
    return argument[i][j] if i < len(argument) and j < len(argument[0]) else _BEYOND


def _one(function: Callable[..., Cell], values: list[Any]) -> Cell:
    return CellError.NA if any(value is _BEYOND for value in values) else function(*values)


COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "EQ": _compared(lambda order: order == 0),
    "NE": _compared(lambda order: order != 0),
    "LT": _compared(lambda order: order < 0),
    "LE": _compared(lambda order: order <= 0),
    "GT": _compared(lambda order: order > 0),
    "GE": _compared(lambda order: order >= 0),
}
