import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.naive.service_times import least_cost
from tests.network.random_networks import random_network, skip_layer_network
from xlinv.cells import InputError
from xlinv.network import Network, NetworkError, Plan, elimination, guaranteed, optimise, verify
from xlinv.network.candidates import candidate_times
from xlinv.network.guaranteed import GuaranteedOptions, prepared
from xlinv.network.message_passing import MessagePassing
from xlinv.network.service_times import pairwise

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "network.json").read_text())
LISTED = [case for case in VECTORS if "nodes" in case["inputs"]]
TABLE_4 = [case for case in VECTORS if "lead_times_stage1to5" in case["inputs"]]
TREES = [case for case in VECTORS if case["inputs"].get("file", "").startswith("data/trees")]
CHAINS = [case for case in VECTORS if "file_stages" in case["inputs"]]


def names(cases: list[dict[str, Any]]) -> list[str]:
    return [case["id"] for case in cases]


def chain(shared: Path, number: str) -> Network:
    folder = shared / "data" / "willems"
    return Network.from_tables(
        pd.read_csv(folder / f"chain_{number}_stages.csv"), pd.read_csv(folder / f"chain_{number}_arcs.csv")
    )


def listed(inputs: dict[str, Any]) -> Network:
    limits = dict(inputs.get("service_time_constraints", []))
    stages = [
        {**node, "id": str(node["id"]), "max_service_time": limits.get(node["id"], node["max_service_time"])}
        for node in inputs["nodes"]
    ]
    arcs = [{"from": arc[0], "to": arc[1], "quantity": float((*arc, 1.0)[2])} for arc in inputs["arcs"]]
    return Network.from_tables(stages, arcs)


def assert_consistent(plan: Plan) -> None:
    """Whatever the answer, it keeps every rule of guaranteed service and costs what it says."""
    table, data = plan.stages, plan.network.arrays
    inbound, outbound = table["inbound_service_time"].to_numpy(), table["outbound_service_time"].to_numpy()
    assert np.all(outbound[data.arc_source] <= inbound[data.arc_destination] + 1e-9)
    promised = ~np.isnan(data.service_time)
    assert np.all(outbound[promised] <= data.service_time[promised] + 1e-9)
    assert table["cost"].sum() == pytest.approx(plan.cost, rel=1e-12)
    assert plan.lower_bound <= plan.cost * (1 + 1e-12)
    assert 0.0 <= plan.gap <= 1.0


@pytest.mark.parametrize("case", LISTED, ids=names(LISTED))
def test_published_networks(case: dict[str, Any]) -> None:
    plan = optimise(listed(case["inputs"]))
    expected = case["expected"].get("cost", case["expected"].get("sum_h_z_sigma_sqrt"))
    assert plan.cost == pytest.approx(expected, rel=1e-9)
    assert plan.optimal
    assert_consistent(plan)


def test_the_holding_rate_scales_the_cost_to_what_was_published() -> None:
    case = next(case for case in VECTORS if case["id"] == "gsm_tree_bulldozer")
    plan = optimise(listed(case["inputs"]), holding_rate=case["inputs"]["holding_rate"])
    assert plan.cost == pytest.approx(case["expected"]["annual_cost"], rel=1e-9)
    assert plan.cost == pytest.approx(case["expected"]["published_annual_cost"], rel=1e-3)


@pytest.mark.parametrize("case", TABLE_4, ids=names(TABLE_4))
def test_serial_systems_of_schoenmeyr_and_graves(case: dict[str, Any]) -> None:
    plan = optimise(
        serial_of_five(case["inputs"]["lead_times_stage1to5"], case["inputs"]["added_cost_stage1to5"])
    )
    assert plan.cost == pytest.approx(case["expected"]["cost"], rel=1e-6)
    assert plan.cost == pytest.approx(case["expected"]["published_cost"], abs=1)


def serial_of_five(lead_times: list[float], added_costs: list[float], capacity_at: int = 0) -> Network:
    stages = [
        {
            "name": number,
            "lead_time": time,
            "added_cost": cost,
            "capacity": 45 if number == capacity_at else None,
        }
        for number, (time, cost) in enumerate(zip(lead_times, added_costs, strict=True), start=1)
    ]
    stages[0] |= {"demand_mean": 40, "demand_sd": 20, "safety_factor": 2, "service_time": 0}
    return Network.from_tables(stages, [{"from": number + 1, "to": number} for number in range(1, 5)])


