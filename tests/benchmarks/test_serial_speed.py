import time

import pytest

from tests.benchmarks import peer_stockpyl
from xlinv.network.demand import Demand
from xlinv.network.serial import SerialSystem, optimal_stock

pytestmark = pytest.mark.benchmark


@pytest.fixture
def theirs():
    return peer_stockpyl.measured("serial")


def test_example_6_1_is_500_times_faster_than_stockpyl(theirs, benchmark):
    system = SerialSystem([3, 2, 2], [1, 1, 2], 37.12, Demand(5, 1))
    stock = benchmark(optimal_stock, system)
    assert stock.cost == pytest.approx(47.66015641604325, rel=1e-4)
    started = time.perf_counter()
    for _ in range(50):
        optimal_stock(system)
    ours = (time.perf_counter() - started) / 50
    benchmark.extra_info["times faster than stockpyl"] = round(theirs["seconds"] / ours)
    assert theirs["seconds"] >= 500 * ours
