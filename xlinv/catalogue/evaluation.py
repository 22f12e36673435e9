"""One call of a function: bind, read, broadcast, run the body, lay out the result."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue.cases import all_cases, combined_errors, error_of, out_of_range, single_case
from xlinv.catalogue.columns import Columns
from xlinv.catalogue.declaration import PER_CASE, Declaration, Kind, Parameter
from xlinv.catalogue.outcome import Answers, Outcome, Problem, Refusal
from xlinv.catalogue.reading import OMITTED, Operand, Report, read_case, spread, stretch
from xlinv.cells import CellError, InputError, scrub


def evaluate(declaration: Declaration, args: Sequence[Any]) -> Outcome:
    """The function on raw cells, whatever they hold."""
    report = Report()
    try:
        raws = _bind(declaration, args)
        with np.errstate(all="ignore"):
            if declaration.result_kind is Kind.VALUES:
                single = single_case(declaration, raws)
                if single is not None:
                    return single
            columns = Columns.read(declaration, raws, report)
            cases = {
                parameter.name: read_case(parameter, raw, report)
                for parameter, raw in zip(declaration.parameters, raws, strict=True)
                if parameter.kind in PER_CASE
            }
            if declaration.result_kind is Kind.VALUES:
                return all_cases(declaration, cases, report)
            return _each_case(declaration, cases, columns, report)
    except Refusal as refusal:
        return _refused(refusal.error, refusal, report)
    except InputError as error:
        return _refused(error_of(error), error, report)


def _refused(error: CellError, cause: Exception, report: Report) -> Outcome:
    return Outcome(rows=[[error]], problems=[*report.problems, Problem(error, cause)])


def _bind(declaration: Declaration, args: Sequence[Any]) -> list[Any]:
    """One raw value per parameter, OMITTED where the call gives none."""
    missing = len(declaration.parameters) - len(args)
    if missing < 0:
        most = len(declaration.parameters)
        raise Refusal(CellError.VALUE, f"{declaration.name} takes at most {most} arguments, not {len(args)}")
    return [*args, *[OMITTED] * missing]


def _each_case(
    declaration: Declaration, cases: dict[str, Operand], columns: Columns, report: Report
) -> Outcome:
    """A body that takes one case at a time: once per cell of the broadcast arguments."""
    shape = spread(list(cases.values()))
    errors = combined_errors(cases, shape)
    if shape == (1, 1):
        if errors is not None:
            error = CellError.from_code(int(errors[0, 0]))
            return Outcome(rows=[[error]], problems=report.problems)
        if columns.rows is not None and not len(columns.rows):
            return _scattered(np.zeros(0), columns, report)
        return _laid_out(declaration, _one_answer(declaration, cases, columns, 0, 0), columns, report)
    if declaration.result_kind not in (Kind.VALUE, Kind.ROW):
        raise Refusal(CellError.VALUE, f"{declaration.name} takes one value per argument, not a range")
    cases = {name: stretch(operand, shape) for name, operand in cases.items()}
    grid: list[list[Any]] = []
    for i in range(shape[0]):
        for j in range(shape[1]):
            answer: Any
            if errors is not None and errors[i, j]:
                answer = CellError.from_code(int(errors[i, j]))
            else:
                try:
                    answer = _one_answer(declaration, cases, columns, i, j)
                except (Refusal, InputError) as refusal:
                    answer = refusal.error if isinstance(refusal, Refusal) else error_of(refusal)
                    report.tell(answer, refusal, i + 1, j + 1)
            grid.append([answer])
    if declaration.result_kind is Kind.VALUE:
        flat = [row[0] for row in grid]
        rows = [flat[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0])]
        return Outcome(rows=scrub(rows), problems=report.problems)
    width = max(1, len(declaration.result.parts))
    parts = [[row[0]] * width if isinstance(row[0], CellError) else list(row[0]) for row in grid]
    return Outcome(rows=scrub(parts), problems=report.problems)


def _one_answer(
    declaration: Declaration, cases: dict[str, Operand], columns: Columns, row: int, column: int
) -> Any:
    arguments = [
        _case_value(parameter, cases[parameter.name].values[row, column])
        if parameter.name in cases
        else columns.arguments[parameter.name]
        for parameter in declaration.parameters
    ]
    try:
        return declaration.body(*arguments)
    except ArithmeticError:
        raise out_of_range() from None


def _case_value(parameter: Parameter, value: Any) -> Any:
    if parameter.kind is Kind.VALUE:
        return None if parameter.default is None and value != value else float(value)
    return value


def _laid_out(declaration: Declaration, answer: Any, columns: Columns, report: Report) -> Outcome:
    """One answer as cells, in the layout that the kind of result asks for."""
    kind = declaration.result_kind
    if kind is Kind.ITEMS:
        return _scattered(answer, columns, report)
    if kind is Kind.SERIES:
        column = np.asarray(answer)
        column = column.astype(object if column.dtype.kind == "U" else np.float64)
        return Outcome(column.reshape(-1, 1), problems=report.problems)
    if kind is Kind.TABLE:
        return Outcome(rows=scrub(answer), problems=report.problems)
    if kind is Kind.ROW:
        return Outcome(rows=scrub([answer]), problems=report.problems)
    return Outcome(rows=scrub([[answer]]), problems=report.problems)


def _scattered(answer: Any, columns: Columns, report: Report) -> Outcome:
    """Answers of the good rows among the errors of the bad ones."""
    refused: tuple[tuple[NDArray[np.bool_], CellError, str], ...] = ()
    if isinstance(answer, Answers):
        answer, refused = answer.values, answer.refused
    answer = np.asarray(answer)
    assert columns.rows is not None
    errors = columns.errors.copy()
    if len(answer) == len(errors):
        values = answer if answer.dtype.kind == "f" else answer.astype(object)
    else:
        values = np.zeros(len(errors), answer.dtype if answer.dtype.kind == "f" else object)
        values[columns.rows] = answer
    for mask, error, why in refused:
        if mask.any():
            errors[columns.rows[mask]] = error.code
            report.tell(error, Refusal(error, why), int(columns.rows[mask][0]) + 1)
    return Outcome(values.reshape(-1, 1), errors.reshape(-1, 1), problems=report.problems)
