import time

import pytest

from tests.benchmarks import peer_stockpyl
from tests.benchmarks.conftest import Claim
from xlinv.network.demand import Demand
from xlinv.network.serial import SerialSystem, optimal_stock

pytestmark = pytest.mark.benchmark


@pytest.fixture
def theirs():
    return peer_stockpyl.measured("serial")


def test_example_6_1_is_500_times_faster_than_stockpyl(theirs, benchmark, claim: Claim):
    system = SerialSystem([3, 2, 2], [1, 1, 2], 37.12, Demand(5, 1))
    stock = benchmark(optimal_stock, system)
    assert stock.cost == pytest.approx(47.66015641604325, rel=1e-4)
    started = time.perf_counter()
    for _ in range(50):
        optimal_stock(system)
    ours = (time.perf_counter() - started) / 50
    claim(
        "Serial stochastic example 6.1", f"{theirs['seconds'] / ours:,.0f} × as fast as stockpyl", "≥ 500 ×"
    )
    assert theirs["seconds"] >= 500 * ours
