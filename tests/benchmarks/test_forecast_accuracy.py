"""FORECASTSERIES("auto") against the best single method of statsforecast, and its speed against AutoETS.

WMAPE as measured with statsforecast 2.1.1; a method that refuses a history is given its mean, and all
forecasts below 0 are set to 0:

| series                        | horizon | auto   | best single method of statsforecast  |
|-------------------------------|---------|--------|--------------------------------------|
| 2,674 car parts               | 3       | 1.3272 | 1.3476  SES 0.3                      |
| 2,674 car parts               | 6       | 1.3554 | 1.3944  SES 0.3                      |
| 2,509 car parts of 51 months  | 12      | 1.3737 | 1.4344  SES 0.3                      |
| sample company, 60 items      | 3       | 0.0322 | 0.0331  Holt-Winters, multiplicative |
| sample company, 60 items      | 6       | 0.0471 | 0.1034  Theta                        |

On the car parts a forecast of 0 throughout would have a WMAPE of 1: most months are without demand. Auto
does not give in to that: on those of 51 months its forecasts add up to 1 to 6 % more than the demand.
"""

import csv
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.benchmarks import peer_statsforecast
from tests.benchmarks.conftest import Claim
from xlinv.functions import forecast_series
from xlinv.kernels import forecasting
from xlinv.templates.company import sample_company

pytestmark = pytest.mark.benchmark
MONTHS = 12
FEWEST = 6


@pytest.fixture(scope="module")
def carparts(shared: Path) -> list[list[float]]:
    """Monthly demand of 2,674 car parts (Hyndman et al.), 12 to 51 months each."""
    with (shared / "data" / "demand" / "carparts.csv").open() as lines:
        rows = list(csv.reader(lines))[1:]
    return [[float(cell) for cell in row[1:] if cell] for row in rows]


def wmape(forecast: Any, actual: Any) -> float:
    return float(np.abs(np.array(forecast) - actual).sum() / np.sum(actual))


def compared(histories: list[list[float]], horizon: int) -> dict[str, float]:
    """WMAPE of all methods over the last `horizon` periods of every history."""
    known = [row[:-horizon] for row in histories if len(row) >= horizon + FEWEST]
    actual = np.array([row[-horizon:] for row in histories if len(row) >= horizon + FEWEST])
    peers = peer_statsforecast.measured("methods", known, horizon, MONTHS)
    table = {name: wmape(forecast, actual) for name, forecast in peers.items()}
    table["xlinv auto"] = wmape([forecast_series(row, horizon) for row in known], actual)
    width = max(map(len, table))
    print(f"\n{len(known)} items, {horizon} months ahead")
    print("\n".join(f"{name:{width}} {table[name]:.4f}" for name in sorted(table, key=table.__getitem__)))
    return table


def assert_no_worse(table: dict[str, float], claim: Claim, on: str) -> None:
    auto = table.pop("xlinv auto")
    best = min(table, key=table.__getitem__)
    claim(
        f"WMAPE of auto-forecast on {on}",
        f"{auto:.3f}, {best} {table[best]:.3f}",
        "at most 1.02 × the best single method of statsforecast",
    )
    assert auto <= 1.02 * table[best]


@pytest.mark.parametrize("horizon", [3, 6, 12])
def test_auto_is_no_worse_than_the_best_single_method_on_car_parts(
    carparts: list[list[float]], claim: Claim, horizon: int
) -> None:
    assert_no_worse(compared(carparts, horizon), claim, f"2,674 car parts, {horizon} months ahead")


@pytest.mark.parametrize("horizon", [3, 6])
def test_auto_is_no_worse_than_the_best_single_method_on_the_sample_company(
    claim: Claim, horizon: int
) -> None:
    histories = [[float(units) for units in item.demand] for item in sample_company().items]
    assert_no_worse(compared(histories, horizon), claim, f"the sample company, {horizon} months ahead")


def test_10_000_items_are_forecast_10_times_faster_than_by_auto_ets(claim: Claim) -> None:
    draw = np.random.default_rng(1)
    season = 1 + draw.uniform(0, 0.5, (10_000, 1)) * np.sin(np.arange(48) / MONTHS * 2 * np.pi)
    history = np.maximum(0.0, np.round(100 * season + draw.normal(0, 20, (10_000, 48))))
    sample = history[:100]
    theirs = peer_statsforecast.measured("auto_ets", sample.tolist(), MONTHS, MONTHS)["seconds per item"]
    theirs *= len(history) / (os.cpu_count() or 1)
    forecasting.forecasts(history, MONTHS, season=MONTHS)
    started = time.perf_counter()
    forecasting.forecasts(history, MONTHS, season=MONTHS)
    ours = time.perf_counter() - started
    claim(
        "auto-forecast of 10,000 items × 48 months",
        f"{ours:.1f} s, {theirs / ours:.0f} × faster than AutoETS on all processors (from 100 items)",
        "10 × faster than statsforecast's AutoETS",
    )
    assert theirs >= 10 * ours
