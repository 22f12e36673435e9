"""From raw cells to what a body takes: kinds, blanks, bounds and the errors they give."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue.declaration import REQUIRED, Kind, Parameter
from xlinv.catalogue.outcome import Problem, Refusal
from xlinv.cells import Block, Cell, CellError, Codes, Floats, InputError, block, read_numbers


class _Omitted(enum.Enum):
    OMITTED = "omitted"


OMITTED: Final = _Omitted.OMITTED
PROBLEMS_TOLD: Final = 10
ALL_BLANK: Final = "must not be blank in every row"
MISSING: Final = "is required and must not be blank"


@dataclass(slots=True)
class Operand:
    """One per-case argument: a 2-D array, and error codes where some cell has no usable value."""

    values: NDArray[Any]
    errors: Codes | None


@dataclass(slots=True)
class ColumnOperand:
    """One column argument, flat: values with NaN for blanks, or labels; and error codes per cell."""

    values: Any
    errors: Codes
    blanks: NDArray[np.bool_]


@dataclass(slots=True)
class Report:
    """The problems met while reading, the first few of them."""

    problems: list[Problem] = field(default_factory=list)

    def tell(self, error: CellError, cause: Exception, row: int = 1, column: int = 1) -> None:
        if len(self.problems) < PROBLEMS_TOLD:
            self.problems.append(Problem(error, cause, row, column))


def read_case(parameter: Parameter, raw: Any, report: Report) -> Operand:
    """A per-case argument as a 2-D array with the errors of its cells."""
    if is_absent(raw):
        return _absent(parameter, report)
    if parameter.kind in (Kind.VALUES, Kind.VALUE):
        return _read_numbers(parameter, raw, _blank(parameter), report)
    return _read_words(parameter, block(raw), report)


def is_absent(raw: Any) -> bool:
    """Whether the call gives nothing here: left out, blank, or a range without cells."""
    if raw is OMITTED or raw is None:
        return True
    if isinstance(raw, list | tuple):
        return not raw or (isinstance(raw[0], list | tuple) and not raw[0])
    return getattr(raw, "size", 1) == 0


def _absent(parameter: Parameter, report: Report) -> Operand:
    if parameter.default is REQUIRED and not parameter.keep_blanks:
        report.tell(CellError.NA, InputError(parameter.name, MISSING, None))
        return Operand(np.zeros((1, 1)), np.full((1, 1), CellError.NA.code, np.int8))
    return Operand(_default(parameter), None)


def _default(parameter: Parameter) -> NDArray[Any]:
    if parameter.kind in (Kind.VALUES, Kind.VALUE):
        return np.array([[_blank(parameter)]], np.float64)
    return np.array([[parameter.default]], object)


def _blank(parameter: Parameter) -> CellError | float:
    """What a blank cell stands for in a per-case number: its default, NaN where it has none."""
    if parameter.keep_blanks:
        return np.nan
    if parameter.default is REQUIRED:
        return CellError.NA
    return np.nan if parameter.default is None else float(parameter.default)


def _read_numbers(parameter: Parameter, raw: Any, blank: CellError | float, report: Report) -> Operand:
    numbers = read_numbers(raw, blank)
    values, errors = numbers.values, numbers.errors
    found = bool(errors.any())
    if found:
        _tell_unreadable(parameter, raw, errors, report)
    for bound in parameter.bounds:
        broken = ~bound.holds(values)
        if broken.any():
            broken &= (errors == 0) & ~np.isnan(values)
            if broken.any():
                errors = np.where(broken, bound.error.code, errors).astype(np.int8)
                found = True
                _tell_broken(parameter, values, broken, bound.error, report)
    return Operand(values, errors if found else None)


def rule_of(parameter: Parameter) -> str:
    """The parameter's domain as a message tells it."""
    hint = " (a fraction, 0.95 for 95 %)" if parameter.unit == "fraction" else ""
    return parameter.domain + hint


def _tell_broken(
    parameter: Parameter, values: Floats, broken: NDArray[np.bool_], error: CellError, report: Report
) -> None:
    for i, j in np.argwhere(broken)[:PROBLEMS_TOLD]:
        cause = InputError(
            parameter.name, rule_of(parameter), float(values[i, j]), _place(values.shape, i, j)
        )
        report.tell(error, cause, int(i) + 1, int(j) + 1)


def _tell_unreadable(parameter: Parameter, raw: Any, errors: Codes, report: Report) -> None:
    """Say what blanks and texts did wrong; errors that were already in the input speak for themselves."""
    cells = block(raw)
    for i, j in np.argwhere(errors)[:PROBLEMS_TOLD]:
        item = cells[i][j]
        if isinstance(item, CellError):
            continue
        rule = MISSING if item is None else "must be a number"
        cause = InputError(parameter.name, rule, item, _place(errors.shape, i, j))
        report.tell(CellError.from_code(int(errors[i, j])), cause, int(i) + 1, int(j) + 1)


