"""Published figures of reorder policies, slow twins, and what users rely on."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.naive import reorder_policies as naive
from xlinv.cells import CellError
from xlinv.functions import CATALOGUE
from xlinv.kernels import finite_horizon

FIGURES = {
    f["id"]: f
    for f in json.loads((Path(__file__).parents[1] / "vectors" / "reorder_policies.json").read_text())
}
FEW = settings(max_examples=25, deadline=None)
COST = st.floats(0.1, 20.0)


def row(name: str, *args: Any) -> list[Any]:
    return CATALOGUE[name].evaluate(*args).cells[0]


def figure(key: str) -> tuple[list[Any], dict[str, Any]]:
    """Costs and demand of a published case in the order of the arguments, and what it expects."""
    keys = "holding_cost stockout_cost fixed_cost demand_mean demand_sd lead_time".split()
    return [FIGURES[key]["inputs"].get(k) for k in keys], FIGURES[key]["expected"]


def test_exact_rq_of_normal_demand() -> None:
    given_, expected = figure("rQ_exact_example_5_1")
    r, q, cost = row("RQPOLICY", *given_)
    assert (r, q) == pytest.approx((expected["reorder_point"], expected["order_quantity"]), rel=2e-3)
    assert cost == pytest.approx(expected["cost"], rel=1e-6)
    assert cost <= expected["cost"] * (1 + 1e-12)


@pytest.mark.parametrize("method", ["eil", "eoqb", "eoqss"])
def test_approximate_rq(method: str) -> None:
    given_, expected = figure(f"rQ_{method}_example_5_1")
    r, q, cost = row("RQPOLICY", *given_, method)
    assert (r, q) == pytest.approx((expected["reorder_point"], expected["order_quantity"]), rel=1e-5)
    if "cost" in expected:
        assert cost == pytest.approx(expected["cost"], rel=1e-5)


def test_exact_rq_of_poisson_demand() -> None:
    given_, expected = figure("rQ_poisson_example_5_8")
    r, q, cost = row("RQPOLICY", *given_, "exact", "poisson")
    assert (r, q) == (expected["reorder_point"], expected["order_quantity"])
    assert cost == pytest.approx(expected["cost"], rel=1e-12)


@pytest.mark.parametrize("key", [k for k in FIGURES if k.startswith("sS_") and "power" not in k])
def test_exact_ss(key: str) -> None:
    given_, expected = figure(key)
    s, up_to, cost = row("SSPOLICY", *given_)
    assert (s, up_to) == (expected["s"], expected["S"])
    precise = expected.get("cost_per_period_precise", expected["cost_per_period"])
    assert cost == pytest.approx(precise, rel=1e-12)
    assert cost == pytest.approx(expected["cost_per_period"], abs=5e-4)


@pytest.mark.parametrize("distribution", ["normal", None])
def test_power_approximation(distribution: str | None) -> None:
    given_, expected = figure("sS_power_example_4_8")
    s, up_to, _ = row("SSPOLICY", *given_, distribution, "power")
    assert (s, up_to) == pytest.approx((expected["s"], expected["S"]), rel=1e-12)


def test_finite_horizon() -> None:
    i, expected = (FIGURES["finite_horizon_problem_4_29"][key] for key in ("inputs", "expected"))
    keys = (
        "num_periods holding_cost stockout_cost fixed_cost purchase_cost demand_mean demand_sd "
        "discount_factor terminal_holding_cost terminal_stockout_cost initial_inventory_level"
    ).split()
    _, *periods = CATALOGUE["FINITEHORIZON"].evaluate(*(i[key] for key in keys)).cells
    assert [period[1] for period in periods] == expected["reorder_points"]
    assert [period[2] for period in periods] == expected["order_up_to"]
    assert periods[0][3] == pytest.approx(expected["total_cost"], rel=1e-12)


@example(
    holding=13.25, stockout=0.1, order=549.0, demand=1.0, cv=0.0625, lead_time=0.125, shift=0.0, factor=1.0
)
@given(
    holding=COST,
    stockout=COST,
    order=st.floats(0.01, 1000),
    demand=st.floats(0.5, 500),
    cv=st.floats(0.02, 2.0),
    lead_time=st.floats(0.05, 5.0),
    shift=st.floats(-1, 1),
    factor=st.floats(0.5, 2.0),
)
@FEW
def test_no_rq_policy_costs_less(holding, stockout, order, demand, cv, lead_time, shift, factor) -> None:
    sd = cv * demand
    costs = holding, stockout, order, demand, demand * lead_time, sd * math.sqrt(lead_time)
    r, q, cost = row("RQPOLICY", holding, stockout, order, demand, sd, lead_time)
    assert cost == pytest.approx(naive.rq_cost(r, q, *costs), rel=1e-6)
    assert naive.rq_cost(r + shift * q, q * factor, *costs) >= cost * (1 - 1e-6)
    r, q, zheng = row("RQPOLICY", holding, stockout, order, demand, sd, lead_time, "eoqb")
    assert zheng == pytest.approx(naive.rq_cost(r, q, *costs), rel=1e-6)
    # Zheng (1992): certain demand's quantity costs at most an eighth more.
    assert cost * (1 - 1e-9) <= zheng <= cost * 1.125


@given(
    holding=COST, stockout=COST, order=st.floats(0, 50), demand=st.floats(0.1, 4), lead_time=st.floats(0.1, 2)
)
@FEW
def test_no_poisson_rq_policy_costs_less(holding, stockout, order, demand, lead_time) -> None:
    order = max(order, 1e-3)
    r, q, cost = row("RQPOLICY", holding, stockout, order, demand, None, lead_time, "exact", "poisson")
    least, _, _ = naive.best_poisson_rq(holding, stockout, order, demand, lead_time, 30)
    assert cost <= least * (1 + 1e-9)
    chances = naive.poisson(demand * lead_time, 120)
    levels = [naive.newsvendor_cost(y, holding, stockout, chances) for y in range(int(r) + 1, int(r + q) + 1)]
    assert cost == pytest.approx((order * demand + sum(levels)) / q, rel=1e-9)


@given(
    holding=COST,
    stockout=COST,
    order=st.floats(0, 60),
    demand=st.floats(0.2, 6),
    lead_time=st.integers(0, 2),
    moves=st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
)
@FEW
def test_no_ss_policy_costs_less(holding, stockout, order, demand, lead_time, moves) -> None:
    s, up_to, cost = row("SSPOLICY", holding, stockout, order, demand, None, lead_time)
    ahead = naive.poisson(demand * (lead_time + 1), 200)
    chances = naive.poisson(demand, 60)

    def long_run(low: int, high: int) -> float:
        level = {y: naive.newsvendor_cost(y, holding, stockout, ahead) for y in range(low + 1, high + 1)}
        return naive.ss_cost(low, high, order, chances, level.__getitem__)

    assert cost == pytest.approx(long_run(int(s), int(up_to)), rel=1e-8)
    low = int(s) + moves[0]
    assert long_run(low, max(low + 1, int(up_to) + moves[1])) >= cost * (1 - 1e-8)


def test_ss_of_other_demand() -> None:
    """Normal demand of Poisson's deviation is nearly Poisson; a wider spread costs more."""
    poisson = row("SSPOLICY", 1, 9, 64, 400)
    normal = row("SSPOLICY", 1, 9, 64, 400, 20, 0, "normal")
    assert normal == pytest.approx(poisson, rel=0.01)
    nearly = row("SSPOLICY", 1, 9, 64, 40, math.sqrt(40 * (1 + 1e-9)), 0, "negbin")
    assert nearly == pytest.approx(row("SSPOLICY", 1, 9, 64, 40), rel=1e-6)
    costs = [row("SSPOLICY", 1, 9, 64, 40, sd, 0, "negbin")[2] for sd in (7, 10, 20, 40)]
    assert costs == sorted(costs)
    certain = row("SSPOLICY", 1, 9, 64, 10, 0, 0, "normal")
    # Every third period 30 units: nothing, 10 and 20 left, or one period's demand backordered.
    assert certain[2] == pytest.approx(min((64 + 10 + 20) / 3, (64 + 9 * 10 + 10) / 3, (64 + 60) / 4))


