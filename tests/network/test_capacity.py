import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.naive.capacity import mean_demand, stock_under_capacity
from tests.naive.service_times import Row, bounded_deviation, least_cost
from tests.network.random_networks import Rows, random_network
from tests.network.test_guaranteed import assert_consistent, serial_of_five
from xlinv.cells import InputError
from xlinv.network import InfeasibleError, Network, optimise, verify

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "network.json").read_text())
CAPACITATED = [case for case in VECTORS if "capacity" in case["id"]]


@pytest.mark.parametrize("case", CAPACITATED, ids=[case["id"] for case in CAPACITATED])
def test_capacity_as_published_by_schoenmeyr_and_graves(case: dict[str, Any]) -> None:
    plan = optimise(serial_of_five([4, 12, 20, 28, 36], [0.2] * 5, capacity_at=int(case["id"][-1])))
    assert plan.cost == pytest.approx(case["expected"]["cost"], abs=1e-6)
    assert plan.cost == pytest.approx(case["expected"]["published_cost"], abs=1)
    stock = dict(zip(plan.stages["stage"], plan.stages["safety_stock"], strict=True))
    assert stock == pytest.approx(case["expected"]["safety_stock"], abs=1e-6)
    assert plan.optimal


def test_capacity_no_greater_than_mean_demand_is_refused() -> None:
    stage = {"name": "A", "lead_time": 2, "added_cost": 1, "capacity": 9, "service_time": 0}
    demand = {"demand_mean": 10, "demand_sd": 1, "safety_factor": 2}
    with pytest.raises(InputError, match="'capacity' must be > the mean demand of 10: 9"):
        optimise(Network.from_tables([stage | demand]))


def limited(chance: random.Random, stages: Rows, arcs: Sequence[Row], least: float = 0.1) -> None:
    """Give some stages a capacity, by so many deviations of a period's demand or more above the mean."""
    some = [stage for stage in stages if chance.random() < 0.5] or stages[-1:]
    for stage in some:
        above = chance.uniform(least, 1.2) * bounded_deviation(stages, arcs, stage["name"])
        stage["capacity"] = mean_demand(stages, arcs, stage["name"]) + above


def limited_network(seed: int, count: int, extra_arcs: int, step: float) -> tuple[Rows, Rows]:
    chance = random.Random(seed)
    stages, arcs = random_network(seed, count, extra_arcs, step)
    # So that time goes by in steps of just this length.
    stages[0]["lead_time"] = step
    limited(chance, stages, arcs)
    return stages, arcs


def with_other_rules(seed: int, stages: Rows) -> None:
    """Combine capacities with reviews, frozen stages and least and greatest stock, now this, now that."""
    suppliers = [stage for stage in stages if "service_time" not in stage]
    if seed % 4 == 1:
        stages[seed % len(stages)]["review_period"] = 2.0
    if seed % 5 == 1:
        stages[seed % len(stages)]["min_stock"] = 8.0
    if seed % 5 == 2 and suppliers:
        suppliers[0]["frozen_service_time"] = float(seed % 3)
    if seed % 7 == 3:
        stages[seed % len(stages)]["max_stock"] = 12.0


def assert_least_cost(seed: int) -> None:
    step = (1.0, 0.5, 0.25)[seed % 3]
    stages, arcs = limited_network(seed, 2 + seed % 4, seed % 3, step)
    with_other_rules(seed, stages)
    expected = least_cost(stages, arcs, step, stock_under_capacity(stages, arcs, step))
    network = Network.from_tables(stages, arcs)
    if math.isinf(expected):
        with pytest.raises(InfeasibleError, match="no service time is left for stage"):
            optimise(network)
        return
    plan = optimise(network)
    assert plan.cost == pytest.approx(expected, rel=1e-7)
    assert plan.optimal
    assert_consistent(plan)


@pytest.mark.parametrize("seed", range(40))
def test_the_least_cost_under_capacity_equals_brute_force(seed: int) -> None:
    assert_least_cost(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 440))
def test_the_least_cost_under_capacity_equals_brute_force_on_many_networks(seed: int) -> None:
    assert_least_cost(seed)


