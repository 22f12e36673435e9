"""Built-in functions that the engine lacks or computes unlike Excel, over cells and rows of cells."""

import math
import statistics
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from xlinv.cells import Cell, CellError, serial

# Comparison to 15 digits


def _compared(test: Callable[[int], bool]) -> Callable[[Any, Any], Any]:
    def compare(left: Any, right: Any) -> Any:
        if type(left) is float and type(right) is float:
            return test(_order_of_numbers(left, right))
        return each(lambda a, b: _compare_cells(a, b, test), left, right)

    return compare


def _order_of_numbers(left: float, right: float) -> int:
    if left == right:
        return 0
    if abs(left - right) <= 1e-14 * abs(left) and f"{left:.14e}" == f"{right:.14e}":
        return 0
    return -1 if left < right else 1


def _compare_cells(left: Cell, right: Cell, test: Callable[[int], bool]) -> Cell:
    if isinstance(left, CellError):
        return left
    if isinstance(right, CellError):
        return right
    left = _blank_as(right) if left is None else left
    right = _blank_as(left) if right is None else right
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return test(-1 if ranks[0] < ranks[1] else 1)
    if isinstance(left, str) and isinstance(right, str):
        left, right = left.casefold(), right.casefold()
        return test((left > right) - (left < right))
    return test(_order_of_numbers(_plain_number(left), _plain_number(right)))


def _plain_number(value: Cell) -> float:
    return float(value) if isinstance(value, float | int) else 0.0


def _blank_as(other: Cell) -> Cell:
    """A blank equals 0, empty text or FALSE, whichever it meets."""
    if isinstance(other, str):
        return ""
    return False if isinstance(other, bool) else 0.0


def _rank(value: Cell) -> int:
    """Numbers come before text, and text before TRUE and FALSE."""
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


# Element by element


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


_BEYOND: Final = object()


def _element(argument: Any, i: int, j: int) -> Any:
    if not isinstance(argument, list):
        return argument
    i = 0 if len(argument) == 1 else i
    j = 0 if len(argument[0]) == 1 else j
    return argument[i][j] if i < len(argument) and j < len(argument[0]) else _BEYOND


def _one(function: Callable[..., Cell], values: list[Any]) -> Cell:
    return CellError.NA if _BEYOND in values else function(*values)


class _FailureError(Exception):
    """Ends a function with the error its cell shows."""

    def __init__(self, error: CellError) -> None:
        self.error = error