@pytest.mark.parametrize("case", TREES, ids=names(TREES))
def test_random_trees_with_known_optimum(case: dict[str, Any], shared: Path) -> None:
    given = json.loads((shared / case["inputs"]["file"]).read_text())
    stages = [
        {**node, "z": given["z"] if node["demand_std"] is not None else None} for node in given["nodes"]
    ]
    plan = optimise(Network.from_tables(stages, [{"from": a, "to": b} for a, b in given["arcs"]]))
    assert plan.cost == pytest.approx(case["expected"]["cost"], rel=1e-9)
    assert plan.optimal
    assert_consistent(plan)


@pytest.mark.parametrize("case", CHAINS, ids=names(CHAINS))
def test_real_supply_chains_are_proved_optimal(case: dict[str, Any], shared: Path) -> None:
    plan = optimise(chain(shared, case["id"][-2:]), round_up=True)
    assert plan.cost == pytest.approx(case["expected"]["cost"], rel=1e-9)
    assert plan.optimal
    assert plan.baseline_cost >= plan.cost * (1 - 1e-12)
    assert_consistent(plan)


@pytest.mark.parametrize("number", ["09", "14", "31"])
def test_fractional_lead_times_are_solved_exactly(number: str, shared: Path) -> None:
    network = chain(shared, number)
    exact, rounded = optimise(network), optimise(network, round_up=True)
    assert exact.gap <= 1e-3
    assert exact.cost < rounded.cost
    assert_consistent(exact)


@pytest.mark.parametrize("seed", range(60))
def test_small_networks_equal_brute_force(seed: int) -> None:
    stages, arcs = random_network(seed, stages=2 + seed % 4, extra_arcs=seed % 3)
    plan = optimise(Network.from_tables(stages, arcs))
    assert plan.cost == pytest.approx(least_cost(stages, arcs), rel=1e-9)
    assert plan.optimal
    assert_consistent(plan)


@pytest.mark.parametrize("seed", range(12))
def test_tables_agree_with_brute_force_on_networks_full_of_loops(seed: int) -> None:
    stages, arcs = random_network(seed, stages=5 + seed % 2, extra_arcs=6)
    case = prepared(Network.from_tables(stages, arcs), GuaranteedOptions())
    problem, layout = pairwise(case.times, case.costs, case.bounds, None)
    found = elimination.optimal_choice(problem)
    assert found is not None
    assert found[1] + layout.constant == pytest.approx(least_cost(stages, arcs), rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 500))