def _place(shape: tuple[int, ...], row: int, column: int) -> str:
    if shape == (1, 1):
        return ""
    return f"row {row + 1}" if shape[1] == 1 else f"row {row + 1}, column {column + 1}"


def _read_words(parameter: Parameter, cells: Block, report: Report) -> Operand:
    shape = (len(cells), len(cells[0]) if cells else 0)
    values = np.empty(shape, object)
    errors = np.zeros(shape, np.int8)
    known = {option.casefold(): option for option in parameter.options}
    for i, row in enumerate(cells):
        for j, item in enumerate(row):
            value, error = _word(parameter, known, item)
            values[i, j] = value
            if error is not None:
                errors[i, j] = error.code
                if not isinstance(item, CellError):
                    rule = MISSING if item is None else _word_rule(parameter)
                    cause = InputError(parameter.name, rule, item, _place(shape, i, j))
                    report.tell(error, cause, i + 1, j + 1)
    return Operand(values, errors if errors.any() else None)


def _word_rule(parameter: Parameter) -> str:
    if parameter.kind is Kind.FLAG:
        return "must be TRUE or FALSE"
    return f"must be {parameter.domain}" if parameter.options else "must be text"


def _word(parameter: Parameter, known: dict[str, str], item: Cell) -> tuple[Any, CellError | None]:
    if isinstance(item, CellError):
        return None, item
    if item is None:
        if parameter.default is REQUIRED:
            return None, CellError.NA
        return parameter.default, None
    if parameter.kind is Kind.FLAG:
        return (bool(item), None) if item in (0, 1) else (None, CellError.VALUE)
    if not isinstance(item, str):
        return None, CellError.VALUE
    if parameter.kind is Kind.TEXT:
        return item, None
    option = known.get(item.strip().casefold())
    return (option, None) if option is not None else (None, CellError.VALUE)


def read_column(parameter: Parameter, raw: Any, report: Report) -> ColumnOperand | None:
    """A column argument as a flat array with the errors of its cells; None where it was left out."""
    if is_absent(raw):
        if parameter.default is REQUIRED:
            raise InputError(parameter.name, MISSING, None)
        return None
    if parameter.kind is Kind.LABELS:
        labels = [item for row in block(raw) for item in row]
        codes = np.array([item.code if isinstance(item, CellError) else 0 for item in labels], np.int8)
        return ColumnOperand(labels, codes, np.array([item is None for item in labels], bool))
    operand = _read_numbers(parameter, raw, np.nan, report)
    errors = np.zeros(operand.values.shape, np.int8) if operand.errors is None else operand.errors
    values = operand.values
    if parameter.kind is Kind.HISTORY:
        if values.shape[1] == 1:
            values, errors = values.T, errors.T
        return ColumnOperand(np.ascontiguousarray(values), errors, np.isnan(values))
    if parameter.kind in (Kind.SERIES, Kind.PER_PERIOD) and min(values.shape) > 1:
        raise Refusal(CellError.VALUE, f"'{parameter.name}' must be one column or one row")
    values, errors = np.ascontiguousarray(values).reshape(-1), errors.reshape(-1)
    return ColumnOperand(values, errors, np.isnan(values))


def read_grid(parameter: Parameter, raw: Any) -> Block:
    """A range with a header row; a header alone will do, nothing at all will not."""
    cells = [] if is_absent(raw) else block(raw)
    if all(item is None for row in cells for item in row):
        raise InputError(parameter.name, MISSING, None)
    return cells


def spread(operands: Sequence[Operand]) -> tuple[int, int]:
    """The shape to which the operands broadcast, as Excel's arrays do."""
    rows = max((operand.values.shape[0] for operand in operands), default=1)
    columns = max((operand.values.shape[1] for operand in operands), default=1)
    return rows, columns


def stretch(operand: Operand, shape: tuple[int, int]) -> Operand:
    """The operand over the whole shape; what it does not reach is #N/A, as in Excel."""
    have = operand.values.shape
    if have == shape:
        return operand
    if all(h in (1, s) for h, s in zip(have, shape, strict=True)):
        errors = None if operand.errors is None else np.broadcast_to(operand.errors, shape)
        return Operand(np.broadcast_to(operand.values, shape), errors)
    reach = tuple(s if h == 1 else h for h, s in zip(have, shape, strict=True))
    values = np.zeros(shape, operand.values.dtype)
    errors = np.full(shape, CellError.NA.code, np.int8)
    values[: reach[0], : reach[1]] = np.broadcast_to(operand.values, reach)
    errors[: reach[0], : reach[1]] = 0 if operand.errors is None else np.broadcast_to(operand.errors, reach)
    return Operand(values, errors)
