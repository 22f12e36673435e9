"""What holds for every function of the catalogue over its whole declared domain."""

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import CASES, call_of, label
from tests.strategies import arguments, case
from xlinv.catalogue import OMITTED, Example, Function, Kind
from xlinv.catalogue.declaration import PER_CASE
from xlinv.cells import Cell, CellError, block
from xlinv.functions import CATALOGUE

FUNCTIONS = [f for f in CATALOGUE.values() if not any(p.kind is Kind.GRID for p in f.parameters)]
BY_CASE = [f for f in FUNCTIONS if f.result_kind is Kind.VALUES and f.parameters]
JUNK = st.sampled_from(
    [
        None,
        "",
        "text",
        True,
        -1.0,
        0.0,
        1e308,
        -1e308,
        5e-324,
        float("inf"),
        CellError.REF,
        [[1.0, "x"], [None, 2.0]],
        [],
    ]
)
ANSWERED = [(declared, example) for declared, example in CASES if not example.is_error]
MAY_BE_BLANK = {("ALLOCATE", "priorities")}  # fairshare needs none
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def assert_clean(cells: list[list[Cell]]) -> None:
    assert cells
    assert cells[0]
    for row in cells:
        for item in row:
            assert item is None or isinstance(item, float | int | str | bool | CellError), type(item)
            assert not isinstance(item, float) or math.isfinite(item)


@pytest.mark.parametrize("declared", FUNCTIONS, ids=lambda f: f.name)
@given(data=st.data())
@FEW
def test_no_exception_and_no_nan_leaves_a_function(declared: Function, data: st.DataObject) -> None:
    assert_clean(declared.evaluate(*data.draw(arguments(declared))).cells)


@pytest.mark.parametrize("declared", [f for f in FUNCTIONS if f.parameters], ids=lambda f: f.name)
@given(data=st.data())
@FEW
def test_junk_gives_errors_not_exceptions(declared: Function, data: st.DataObject) -> None:
    args: list[Any] = data.draw(arguments(declared))
    position = data.draw(st.integers(0, len(args) - 1))
    args[position] = data.draw(JUNK)
    assert_clean(declared.evaluate(*args).cells)


@pytest.mark.parametrize("declared", BY_CASE, ids=lambda f: f.name)
@given(data=st.data())
@FEW
def test_rows_are_independent(declared: Function, data: st.DataObject) -> None:
    """Swapping rows swaps results, and a case alone gives what it gives among others."""
    count = data.draw(st.integers(2, 5))
    rows = [[data.draw(case(p)) for p in declared.parameters] for _ in range(count)]
    columns = [[[row[k]] for row in rows] for k in range(len(declared.parameters))]
    together = declared.evaluate(*columns).cells
    backwards = declared.evaluate(*[column[::-1] for column in columns]).cells
    assert backwards == together[::-1]
    for row, cells in zip(rows, together, strict=True):
        assert declared.evaluate(*row).cells == [cells]


@pytest.mark.parametrize(("declared", "example"), ANSWERED, ids=label)
def test_a_range_of_blanks_is_not_available(declared: Function, example: Example) -> None:
    """Each range of each worked example in turn, the optional ones included."""
    args, _ = call_of(declared, example.formula)
    for position, (parameter, raw) in enumerate(zip(declared.parameters, args, strict=False)):
        if parameter.kind in PER_CASE or raw is OMITTED or (declared.name, parameter.name) in MAY_BE_BLANK:
            continue
        blanks = [[None for _ in row] for row in block(raw)]
        outcome = declared.evaluate(*args[:position], blanks, *args[position + 1 :])
        assert outcome.problems, parameter.name
        for row in outcome.cells:
            assert all(isinstance(item, CellError) for item in row), parameter.name
        assert outcome.cells[0][0] is CellError.NA, parameter.name


@pytest.mark.parametrize(("declared", "example"), ANSWERED, ids=label)
def test_a_blank_that_is_required_is_not_available(declared: Function, example: Example) -> None:
    args, _ = call_of(declared, example.formula)
    for position, parameter in enumerate(declared.parameters):
        if parameter.required and not parameter.keep_blanks:
            cells = declared.evaluate(*args[:position], None, *args[position + 1 :]).cells
            assert {item for row in cells for item in row} == {CellError.NA}, parameter.name


@pytest.mark.parametrize("junk", [CellError.REF, "no such option"])
@pytest.mark.parametrize(("declared", "example"), ANSWERED, ids=label)
def test_an_error_comes_out_unchanged_and_text_for_a_number_is_one(
    declared: Function, example: Example, junk: Cell
) -> None:
    """In place of each argument, and in the last cell of each range."""
    args, _ = call_of(declared, example.formula)
    for position, (parameter, raw) in enumerate(zip(declared.parameters, args, strict=False)):
        takes_text = parameter.kind in (Kind.LABELS, Kind.GRID, Kind.TEXT)
        if raw is OMITTED or (takes_text and isinstance(junk, str)):
            continue
        spoilt = junk if parameter.kind in PER_CASE else with_last(block(raw), junk)
        cells = declared.evaluate(*args[:position], spoilt, *args[position + 1 :]).cells
        error = junk if isinstance(junk, CellError) else CellError.VALUE
        assert error in {item for row in cells for item in row}, parameter.name


def with_last(rows: list[list[Cell]], item: Cell) -> list[list[Cell]]:
    return [*rows[:-1], [*rows[-1][:-1], item]]
