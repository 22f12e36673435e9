"""stockpyl (Snyder, 2023) on the instances of the comparisons, run by an interpreter that has it.

It needs numpy < 2, so it lives in an environment of its own; this file runs there as a script and prints
JSON. XLINV_STOCKPYL_PYTHON names that environment's python.
"""

import json
import os
import subprocess
import sys
import time


def measured(what: str, *arguments: str) -> dict[str, float]:
    """What stockpyl takes for `what`; the test is skipped where there is no stockpyl."""
    import pytest

    python = os.environ.get("XLINV_STOCKPYL_PYTHON")
    if not python:
        pytest.skip("set XLINV_STOCKPYL_PYTHON to the python of an environment with stockpyl and numpy < 2")
    ran = subprocess.run(
        [python, __file__, what, *arguments], capture_output=True, text=True, timeout=600, check=True
    )
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def serial() -> dict[str, float]:
    from stockpyl.ssm_serial import optimize_base_stock_levels

    started = time.perf_counter()
    _, cost = optimize_base_stock_levels(
        num_nodes=3,
        echelon_holding_cost=[2, 2, 3],
        lead_time=[2, 1, 1],
        stockout_cost=37.12,
        demand_mean=5,
        demand_standard_deviation=1,
    )
    return {"seconds": time.perf_counter() - started, "cost": cost}


def simulation() -> dict[str, float]:
    from stockpyl.sim import simulation as simulate
    from stockpyl.supply_chain_network import serial_system

    network = serial_system(
        num_nodes=3,
        node_order_in_system=[3, 2, 1],
        node_order_in_lists=[3, 2, 1],
        local_holding_cost=[2, 4, 7],
        shipment_lead_time=[2, 1, 1],
        stockout_cost=[0, 0, 37.12],
        demand_type="N",
        mean=5,
        standard_deviation=1,
        policy_type="BS",
        base_stock_level=[10.69, 5.53, 6.49],
    )
    periods = 2000
    started = time.perf_counter()
    simulate(network, periods, rand_seed=1, progress_bar=False)
    return {"stage_periods_per_second": 3 * periods / (time.perf_counter() - started)}


def tree(path: str) -> dict[str, float]:
    from stockpyl.demand_source import DemandSource
    from stockpyl.gsm_tree import optimize_committed_service_times, preprocess_tree
    from stockpyl.supply_chain_network import SupplyChainNetwork
    from stockpyl.supply_chain_node import SupplyChainNode

    with open(path) as file:
        given = json.load(file)
    number = {node["id"]: i for i, node in enumerate(given["nodes"])}
    suppliers: dict[int, list[int]] = {i: [] for i in number.values()}
    for source, destination in given["arcs"]:
        suppliers[number[destination]].append(number[source])

    def holding_cost(i: int) -> float:
        return float(given["nodes"][i]["added_cost"]) + sum(map(holding_cost, suppliers[i]))

    network = SupplyChainNetwork()
    for i, stage in enumerate(given["nodes"]):
        node = SupplyChainNode(i, name=stage["id"], network=network)
        node.processing_time, node.external_inbound_cst = stage["lead_time"], 0
        node.local_holding_cost, node.demand_bound_constant = holding_cost(i), given["z"]
        if stage["demand_std"] is not None:
            node.demand_source = DemandSource(type="N", mean=0, standard_deviation=stage["demand_std"])
            node.external_outbound_cst = stage["max_service_time"]
        network.add_node(node)
    for source, destination in given["arcs"]:
        network.add_edge(number[source], number[destination])
    started = time.perf_counter()
    _, cost = optimize_committed_service_times(preprocess_tree(network))
    return {"seconds": time.perf_counter() - started, "cost": cost}


def ss_policy() -> dict[str, float]:
    from stockpyl.ss import s_s_discrete_exact

    started = time.perf_counter()
    s, up_to, cost = s_s_discrete_exact(
        holding_cost=1, stockout_cost=9, fixed_cost=64, use_poisson=True, demand_mean=75
    )
    return {"seconds": time.perf_counter() - started, "s": float(s), "S": float(up_to), "cost": float(cost)}


def wagner_whitin(path: str) -> dict[str, float]:
    from stockpyl.wagner_whitin import wagner_whitin as solve

    with open(path) as file:
        given = json.load(file)
    started = time.perf_counter()
    _, cost, *_ = solve(len(given["demand"]), given["holding_cost"], given["order_cost"], given["demand"])
    return {"seconds": time.perf_counter() - started, "cost": float(cost)}


if __name__ == "__main__":
    runs = {
        "serial": serial,
        "simulation": simulation,
        "ss_policy": ss_policy,
        "tree": tree,
        "wagner_whitin": wagner_whitin,
    }
    print(json.dumps(runs[sys.argv[1]](*sys.argv[2:])))
