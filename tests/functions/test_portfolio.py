"""The best service mix of a portfolio against the uniform one and against every other."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from xlinv.cells import CellError
from xlinv.functions import CATALOGUE

items = st.lists(
    st.tuples(st.floats(1, 500), st.floats(0.5, 100), st.floats(0.5, 10), st.floats(0.1, 200)),
    min_size=1,
    max_size=6,
)


def columns(rows: list[tuple[float, ...]]) -> list[list[float]]:
    return [list(column) for column in zip(*rows, strict=True)]


def investment(rows: list[tuple[float, ...]], service: np.ndarray) -> float:
    _, sd, lead_time, cost = np.array(columns(rows))
    return float((cost * sd * np.sqrt(lead_time) * stats.norm.ppf(service)).sum())


@given(items, st.floats(0.5, 0.999), st.sampled_from(["fill", "csl"]))
@settings(max_examples=25, deadline=None)
def test_mix_reaches_the_target_and_never_costs_more_than_the_same_for_all(
    rows: list[tuple[float, ...]], target: float, measure: str
) -> None:
    mix = np.array(CATALOGUE["SERVICEMIX"].evaluate(*columns(rows), target, measure).cells)[:, 0].astype(
        float
    )
    weights = np.array(columns(rows)[0]) if measure == "fill" else np.ones(len(rows))
    assert weights @ mix / weights.sum() == pytest.approx(target, abs=1e-7)
    same = np.full(len(rows), max(target, weights @ mix / weights.sum()))
    assert investment(rows, mix) <= investment(rows, same) * (1 + 1e-9) + 1e-9


def test_mix_equals_brute_force() -> None:
    rows = [(100.0, 20.0, 4.0, 1.0), (40.0, 25.0, 2.0, 9.0), (70.0, 10.0, 6.0, 3.0)]
    weights, target = np.array([100.0, 40.0, 70.0]), 0.93
    mix = np.array(CATALOGUE["SERVICEMIX"].evaluate(*columns(rows), target).cells)[:, 0].astype(float)
    best = np.inf
    for first, second in itertools.product(np.linspace(0.5, 0.9999, 200), repeat=2):
        third = (target * weights.sum() - weights[0] * first - weights[1] * second) / weights[2]
        if 0.5 <= third < 1:
            best = min(best, investment(rows, np.array([first, second, third])))
    assert investment(rows, mix) == pytest.approx(best, rel=2e-3)
    assert investment(rows, mix) <= best


def test_budget_buys_what_the_target_costs() -> None:
    rows = [(100.0, 20.0, 4.0, 1.0), (40.0, 25.0, 2.0, 9.0), (70.0, 10.0, 6.0, 3.0)]
    mix = CATALOGUE["SERVICEMIX"].evaluate(*columns(rows), 0.93).cells
    spent = investment(rows, np.array(mix)[:, 0].astype(float))
    bought = CATALOGUE["SERVICEMIX"].evaluate(*columns(rows), None, "fill", spent).cells
    np.testing.assert_allclose(np.array(bought, float), np.array(mix, float), rtol=1e-9)


def test_curve_puts_uniform_and_best_side_by_side() -> None:
    rows = [(100.0, 20.0, 4.0, 1.0), (40.0, 25.0, 2.0, 9.0)]
    [header, *lines] = CATALOGUE["INVESTCURVE"].evaluate(*columns(rows), [0.5, 0.8, 0.99]).cells
    assert header == ["service", "uniform", "optimal mix"]
    assert lines[0] == [0.5, pytest.approx(0.0), pytest.approx(0.0)]
    for level, uniform, mix in lines[1:]:
        assert uniform == pytest.approx(investment(rows, np.full(2, level)))
        assert mix < uniform


def test_items_without_uncertainty_show_the_aggregate() -> None:
    mix = CATALOGUE["SERVICEMIX"].evaluate([10, 10], [5, 0], [4, 4], [1, 1], 0.9).cells
    assert mix == [[pytest.approx(0.9)], [pytest.approx(0.9)]]
    assert CATALOGUE["SERVICEMIX"].evaluate([10, 10], [5, 0], [4, 4], [1, 1]).cells == [[CellError.NA]]
