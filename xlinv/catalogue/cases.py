"""Functions whose body takes all cases at once: broadcast, group by words, run in chunks."""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue.declaration import REQUIRED, Declaration, Kind, Parameter
from xlinv.catalogue.outcome import Answers, Outcome, Refusal
from xlinv.catalogue.reading import OMITTED, Operand, Report, spread, stretch
from xlinv.cells import CellError, Codes, InputError

# Cases go through a body in chunks that stay in the processor's cache; scalars are repeated per chunk only.
_CHUNK: Final = 65_536
_LARGEST: Final = 1.7976931348623157e308


def all_cases(declaration: Declaration, cases: dict[str, Operand], report: Report) -> Outcome:
    """A body that takes all cases at once, once per combination of its words."""
    shape = spread(list(cases.values()))
    errors = combined_errors(cases, shape)
    valid = None if errors is None else np.flatnonzero(errors.reshape(-1) == 0)
    values: NDArray[Any] | None = None
    for words, index in _groups(declaration, cases, shape, valid):
        for answer, refused, where in _chunks(declaration, cases, shape, words, index):
            if values is None:
                values = np.zeros(shape[0] * shape[1], answer.dtype if answer.dtype.kind == "f" else object)
            values[where] = answer
            for mask, error, cause in refused:
                if mask.any():
                    errors = np.zeros(shape, np.int8) if errors is None else errors
                    positions = np.arange(len(values))[where][mask]
                    errors.reshape(-1)[positions] = error.code
                    for position in positions[:3]:
                        row, column = divmod(int(position), shape[1])
                        report.tell(error, cause, row + 1, column + 1)
    flat = np.zeros(shape[0] * shape[1]) if values is None else values
    return Outcome(flat.reshape(shape), errors, problems=report.problems)


def single_case(declaration: Declaration, raws: Sequence[Any]) -> Outcome | None:
    """The answer to one case of plain numbers and words; None where anything calls for a closer look.

    A workbook makes such calls by the hundred thousand, so they skip arrays of errors and shapes.
    """
    arguments: list[Any] = []
    for parameter, raw in zip(declaration.parameters, raws, strict=True):
        value = _plain(parameter, raw)
        if value is None:
            return None
        arguments.append(value)
    try:
        answer = declaration.body(*arguments)
    except (ArithmeticError, Refusal, InputError):
        return None
    if type(answer) is not np.ndarray:
        return None
    value = answer.item()
    return None if type(value) is float and not isfinite(value) else Outcome(rows=[[value]])


def _plain(parameter: Parameter, raw: Any) -> Any:
    """A plain number within its bounds as an array, or a known word; None for anything else."""
    if parameter.kind is Kind.VALUES:
        if type(raw) is float or type(raw) is int:
            for bound in parameter.bounds:
                if not bound.holds(raw):
                    return None
            return np.array([raw], np.float64) if abs(raw) <= _LARGEST else None
        if raw is OMITTED or raw is None:
            if parameter.keep_blanks or parameter.default is None:
                return np.array([np.nan])
            return None if parameter.default is REQUIRED else np.array([parameter.default], np.float64)
        return None
    if raw is OMITTED or raw is None:
        return None if parameter.default is REQUIRED else parameter.default
    return raw if raw in parameter.options else None


def combined_errors(cases: dict[str, Operand], shape: tuple[int, int]) -> Codes | None:
    """The first error of each case, in the order of the arguments; None where there is none."""
    combined: Codes | None = None
    for operand in cases.values():
        errors = stretch(operand, shape).errors
        if errors is None:
            continue
        combined = errors.copy() if combined is None else np.where(combined == 0, errors, combined)
    return combined