def test_deviation_matters_only_where_it_is_used() -> None:
    assert row("SSPOLICY", 1, 9, 64, 10, 99) == row("SSPOLICY", 1, 9, 64, 10)
    assert row("SSPOLICY", 1, 9, 64, 10, None, 0, "normal") == [CellError.NA]
    assert row("SSPOLICY", 1, 9, 64, 0.3, 0.1, 0, "normal") == [CellError.NUM]
    assert row("RQPOLICY", 1, 9, 64, 10, None, 2) == [CellError.NA]
    assert row("RQPOLICY", 1, 9, 64, 10, None, 2, "eil", "poisson") == [CellError.NUM]


def test_certain_demand_gives_the_eoq_with_backorders() -> None:
    [[quantity, share, cost]] = CATALOGUE["EOQBACKORDER"].evaluate(1300, 8, 0.225, 5).cells
    got = row("RQPOLICY", 0.225, 5, 8, 1300, 0, 0.1)
    assert got == pytest.approx([130 - share * quantity, quantity, cost], rel=1e-12)
    nearly = row("RQPOLICY", 0.225, 5, 8, 1300, 1e-3, 0.1)
    assert nearly == pytest.approx(got, rel=1e-6)


@pytest.mark.parametrize("position", [0, 1, 2, 4])
def test_the_best_rq_policy_costs_more_where_anything_does(position: int) -> None:
    """Dearer holding, shortage or ordering, or a wider spread, never makes the best policy cheaper."""
    base = [0.225, 7.5, 8, 1300, 150, 0.1]
    costs = []
    for factor in (0.25, 0.5, 1, 2, 4, 8):
        changed = [*base]
        changed[position] *= factor
        costs.append(row("RQPOLICY", *changed)[2])
    assert costs == sorted(costs)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_the_best_ss_policy_costs_more_where_anything_does(position: int) -> None:
    base = [1, 9, 64, 20]
    costs = []
    for factor in (0.25, 0.5, 1, 2, 4, 8):
        changed = [*base]
        changed[position] *= factor
        costs.append(row("SSPOLICY", *changed)[2])
    assert costs == sorted(costs)


