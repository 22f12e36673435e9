"""Every worked example of the catalogue shows what it says it shows."""

import math

import pytest

from tests.examples import CASES, call_of, label
from xlinv.catalogue import Example, Function
from xlinv.cells import Cell
from xlinv.functions import CATALOGUE


def alike(got: Cell, want: Cell, tolerance: float) -> bool:
    if isinstance(want, float | int) and not isinstance(want, bool):
        numeric = isinstance(got, float | int) and not isinstance(got, bool)
        return numeric and math.isclose(got, want, rel_tol=tolerance, abs_tol=tolerance)  # type: ignore[arg-type]
    return type(got) is type(want) and got == want


@pytest.mark.parametrize(("declared", "example"), CASES, ids=label)
def test_example_shows_what_it_says(declared: Function, example: Example) -> None:
    _, got = call_of(declared, example.formula)
    want = example.shows if isinstance(example.shows, list) else [[example.shows]]
    assert [len(row) for row in got] == [len(row) for row in want], got
    for got_row, want_row in zip(got, want, strict=True):
        for got_cell, want_cell in zip(got_row, want_row, strict=True):
            assert alike(got_cell, want_cell, example.tolerance), got


@pytest.mark.parametrize("declared", [f for f in CATALOGUE.values() if f.parameters], ids=lambda f: f.name)
def test_one_example_shows_an_error(declared: Function) -> None:
    assert any(example.is_error for example in declared.examples)