def _groups(
    declaration: Declaration,
    cases: dict[str, Operand],
    shape: tuple[int, int],
    valid: NDArray[np.intp] | None,
) -> Iterator[tuple[dict[str, Any], NDArray[np.intp] | None]]:
    """The cases by their combination of words, so that a body sees one word at a time."""
    words = {
        parameter.name: stretch(cases[parameter.name], shape).values
        for parameter in declaration.parameters
        if parameter.kind in (Kind.OPTION, Kind.TEXT, Kind.FLAG)
    }
    fixed = all(cases[name].values.size == 1 for name in words)
    if fixed:
        if valid is None or len(valid):
            yield {name: column[0, 0] for name, column in words.items()}, valid
        return
    positions = np.arange(shape[0] * shape[1]) if valid is None else valid
    members: dict[tuple[Any, ...], list[int]] = {}
    flat = [column.reshape(-1) for column in words.values()]
    for position in positions.tolist():
        members.setdefault(tuple(column[position] for column in flat), []).append(position)
    for combination, index in members.items():
        yield dict(zip(words, combination, strict=True)), np.array(index, np.intp)


def _chunks(
    declaration: Declaration,
    cases: dict[str, Operand],
    shape: tuple[int, int],
    words: dict[str, Any],
    index: NDArray[np.intp] | None,
) -> Iterator[tuple[NDArray[Any], list[tuple[NDArray[np.bool_], CellError, Exception]], Any]]:
    """The body's answers chunk by chunk, what it refused, and where in the result they belong."""
    total = shape[0] * shape[1] if index is None else len(index)
    operands: dict[str, Any] = dict(words)
    for name, operand in cases.items():
        if name not in words:
            single = operand.values.size == 1
            operands[name] = (
                np.full(min(total, _CHUNK), operand.values[0, 0])
                if single
                else stretch(operand, shape).values.reshape(-1)
            )
    names = [parameter.name for parameter in declaration.parameters]
    for start in range(0, total, _CHUNK):
        stop = min(start + _CHUNK, total)
        where: Any = slice(start, stop) if index is None else index[start:stop]
        arguments = [
            operands[name]
            if name in words
            else operands[name][: stop - start]
            if cases[name].values.size == 1
            else _own(operands[name][where])
            for name in names
        ]
        yield (*_guarded(declaration.body, arguments, stop - start), where)


def _own(values: NDArray[Any]) -> NDArray[Any]:
    """The values as kernels want them, contiguous and writeable, so that each compiles only once."""
    return np.require(values, requirements=["C", "W"])


def _guarded(
    body: Callable[..., Any], arguments: list[Any], count: int
) -> tuple[NDArray[Any], list[tuple[NDArray[np.bool_], CellError, Exception]]]:
    """Run the body; where arithmetic overflows or it refuses, find the cases that made it so."""
    everything = np.ones(count, np.bool_)
    try:
        answer = body(*arguments)
    except (ArithmeticError, Refusal, InputError) as error:
        if count > 1:
            return _one_by_one(body, arguments, count)
        if isinstance(error, Refusal):
            return np.zeros(1), [(everything, error.error, error)]
        if isinstance(error, InputError):
            return np.zeros(1), [(everything, error_of(error), error)]
        return np.zeros(1), [(everything, CellError.NUM, out_of_range())]
    if isinstance(answer, Answers):
        return answer.values, [(mask, error, Refusal(error, why)) for mask, error, why in answer.refused]
    return np.asarray(answer), []


def out_of_range() -> Exception:
    return Refusal(CellError.NUM, "the result lies beyond the range of numbers")


def _one_by_one(
    body: Callable[..., Any], arguments: list[Any], count: int
) -> tuple[NDArray[Any], list[tuple[NDArray[np.bool_], CellError, Exception]]]:
    values: list[Any] = []
    refused = []
    for case in range(count):
        own = [a[case : case + 1] if isinstance(a, np.ndarray) else a for a in arguments]
        answer, reasons = _guarded(body, own, 1)
        values.append(answer[0])
        for mask, error, cause in reasons:
            if mask[0]:
                here = np.zeros(count, np.bool_)
                here[case] = True
                refused.append((here, error, cause))
    return np.array(values, None if isinstance(values[0], float) else object), refused


def error_of(error: InputError) -> CellError:
    return CellError.NA if error.value is None else CellError.NUM