def _number(value: Cell) -> float:
    """A cell as an operand: text that reads as a number counts, blank is 0."""
    if isinstance(value, CellError):
        raise _FailureError(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise _FailureError(CellError.VALUE) from None
    return float(value or 0)


def _elementwise(function: Callable[..., float]) -> Callable[..., Any]:
    """A function of numbers over cells and arrays, errors kept per cell."""

    def one(*cells: Cell) -> Cell:
        try:
            return function(*map(_number, cells))
        except _FailureError as failure:
            return failure.error

    return lambda *arguments: each(one, *arguments)


def _floor(number: float, significance: float) -> float:
    if number == 0:
        return 0.0
    if significance == 0:
        raise _FailureError(CellError.DIV0)
    if number > 0 > significance:
        raise _FailureError(CellError.NUM)
    return math.floor(_steps(number, significance)) * significance


def _ceiling(number: float, significance: float) -> float:
    if number == 0 or significance == 0:
        return 0.0
    if number > 0 > significance:
        raise _FailureError(CellError.NUM)
    return math.ceil(_steps(number, significance)) * significance


def _steps(number: float, significance: float) -> float:
    """How many steps reach the number, a whole number where it is one to 15 digits."""
    steps = number / significance
    whole = round(steps)
    return float(whole) if _order_of_numbers(steps, float(whole)) == 0 else steps


_LAST_YEAR: Final = 9999


def _date(year: float, month: float, day: float) -> float:
    """Excel's serial, with the 29 February that 1900 did not have as day 60."""
    whole_year, whole_month = math.floor(year), math.floor(month)
    if not 0 <= whole_year <= _LAST_YEAR:
        raise _FailureError(CellError.NUM)
    years, month_index = divmod(
        (whole_year + 1900 if whole_year < 1900 else whole_year) * 12 + whole_month - 1, 12
    )
    if not 1900 <= years <= _LAST_YEAR:
        if years < 1900:
            return _date_before(years, month_index, day)
        raise _FailureError(CellError.NUM)
    return _within_calendar(_first_of_month(years, month_index) + math.floor(day) - 1)


def _first_of_month(year: int, month_index: int) -> float:
    import datetime

    return serial(datetime.date(year, month_index + 1, 1))


def _date_before(year: int, month_index: int, day: float) -> float:
    """A month before 1900 reached by counting back; only enough days bring it onto the calendar."""
    import datetime

    days = (datetime.date(year, month_index + 1, 1) - datetime.date(1899, 12, 31)).days if year > 0 else -1e9
    return _within_calendar(days + math.floor(day) - 1)


def _within_calendar(number: float) -> float:
    if not 0 <= number <= 2_958_465:
        raise _FailureError(CellError.NUM)
    return float(number)


# Matrices


def _matrix(value: Any) -> Any:
    rows = value if isinstance(value, list) else [[value]]
    for row in rows:
        for item in row:
            if isinstance(item, CellError):
                raise _FailureError(item)
            if item is None or isinstance(item, str | bool):
                raise _FailureError(CellError.VALUE)
    return np.array(rows, float)


def _of_matrices(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*arguments: Any) -> Any:
        try:
            result = function(*map(_matrix, arguments))
        except _FailureError as failure:
            return failure.error
        return result.tolist() if isinstance(result, np.ndarray) else float(result)

    return called


def _product(left: Any, right: Any) -> Any:
    if left.shape[1] != right.shape[0]:
        raise _FailureError(CellError.VALUE)
    return left @ right


def _square(matrix: Any) -> Any:
    if matrix.shape[0] != matrix.shape[1]:
        raise _FailureError(CellError.VALUE)
    return matrix


def _inverse(matrix: Any) -> Any:
    matrix = _square(matrix)
    if np.linalg.matrix_rank(matrix) < len(matrix):
        raise _FailureError(CellError.NUM)
    return np.linalg.inv(matrix)


def _unit(size: Any) -> Any:
    if not 1 <= size[0, 0] <= 1000:
        raise _FailureError(CellError.VALUE)
    return np.eye(int(size[0, 0]))


# Reshaping


def _wrapped(by_row: bool) -> Callable[..., Any]:
    def wrap(vector: Any, count: Any, pad: Any = CellError.NA) -> Any:
        rows = vector if isinstance(vector, list) else [[vector]]
        if len(rows) > 1 and len(rows[0]) > 1:
            return CellError.VALUE
        size = int(count) if isinstance(count, float | int) else 0
        if size < 1:
            return CellError.NUM
        flat = [item for row in rows for item in row]
        flat += [pad] * (-len(flat) % size)
        lines = [flat[start : start + size] for start in range(0, len(flat), size)]
        return lines if by_row else [list(line) for line in zip(*lines, strict=True)]

    return wrap


def _expanded(array: Any, rows: Any = None, columns: Any = None, pad: Any = CellError.NA) -> Any:
    block = array if isinstance(array, list) else [[array]]
    height = int(rows) if isinstance(rows, float | int) and rows else len(block)
    width = int(columns) if isinstance(columns, float | int) and columns else len(block[0])
    if height < len(block) or width < len(block[0]):
        return CellError.VALUE
    if height * width > 1_048_576:
        return CellError.NUM
    wide = [list(row) + [pad] * (width - len(row)) for row in block]
    return wide + [[pad] * width for _ in range(height - len(block))]


def _cells(arguments: tuple[Any, ...]) -> list[Cell]:
    return [
        item
        for argument in arguments
        for row in (argument if isinstance(argument, list) else [[argument]])
        for item in row
    ]


def _share(part: Any, whole: Any) -> Any:
    """PERCENTOF."""
    try:
        sums = [math.fsum(_numbers(_cells((value,)))) for value in (part, whole)]
    except _FailureError as failure:
        return failure.error
    return sums[0] / sums[1] if sums[1] else CellError.DIV0


def _compounded(principal: Any, schedule: Any) -> Any:
    """FVSCHEDULE."""
    try:
        value = _number(principal)
        for rate in _cells((schedule,)):
            value *= 1 + _number(rate)
    except _FailureError as failure:
        return failure.error
    return value


# AGGREGATE


def _numbers(cells: list[Cell]) -> list[float]:
    for item in cells:
        if isinstance(item, CellError):
            raise _FailureError(item)
    return [float(item) for item in cells if isinstance(item, float | int) and not isinstance(item, bool)]


def _needing(
    count: int, error: CellError, function: Callable[[list[float]], float]
) -> Callable[[list[float]], float]:
    def checked(values: list[float]) -> float:
        if len(values) < count:
            raise _FailureError(error)
        return function(values)

    return checked


def _mode(values: list[float]) -> float:
    mode = statistics.mode(values)
    if values.count(mode) < 2:
        raise _FailureError(CellError.NA)
    return mode


def _quantile(values: list[float], share: float, exclusive: bool) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) + 1) - 1 if exclusive else share * (len(ordered) - 1)
    if not ordered or not 0 <= share <= 1 or not 0 <= place <= len(ordered) - 1:
        raise _FailureError(CellError.NUM)
    low = math.floor(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def _ranked(values: list[float], rank: float, largest: bool) -> float:
    place = math.ceil(rank)
    if not 1 <= place <= len(values):
        raise _FailureError(CellError.NUM)
    return sorted(values, reverse=largest)[place - 1]


_DIV0, _NUM = CellError.DIV0, CellError.NUM
_SUMMARIES: Final[dict[int, Callable[[list[float]], float]]] = {
    1: _needing(1, _DIV0, statistics.fmean),
    2: lambda values: float(len(values)),
    4: lambda values: max(values, default=0.0),
    5: lambda values: min(values, default=0.0),
    6: lambda values: math.prod(values) if values else 0.0,
    7: _needing(2, _DIV0, statistics.stdev),
    8: _needing(1, _DIV0, statistics.pstdev),
    9: math.fsum,
    10: _needing(2, _DIV0, statistics.variance),
    11: _needing(1, _DIV0, statistics.pvariance),
    12: _needing(1, _NUM, statistics.median),
    13: _needing(1, CellError.NA, _mode),
}
_RANKINGS: Final[dict[int, Callable[[list[float], float], float]]] = {
    14: lambda values, k: _ranked(values, k, True),
    15: lambda values, k: _ranked(values, k, False),
    16: lambda values, k: _quantile(values, k, False),
    17: lambda values, k: _quantile(values, math.floor(k) / 4, False),
    18: lambda values, k: _quantile(values, k, True),
    19: lambda values, k: _quantile(values, math.floor(k) / 4, True),
}
_IGNORING_ERRORS: Final = (2, 3, 6, 7)
_IGNORING_HIDDEN_ROWS: Final = (1, 3, 5, 7)


def _aggregate(number: Any, option: Any, *arguments: Any) -> Any:
    """AGGREGATE; options that look at hidden rows are refused, since values do not tell which are."""
    try:
        kind, how = int(_number(number)), int(_number(option or 0))
        if not (1 <= kind <= 19 and 0 <= how <= 7) or not arguments or how in _IGNORING_HIDDEN_ROWS:
            return CellError.VALUE
        if kind in _RANKINGS:
            if len(arguments) < 2:
                return CellError.VALUE
            cells = _kept(_cells(arguments[:1]), how)
            return each(
                lambda k: _outcome(lambda: _RANKINGS[kind](_numbers(cells), _number(k))), arguments[1]
            )
        cells = _kept(_cells(arguments), how)
        if kind == 3:
            return float(sum(item is not None for item in cells))
        return _SUMMARIES[kind](_numbers(cells))
    except _FailureError as failure:
        return failure.error


def _outcome(compute: Callable[[], float]) -> Cell:
    try:
        return compute()
    except _FailureError as failure:
        return failure.error


def _kept(cells: list[Cell], option: int) -> list[Cell]:
    if option in _IGNORING_ERRORS:
        return [item for item in cells if not isinstance(item, CellError)]
    return cells


def _first(value: Any) -> Any:
    """`@` before a function: the first cell of its array."""
    return value[0][0] if isinstance(value, list) else value


def _only(value: Any) -> Any:
    """A lambda's result, which must be one cell."""
    if isinstance(value, list):
        return value[0][0] if len(value) == 1 and len(value[0]) == 1 else CellError.CALC
    return 0.0 if value is None else value


COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "EQ": _compared(lambda order: order == 0),
    "NE": _compared(lambda order: order != 0),
    "LT": _compared(lambda order: order < 0),
    "LE": _compared(lambda order: order <= 0),
    "GT": _compared(lambda order: order > 0),
    "GE": _compared(lambda order: order >= 0),
}
FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "AGGREGATE": _aggregate,
    "CEILING": _elementwise(_ceiling),
    "DATE": _elementwise(_date),
    "EXPAND": _expanded,
    "FIRST": _first,
    "FLOOR": _elementwise(_floor),
    "FVSCHEDULE": _compounded,
    "MDETERM": _of_matrices(lambda matrix: np.linalg.det(_square(matrix))),
    "MINVERSE": _of_matrices(_inverse),
    "MMULT": _of_matrices(_product),
    "MUNIT": _of_matrices(_unit),
    "ONLY": _only,
    "PERCENTOF": _share,
    "WRAPCOLS": _wrapped(by_row=False),
    "WRAPROWS": _wrapped(by_row=True),
}
