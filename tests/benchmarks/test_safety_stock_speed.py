"""A million rows of safety stock against the obvious numpy and scipy; ratios from one run."""

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from tests.benchmarks.conftest import Claim
from xlinv.functions import CATALOGUE

pytestmark = pytest.mark.benchmark
ROWS = 1_000_000
RANDOM = np.random.default_rng(7)
SERVICE = RANDOM.uniform(0.5, 0.999, ROWS)
MEAN = RANDOM.uniform(10, 100, ROWS)
SD = RANDOM.uniform(1, 50, ROWS)
LEAD_TIME = RANDOM.uniform(1, 10, ROWS)
QUANTITY = RANDOM.uniform(50, 500, ROWS)


def seconds(work: Callable[[], Any], repeats: int = 3) -> float:
    """Least time of a few runs; the first, which may compile, does not count."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def test_cycle_service_takes_at_most_twice_one_scipy_expression(benchmark: Any, claim: Claim) -> None:
    safety_stock = CATALOGUE["SAFETYSTOCK"]
    theirs = seconds(lambda: special.ndtri(SERVICE) * SD * np.sqrt(LEAD_TIME))
    ours = seconds(lambda: safety_stock(SERVICE, SD, LEAD_TIME))
    claim(
        "Safety stock, cycle service, 1,000,000 rows", f"{ours / theirs:.2f} × one scipy expression", "≤ 2 ×"
    )
    benchmark.pedantic(lambda: safety_stock(SERVICE, SD, LEAD_TIME))
    assert ours <= 2 * theirs


def bisection() -> np.ndarray:
    spread = SD * np.sqrt(LEAD_TIME)
    target = (1 - SERVICE) * QUANTITY / spread
    low, high = np.full(ROWS, -1000.0), np.full(ROWS, 40.0)
    for _ in range(60):
        k = 0.5 * (low + high)
        short = np.exp(-0.5 * k * k) / np.sqrt(2 * np.pi) - k * special.ndtr(-k) > target
        low, high = np.where(short, k, low), np.where(short, high, k)
    return k * spread


def test_fill_rate_is_ten_times_faster_than_bisection(benchmark: Any, claim: Claim) -> None:
    def fill() -> Any:
        return CATALOGUE["SAFETYSTOCK"](SERVICE, SD, LEAD_TIME, service_type="fill", order_quantity=QUANTITY)

    ours, theirs = seconds(fill), seconds(bisection, 1)
    claim(
        "Safety stock, fill rate, 1,000,000 rows",
        f"{theirs / ours:.1f} × as fast as numpy bisection",
        "≥ 10 ×",
    )
    np.testing.assert_allclose(benchmark.pedantic(fill), bisection(), rtol=1e-9, atol=1e-8)
    assert theirs >= 10 * ours


def test_gamma_reorder_point_is_twice_as_fast_as_scipy(benchmark: Any, claim: Claim) -> None:
    centre, variance = MEAN * LEAD_TIME, SD**2 * LEAD_TIME

    def gamma() -> Any:
        return CATALOGUE["REORDERPOINT"](SERVICE, MEAN, SD, LEAD_TIME, distribution="gamma")

    def scipy_gamma() -> Any:
        return stats.gamma.ppf(SERVICE, centre**2 / variance, scale=variance / centre)

    ours, theirs = seconds(gamma), seconds(scipy_gamma, 1)
    claim("Reorder point, gamma, 1,000,000 rows", f"{theirs / ours:.1f} × as fast as scipy's ppf", "≥ 2 ×")
    np.testing.assert_allclose(benchmark.pedantic(gamma), scipy_gamma(), rtol=1e-11)
    assert theirs >= 2 * ours


def test_negative_binomial_reorder_point_is_five_times_faster_than_scipy(
    benchmark: Any, claim: Claim
) -> None:
    rows = 200_000
    service, mean, lead_time = SERVICE[:rows], MEAN[:rows] / 4, LEAD_TIME[:rows]
    sd = np.sqrt(mean * RANDOM.uniform(1.2, 6, rows))
    centre, variance = mean * lead_time, (sd * np.sqrt(lead_time)) ** 2

    def negbin() -> Any:
        return CATALOGUE["REORDERPOINT"](service, mean, sd, lead_time, distribution="negbin")

    def scipy_negbin() -> Any:
        return stats.nbinom.ppf(service, centre**2 / (variance - centre), centre / variance)

    ours, theirs = seconds(negbin), seconds(scipy_negbin, 1)
    claim(
        "Reorder point, negative binomial, 200,000 rows",
        f"{theirs / ours:.1f} × as fast as scipy's ppf",
        "≥ 5 ×",
    )
    np.testing.assert_array_equal(benchmark.pedantic(negbin), scipy_negbin())
    assert theirs >= 5 * ours


def test_memory_stays_below_three_times_the_input(benchmark: Any, claim: Claim) -> None:
    safety_stock = CATALOGUE["SAFETYSTOCK"]
    safety_stock(SERVICE, SD, LEAD_TIME)
    tracemalloc.start()
    benchmark.pedantic(lambda: safety_stock(SERVICE, SD, LEAD_TIME))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = SERVICE.nbytes + SD.nbytes + LEAD_TIME.nbytes
    claim("Safety stock, peak memory", f"{peak / size:.1f} × its input", "≤ 3 ×")
    assert peak <= 3 * size