def test_many_small_networks_equal_brute_force(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 2:
        monkeypatch.setattr(elimination, "_MOST_ENTRIES", 0)
    step = (1.0, 0.5, 0.25)[seed % 3]
    stages, arcs = random_network(seed, stages=3 + seed % 4, extra_arcs=seed % 5, step=step)
    plan = optimise(Network.from_tables(stages, arcs))
    assert plan.cost == pytest.approx(least_cost(stages, arcs, step), rel=1e-9)
    assert plan.optimal
    assert_consistent(plan)


@pytest.mark.parametrize("seed", range(20))
def test_message_passing_agrees_with_the_tree_solver(seed: int) -> None:
    stages, arcs = random_network(seed, stages=20)
    network = Network.from_tables(stages, arcs)
    plan = optimise(network)
    case = prepared(network, GuaranteedOptions())
    problem, layout = pairwise(case.times, case.costs, case.bounds, None)
    passing = MessagePassing(problem)
    bound = max(passing.sweep() for _ in range(100)) + layout.constant
    assert bound == pytest.approx(plan.cost, rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_local_search_and_branching_agree_with_brute_force_on_networks_full_of_loops(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elimination, "_MOST_ENTRIES", 0)
    stages, arcs = random_network(seed, stages=6, extra_arcs=7)
    plan = optimise(Network.from_tables(stages, arcs))
    assert plan.optimal
    assert plan.cost == pytest.approx(least_cost(stages, arcs), rel=1e-9)


def test_a_small_network_is_optimised_before_anything_is_compiled() -> None:
    stages, arcs = random_network(3, stages=12, extra_arcs=6)
    code = (
        "import sys; from xlinv.network import Network, optimise\n"
        f"print(optimise(Network.from_tables({stages!r}, {arcs!r})).optimal, 'numba' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "False"]


def test_a_search_out_of_time_says_what_is_left_open() -> None:
    stages, arcs = random_network(1, stages=40, extra_arcs=60)
    told: list[tuple[float, float]] = []
    stopped = optimise(
        Network.from_tables(stages, arcs), progress=lambda _, cost, bound: bool(told.append((cost, bound)))
    )
    assert len(told) == 1
    assert_consistent(stopped)
    finished = optimise(Network.from_tables(stages, arcs))
    assert stopped.lower_bound <= finished.lower_bound * (1 + 1e-9)
    assert finished.cost <= stopped.cost * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_lead_times_of_any_fineness_are_bracketed(seed: int) -> None:
    """Times of many decimals: the plan keeps its promises, and lies between the times rounded either way."""
    stages, arcs = random_network(seed, stages=8, extra_arcs=seed)
    chance = np.random.default_rng(seed)
    fine = [{**row, "lead_time": row["lead_time"] + float(chance.uniform(0.1, 0.9))} for row in stages]
    longer = [{**row, "lead_time": row["lead_time"] + 1} for row in stages]
    shortest, plan, longest = (optimise(Network.from_tables(rows, arcs)) for rows in (stages, fine, longer))
    assert_consistent(plan)
    assert shortest.lower_bound <= plan.cost * (1 + 1e-9)
    assert plan.lower_bound <= longest.cost * (1 + 1e-9)
    assert plan.gap <= 5e-3


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ({"service_level": 0.3}, "'service_level' must be >= 0.5 for guaranteed service: 0.3 (A)"),
        ({"z": -1}, "'safety_factor' must be >= 0 for guaranteed service: -1.0 (A)"),
        (
            {"service_level": 0.9, "service_type": "fill", "demand_mean": 9, "review_period": 7},
            "'service_level' must ask for a safety factor >= 0 for guaranteed service; of this fill rate it "
            "is -2.22: 0.9 (A)",
        ),
    ],
)
def test_a_demand_bound_below_the_mean_is_refused(service: dict[str, Any], told: str) -> None:
    stage = {"name": "A", "lead_time": 1, "added_cost": 1, "demand_sd": 1, "service_time": 0}
    with pytest.raises(NetworkError) as raised:
        optimise(Network.from_tables([stage | service]))
    assert str(raised.value) == told


def test_nothing_is_told_as_minus_zero() -> None:
    stages = [
        {"name": "Parts", "lead_time": 0, "added_cost": 1},
        {"name": "Shop", "lead_time": 2, "added_cost": 1, "demand_sd": 3, "z": 2, "service_time": 2},
    ]
    plan = optimise(Network.from_tables(stages, [{"from": "Parts", "to": "Shop"}]), round_up=True)
    assert not any(np.signbit(column).any() for column in plan.columns.values())
    assert "takes 0 itself" in plan.explain("Parts")


def test_a_plan_explains_itself_in_sentences(shared: Path) -> None:
    plan = optimise(chain(shared, "02"), round_up=True)
    told = {name: plan.explain(name) for name in plan.network.index}
    assert all("protects" in text and "It waits" in text for text in told.values())
    table = plan.stages.set_index("stage")
    empty, held = table.index[table["safety_stock"] == 0], table.index[table["safety_stock"] > 0]
    assert all("holds no safety stock" in told[name] for name in empty)
    assert all("its stock must cover" in told[name] for name in held)
    with pytest.raises(InputError, match="'stage' must be a stage of the network: 'Nowhere'"):
        plan.explain("Nowhere")


SUPPLIED = {"name": "Parts", "lead_time": 4, "added_cost": 1}
SELLING = {"name": "Shop", "lead_time": 2, "added_cost": 9, "demand_mean": 1000, "demand_sd": 300} | {
    "service_level": 0.95,
    "service_time": 0,
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lead_time_sd": 1}, "against a lead time that varies it holds a safety stock of 1,"),
        ({"min_stock": 77}, "by its least stock it holds a safety stock of 77 units"),
        ({}, "so no demand is left to cover and it holds no safety stock."),
    ],
)
def test_stock_that_covers_no_demand_is_explained(change: dict[str, float], told: str) -> None:
    stages = [SUPPLIED | {"frozen": 4} | change, SELLING]
    plan = optimise(
        Network.from_tables(stages, [{"from": "Parts", "to": "Shop"}]),
        variable_lead_times="lead_time_sd" in change,
    )
    assert plan.columns["net_replenishment_time"][0] == 0
    assert told in plan.explain("Parts")


