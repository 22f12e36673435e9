"""Inputs drawn from the domain that a function declares."""

import math
from typing import Any

from hypothesis import strategies as st

from xlinv.catalogue import Divisor, Function, Ge, Gt, Kind, Le, Lt, Parameter, Whole
from xlinv.cells import Cell

LABELS = st.sampled_from(["A", "B", "C", "raw", "spare"])
_LIMIT = 1e6


def number(parameter: Parameter) -> st.SearchStrategy[float]:
    """A number of the parameter's domain, its edges included."""
    low, high, whole = -_LIMIT, _LIMIT, False
    for bound in parameter.bounds:
        if isinstance(bound, Ge):
            low = max(low, bound.limit)
        elif isinstance(bound, Gt):
            low = max(low, math.nextafter(bound.limit, math.inf))
        elif isinstance(bound, Le):
            high = min(high, bound.limit)
        elif isinstance(bound, Lt):
            high = min(high, math.nextafter(bound.limit, -math.inf))
        whole = whole or isinstance(bound, Whole)
    if whole:
        return st.integers(math.ceil(low), min(math.floor(high), 60)).map(float)
    plain = st.floats(low, high, allow_nan=False)
    nonzero = any(isinstance(bound, Divisor) for bound in parameter.bounds)
    return plain.filter(bool) if nonzero else plain


def case(parameter: Parameter) -> st.SearchStrategy[Any]:
    """One value of a per-case parameter."""
    if parameter.options:
        return st.sampled_from(parameter.options)
    if parameter.kind is Kind.FLAG:
        return st.booleans()
    if parameter.kind in (Kind.TEXT, Kind.OPTION):
        return LABELS
    return number(parameter)


def column(parameter: Parameter, length: int) -> st.SearchStrategy[list[list[Cell]]]:
    """A column argument of the given length, as rows of cells."""
    item: st.SearchStrategy[Any] = LABELS if parameter.kind is Kind.LABELS else number(parameter)
    width = 6 if parameter.kind is Kind.HISTORY else 1
    return st.lists(st.lists(item, min_size=width, max_size=width), min_size=length, max_size=length)


@st.composite
def arguments(draw: st.DrawFn, declared: Function) -> list[Any]:
    """A full list of arguments of the function, its optional ones sometimes left out."""
    length = draw(st.integers(1, 8))
    values: list[Any] = []
    for parameter in declared.parameters:
        if not parameter.required and draw(st.booleans()):
            values.append(None)
        elif parameter.kind in (
            Kind.COLUMN,
            Kind.SERIES,
            Kind.PER_PERIOD,
            Kind.ITEMS,
            Kind.HISTORY,
            Kind.LABELS,
        ):
            values.append(draw(column(parameter, length)))
        else:
            values.append(draw(case(parameter)))
    return values
