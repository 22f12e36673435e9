from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.network.random_networks import random_network
from tests.network.test_simulation import assembly_and_distribution, network_of
from xlinv.network import Network, flow_model, optimise
from xlinv.network.verification import bound_of, planned_model, verify


@pytest.mark.parametrize("seed", range(6))
def test_bounded_demand_is_delivered_within_the_service_times(seed):
    rows, arcs = assembly_and_distribution(seed)
    rows[3]["service_time"] = float(seed % 3)
    plan = optimise(network_of(rows, arcs))
    found = verify(plan, periods=300, replications=3, demand_family="normal")
    assert found.holds
    assert (
        found.sentences()[0] == "While demand keeps its bounds, every stage delivers within its service time."
    )


@pytest.mark.parametrize("seed", range(8))
def test_promises_of_random_networks_hold_under_bounded_demand(seed):
    rows, arcs = random_network(seed, 6 + seed, extra_arcs=seed % 4, step=(1.0, 0.5)[seed % 2])
    assert verify(optimise(Network.from_tables(rows, arcs)), periods=100, replications=2).holds


def test_a_plan_with_too_little_stock_is_found_out():
    rows, arcs = assembly_and_distribution(4)
    plan = optimise(network_of(rows, arcs))
    short = plan.columns | {"base_stock": np.maximum(plan.columns["base_stock"] - 15, 0)}
    found = verify(replace(plan, columns=short), periods=300, replications=3)
    assert not found.holds
    assert "stay below their target" in found.sentences()[1]


def test_every_window_of_the_bounded_demand_keeps_its_bound():
    rows, arcs = assembly_and_distribution(5)
    network = network_of(rows, arcs)
    plan = optimise(network)
    model = planned_model(plan, "normal", certain=True)
    net = plan.columns["net_replenishment_time"]
    kept_within = bound_of(plan, model)
    demand = model.demand.draw(1, 0, 0, 400)
    kept = np.concatenate([kept_within(demand[:150]), kept_within(demand[150:])])
    assert (kept <= np.maximum(demand, 0)).all()
    assert kept.sum() > 0.9 * demand.sum()
    reaching = {"north": kept[:, 0], "south": kept[:, 1]}
    reaching["product"] = kept.sum(axis=1)
    reaching["part"] = 2 * reaching["product"]
    reaching["casing"] = reaching["product"] + 3 * kept[:, 1]
    for name, length, bound in zip(
        plan.stages["stage"], net.astype(int), plan.columns["base_stock"], strict=True
    ):
        if length:
            windows = np.convolve(reaching[name], np.ones(length), "valid")
            assert windows.max() <= bound * (1 + 1e-9)


# Schoenmeyr & Graves (2016), Table 5: capacity of 45 a period at one of five stages in a line.
@pytest.mark.parametrize("limited", [1, 3, 5])
def test_promises_hold_where_capacity_limits_a_stage(limited):
    rows = [
        {"name": str(i), "lead_time": float(time), "added_cost": 0.2}
        for i, time in enumerate((4, 12, 20, 28, 36), start=1)
    ]
    rows[0] |= {"demand_mean": 40.0, "demand_sd": 20.0, "safety_factor": 2.0, "service_time": 0.0}
    rows[limited - 1]["capacity"] = 45.0
    network = Network.from_tables(rows, [{"source": str(i + 1), "destination": str(i)} for i in range(1, 5)])
    plan = optimise(network)
    assert verify(plan, periods=1000, replications=3, demand_family="normal").holds
    unlimited = replace(
        plan,
        columns=plan.columns
        | {"base_stock": plan.columns["base_stock"] - 40.0 * (np.arange(5) == limited - 1)},
    )
    assert not verify(unlimited, periods=1000, replications=3, demand_family="normal").holds


def test_service_under_demand_as_it_comes_is_that_of_one_stage_alone():
    network = Network.from_tables(
        [{"name": "store", "lead_time": 4.0, "added_cost": 1.0, "demand_mean": 10.0, "demand_sd": 3.0,
          "service_time": 1.0, "service_level": 0.95}]
    )  # fmt: skip
    table = verify(optimise(network), periods=5000, confidence=0.999).stages
    assert abs(table["achieved"][0] - 0.95) <= table["achieved ±"][0]


