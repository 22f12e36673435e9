import time

import numpy as np
import pytest

from tests.benchmarks import peer_stockpyl
from tests.benchmarks.conftest import Claim
from xlinv.network import Network, simulate
from xlinv.network.requirements import requirements

pytestmark = pytest.mark.benchmark

CUSTOMER = {"demand_mean": 10.0, "demand_sd": 2.0, "service_time": 0.0, "service_level": 0.95}


@pytest.fixture
def theirs():
    return peer_stockpyl.measured("simulation")["stage_periods_per_second"]


def test_a_thousand_times_the_stage_periods_of_stockpyl(theirs, benchmark, claim: Claim):
    network = Network.from_tables(
        [
            {"name": "3", "lead_time": 2.0, "added_cost": 2.0},
            {"name": "2", "lead_time": 1.0, "added_cost": 2.0},
            {"name": "1", "lead_time": 1.0, "added_cost": 3.0}
            | CUSTOMER
            | {"demand_mean": 5.0, "demand_sd": 1.0},
        ],
        [{"source": "3", "destination": "2"}, {"source": "2", "destination": "1"}],
    )
    levels = [10.69, 5.53, 6.49]
    simulate(network, levels, periods=20_000, replications=2)
    started = time.perf_counter()
    benchmark.pedantic(
        simulate, (network, levels), {"periods": 100_000, "replications": 20}, rounds=1, iterations=1
    )
    ours = 3 * 100_000 * 20 / (time.perf_counter() - started)
    claim("Simulation, stage-periods per second", f"{ours / theirs:,.0f} × stockpyl's", "≥ 1,000 ×")
    assert ours >= 1000 * theirs


def test_a_thousand_stages_over_ten_thousand_periods_twenty_times(benchmark, claim: Claim):
    network = layered_network(stages=1000, demand_stages=300, arcs=1500)
    need, time_ = requirements(network), network.arrays.lead_time
    levels = need.mean * time_ + need.safety * np.sqrt(time_)
    started = time.perf_counter()
    found = benchmark.pedantic(
        simulate, (network, levels), {"periods": 10_000, "replications": 20}, rounds=1, iterations=1
    )
    seconds = time.perf_counter() - started
    claim(
        "Simulation of 10,000 periods × 1,000 stages × 20 replications", f"{seconds:.0f} s", "while one waits"
    )
    assert found.measures["fill_rate"].shape == (20, 1000)
    assert seconds < 45


def layered_network(stages, demand_stages, arcs):
    """An acyclic network of random arcs in which every stage leads to one of the last, which have demand."""
    random = np.random.default_rng(1)
    rows = [
        {"name": f"s{i}", "lead_time": float(random.integers(1, 20)), "added_cost": 1.0}
        | (CUSTOMER if i >= stages - demand_stages else {})
        for i in range(stages)
    ]
    suppliers = stages - demand_stages
    pairs = {(i, int(random.integers(i + 1, stages))) for i in range(suppliers)}
    while len(pairs) < arcs:
        i = int(random.integers(suppliers))
        pairs.add((i, int(random.integers(i + 1, min(stages, i + 200)))))
    return Network.from_tables(rows, [{"source": f"s{i}", "destination": f"s{j}"} for i, j in sorted(pairs)])
