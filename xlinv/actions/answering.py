"""Columns of cells: what functions of the catalogue answer to them, and arithmetic that keeps errors."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from xlinv.catalogue import Function
from xlinv.cells import Cell, CellError


def answer(function: Function, *arguments: Any) -> Cell:
    """What a function of the catalogue answers to one case, an error included."""
    return function.evaluate(*arguments).cells[0][0]


def answers(function: Function, *arguments: Any) -> list[Cell]:
    """What a function of the catalogue answers to every row of its columns, errors row by row."""
    return [row[0] for row in function.evaluate(*arguments).cells]


def products(*columns: Sequence[Cell]) -> list[Cell]:
    """Row by row the product; an error where there is one, #N/A where something is blank."""
    result = list(columns[0])
    for column in columns[1:]:
        result = [product(left, right) for left, right in zip(result, column, strict=True)]
    return result


def sums(left: Sequence[Cell], right: Sequence[Cell]) -> list[Cell]:
    """Row by row left plus right, by the rules of `products`."""
    return [difference(one, product(other, -1.0)) for one, other in zip(left, right, strict=True)]


def differences(new: Sequence[Cell], old: Sequence[Cell]) -> list[Cell]:
    """Row by row new less old, by the rules of `products`."""
    return [difference(left, right) for left, right in zip(new, old, strict=True)]


def total(column: Sequence[Cell]) -> float:
    """The sum of the numbers of a column."""
    return float(sum(value for value in column if isinstance(value, float | int)))


def errors_told(labelled: dict[str, Sequence[Cell]], keys: Sequence[Cell]) -> tuple[str, ...]:
    """A sentence where results hold errors: how many rows, and the first of them."""
    wrong = {
        key: (label, value)
        for label, column in labelled.items()
        for key, value in zip(keys, column, strict=True)
        if isinstance(value, CellError)
    }
    if not wrong:
        return ()
    key, (label, value) = next(iter(wrong.items()))
    return (
        f"{len(wrong)} of {len(keys)} rows have no result, the first being {key} ({label} {value}): "
        "Validate says what is wrong with them.",
    )


def product(left: Cell, right: Cell) -> Cell:
    """Left times right; the error of either, #N/A where one is no number."""
    if isinstance(left, float | int) and isinstance(right, float | int):
        return left * right
    return _error_of(left, right)


def difference(left: Cell, right: Cell) -> Cell:
    """Left less right, by the rules of `product`."""
    if isinstance(left, float | int) and isinstance(right, float | int):
        return left - right
    return _error_of(left, right)


def ratio(left: Cell, right: Cell) -> Cell:
    """Left over right; blank where there is nothing to divide by, else by the rules of `product`."""
    if isinstance(left, float | int) and isinstance(right, float | int):
        return left / right if right else None
    return _error_of(left, right)


def _error_of(left: Cell, right: Cell) -> CellError:
    return next((value for value in (left, right) if isinstance(value, CellError)), CellError.NA)


def mean(row: Sequence[Cell]) -> Cell:
    """The mean of a row without its blanks."""
    values = _numbers(row)
    return values if isinstance(values, CellError) else float(np.mean(values))


def deviation(row: Sequence[Cell]) -> Cell:
    """The sample standard deviation of a row without its blanks."""
    values = _numbers(row)
    if isinstance(values, CellError):
        return values
    return float(np.std(values, ddof=1)) if len(values) > 1 else CellError.DIV0


def _numbers(row: Sequence[Cell]) -> list[float] | CellError:
    """The numbers of a row without its blanks."""
    found: list[float] = []
    for value in row:
        if isinstance(value, CellError):
            return value
        if isinstance(value, str | bool):
            return CellError.VALUE
        if value is not None:
            found.append(float(value))
    return found or CellError.NA
