"""What a cell can hold, Excel's errors, and the only codec between raw cells and numpy arrays."""

import enum
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from sys import float_info
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int8]


_LARGEST_INTEGER: Final = int(float_info.max)


class CellError(enum.Enum):
    """An error value as Excel shows it; its order in this class is its code in an array of codes."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    GETTING_DATA = "#GETTING_DATA"
    SPILL = "#SPILL!"
    CALC = "#CALC!"

    @property
    def code(self) -> int:
        """The number that stands for this error in an array of codes, from 1; 0 there means no error."""
        return _CODES[self]

    def __str__(self) -> str:
        return self.value

    @staticmethod
    def from_code(code: int) -> "CellError":
        return _ERRORS[code - 1]

    @staticmethod
    def from_text(text: str) -> "CellError | None":
        """The error that Excel shows as `text`, or None where `text` is ordinary text."""
        return _ERROR_OF_TEXT.get(text)


_ERRORS: Final = tuple(CellError)
_CODES: Final = {error: number for number, error in enumerate(_ERRORS, start=1)}
_ERROR_OF_TEXT: Final = {error.value: error for error in _ERRORS}

Cell: TypeAlias = float | int | bool | str | CellError | None
Block: TypeAlias = list[list[Cell]]


class InputError(ValueError):
    """An input that breaks a rule, told as name, rule, value and, where there is one, place."""

    def __init__(self, name: str, rule: str, value: object, place: str = "") -> None:
        self.name, self.rule, self.value, self.place = name, rule, value, place
        where = f" ({place})" if place else ""
        super().__init__(f"'{name}' {rule}: {shown(value)}{where}")


def shown(value: object) -> str:
    """A value as a message quotes it: short, and text recognisable as text."""
    if value is None:
        return "blank"
    if isinstance(value, CellError):
        return str(value)
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 80 else text[:77] + "..."


@dataclass(frozen=True, slots=True)
class Numbers:
    """A block of cells as numbers: `values[i, j]` counts only where `errors[i, j]` is 0."""

    values: Floats
    errors: Codes

    @property
    def shape(self) -> tuple[int, int]:
        return self.values.shape


# Dates are days since the last day of 1899; the day that 1900 did not have shifts those before March.
_EPOCH: Final = datetime(1899, 12, 30)
_FIRST_TRUE_SERIAL: Final = 61


def serial(moment: date | datetime | time | timedelta) -> float:
    """The Excel serial number of a date, moment, time of day or duration.

    Raises InputError for a date before 1900, which no serial number denotes.
    """
    if isinstance(moment, timedelta):
        return moment / timedelta(days=1)
    if isinstance(moment, time):
        return (datetime.combine(_EPOCH, moment) - _EPOCH) / timedelta(days=1)
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    days = (moment.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    if days < _FIRST_TRUE_SERIAL:
        days -= 1
    if days < 1:
        raise InputError("date", "must not lie before 1 January 1900", moment.isoformat())
    return days


def block(value: Any) -> Block:
    """Any value a host hands over as rows of cells: one cell, a list, a list of rows, an array, a frame.

    A flat list becomes a column. Raises InputError where rows differ in length or nest deeper.
    """
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, np.ndarray):
        if value.ndim > 2:
            raise InputError("array", "must have at most two dimensions", value.ndim)
        if value.dtype.kind == "M":
            value = value.astype("datetime64[us]")
        value = value.tolist()
    if isinstance(value, str) or not isinstance(value, Sequence):
        return [[cell(value)]]
    if not any(isinstance(row, Sequence) and not isinstance(row, str) for row in value):
        return [[cell(item)] for item in value]
    rows = [list(row) if isinstance(row, Sequence) and not isinstance(row, str) else [row] for row in value]
    if len({len(row) for row in rows}) > 1:
        raise InputError("rows", "must all have the same length", [len(row) for row in rows])
    return [[cell(item) for item in row] for row in rows]


def cell(value: Any) -> Cell:
    """One raw value as a cell: NaN and NaT are blank, dates serials, error texts errors."""
    kind = type(value)
    if kind is float:
        return None if value != value else value
    if kind is int and not -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
        return CellError.NUM
    if value is None or kind is int or kind is bool or kind is CellError:
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        return CellError.from_text(value) or str(value)
    if isinstance(value, np.generic):
        return cell(value.item())
    if isinstance(value, date | time | timedelta):
        return None if value != value else serial(value)
    if hasattr(value, "__float__"):
        return cell(float(value))
    if type(value).__name__ == "NAType" or value != value:
        return None
    raise InputError("cell", "must hold a number, a date, text, TRUE, FALSE or an error", value)


def read_numbers(value: Any, blank: CellError | float = CellError.NA) -> Numbers:
    """A block of cells as numbers, with an error code per cell where there is none.

    Blank becomes `blank` (an error, or a number such as NaN); text and TRUE or FALSE become #VALUE!;
    errors stay what they are.
    """
    array = _number_array(value)
    if array is not None:
        return _from_array(array, blank)
    rows = block(value)
    values = np.zeros((len(rows), len(rows[0]) if rows else 0))
    errors = np.zeros(values.shape, np.int8)
    for i, row in enumerate(rows):
        for j, item in enumerate(row):
            number = blank if item is None else item
            if item is None and not isinstance(blank, CellError):
                values[i, j] = blank
            elif isinstance(number, CellError):
                errors[i, j] = number.code
            elif isinstance(number, bool | str):
                errors[i, j] = CellError.VALUE.code
            else:
                values[i, j] = _as_float(number)
                if not math.isfinite(values[i, j]):
                    errors[i, j] = CellError.NUM.code
    return Numbers(values, errors)


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _number_array(value: Any) -> Floats | None:
    """The cells in one conversion, as rows and columns, if all of them are numbers."""
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiu" or value.ndim > 2:
            return None
        values = value.astype(np.float64, copy=False)
    elif type(value) in (float, int):
        return np.array([[_as_float(value)]])
    elif isinstance(value, list | tuple) and value and _regular(value):
        nested = isinstance(value[0], list | tuple)
        if not set(map(type, chain.from_iterable(value) if nested else value)) <= {float, int}:
            return None
        try:
            values = np.array(value, dtype=np.float64)
        except (OverflowError, ValueError):
            return None
    else:
        return None
    if values.size == 0:
        return None
    return values if values.ndim == 2 else values.reshape(-1, 1)


def _from_array(values: Floats, blank: CellError | float) -> Numbers:
    """Numbers of an array in which NaN stands for blank."""
    errors = np.zeros(values.shape, np.int8)
    if not np.isfinite(values).all():
        errors[np.isinf(values)] = CellError.NUM.code
        blanks = np.isnan(values)
        if isinstance(blank, CellError):
            errors[blanks] = blank.code
        else:
            values = np.where(blanks, blank, values)
    return Numbers(values, errors)


def _regular(value: Sequence[Any]) -> bool:
    """Whether the sequence is flat throughout or a list of lists throughout."""
    kinds = set(map(type, value))
    return kinds <= {list, tuple} or not kinds & {list, tuple}


def write_numbers(values: Floats, errors: Codes) -> Block:
    """Numbers and error codes as rows of cells; what is not finite becomes #NUM!."""
    rows: Block = values.tolist()
    broken = errors != 0
    infinite = ~np.isfinite(values) & ~broken
    for i, j in np.argwhere(broken | infinite):
        rows[i][j] = CellError.NUM if infinite[i, j] else CellError.from_code(int(errors[i, j]))
    return rows


def scrub(rows: Iterable[Iterable[Any]]) -> Block:
    """Rows of a result as cells: numpy scalars become plain ones, what is not finite becomes #NUM!."""
    return [[_scrubbed(item) for item in row] for row in rows]


def _scrubbed(item: Any) -> Cell:
    if isinstance(item, np.generic):
        item = item.item()
    if isinstance(item, float) and not math.isfinite(item):
        return CellError.NUM
    return item  # type: ignore[no-any-return]
