import json
from math import exp, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from tests.naive import serial as naive
from xlinv.cells import InputError
from xlinv.network.demand import Demand
from xlinv.network.serial import SerialSystem, cost_of_stock, local_levels, newsvendor_bounds, optimal_stock

VECTORS = {
    row["id"]: row
    for row in json.loads((Path(__file__).parents[1] / "vectors" / "serial_stock.json").read_text("utf-8"))
}


def system_of(row):
    given_ = row["inputs"]
    if "demand_rate" in given_:
        demand = Demand(given_["demand_rate"], family="poisson")
    else:
        demand = Demand(given_["demand_mean"], given_["demand_sd"])
    return SerialSystem(
        given_["echelon_holding_cost_stage1to"],
        given_["lead_time_stage1to"],
        given_["stockout_cost"],
        demand,
    )


@pytest.mark.parametrize("name", [name for name in VECTORS if "shang_song" in name])
def test_poisson_levels_are_the_published_ones(name):
    stock = optimal_stock(system_of(VECTORS[name]))
    expected = VECTORS[name]["expected"]
    assert stock.echelon.tolist() == expected["echelon_base_stock"]
    assert stock.cost == pytest.approx(expected["cost"], abs=1e-9)
    assert stock.cost == pytest.approx(expected["published_cost"], abs=1e-3)


def test_normal_example_6_1():
    row = VECTORS["ssm_example_6_1"]
    stock = optimal_stock(system_of(row))
    assert stock.cost == pytest.approx(row["expected"]["cost"], rel=1e-6)
    assert stock.echelon == pytest.approx(row["expected"]["echelon_base_stock"], abs=2e-4)
    assert stock.echelon == pytest.approx(row["expected"]["published_S"], abs=0.006)


# Figures of the stockpyl test suite for Snyder & Shen (2019), recomputed on two fine grids that agree.
@pytest.mark.parametrize(
    ("h", "lead_time", "p", "mean", "sd", "cost"),
    [
        ([1, 1], [1, 1], 15, 100, 15, 166.250629),  # problem 6.1
        ([2, 2, 1, 1, 1], [0.5] * 5, 24, 64, 8, 451.609462),  # problem 6.2a
        ([5, 2], [8, 3], 24, 20, 4, 438.184537),  # problem 6.16
    ],
)
def test_normal_costs_of_textbook_problems(h, lead_time, p, mean, sd, cost):
    assert optimal_stock(SerialSystem(h, lead_time, p, Demand(mean, sd))).cost == pytest.approx(
        cost, rel=5e-6
    )


def test_one_stage_is_the_newsvendor():
    system = SerialSystem([2.0], [4.0], 38.0, Demand(10, 3))
    stock = optimal_stock(system)
    assert stock.echelon[0] == pytest.approx(40 + 6 * 1.6448536269514722, abs=1e-3)
    assert newsvendor_bounds(system).upper[0] == pytest.approx(40 + 6 * 1.6448536269514722)
    assert stock.cost == pytest.approx(40 * 6 * 0.10313564037537139, rel=1e-5)


@settings(max_examples=8, deadline=None)
@given(
    h=st.lists(st.integers(1, 4).map(float), min_size=2, max_size=2),
    lead_time=st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=2),
    p=st.integers(3, 40).map(float),
    rate=st.sampled_from([1.0, 2.5]),
)
def test_poisson_optimum_is_the_best_of_all_levels(h, lead_time, p, rate):
    stock = optimal_stock(SerialSystem(h, lead_time, p, Demand(rate, family="poisson")))
    cost, _ = naive.best(h, lead_time, p, rate, 11)
    assert stock.cost == pytest.approx(cost, abs=1e-9)
    assert naive.cost(h, lead_time, p, rate, stock.echelon.astype(int).tolist()) == pytest.approx(
        cost, abs=1e-9
    )