def test_limits_reviews_and_early_arrivals_are_explained() -> None:
    stages = [
        SUPPLIED | {"min_stock": 99_999, "review_period": 3, "lead_time_sd": 1, "frozen": 0},
        SELLING | {"max_stock": 5_000_000},
    ]
    network = Network.from_tables(stages, [{"from": "Parts", "to": "Shop"}])
    told = optimise(network, variable_lead_times=True).explain("Parts")
    assert "takes 7 itself, up to 3 of that until its next review, and promises 0" in told
    assert "a safety stock of 99,999 units worth 99,999. Its least stock asks for that much." in told
    early = optimise(network.model_copy(update={"stages": (
        network.stages[0].model_copy(update={"frozen_service_time": 8.0}), network.stages[1],
    )}), variable_lead_times=True)  # fmt: skip
    assert "arrive early add" in early.explain("Parts")


def test_explaining_one_of_many_stages_takes_little_memory() -> None:
    count = 3000
    stages = [SUPPLIED | {"name": f"P{i}"} for i in range(count)]
    stages += [SELLING | {"name": f"S{i}"} for i in range(count)]
    arcs = [{"from": f"P{i}", "to": f"S{i}", "quantity": 2} for i in range(count)]
    plan = optimise(Network.from_tables(stages, arcs))
    tracemalloc.start()
    assert plan.explain("P7").startswith("P7 protects the demand at S7. ")
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_methods_and_options_that_do_not_exist_are_refused() -> None:
    stages, arcs = random_network(1, stages=3)
    network = Network.from_tables(stages, arcs)
    with pytest.raises(InputError, match="'method' must be one of guaranteed"):
        optimise(network, "magic")
    with pytest.raises(InputError, match=r"must be one of round_up.*for method guaranteed: 'speed'"):
        optimise(network, speed=9)


@pytest.mark.parametrize("seed", range(6))
def test_candidate_times_of_fractional_lead_times_cost_what_all_ticks_do(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, arcs = random_network(seed, 60, extra_arcs=seed % 3)
    for row in rows:
        row["lead_time"] = round(row["lead_time"] * (0.7 + 0.01 * seed), 2) + 0.01
    network = Network.from_tables(rows, arcs)
    found = optimise(network)
    monkeypatch.setattr(guaranteed, "_worth_finding", lambda *_: 0)
    assert found.optimal
    assert found.cost == pytest.approx(optimise(network).cost, rel=1e-12)


def test_a_real_chain_with_three_decimals_is_proved_optimal(shared: Path) -> None:
    network = chain(shared, "22")
    rng = np.random.default_rng(1)
    stages = [
        stage.model_copy(update={"lead_time": round(stage.lead_time * rng.uniform(0.5, 1.5), 3)})
        for stage in network.stages
    ]
    assert optimise(network.model_copy(update={"stages": tuple(stages)}), time_limit=30).optimal


def test_few_enough_candidate_times_are_found_or_none() -> None:
    rows, arcs = random_network(1, 12)
    case = prepared(Network.from_tables(rows, arcs), GuaranteedOptions())
    found = candidate_times(case.times, case.bounds, 1000)
    assert found is not None
    total = sum(len(values) for side in found for values in side)
    assert candidate_times(case.times, case.bounds, total) is not None
    assert candidate_times(case.times, case.bounds, total - 1) is None


def test_a_plan_is_never_dearer_than_single_stage_planning_however_little_time_there_is() -> None:
    rows, arcs = skip_layer_network(1, 300, 900, 10)
    plan = optimise(Network.from_tables(rows, arcs), time_limit=0)
    assert plan.lower_bound < plan.cost <= plan.baseline_cost
    assert_consistent(plan)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"round_up": "yes"}, "'round_up' must be True or False: 'yes'"),
        ({"variable_lead_times": "no"}, "'variable_lead_times' must be True or False: 'no'"),
        ({"progress": 3}, "'progress' must be a function of seconds, cost and lower bound: 3"),
    ],
)
def test_an_option_of_another_kind_is_refused(option: dict[str, Any], told: str) -> None:
    rows, arcs = random_network(1, 4)
    with pytest.raises(InputError) as raised:
        optimise(Network.from_tables(rows, arcs), **option)
    assert str(raised.value) == told


def test_what_is_no_network_and_no_plan_is_refused() -> None:
    rows, arcs = random_network(1, 4)
    with pytest.raises(InputError, match="'network' must be a Network"):
        optimise(rows)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="'plan' must be a Plan, such as optimise gives"):
        verify(Network.from_tables(rows, arcs))  # type: ignore[arg-type]
