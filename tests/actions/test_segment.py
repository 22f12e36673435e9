"""The buttons of Segment: the numbers of the functions, every item once, and totals that tie."""

from typing import Any

import numpy as np
import pytest

from tests.actions.conftest import table_on
from xlinv import functions
from xlinv.actions.running import perform
from xlinv.actions.segment import abc_xyz, matrices
from xlinv.templates.company import sample_company

ITEMS = sample_company().items
MEAN = np.array([np.mean(item.demand[-12:]) for item in ITEMS])
COST = np.array([item.unit_cost for item in ITEMS])
HISTORY = np.array([item.demand for item in ITEMS])


def test_classes_are_those_of_the_function_and_of_the_workbook(policy: Any) -> None:
    perform(policy, abc_xyz, "ABC-XYZ")
    found = table_on(policy.sheets["Out_ABCXYZ"], "Item")
    assert found["Class"] == list(functions.abc_xyz(MEAN * COST, HISTORY, 0.8, 0.95, 0.25, 0.6))
    assert found["Class"] == table_on(policy.sheets["Policy"], "Class [ABC-XYZ]")["Class [ABC-XYZ]"]
    assert found["Usage value [per year]"] == pytest.approx((MEAN * COST * 12).tolist())


def test_the_matrix_counts_every_item_once(policy: Any) -> None:
    perform(policy, abc_xyz, "ABC-XYZ")
    matrix = table_on(policy.sheets["Out_ABCXYZ"], "X")
    assert matrix["Class"] == ["A", "B", "C", "Total"]
    assert matrix["Total"][3] == len(ITEMS)
    classes = table_on(policy.sheets["Out_ABCXYZ"], "Item")["Class"]
    assert matrix["Y"][0] == classes.count("AY")


def test_cash_by_segment_is_the_stock(policy: Any) -> None:
    perform(policy, abc_xyz, "ABC-XYZ")
    found = table_on(policy.sheets["Out_CashBySegment"], "Class")
    assert sum(found["Cash"]) == pytest.approx(sample_company().stock_value)
    expected = functions.seg_cash([item.stock_value for item in ITEMS], table_classes(policy))
    assert found["Class"] == expected["segment"].tolist()
    assert found["Cash"] == pytest.approx(expected["cash"].tolist())


def table_classes(policy: Any) -> list[Any]:
    return table_on(policy.sheets["Out_ABCXYZ"], "Item")["Class"]


def test_quadrants_and_returns_of_what_is_sold(policy: Any) -> None:
    perform(policy, matrices, "Matrices")
    found = table_on(policy.sheets["Out_MarginService"], "Margin")
    sold = [item for item in ITEMS if item.price]
    assert found["Item"] == [item.key for item in sold]
    margin = [1 - item.unit_cost / item.price for item in sold]
    assert found["Margin"] == pytest.approx(margin)
    assert found["Quadrant"] == functions.margin_service(margin, found["Criticality"], 0.3, 0.5).tolist()
    ranked = table_on(policy.sheets["Out_GMROII"], "Rank")
    assert ranked["GMROII [ratio]"] == sorted(ranked["GMROII [ratio]"], reverse=True)
    best = next(item for item in ITEMS if item.key == ranked["Item"][0])
    yearly = (best.price - best.unit_cost) * sum(best.demand[-12:])
    assert ranked["GMROII [ratio]"][0] == pytest.approx(functions.gmroii(yearly, best.stock_value))