def test_a_safety_factor_is_a_promise_too():
    store = {"name": "store", "lead_time": 4.0, "added_cost": 1.0, "demand_mean": 10.0, "demand_sd": 3.0,
             "service_time": 1.0, "z": 2.0}  # fmt: skip
    plan = optimise(Network.from_tables([store]), "stochastic")
    found = verify(plan, periods=300)
    assert found.stages["target"][0] == pytest.approx(0.97725, abs=1e-5)
    assert found.sentences() == ["Under demand as it comes, the 1 demand stage reaches its target."]
    short = plan.columns | {"base_stock": plan.columns["base_stock"] - 9.0}
    assert not verify(replace(plan, columns=short), periods=300).holds


@pytest.mark.slow
@pytest.mark.parametrize("chain", ["01", "02", "04", "06", "09", "13", "14", "22", "25", "31"])
def test_promises_of_real_chains_hold_under_bounded_demand(shared, chain):
    tables = [
        pd.read_csv(shared / "data" / "willems" / f"chain_{chain}_{kind}.csv") for kind in ("stages", "arcs")
    ]
    assert verify(optimise(Network.from_tables(*tables), round_up=True), periods=200, replications=2).holds


def test_a_mean_lead_time_that_fits_no_step_is_rounded_as_a_drawn_one_is():
    part = {"name": "Part", "lead_time_distribution": "1: 0.3183; 3: 0.6817", "added_cost": 9.0}
    shop = {"name": "Shop", "lead_time": 1.5, "added_cost": 1.0, "service_time": 0.0, "safety_factor": 2.0}
    shop |= {"demand_mean": 20.0, "demand_sd": 5.0}
    network = Network.from_tables([part, shop], [{"source": "Part", "destination": "Shop"}])
    plan = optimise(network, variable_lead_times=True)
    assert planned_model(plan, None, certain=True).steps_per_period == 2
    assert verify(plan, periods=200, replications=2).holds


def two_markets(part: float, hub: float, shop: float, promise: float) -> Network:
    def store(name: str, mean: float, sd: float) -> dict[str, object]:
        return {"name": name, "lead_time": shop, "added_cost": 1.0, "service_time": promise,
                "service_level": 0.95, "demand_mean": mean, "demand_sd": sd}  # fmt: skip

    return Network.from_tables(
        [{"name": "Part", "lead_time": part, "added_cost": 9.0}, {"name": "Hub", "lead_time": hub,
          "added_cost": 2.0}, store("Shop", 20.0, 5.0), store("Web", 5.0, 1.5)],
        [{"from": a, "to": b} for a, b in (("Part", "Hub"), ("Hub", "Shop"), ("Hub", "Web"))],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("times", "steps"),
    [((1 / 3, 2 / 3, 1 / 3, 0), 3), ((2, 1 / 7, 0.2, 3 / 35), 35), ((0.33333, 1 / 3, 1.5, 0), 6)],
)
def test_times_with_a_common_step_are_simulated_on_it(times, steps):
    found = verify(optimise(two_markets(*times)), periods=300, replications=3)
    assert found.holds
    assert found.steps == steps
    assert found.rounding < 1e-5


def test_times_without_a_common_step_are_rounded_and_it_is_said(monkeypatch):
    plan = optimise(two_markets(0.625, 0.33, 1.41, 0.05))
    rounded = verify(plan)
    assert rounded.holds
    assert 0 < rounded.rounding < 1 / rounded.steps
    assert f"no common step: they were rounded to 1/{rounded.steps} of a period" in rounded.sentences()[-1]
    monkeypatch.setattr(flow_model, "_MOST_STEPS_PER_PERIOD", 200)
    exact = verify(plan)
    assert (exact.steps, exact.rounding) == (200, 0.0)
    difference = exact.stages["achieved"] - rounded.stages["achieved"]
    assert (difference.abs() <= 0.005 + exact.stages["achieved ±"]).all()


@pytest.mark.parametrize("seed", range(10))
def test_rounding_breaks_no_promise(seed):
    """What is due in the same step before rounding is so after it, along every path."""
    rows, arcs = random_network(seed, 6 + seed, extra_arcs=seed % 4)
    rng = np.random.default_rng(seed)
    for row in rows:
        row["lead_time"] = row["lead_time"] * float(rng.uniform(0.7, 1.3))
    plan = optimise(Network.from_tables(rows, arcs))
    found = verify(plan, periods=50, replications=2)
    assert found.rounding > 0
    assert found.holds
