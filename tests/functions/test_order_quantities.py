"""Published figures of lot sizing, and what users rely on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlinv.cells import CellError
from xlinv.functions import CATALOGUE
from xlinv.kernels import economic_order

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


def test_planned_backorders() -> None:
    given, expected = figure("eoqb_example_3_8")
    costs = given["demand_rate"], given["fixed_cost"], given["holding_cost"], given["stockout_cost"]
    want = [expected[key] for key in ("order_quantity", "stockout_fraction", "cost_per_time")]
    assert cells("EOQBACKORDER", *costs)[0] == pytest.approx(want, rel=1e-12)


def test_disruptions() -> None:
    given, expected = figure("eoqd_example_9_1")
    keys = "demand_rate fixed_cost holding_cost stockout_cost disruption_rate recovery_rate".split()
    [[quantity, cost]] = cells("EOQDISRUPTION", *(given[key] for key in keys))
    assert quantity == pytest.approx(expected["order_quantity"], rel=1e-4)
    assert cost == pytest.approx(expected["cost"], rel=1e-6)


@pytest.mark.parametrize(
    ("key", "kind"), [("eoq_yield_example_9_4", "additive"), ("eoq_yield_example_9_5", "multiplicative")]
)
def test_yield(key: str, kind: str) -> None:
    given, expected = figure(key)
    keys = "demand_rate fixed_cost holding_cost yield_mean yield_sd".split()
    got = cells("EOQYIELD", *(given[key] for key in keys), kind)
    assert got[0] == pytest.approx([expected["order_quantity"], expected["cost"]], rel=1e-9)


def test_joint_replenishment() -> None:
    given, expected = figure("jrp_scmo_jrp_ex")
    items = [
        np.array(given[key], float) for key in ("individual_fixed_costs", "holding_costs", "demand_rates")
    ]
    got = cells("JOINTREPLENISHMENT", given["shared_fixed_cost"], *[column.tolist() for column in items])
    assert [row[0] for row in got] == pytest.approx(expected["order_quantities"], rel=1e-12)
    _, cycle, cost = economic_order.joint_quantities(given["shared_fixed_cost"], *items)
    assert (cycle, cost) == pytest.approx((expected["base_cycle_time"], expected["cost"]), rel=1e-12)


def test_an_item_that_cannot_be_planned_does_not_spoil_the_others() -> None:
    got = cells("JOINTREPLENISHMENT", 600, [120, "?", 300], [160, 20, 50], [1, 1, 1])
    alone = cells("JOINTREPLENISHMENT", 600, [120, 300], [160, 50], [1, 1])
    assert got == [alone[0], [CellError.VALUE], alone[1]]


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