def shaped(kind: str, seed: int) -> tuple[Rows, Rows]:
    """A line, an assembly tree, a distribution tree or any network, some of its stages limited."""
    chance = random.Random(seed)
    count = 3 + seed % 4
    if kind == "general":
        return limited_network(seed, count + 2, 1 + seed % 3, (1.0, 0.5)[seed % 2])
    if kind == "serial":
        pairs = [(i + 1, i) for i in range(count - 1)]
    elif kind == "assembly":
        pairs = [(i, chance.randrange(i)) for i in range(1, count)]
    else:
        pairs = [(chance.randrange(i), i) for i in range(1, count)]
    stages: Rows = [
        {"name": f"S{i}", "lead_time": float(chance.randrange(5)), "added_cost": 1.0} for i in range(count)
    ]
    for i in set(range(count)) - {source for source, _ in pairs}:
        stages[i] |= {"demand_mean": 20.0, "demand_sd": chance.uniform(2.0, 9.0)}
        stages[i] |= {"safety_factor": chance.uniform(1.0, 2.5), "service_time": float(chance.randrange(3))}
    arcs = [
        {"source": f"S{i}", "destination": f"S{j}", "quantity": chance.choice([1.0, 1.0, 2.0])}
        for i, j in pairs
    ]
    limited(chance, stages, arcs)
    return stages, arcs


KINDS = ["serial", "assembly", "distribution", "general"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", KINDS)
def test_promises_hold_where_capacities_limit_stages(kind: str, seed: int) -> None:
    plan = optimise(Network.from_tables(*shaped(kind, seed)))
    assert verify(plan, periods=100, replications=2).holds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 66))
@pytest.mark.parametrize("kind", KINDS)
def test_promises_hold_in_many_networks_where_capacities_limit_stages(kind: str, seed: int) -> None:
    stages, arcs = shaped(kind, seed)
    if seed % 3 == 1:
        # Reviewed alike, so that nobody orders in greater lumps than its suppliers count on.
        stages = [{**stage, "review_period": 2.0} for stage in stages]
    assert verify(optimise(Network.from_tables(stages, arcs)), periods=400, replications=2).holds


def test_before_a_tighter_capacity_a_looser_one_costs_nothing() -> None:
    part = {"name": "Part", "lead_time": 1, "added_cost": 1, "frozen_service_time": 0}
    shop = {"name": "Shop", "lead_time": 1, "added_cost": 1, "service_time": 0, "safety_factor": 2}
    stages = [part, shop | {"demand_mean": 40, "demand_sd": 20, "capacity": 45}]
    arcs = [{"source": "Part", "destination": "Shop"}]
    alone = optimise(Network.from_tables(stages, arcs))
    both = optimise(Network.from_tables([part | {"capacity": 46}, stages[1]], arcs))
    # The shop asks for 5 above the mean of a period at most.
    assert alone.columns["safety_stock"] == pytest.approx([5, 85])
    assert both.columns["safety_stock"] == pytest.approx([5, 85])


def test_a_postponed_peak_may_meet_that_of_another_customer() -> None:
    """While Shop catches up, with 10 above the mean, the peak of Web comes, 30: the part needs both."""
    part = {"name": "Part", "lead_time": 1, "added_cost": 1, "frozen_service_time": 0}
    customer = {"lead_time": 0, "added_cost": 1, "service_time": 0, "safety_factor": 2, "demand_mean": 40}
    shop = customer | {"name": "Shop", "demand_sd": 20, "capacity": 50}
    web = customer | {"name": "Web", "demand_sd": 15}
    arcs = [{"source": "Part", "destination": name} for name in ("Shop", "Web")]
    plan = optimise(Network.from_tables([part, shop, web], arcs))
    assert plan.columns["safety_stock"] == pytest.approx([10 + 30, 40, 0])
    assert verify(plan, periods=200, replications=2).holds


def test_a_capacity_that_is_never_reached_changes_nothing() -> None:
    """Not even at net replenishment times between two ticks, the means of variable ones."""
    stages, arcs = random_network(7, stages=6, extra_arcs=1)
    stages = [{**row, "lead_time": 0.3 + row["lead_time"], "lead_time_sd": 0.2} for row in stages]
    free, ample = (
        optimise(Network.from_tables(rows, arcs), variable_lead_times=True)
        for rows in (stages, [{**row, "capacity": 1e6} for row in stages])
    )
    assert ample.cost == pytest.approx(free.cost, rel=1e-9)
