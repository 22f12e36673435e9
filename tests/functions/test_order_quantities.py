"""Published figures of lot sizing, and what users rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from xlinv.cells import CellError
from xlinv.functions import CATALOGUE

FIGURES = {f["id"]: f for f in json.loads((Path(__file__).parents[1] / "vectors" / "lots.json").read_text())}


def cells(name: str, *args: Any) -> list[list[Any]]:
    return CATALOGUE[name].evaluate(*args).cells


def figure(key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return FIGURES[key]["inputs"], FIGURES[key]["expected"]


def test_eoq_and_its_cost() -> None:
    given, expected = figure("eoq_example_3_1")
    basics = given["demand_rate"], given["fixed_cost"], given["holding_cost"]
    [[quantity]] = cells("EOQ", *basics)
    assert quantity == pytest.approx(expected["order_quantity"], rel=1e-12)
    assert cells("EOQCOST", quantity, *basics)[0][0] == pytest.approx(expected["cost_per_time"], rel=1e-12)
    assert cells("EOQCOST", 250, *basics) == [[69.725]]


@pytest.mark.parametrize("kind", ["all-units", "incremental"])
def test_eoq_with_discounts(kind: str) -> None:
    given, expected = figure(f"eoq_{kind.replace('-', '')}_example_3_5")
    got = cells(
        "EOQDISCOUNT",
        given["demand_rate"],
        given["fixed_cost"],
        given["holding_cost_rate"],
        given["breakpoints"],
        given["unit_costs"],
        kind,
    )
    price = given["unit_costs"][expected["price_break_index"]]
    want = [expected["order_quantity"], price, expected["total_cost_incl_purchase"]]
    assert got[0] == pytest.approx(want, rel=1e-9)


def test_epq() -> None:
    given, expected = figure("epq_problem_3_22")
    got = cells(
        "EPQ", given["demand_rate"], given["fixed_cost"], given["holding_cost"], given["production_rate"]
    )
    assert got[0][0] == pytest.approx(expected["order_quantity"], rel=1e-12)


@pytest.mark.parametrize("key", ["ww_example_3_9", "ww_problem_3_29"])
def test_wagner_whitin(key: str) -> None:
    given, expected = figure(key)
    plan = cells("WAGNERWHITIN", given["demand"], given["fixed_cost"], given["holding_cost"])
    assert [row[0] for row in plan] == expected["order_quantities"]
    cost = cells("LOTCOST", plan, given["demand"], given["fixed_cost"], given["holding_cost"])
    assert cost[0][0] == pytest.approx(expected["cost"], rel=1e-9)


def test_nothing_demanded_means_nothing_ordered() -> None:
    assert cells("EOQ", 0, 8, 0.225, 400, 50) == [[0.0]]
    assert cells("EOQDISCOUNT", 0, 8, 0.3, [0, 400], [0.75, 0.72]) == [[0.0, 0.75, 0.0]]
    assert cells("WAGNERWHITIN", [0, 0, 0], 500, 2) == [[0.0], [0.0], [0.0]]


def test_each_item_with_its_own_rounding() -> None:
    assert cells("EOQ", 1300, 8, 0.225, [[0], [310], [0]], [[0], [0], [100]]) == [
        [pytest.approx(304.0467800264368)],
        [310.0],
        [300.0],
    ]


def test_a_blank_period_is_not_a_period_without_demand() -> None:
    assert cells("WAGNERWHITIN", [[90], [None], [70]], 500, 2) == [[CellError.NA]]


def test_costs_for_fewer_periods_than_demand_are_refused() -> None:
    outcome = CATALOGUE["WAGNERWHITIN"].evaluate([90, 120, 80], [500, 400], 2)
    assert outcome.cells == [[CellError.NA]]
    assert outcome.problems[0].sentence == "'order_cost' must hold 1 or 3 cells, not 2"


def test_a_plan_that_leaves_demand_unmet_is_told_where() -> None:
    outcome = CATALOGUE["LOTCOST"].evaluate([90, 0], [90, 120], 500, 2)
    assert outcome.cells == [[CellError.NUM]]
    assert outcome.problems[0].sentence == (
        "'plan' must meet demand in time, but is 120 units short: 0.0 (row 2)"
    )


def test_discount_breaks_must_rise_and_prices_fall() -> None:
    outcome = CATALOGUE["EOQDISCOUNT"].evaluate(1300, 8, 0.3, [0, 400, 800], [0.75, 0.8, 0.68])
    assert outcome.cells == [[CellError.NUM]]
    assert outcome.problems[0].sentence == "'prices' must not rise with quantity: 0.8 (row 2)"