@pytest.mark.parametrize(
    "demand",
    [Demand(5, 1), Demand(5, 4, "gamma"), Demand(5, family="poisson"), Demand(5, 4, "negbin")],
)
def test_levels_lie_within_the_newsvendor_bounds_and_nothing_near_is_cheaper(demand):
    system = SerialSystem([3, 2, 2], [1, 1, 2], 37.12, demand)
    stock, bounds = optimal_stock(system), newsvendor_bounds(system)
    slack = 0.01 if not demand.discrete else 0.0
    assert (bounds.lower <= stock.echelon + slack).all()
    assert (stock.echelon <= bounds.upper + slack).all()
    assert cost_of_stock(system, stock.echelon) == pytest.approx(stock.cost, rel=1e-12)
    for stage in range(3):
        for move in (-1, 1):
            other = stock.echelon.copy()
            other[stage] += move
            assert cost_of_stock(system, other) >= stock.cost - 1e-9


@pytest.mark.parametrize(
    "other",
    [Demand(400, 20, "gamma"), Demand(400, family="poisson"), Demand(400, 20.01, "negbin")],
)
def test_families_agree_where_they_all_approach_the_normal(other):
    expected = optimal_stock(SerialSystem([3, 2, 2], [1, 1, 2], 37.12, Demand(400, 20)))
    found = optimal_stock(SerialSystem([3, 2, 2], [1, 1, 2], 37.12, other))
    assert found.cost == pytest.approx(expected.cost, rel=0.002)


def test_a_stage_that_adds_no_cost_only_lengthens_the_lead_time():
    merged = optimal_stock(SerialSystem([3, 2], [1, 3], 30, Demand(5, 1)))
    split = optimal_stock(SerialSystem([3, 0, 2], [1, 1, 2], 30, Demand(5, 1)))
    under_way_to_stage_2 = 2 * 5 * 1
    assert split.cost == pytest.approx(merged.cost + under_way_to_stage_2, rel=1e-5)
    assert split.local[2] == pytest.approx(0, abs=1e-12)


def test_certain_demand_costs_only_what_is_under_way():
    stock = optimal_stock(SerialSystem([1, 2], [2, 3], 10, Demand(5, 0)))
    assert stock.local == pytest.approx([10, 15])
    assert stock.cost == pytest.approx(2 * 10)
    assert cost_of_stock(SerialSystem([1, 2], [2, 3], 10, Demand(5, 0)), [9, 25]) == pytest.approx(
        2 * 10 - 1 + 13
    )


def test_local_levels_never_exceed_what_stages_above_can_hold():
    assert local_levels(np.array([8.0, 13.0, 12.0])).tolist() == [8.0, 4.0, 0.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lead_time": [1, -1]}, "'lead_time' must be >= 0 and finite: -1.0 (stage 2)"),
        ({"lead_time": [1]}, "'lead_time' must have one value for each of 2 stages"),
        ({"echelon_holding_cost": [1, 0]}, "'echelon_holding_cost' must be > 0: 0.0 (stage 2)"),
        (
            {"echelon_holding_cost": [float("nan"), 1]},
            "'echelon_holding_cost' must be >= 0 and finite: nan (stage 1)",
        ),
        ({"stockout_cost": 0}, "'stockout_cost' must be > 0"),
    ],
)
def test_refuses_what_has_no_optimum(change, message):
    fields = {"echelon_holding_cost": [1, 1], "lead_time": [1, 1], "stockout_cost": 9} | change
    with pytest.raises(InputError) as error:
        SerialSystem(**fields, demand=Demand(5, 1))
    assert message in str(error.value)


@pytest.mark.parametrize(("stockout_cost", "added"), [(0.5, 2.89), (5.0, 1.37), (50.0, 3.54)])
def test_a_stage_of_no_lead_time_keeps_no_stock_of_its_own(stockout_cost: float, added: float) -> None:
    """What is missing above it is missing in front of the customers: one newsvendor, which holds at 4."""
    system = SerialSystem([added, 4.0], [0, 1], stockout_cost, Demand(20, 6))
    stock = optimal_stock(system)
    z = ndtri(stockout_cost / (stockout_cost + 4))
    assert stock.echelon == pytest.approx([0, 20 + 6 * z], abs=1e-3)
    assert stock.cost == pytest.approx((stockout_cost + 4) * 6 * exp(-z * z / 2) / sqrt(2 * pi), rel=1e-5)
