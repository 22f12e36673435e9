"""The column arguments of one call: paired, aligned, and cleared of blanks and errors."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue.declaration import PER_CASE, Declaration, Kind, Parameter
from xlinv.catalogue.outcome import Refusal
from xlinv.catalogue.reading import (
    ALL_BLANK,
    MISSING,
    PROBLEMS_TOLD,
    ColumnOperand,
    Report,
    read_column,
    read_grid,
)
from xlinv.cells import CellError, Codes, InputError


class Columns:
    """The column arguments of one call, read together because their lengths have to agree."""

    def __init__(self, arguments: dict[str, Any], rows: NDArray[np.intp] | None, errors: Codes) -> None:
        self.arguments, self.rows, self.errors = arguments, rows, errors

    @staticmethod
    def read(declaration: Declaration, raws: Sequence[Any], report: Report) -> "Columns":
        operands: dict[str, ColumnOperand | None] = {}
        arguments: dict[str, Any] = {}
        parameters = {p.name: p for p in declaration.parameters if p.kind not in PER_CASE}
        for parameter, raw in zip(declaration.parameters, raws, strict=True):
            if parameter.kind is Kind.GRID:
                arguments[parameter.name] = read_grid(parameter, raw)
            elif parameter.kind not in PER_CASE:
                operands[parameter.name] = read_column(parameter, raw, report)
        if declaration.result_kind is Kind.ITEMS:
            return _by_item(parameters, operands, report)
        _reject_errors(parameters, operands, report)
        paired = _group(parameters, operands, {Kind.COLUMN, Kind.LABELS}, report)
        keep = _complete(parameters, paired)
        for name, operand in operands.items():
            parameter = parameters[name]
            if operand is None:
                arguments[name] = None
            elif name in paired and keep is not None:
                arguments[name] = _kept(operand, keep)
            elif parameter.kind is Kind.COLUMN and not parameter.keep_blanks:
                arguments[name] = _kept(operand, ~operand.blanks)
            else:
                arguments[name] = operand.values
            if parameter.kind is Kind.COLUMN and operand is not None and not len(arguments[name]):
                raise InputError(name, "must hold at least one number", None)
        _align_periods(parameters, arguments)
        return Columns(arguments, None, np.zeros(0, np.int8))


def _group(
    parameters: dict[str, Parameter],
    operands: dict[str, ColumnOperand | None],
    kinds: set[Kind],
    report: Report,
) -> dict[str, ColumnOperand]:
    """The columns whose lengths have to agree."""
    group = {
        name: operand
        for name, operand in operands.items()
        if operand is not None and parameters[name].kind in kinds and not parameters[name].alone
    }
    lengths = {name: len(operand.values) for name, operand in group.items()}
    if len(set(lengths.values())) > 1:
        # An error in place of a column says more than that it is too short.
        _reject_errors(parameters, operands, report)
        told = ", ".join(f"'{name}' {length}" for name, length in lengths.items())
        raise Refusal(CellError.NA, f"columns must have the same number of cells: {told}")
    return group


def _complete(parameters: dict[str, Parameter], paired: dict[str, ColumnOperand]) -> NDArray[np.bool_] | None:
    """Which rows of the paired columns hold an observation in each of them."""
    blanks = [
        operand.blanks
        for name, operand in paired.items()
        if parameters[name].kind is Kind.COLUMN and not parameters[name].keep_blanks
    ]
    return ~np.logical_or.reduce(blanks) if blanks else None


def _kept(operand: ColumnOperand, keep: NDArray[np.bool_]) -> Any:
    if isinstance(operand.values, list):
        return [value for value, kept in zip(operand.values, keep, strict=True) if kept]
    return operand.values if keep.all() else operand.values[keep]


def _reject_errors(
    parameters: dict[str, Parameter], operands: dict[str, ColumnOperand | None], report: Report
) -> None:
    """Let the first error in a column come out; a column of blanks is one, and any where order matters."""
    for name, operand in operands.items():
        if operand is None:
            continue
        if operand.errors.any():
            code = int(operand.errors.reshape(-1)[np.flatnonzero(operand.errors)[0]])
            error = CellError.from_code(code)
            told = next((problem.cause for problem in report.problems if problem.error is error), None)
            raise Refusal(error, str(told) if told else f"'{name}' holds {error}")
        if operand.blanks.all():
            raise InputError(name, ALL_BLANK, None)
        in_order = parameters[name].kind in (Kind.SERIES, Kind.PER_PERIOD)
        if in_order and not parameters[name].keep_blanks and operand.blanks.any():
            row = int(np.flatnonzero(operand.blanks)[0]) + 1
            raise InputError(name, "must not be blank, because its order matters", None, f"row {row}")


def _align_periods(parameters: dict[str, Parameter], arguments: dict[str, Any]) -> None:
    """Give every series the same length, and repeat a number that stands for every period."""
    series = {
        name: values
        for name, values in arguments.items()
        if parameters[name].kind is Kind.SERIES and values is not None and not parameters[name].alone
    }
    lengths = {len(values) for values in series.values()}
    if len(lengths) > 1:
        told = ", ".join(f"'{name}' {len(values)}" for name, values in series.items())
        raise Refusal(CellError.NA, f"columns must have the same number of cells: {told}")
    for name, parameter in parameters.items():
        if parameter.kind is not Kind.PER_PERIOD:
            continue
        length = lengths.copy().pop()
        values = arguments[name]
        if values is None:
            values = np.array([np.nan if parameter.default is None else float(parameter.default)])  # type: ignore[arg-type]
        if len(values) not in (1, length):
            raise Refusal(CellError.NA, f"'{name}' must hold 1 or {length} cells, not {len(values)}")
        arguments[name] = np.full(length, values[0]) if len(values) == 1 else values


def _by_item(
    parameters: dict[str, Parameter], operands: dict[str, ColumnOperand | None], report: Report
) -> Columns:
    """Columns of a function that answers row by row: the bad rows are set aside, not the call."""
    group = _group(parameters, operands, {Kind.ITEMS, Kind.HISTORY, Kind.LABELS, Kind.COLUMN}, report)
    count = len(next(iter(group.values())).values) if group else 0
    if not count:
        raise Refusal(CellError.NA, "a column is required")
    errors = np.zeros(count, np.int8)
    for name, operand in group.items():
        own = operand.errors if operand.errors.ndim == 1 else _first_nonzero(operand.errors)
        blank = operand.blanks if operand.blanks.ndim == 1 else operand.blanks.all(axis=1)
        if parameters[name].kind is not Kind.LABELS and not parameters[name].keep_blanks:
            unobserved = (own == 0) & blank
            own = np.where(unobserved, CellError.NA.code, own)
            for row in np.flatnonzero(unobserved)[:PROBLEMS_TOLD].tolist():
                cause = InputError(name, MISSING, None, f"row {row + 1}")
                report.tell(CellError.NA, cause, row + 1)
        errors = np.where(errors == 0, own, errors).astype(np.int8)
    rows = np.flatnonzero(errors == 0)
    arguments: dict[str, Any] = {}
    for name, operand in operands.items():  # type: ignore[assignment]
        if operand is None or name not in group:
            arguments[name] = None if operand is None else operand.values
        elif isinstance(operand.values, list):
            arguments[name] = [operand.values[row] for row in rows]
        else:
            arguments[name] = operand.values if len(rows) == count else operand.values[rows]
    return Columns(arguments, rows, errors)


def _first_nonzero(errors: Codes) -> Codes:
    """The first error of each row."""
    if not errors.any():
        return np.zeros(len(errors), np.int8)
    first = (errors != 0).argmax(axis=1)
    picked: Codes = errors[np.arange(len(errors)), first]
    return picked
