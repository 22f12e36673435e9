"""Declarations, broadcasting, errors and the Python face."""

import inspect
import pydoc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xlinv
from xlinv.catalogue import OMITTED, REQUIRED, Function
from xlinv.catalogue.documentation import result_text
from xlinv.catalogue.names import check_name
from xlinv.cells import CellError, InputError
from xlinv.functions import CATALOGUE, abc_class, eoq_cost

NA, NUM, VALUE = CellError.NA, CellError.NUM, CellError.VALUE


@pytest.mark.parametrize(
    "name",
    [
        "EO",  # too short for Office.js
        "eoq",  # lower case
        "EOQ.COST",  # VBA has no dots
        "SUM",  # an Excel function
        "DIO365",  # a cell address
        "XFD1",  # the last column
        "1EOQ",  # begins with a digit
    ],
)
def test_a_name_no_spreadsheet_could_take_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        check_name(name)


def test_a_name_beyond_the_last_column_is_no_address() -> None:
    check_name("XFE1")


def test_a_case_per_row_with_its_own_error() -> None:
    outcome = eoq_cost.evaluate([[250], [0], ["x"], [None], [CellError.REF]], 1300, 8, 0.225)
    assert outcome.cells == [[69.725], [NUM], [VALUE], [NA], [CellError.REF]]
    assert {problem.row: problem.sentence for problem in outcome.problems} == {
        2: "'order_quantity' must be > 0: 0.0 (row 2)",
        3: "'order_quantity' must be a number: 'x' (row 3)",
        4: "'order_quantity' is required and must not be blank: blank (row 4)",
    }


def test_rows_and_columns_broadcast_as_in_excel() -> None:
    cells = eoq_cost.evaluate([[100], [200]], [[10, 20, 30]], 8, 1).cells
    assert cells == [[50.8, 51.6, 52.4], [100.4, 100.8, 101.2]]


def test_what_a_range_does_not_reach_is_not_available() -> None:
    assert eoq_cost.evaluate([[1], [2], [4]], [[1], [2]], 8, 1).cells == [[8.5], [9.0], [NA]]


def test_a_missing_argument_is_not_available_and_one_too_many_is_refused() -> None:
    assert eoq_cost.evaluate(250, 1300, 8).cells == [[NA]]
    assert eoq_cost.evaluate(250, 1300, OMITTED, 1).cells == [[NA]]
    assert eoq_cost.evaluate(250, 1300, 8, 1, 1).cells == [[VALUE]]


def test_a_range_of_no_cells_is_a_missing_input() -> None:
    assert CATALOGUE["UNITLOSS"].evaluate([]).cells == [[NA]]


def test_a_number_that_only_some_cases_need_may_be_blank() -> None:
    poisson_and_normal = [["poisson"], ["normal"]]
    stock = CATALOGUE["SAFETYSTOCK"].evaluate(0.95, None, 2, 0, 3, 0, "csl", OMITTED, poisson_and_normal)
    assert stock.cells == [[4.0], [NA]]
    assert "must not be blank" in stock.problems[0].sentence


def test_python_takes_arrays_and_pandas_and_gives_their_shape() -> None:
    quantity = np.array([100.0, 200.0])
    assert eoq_cost(250, 1300, 8, 0.225) == pytest.approx(69.725)
    assert eoq_cost(quantity, 10, 8, 1).shape == (2,)
    assert eoq_cost(pd.Series(quantity), 10, 8, holding_cost=1).tolist() == [50.8, 100.4]
    assert eoq_cost(quantity.reshape(1, 2), 10, 8, 1).shape == (1, 2)


def test_python_is_told_name_rule_value_and_place() -> None:
    with pytest.raises(InputError, match=r"'order_quantity' must be > 0: -1\.0 \(row 2\)"):
        eoq_cost([250, -1], 1300, 8, 0.225)
    with pytest.raises(TypeError, match="has no argument 'holding'"):
        eoq_cost(250, 1300, 8, holding=1)


@pytest.mark.parametrize("empty", [[], [[]], np.zeros(0), np.zeros((0, 1)), pd.Series([], dtype=float)])
def test_a_column_without_cells_is_a_missing_argument(empty: object) -> None:
    outcome = CATALOGUE["SILVERMEAL"].evaluate(empty, 500, 2)
    assert outcome.cells == [[NA]]
    assert outcome.problems[0].sentence == "'demand' is required and must not be blank: blank"
    assert CATALOGUE["WAGNERWHITIN"].evaluate([90, 120], 500, 2, empty).cells == [[210.0], [0.0]]


@pytest.mark.parametrize(("cell", "shown"), [(CellError.REF, CellError.REF), ("many", VALUE), (None, NA)])
def test_what_stands_in_place_of_a_column_of_items_is_told_before_its_length(cell, shown) -> None:
    outcome = CATALOGUE["JOINTREPLENISHMENT"].evaluate(600, cell, [[160], [20]], [[1], [1]])
    assert outcome.cells == [[shown]]


def test_items_that_are_all_unusable_each_show_their_own_error() -> None:
    assert abc_class.evaluate([["x"], [-1], [CellError.REF]]).cells == [[VALUE], [NUM], [CellError.REF]]


def test_chunks_do_not_show() -> None:
    quantity = np.linspace(1.0, 500.0, 200_001)
    np.testing.assert_allclose(eoq_cost(quantity, 1300, 8, 0.225), 8 * 1300 / quantity + 0.225 * quantity / 2)


@pytest.mark.parametrize("declared", CATALOGUE.values(), ids=lambda f: f.name)
def test_a_declaration_says_everything(declared: Function) -> None:
    assert declared.summary.endswith(".")
    assert declared.formula
    assert declared.source
    assert declared.result.unit
    for parameter in declared.parameters:
        assert parameter.meaning.endswith("."), parameter.name
    required = [parameter.default is REQUIRED for parameter in declared.parameters]
    assert required == sorted(required, reverse=True), "required arguments come first"
    assert declared.summary in str(declared.__doc__)


def test_every_requirement_named_exists(shared: Path) -> None:
    text = (shared / "spec" / "requirements.md").read_text()
    for declared in CATALOGUE.values():
        for row in declared.serves:
            assert f"| {row} |" in text, f"{declared.name} serves {row}"


def test_every_function_is_found_under_its_python_name() -> None:
    for name in CATALOGUE:
        declared = CATALOGUE[name]
        assert getattr(xlinv.functions, declared.python_name) is declared


def test_python_shows_the_arguments() -> None:
    for name in CATALOGUE:
        assert list(inspect.signature(CATALOGUE[name]).parameters) == [
            p.name for p in CATALOGUE[name].parameters
        ]
    assert str(inspect.signature(xlinv.functions.eoq)).startswith("(demand, order_cost, holding_cost, moq=0")
    assert "Cost of placing one order" in pydoc.render_doc(xlinv.functions.eoq)


def test_each_part_of_a_result_is_told_with_its_unit() -> None:
    told = "row: quantity (units), backordered share (fraction), cost (money/period). "
    assert result_text(CATALOGUE["EOQBACKORDER"]).startswith(told)
    assert result_text(CATALOGUE["SSDRIVERS"]).startswith(
        "row: demand, lead time, review period, bias (units). "
    )


@pytest.mark.parametrize("declared", CATALOGUE.values(), ids=lambda f: f.name)
def test_no_unit_is_short_of_its_part(declared: Function) -> None:
    """One unit stands for all parts, or each part has its own."""
    units = declared.result.unit.split(", ")
    assert len(units) in (1, len(declared.result.parts) or 1)