def test_simulation_orders_as_often_as_the_best_ss_policy_says() -> None:
    """Renewals: a cycle of M(S − s) periods on average."""
    s, up_to, _ = row("SSPOLICY", 1, 9, 64, 20)
    dearer = row("SSPOLICY", 1, 9, 64.001, 20)
    assert dearer[:2] == [s, up_to]
    orders = (dearer[2] - row("SSPOLICY", 1, 9, 64, 20)[2]) / 0.001
    found = row("SIMPOLICY", "sS", s, up_to, 20, None, 0, 0, 1, 4000, 20, 1, "poisson")
    assert abs(found[8] - orders) <= 2 * found[9]


def test_levels_and_costs_follow_their_units() -> None:
    here = row("RQPOLICY", 0.225, 7.5, 8, 1300, 150, 0.1)
    in_thousands = row("RQPOLICY", 225, 7500, 8, 1.3, 0.15, 0.1)
    assert in_thousands == pytest.approx([here[0] / 1000, here[1] / 1000, here[2]], rel=1e-9)
    dearer = row("SSPOLICY", 3, 27, 192, 20)
    assert dearer == pytest.approx([14, 62, 3 * row("SSPOLICY", 1, 9, 64, 20)[2]], rel=1e-9)


@given(
    periods=st.integers(1, 3),
    stockout=COST,
    order=st.floats(0, 20),
    unit=st.floats(0, 8),
    mean=st.floats(2, 6),
    sd=st.floats(0.6, 1.5),
    initial=st.integers(-4, 8),
)
@settings(max_examples=12, deadline=None)
def test_no_plan_over_the_horizon_costs_less(periods, stockout, order, unit, mean, sd, initial) -> None:
    args = periods, 1.0, stockout, order, unit, mean, sd, 0.95, 0.5, 2 * stockout, initial
    _, *plan = CATALOGUE["FINITEHORIZON"].evaluate(*args).cells
    highest = math.ceil(periods * (mean + 4 * sd)) + 1
    assert plan[0][3] == pytest.approx(naive.finite_horizon_cost(*args, highest), rel=1e-9)


def test_near_the_end_a_dear_unit_is_not_worth_buying() -> None:
    _, *plan = CATALOGUE["FINITEHORIZON"].evaluate(10, 1, 25, 50, 100, 18, 3, 0.98).cells
    assert [period[1:3] for period in plan[-3:]] == [["never", "never"]] * 3
    assert plan[0][1:3] == [15.0, 22.0]


def test_left_out_terminal_costs_are_those_of_a_period() -> None:
    given_ = 5, 1, 25, 10, 1, 18, 3, 0.98
    plan = CATALOGUE["FINITEHORIZON"].evaluate
    assert plan(*given_).cells == plan(*given_, 1, 25).cells


@pytest.mark.parametrize(
    "given_",
    [
        (100_000, 1, 25, 50, 1, 18, 3),  # a long horizon
        (10, 1, 25, 50, 1, 1e6, 1e5),  # large demand
        (100, 1, 25, 1e6, 1, 100, 20),  # an order for centuries
        (1, 5, 10, 7e7, 0, 28, 5),
        (300, 1, 0.01, 500, 1, 18, 3),  # backorders that cost next to nothing
    ],
)
def test_a_plan_too_large_to_look_at_is_refused_with_the_limit(given_: tuple[float, ...]) -> None:
    outcome = CATALOGUE["FINITEHORIZON"].evaluate(*given_)
    assert outcome.cells == [[CellError.NUM]]
    assert "must not exceed 3,000,000" in outcome.problems[0].sentence


def test_the_way_of_mixing_costs_with_demand_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = CATALOGUE["FINITEHORIZON"].evaluate
    directly = plan(6, 1, 25, 200, 1, 300, 60).cells
    monkeypatch.setattr(finite_horizon, "_DIRECT", 0)
    transformed = plan(6, 1, 25, 200, 1, 300, 60).cells
    assert [row[:3] for row in transformed] == [row[:3] for row in directly]
    assert [row[3] for row in transformed[1:]] == pytest.approx([row[3] for row in directly[1:]], rel=1e-11)


@pytest.mark.parametrize(
    ("mean", "sd", "lead_time", "distribution"),
    [
        (50, None, 1e283, "poisson"),
        (1e-9, None, 1e300, "poisson"),
        (1.2e19, 4.0, 0, "normal"),
        (60, 9, 1e20, "negbin"),
        (1e233, 1e308, 300, "normal"),
    ],
)
def test_more_units_than_can_be_told_apart_are_refused(mean, sd, lead_time, distribution) -> None:
    """Whole units near 1e19 are not neighbours any more."""
    assert CATALOGUE["SSPOLICY"].evaluate(2, 0.7, 2.5, mean, sd, lead_time, distribution).cells == [
        [CellError.NUM]
    ]
