import random
from pathlib import Path

import pytest

from tests.naive.capacity import mean_demand, stock_under_capacity
from tests.naive.service_times import bounded_deviation, least_cost
from tests.network.random_networks import Rows, random_network, skip_layer_network
from tests.network.test_guaranteed import assert_consistent, chain
from xlinv.network import InfeasibleError, Network, Plan, cash, optimise


def cash_in(plan: Plan) -> float:
    return float(
        (plan.columns["unit_value"] * (plan.columns["safety_stock"] + plan.columns["cycle_stock"])).sum()
    )


def test_a_cash_cap_below_the_least_cash_is_infeasible_and_says_why(shared: Path) -> None:
    network = chain(shared, "02")
    free = optimise(network)
    with pytest.raises(InfeasibleError, match=r"cash_cap .* is too little") as raised:
        optimise(network, cash_cap=0.9 * free.stages["value"].sum())
    assert "cash_cap" in raised.value.binding
    assert optimise(network, cash_cap=1.01 * free.stages["value"].sum()).cost == pytest.approx(free.cost)


def test_a_cash_cap_trades_cost_for_cash_where_they_differ() -> None:
    stages, arcs = random_network(8, stages=8, extra_arcs=2)
    stages = [{**row, "holding_cost": 10.0 / row["added_cost"]} for row in stages]
    network = Network.from_tables(stages, arcs)
    free, cash = optimise(network), lambda plan: plan.stages["value"].sum()
    thrifty = optimise(
        Network.from_tables([{k: v for k, v in r.items() if k != "holding_cost"} for r in stages], arcs)
    )
    cap = 0.5 * (cash(free) + cash(thrifty))
    capped = optimise(network, cash_cap=cap)
    assert cash(capped) <= cap * (1 + 1e-9)
    assert free.cost <= capped.cost
    assert free.lower_bound <= capped.lower_bound <= capped.cost


def at_odds(seed: int, count: int) -> tuple[Rows, Rows]:
    """A network where it costs little to hold what ties up much cash, and the other way round."""
    chance = random.Random(seed)
    stages, arcs = random_network(seed, count, extra_arcs=seed % 3)
    for row in stages:
        row["holding_cost"] = round(chance.uniform(0.1, 20.0), 2)
    if seed % 4 == 1:
        stages[0]["batch_size"] = 10.0
    if seed % 5 == 1:
        stages[seed % count]["min_stock"] = 5.0
    if seed % 5 == 2:
        above = 0.5 * bounded_deviation(stages, arcs, stages[-1]["name"])
        stages[-1]["capacity"] = mean_demand(stages, arcs, stages[-1]["name"]) + above
    if seed % 7 == 1:
        suppliers = [row for row in stages if "service_time" not in row]
        suppliers[0]["frozen_service_time"] = 1.0
    return stages, arcs


def capped(seed: int, stages: Rows, arcs: Rows) -> tuple[float, Plan]:
    """A cap between the least cash and that of the cheapest plan, and the plan within it."""
    network = Network.from_tables(stages, arcs)
    by_value = [{name: value for name, value in row.items() if name != "holding_cost"} for row in stages]
    least, most = (cash_in(optimise(each)) for each in (Network.from_tables(by_value, arcs), network))
    cap = least + (0.1, 0.35, 0.6, 0.9)[seed % 4] * (most - least)
    return cap, optimise(network, cash_cap=cap)


def assert_least_cost_within_cap(seed: int) -> None:
    stages, arcs = at_odds(seed, 3 + seed % 4)
    cap, plan = capped(seed, stages, arcs)
    # Only so does time go by in whole periods, as it does for the twin.
    stock = stock_under_capacity(stages, arcs, 1.0) if any("capacity" in row for row in stages) else None
    assert plan.cost == pytest.approx(least_cost(stages, arcs, 1.0, stock, cap), rel=1e-9)
    assert cash_in(plan) <= cap * (1 + 1e-9)
    assert plan.optimal
    assert_consistent(plan)


@pytest.mark.parametrize("seed", range(40))
def test_the_least_cost_within_a_cash_cap_equals_brute_force(seed: int) -> None:
    assert_least_cost_within_cap(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 340))
def test_the_least_cost_within_a_cash_cap_equals_brute_force_on_many_networks(seed: int) -> None:
    assert_least_cost_within_cap(seed)


@pytest.mark.parametrize("seed", range(20))
def test_the_plan_of_a_small_network_within_a_cash_cap_is_proved_optimal(seed: int) -> None:
    cap, plan = capped(seed, *at_odds(seed, 8))
    assert cash_in(plan) <= cap * (1 + 1e-9)
    assert plan.optimal


def test_a_search_out_of_time_tells_what_a_cash_cap_leaves_open() -> None:
    stages, arcs = at_odds(3, 40)
    network = Network.from_tables(stages, arcs)
    cap, finished = capped(3, stages, arcs)
    stopped = optimise(network, cash_cap=cap, time_limit=0)
    assert cash_in(stopped) <= cap * (1 + 1e-9)
    assert stopped.lower_bound <= finished.lower_bound * (1 + 1e-9)
    assert finished.cost <= stopped.cost * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_a_bound_under_a_cash_cap_is_true_where_no_rate_is_given_time(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages, arcs = random_network(seed, 7, extra_arcs=8)
    chance = random.Random(seed)
    stages = [{**row, "holding_cost": round(chance.uniform(0.1, 20.0), 2)} for row in stages]
    cap, finished = capped(seed, stages, arcs)
    monkeypatch.setattr(cash, "_PART", 0.0)
    hurried = optimise(Network.from_tables(stages, arcs), cash_cap=cap, time_limit=0.1)
    assert cash_in(hurried) <= cap * (1 + 1e-9)
    assert hurried.lower_bound <= finished.cost * (1 + 1e-9)
    assert finished.cost <= hurried.cost * (1 + 1e-9)


def test_a_cash_cap_that_no_plan_was_found_for_in_time_is_not_called_impossible() -> None:
    rows, arcs = skip_layer_network(1, 60, 110)
    network = Network.from_tables(rows, arcs)
    cap = 0.9 * cash_in(optimise(network, time_limit=0))
    with pytest.raises(InfeasibleError, match="too little for any plan found within the time limit"):
        optimise(network, cash_cap=cap, time_limit=0)
