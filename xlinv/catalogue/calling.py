"""The face of a function towards Python: numbers, lists, arrays and pandas objects in, the same out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xlinv.catalogue.declaration import PER_CASE, Declaration, Kind
from xlinv.catalogue.evaluation import evaluate
from xlinv.catalogue.outcome import Outcome
from xlinv.catalogue.reading import OMITTED
from xlinv.cells import CellError, InputError


def call(declaration: Declaration, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The function on Python values.

    A function of cases gives a number for numbers and an array of the broadcast shape for arrays; a row
    comes as a tuple, a column as a one-dimensional array, a table as a DataFrame. Raises InputError
    where an input is missing or outside its domain, ValueError where there is no answer.
    """
    values = _positional(declaration, args, kwargs)
    outcome = evaluate(declaration, values)
    if outcome.problems:
        raise (
            outcome.problems[0].cause
            if isinstance(outcome.problems[0].cause, InputError)
            else ValueError(outcome.problems[0].sentence)
        )
    return _as_python(declaration, values, outcome)


def _positional(declaration: Declaration, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    names = [parameter.name for parameter in declaration.parameters]
    unknown = [name for name in kwargs if name not in names]
    if unknown:
        raise TypeError(
            f"{declaration.python_name}() has no argument '{unknown[0]}'; it takes {', '.join(names)}"
        )
    values = [*args, *[OMITTED] * (len(names) - len(args))]
    for name, value in kwargs.items():
        position = names.index(name)
        if position < len(args):
            raise TypeError(f"{declaration.python_name}() got two values for '{name}'")
        values[position] = value
    return values


def _as_python(declaration: Declaration, values: Sequence[Any], outcome: Outcome) -> Any:
    kind = declaration.result_kind
    if kind is Kind.TABLE:
        import pandas as pd

        header, *rows = outcome.cells
        return pd.DataFrame(rows, columns=pd.Index(header))
    array = _array(outcome)
    if kind in (Kind.SERIES, Kind.ITEMS):
        return array[:, 0]
    dimensions = max(
        (
            np.ndim(value)
            for parameter, value in zip(declaration.parameters, values, strict=True)
            if parameter.kind in PER_CASE and value is not OMITTED
        ),
        default=0,
    )
    if kind is Kind.ROW:
        return tuple(array[0].tolist()) if dimensions == 0 else array
    if dimensions == 0:
        return array[0, 0].item() if isinstance(array[0, 0], np.generic) else array[0, 0]
    return array[:, 0] if dimensions == 1 else array


def _array(outcome: Outcome) -> Any:
    """The outcome as a two-dimensional array; an infinite number is an error here as in a cell."""
    if outcome.values is not None and outcome.values.dtype.kind == "f":
        broken = ~np.isfinite(outcome.values)
        if outcome.errors is not None:
            broken |= outcome.errors != 0
        if not broken.any():
            return outcome.values
    elif _all_text(outcome):
        return outcome.values
    cells = outcome.cells
    errors = [item for row in cells for item in row if isinstance(item, CellError)]
    if errors:
        raise ValueError(f"no answer for {len(errors)} of the cases: {errors[0]}")
    return np.array(cells, dtype=None if all(type(i) in (int, float) for r in cells for i in r) else object)


def _all_text(outcome: Outcome) -> bool:
    """Whether the outcome is classes throughout: where one answer is text all are, but for the errors."""
    if outcome.values is None or (outcome.errors is not None and outcome.errors.any()):
        return False
    return isinstance(next(outcome.values.flat, None), str)
