"""Built-in functions that the engine lacks or computes unlike Excel, over cells and rows of cells."""

import datetime
import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from xlinv.cells import Cell, CellError, serial
from xlinv.workbook import array_functions, text_functions
from xlinv.workbook.array_functions import OMITTED, ShownError, rows_of, shows_errors
from xlinv.workbook.comparison import COMPARISONS, each, order_of_numbers
from xlinv.workbook.number_format import number_in_text

_LAST_YEAR: Final = 9999
_LAST_DAY: Final = 2_958_465


def _number(value: Cell) -> float:
    """A cell as an operand: text that reads as a number counts, blank is 0."""
    if isinstance(value, CellError):
        raise ShownError(value)
    if isinstance(value, str):
        number = number_in_text(value)
        if number is None:
            raise ShownError(CellError.VALUE)
        return number
    return float(value or 0)


def _elementwise(function: Callable[..., float]) -> Callable[..., Any]:
    """A function of numbers over cells and arrays, errors kept per cell."""

    def one(*cells: Cell) -> Cell:
        try:
            return function(*[OMITTED if cell == OMITTED else _number(cell) for cell in cells])
        except ShownError as shown:
            return shown.error
        except OverflowError:
            return CellError.NUM

    return lambda *arguments: each(one, *arguments)


# Rounding


def _floor(number: float, significance: float) -> float:
    if number == 0:
        return 0.0
    if significance == 0:
        raise ShownError(CellError.DIV0)
    if number > 0 > significance:
        raise ShownError(CellError.NUM)
    return math.floor(_steps(number, significance)) * significance


def _ceiling(number: float, significance: float) -> float:
    if number == 0 or significance == 0:
        return 0.0
    if number > 0 > significance:
        raise ShownError(CellError.NUM)
    return math.ceil(_steps(number, significance)) * significance


def _steps(number: float, significance: float) -> float:
    """How many steps reach the number, a whole number where it is one to 15 digits."""
    steps = number / significance
    whole = round(steps)
    return float(whole) if order_of_numbers(steps, float(whole)) == 0 else steps


def _floor_math(number: float, significance: float = 1.0, mode: float = 0.0) -> float:
    return _to_steps(math.ceil if mode and number < 0 else math.floor, number, significance)


def _ceiling_math(number: float, significance: float = 1.0, mode: float = 0.0) -> float:
    return _to_steps(math.floor if mode and number < 0 else math.ceil, number, significance)


def _to_steps(rounding: Callable[[float], int], number: float, significance: Any) -> float:
    step = 1.0 if significance == OMITTED else abs(significance)
    return rounding(_steps(number, step)) * step if step else 0.0


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent == 0:
        raise ShownError(CellError.NUM)
    if base == 0 and exponent < 0:
        raise ShownError(CellError.DIV0)
    if base < 0 and not exponent.is_integer():
        raise ShownError(CellError.NUM)
    return float(base**exponent)


# Dates


def _date(year: float, month: float, day: float) -> float:
    """Excel's serial, with the 29 February that 1900 did not have as day 60."""
    whole_year, months = math.floor(year), math.floor(month) - 1
    if not 0 <= whole_year <= _LAST_YEAR:
        raise ShownError(CellError.NUM)
    years, month_index = divmod((whole_year + 1900 if whole_year < 1900 else whole_year) * 12 + months, 12)
    if not 1 <= years <= _LAST_YEAR:
        raise ShownError(CellError.NUM)
    first = datetime.date(years, month_index + 1, 1)
    start = serial(first) if years >= 1900 else (first - datetime.date(1899, 12, 31)).days
    number = start + math.floor(day) - 1
    if not 0 <= number <= _LAST_DAY:
        raise ShownError(CellError.NUM)
    return float(number)


# Matrices


def _matrix(value: Any) -> Any:
    rows = rows_of(value)
    for row in rows:
        for item in row:
            if isinstance(item, CellError):
                raise ShownError(item)
            if item is None or isinstance(item, str | bool):
                raise ShownError(CellError.VALUE)
    return np.array(rows, float)


