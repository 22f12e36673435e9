"""The simulator confirms the formulas where they are exact, and measures by how much they miss elsewhere."""

import pytest

from tests.naive import safety_stock as naive
from xlinv.cells import CellError
from xlinv.functions import CATALOGUE

MEAN = 60.0
SPREAD = {"normal": 20.0, "gamma": 60.0, "negbin": 40.0, "poisson": 60.0**0.5}
CSL, FILL, READY = 0, 2, 4


def value(name: str, *args: object) -> float:
    return CATALOGUE[name].evaluate(*args).cells[0][0]


def simulated(policy: str, s: float, level: float, *rest: object) -> list[float]:
    return CATALOGUE["SIMPOLICY"].evaluate(policy, s, level, MEAN, *rest).cells[0]


def order_up_to(service: float, sd: float, lead_time: float, review: float, *rest: object) -> float:
    return value("ORDERUPTO", service, MEAN, sd, lead_time, review, *rest)


def promised(distribution: str, level: float, lead_time: int, review: int, measure: str) -> float:
    """The service that exactly this level gives: whole levels give a little more than was asked for."""
    sd = SPREAD[distribution]
    over, before = (lead_time + review), lead_time
    long = MEAN * over, sd * over**0.5
    if measure == "csl":
        return float(naive.demand(distribution, *long).cdf(level))
    short = naive.loss(distribution, level, *long)
    short -= naive.loss(distribution, level, MEAN * before, sd * before**0.5)
    return 1 - short / (MEAN * review)


GRID = [
    (distribution, lead_time, review, service, measure)
    for distribution in SPREAD
    for lead_time, review in ((1, 1), (3, 1), (4, 5))
    for service in (0.8, 0.95)
    for measure in ("csl", "fill")
]


@pytest.mark.slow
def test_order_up_to_levels_keep_their_promise() -> None:
    within = 0
    for distribution, lead_time, review, service, measure in GRID:
        sd = SPREAD[distribution]
        level = order_up_to(service, sd, lead_time, review, 0, measure, distribution)
        got = simulated("RS", 0, level, sd, lead_time, 0, review, 4000, 30, 8, distribution)
        at = CSL if measure == "csl" else FILL
        want = promised(distribution, level, lead_time, review, measure)
        assert want >= service - 1e-9
        miss = abs(got[at] - want) / got[at + 1]
        assert miss < 2.0, (distribution, lead_time, review, service, measure, got)
        within += miss <= 1.0
    assert within >= 0.9 * len(GRID)


@pytest.mark.slow
def test_nineteen_intervals_in_twenty_hold_the_promise() -> None:
    """Each policy with its own seed: policies that share one miss together."""
    within = count = 0
    for distribution, lead_time, review, service, measure in GRID * 10:
        sd = SPREAD[distribution]
        level = order_up_to(service, sd, lead_time, review, 0, measure, distribution)
        got = simulated("RS", 0, level, sd, lead_time, 0, review, 1000, 20, 7919 * count, distribution)
        at = CSL if measure == "csl" else FILL
        want = promised(distribution, level, lead_time, review, measure)
        within += abs(got[at] - want) <= got[at + 1]
        count += 1
    assert 0.93 <= within / count <= 0.97


def test_a_few_order_up_to_levels_keep_their_promise() -> None:
    for distribution, sd in SPREAD.items():
        level = order_up_to(0.9, sd, 3, 1, 0, "csl", distribution)
        got = simulated("RS", 0, level, sd, 3, 0, 1, 800, 20, 3, distribution)
        assert abs(got[CSL] - promised(distribution, level, 3, 1, "csl")) < 2 * got[CSL + 1]


@pytest.mark.slow
def test_by_how_much_the_formulas_miss() -> None:
    """The figures that REORDERPOINT and ORDERUPTO quote."""
    long_run = 4000, 30, 7
    undershoot = [
        simulated("rQ", value("REORDERPOINT", 0.95, MEAN, 20, 4, 0, review), 600, 20, 4, 0, 1, *long_run)[CSL]
        for review in (0, 1)
    ]
    assert undershoot == pytest.approx([0.76, 0.98], abs=0.01)
    crossing = simulated("RS", 0, order_up_to(0.95, 20, 4, 1, 2), 20, 4, 2, 1, *long_run)[CSL]
    assert crossing == pytest.approx(0.993, abs=0.002)
    skew = [
        simulated("RS", 0, order_up_to(service, 60, 4, 1), 60, 4, 0, 1, *long_run, "gamma")[CSL]
        for service in (0.95, 0.99)
    ]
    assert skew == pytest.approx([0.936, 0.975], abs=0.003)
    level = order_up_to(0.95, 20, 4, 1, 0, "fill")
    lost = simulated("RS", 0, level, 20, 4, 0, 1, *long_run, "normal", "lost")[FILL]
    assert lost == pytest.approx(0.978, abs=0.002)


def test_known_demand_needs_no_luck() -> None:
    cells = simulated("rQ", 2 * MEAN, 120, 0, 2, 0, 1, 200, 5)
    assert cells[:6] == [1.0, 0.0, 1.0, 0.0, 0.5, 0.0]
    assert cells[8] == pytest.approx(0.5)
    lost = simulated("sS", 0, 60, 0, 2, 0, 1, 300, 2, 1, "normal", "lost")
    assert lost[FILL] == pytest.approx(1 / 3, abs=0.01)


def test_the_same_seed_gives_the_same_result_and_another_another() -> None:
    runs = [simulated("sS", 200, 400, 20, 3, 1, 1, 100, 5, seed) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_a_policy_that_cannot_be_is_refused() -> None:
    assert simulated("rQ", 10, 0, 20, 3)[0] is CellError.NUM
    assert simulated("sS", None, 100, 20, 3)[0] is CellError.NA
    assert simulated("RS", None, 300, 20, 3, 0, 1, 50, 2)[0] is not CellError.NA
    assert simulated("RS", 0, 300, 20, 3, 0, 1, 1_000_000, 20)[0] is CellError.NUM
    assert simulated("rQ", 1, 2, 1e308, 3, 0, 1, 50, 2)[0] is CellError.NUM
    assert simulated("rQ", 1e308, 1e308, 20, 3, 0, 1, 50, 2)[0] is CellError.NUM
