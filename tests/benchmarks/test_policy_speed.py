"""Reorder policies and lot sizes: within the times that a cell allows, against stockpyl."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.benchmarks import peer_stockpyl
from tests.benchmarks.conftest import Claim
from xlinv.functions import CATALOGUE

pytestmark = pytest.mark.benchmark
PERIODS = 1000


def seconds(run: Callable[[], Any], rounds: int = 9) -> float:
    """The median time of a run, the first call excluded."""
    run()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return float(np.median(taken))


def test_ss_policy_a_hundred_times_faster_than_stockpyl(claim: Claim) -> None:
    theirs = peer_stockpyl.measured("ss_policy")

    def ours() -> list[Any]:
        return CATALOGUE["SSPOLICY"].evaluate(1, 9, 64, 75).cells[0]

    assert ours() == pytest.approx([theirs["s"], theirs["S"], theirs["cost"]], rel=1e-9)
    times = theirs["seconds"] / seconds(ours)
    claim("SSPOLICY exact at demand mean 75, against stockpyl", f"{times:.0f} × faster", "100 × faster")
    assert times >= 100


def test_wagner_whitin_a_thousand_times_faster_than_stockpyl(claim: Claim, tmp_path: Path) -> None:
    demand = np.random.default_rng(1).integers(0, 200, PERIODS).astype(float)
    given = {"demand": demand.tolist(), "order_cost": 500.0, "holding_cost": 2.0}
    path = tmp_path / "demand.json"
    path.write_text(json.dumps(given))
    theirs = peer_stockpyl.measured("wagner_whitin", str(path))
    costs = given["order_cost"], given["holding_cost"]

    def ours() -> list[list[Any]]:
        return CATALOGUE["WAGNERWHITIN"].evaluate(demand, *costs).cells

    assert CATALOGUE["LOTCOST"].evaluate(ours(), demand, *costs).cells[0][0] == pytest.approx(theirs["cost"])
    times = theirs["seconds"] / seconds(ours)
    claim(
        f"WAGNERWHITIN of {PERIODS:,} periods, against stockpyl", f"{times:,.0f} × faster", "1,000 × faster"
    )
    assert times >= 1000


@pytest.mark.parametrize(
    ("policy", "name", "args"),
    [
        ("SSPOLICY exact", "SSPOLICY", (1, 9, 64, 75)),
        ("RQPOLICY exact", "RQPOLICY", (0.225, 7.5, 8, 1300, 150, 1 / 12)),
        ("RQPOLICY of Poisson demand", "RQPOLICY", (20, 150, 100, 150, None, 2, "exact", "poisson")),
        ("FINITEHORIZON of 10 periods", "FINITEHORIZON", (10, 1, 25, 0, 1, 18, 3, 0.98)),
    ],
)
def test_a_policy_in_a_cell_takes_milliseconds(
    policy: str, name: str, args: tuple[Any, ...], claim: Claim
) -> None:
    taken = seconds(lambda: CATALOGUE[name].evaluate(*args))
    claim(f"{policy}, one cell", f"{taken * 1e3:.1f} ms", "milliseconds")
    assert taken < 0.025