def _of_matrices(function: Callable[..., Any]) -> Callable[..., Any]:
    @shows_errors
    def called(*arguments: Any) -> Any:
        result = function(*map(_matrix, arguments))
        return result.tolist() if isinstance(result, np.ndarray) else float(result)

    return called


def _product(left: Any, right: Any) -> Any:
    if left.shape[1] != right.shape[0]:
        raise ShownError(CellError.VALUE)
    return left @ right


def _square(matrix: Any) -> Any:
    if matrix.shape[0] != matrix.shape[1]:
        raise ShownError(CellError.VALUE)
    return matrix


def _inverse(matrix: Any) -> Any:
    if np.linalg.matrix_rank(_square(matrix)) < len(matrix):
        raise ShownError(CellError.NUM)
    return np.linalg.inv(matrix)


def _unit(size: Any) -> Any:
    if not 1 <= size[0, 0] <= 1000:
        raise ShownError(CellError.VALUE)
    return np.eye(int(size[0, 0]))


# Over all cells of the arguments


def _cells(*arguments: Any) -> list[Cell]:
    return [item for argument in arguments for row in rows_of(argument) for item in row]


def _numbers(cells: list[Cell]) -> list[float]:
    for item in cells:
        if isinstance(item, CellError):
            raise ShownError(item)
    return [float(item) for item in cells if isinstance(item, float | int) and not isinstance(item, bool)]


@shows_errors
def _share(part: Any, whole: Any) -> Any:
    """PERCENTOF."""
    total = sum(_numbers(_cells(whole)))
    return sum(_numbers(_cells(part))) / total if total else CellError.DIV0


@shows_errors
def _compounded(principal: Any, schedule: Any) -> Any:
    """FVSCHEDULE."""
    return math.prod([_number(principal), *(1 + _number(rate) for rate in _cells(schedule))])


@shows_errors
def _probability(outcomes: Any, chances: Any, low: Any, high: Any = None) -> Any:
    """PROB."""
    values, weights = _numbers(_cells(outcomes)), _numbers(_cells(chances))
    if len(values) != len(weights):
        return CellError.NA
    if any(not 0 <= weight <= 1 for weight in weights) or order_of_numbers(sum(weights), 1.0):
        return CellError.NUM
    lowest = _number(low)
    highest = lowest if high is None else _number(high)
    return sum(w for value, w in zip(values, weights, strict=True) if lowest <= value <= highest)


def _whole_numbers(function: Callable[..., int]) -> Callable[..., Any]:
    @shows_errors
    def called(*arguments: Any) -> Any:
        numbers = [math.floor(_number(item)) for item in _cells(*arguments)]
        return CellError.NUM if any(number < 0 for number in numbers) else float(function(*numbers))

    return called


# AGGREGATE


def _needing(
    count: int, error: CellError, function: Callable[[list[float]], float]
) -> Callable[[list[float]], float]:
    def checked(values: list[float]) -> float:
        if len(values) < count:
            raise ShownError(error)
        return function(values)

    return checked


def _mode(values: list[float]) -> float:
    counts = dict.fromkeys(values, 0)
    for value in values:
        counts[value] += 1
    mode = max(counts, key=counts.__getitem__)
    if counts[mode] < 2:
        raise ShownError(CellError.NA)
    return mode


def _quantile(values: list[float], share: float, exclusive: bool) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) + 1) - 1 if exclusive else share * (len(ordered) - 1)
    if not ordered or not 0 <= share <= 1 or not 0 <= place <= len(ordered) - 1:
        raise ShownError(CellError.NUM)
    low = math.floor(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def _ranked(values: list[float], rank: float, largest: bool) -> float:
    place = math.ceil(rank)
    if not 1 <= place <= len(values):
        raise ShownError(CellError.NUM)
    return sorted(values, reverse=largest)[place - 1]


_SUMMARIES: Final[dict[int, Callable[[list[float]], float]]] = {
    1: _needing(1, CellError.DIV0, lambda values: float(np.mean(values))),
    2: lambda values: float(len(values)),
    4: lambda values: max(values, default=0.0),
    5: lambda values: min(values, default=0.0),
    6: lambda values: math.prod(values) if values else 0.0,
    7: _needing(2, CellError.DIV0, lambda values: float(np.std(values, ddof=1))),
    8: _needing(1, CellError.DIV0, lambda values: float(np.std(values))),
    9: lambda values: float(sum(values)),
    10: _needing(2, CellError.DIV0, lambda values: float(np.var(values, ddof=1))),
    11: _needing(1, CellError.DIV0, lambda values: float(np.var(values))),
    12: _needing(1, CellError.NUM, lambda values: float(np.median(values))),
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


@shows_errors
def _aggregate(number: Any, option: Any, *arguments: Any) -> Any:
    """AGGREGATE where no row is hidden; specials.py refuses the options that matter where some are."""
    kind, how = int(_number(number)), int(_number(option))
    if not (1 <= kind <= 19 and 0 <= how <= 7) or len(arguments) < (2 if kind in _RANKINGS else 1):
        return CellError.VALUE
    cells = _cells(*(arguments[:1] if kind in _RANKINGS else arguments))
    if how in _IGNORING_ERRORS:
        cells = [item for item in cells if not isinstance(item, CellError)]
    if kind in _RANKINGS:
        ranking = _elementwise(lambda k: _RANKINGS[kind](_numbers(cells), k))
        return ranking(arguments[1])
    if kind == 3:
        return float(sum(item is not None for item in cells))
    return _SUMMARIES[kind](_numbers(cells))


# Arrays


def _first(value: Any) -> Any:
    """`@` before a function: the first cell of its array."""
    return value[0][0] if isinstance(value, list) else value


def _only(value: Any) -> Any:
    """A lambda's result, which must be one cell."""
    if isinstance(value, list):
        return value[0][0] if len(value) == 1 and len(value[0]) == 1 else CellError.CALC
    return value


def _summands(value: Any) -> Any:
    """What SUMPRODUCT multiplies: everything but numbers and errors counts as 0."""
    if isinstance(value, list):
        return [[_summands(item) for item in row] for row in value]
    return value if isinstance(value, CellError) or type(value) in (float, int) else 0.0


def _size(rows: bool) -> Callable[..., Any]:
    """ROWS or COLUMNS of a computed array."""

    def size(value: Any) -> Any:
        if isinstance(value, CellError):
            return value
        block = rows_of(value)
        return float(len(block) if rows else len(block[0]))

    return size


# Functions of ours that stand for operators or serve other rewritings; the engine's own LOOKUP, ROWS and
# COLUMNS serve ranges.
ON_REQUEST: Final = frozenset(
    (*COMPARISONS, "COLUMNS", "FIRST", "JOIN", "LOOKUP", "ONLY", "ROWS", "SHOWN", "SUMMANDS")
)
FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    **COMPARISONS,
    **array_functions.FUNCTIONS,
    **text_functions.FUNCTIONS,
    "AGGREGATE": _aggregate,
    "CEILING": _elementwise(_ceiling),
    "CEILING.MATH": _elementwise(_ceiling_math),
    "COLUMNS": _size(rows=False),
    "DATE": _elementwise(_date),
    "FIRST": _first,
    "FLOOR": _elementwise(_floor),
    "FLOOR.MATH": _elementwise(_floor_math),
    "FVSCHEDULE": _compounded,
    "GCD": _whole_numbers(math.gcd),
    "LCM": _whole_numbers(math.lcm),
    "LOOKUP": array_functions.look_up,
    "MDETERM": _of_matrices(lambda matrix: np.linalg.det(_square(matrix))),
    "MINVERSE": _of_matrices(_inverse),
    "MMULT": _of_matrices(_product),
    "MUNIT": _of_matrices(_unit),
    "ONLY": _only,
    "PERCENTOF": _share,
    "PERMUTATIONA": _elementwise(lambda number, chosen: float(int(number) ** int(chosen))),
    "POWER": _elementwise(_power),
    "PROB": _probability,
    "ROWS": _size(rows=True),
    "SUMMANDS": _summands,
}
