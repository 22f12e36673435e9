"""Demand in whole units against scipy, and costs of levels against their definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from xlinv.cells import Floats
from xlinv.kernels import whole_demand
from xlinv.kernels.demand_distribution import NEGBIN, NORMAL, POISSON

FEW = settings(max_examples=40, deadline=None)
MEAN = st.floats(0.01, 3000.0)


def frozen(distribution: int, mean: float, sd: float) -> stats.rv_discrete:
    if distribution == POISSON:
        return stats.poisson(mean)
    return stats.nbinom(mean * mean / (sd * sd - mean), mean / (sd * sd))


@given(
    distribution=st.sampled_from([POISSON, NEGBIN]),
    mean=MEAN,
    more=st.floats(1.05, 5.0),
    first=st.integers(0, 3500),
)
@FEW
def test_probabilities_are_scipys(distribution: int, mean: float, more: float, first: int) -> None:
    sd = (mean * more) ** 0.5
    got = whole_demand.probabilities(distribution, mean, sd, first, first + 200)
    want = frozen(distribution, mean, sd).pmf(np.arange(first, first + 201))
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-290)


@given(mean=st.floats(0.0, 300.0), sd=st.floats(0.5, 100.0))
@FEW
def test_rounded_normal_demand_leaves_nothing_out(mean: float, sd: float) -> None:
    chances = whole_demand.probabilities(NORMAL, mean, sd, 0, int(mean + 40 * sd) + 1)
    assert chances.sum() == pytest.approx(1.0, abs=1e-13)
    assert whole_demand.chance_of_some(NORMAL, mean, sd) == pytest.approx(chances[1:].sum(), rel=1e-9)
    mean_in_units = chances @ np.arange(len(chances))
    assert mean_in_units <= whole_demand.mean_in_units(NORMAL, mean, sd)


def costs_by_definition(distribution: int, mean: float, sd: float, levels: Floats) -> Floats:
    demand = np.arange(int(mean + 60 * sd) + 60)
    chances = frozen(distribution, mean, sd).pmf(demand)
    gap = levels[:, np.newaxis] - demand
    return (2.0 * np.maximum(gap, 0) + 9.0 * np.maximum(-gap, 0)) @ chances


@given(
    distribution=st.sampled_from([POISSON, NEGBIN]),
    mean=st.floats(0.05, 60.0),
    first=st.integers(-30, 100),
    count=st.integers(1, 80),
)
@FEW
def test_level_costs_are_newsvendor_costs(distribution: int, mean: float, first: int, count: int) -> None:
    sd = (2.0 * mean) ** 0.5
    got = whole_demand.level_costs(distribution, 2.0, 9.0, mean, sd, first, first + count)
    levels = np.arange(first, first + count + 1)
    np.testing.assert_allclose(got.costs, costs_by_definition(distribution, mean, sd, levels), rtol=1e-9)


def test_costs_of_levels_far_from_zero_do_not_cancel() -> None:
    mean, ends = 1e9, (999_990_000, 1_000_010_000)
    got = whole_demand.level_costs(POISSON, 1.0, 9.0, mean, 0.0, *ends).costs
    nearly = whole_demand.level_costs(NORMAL, 1.0, 9.0, mean, mean**0.5, *ends).costs
    np.testing.assert_allclose(got, nearly, rtol=1e-4)
    assert (np.diff(got, 2) >= -1e-9).all()


def test_a_level_costs_more_beyond_the_range() -> None:
    first, last = whole_demand.range_below(50.0, 2.0, 9.0, 20.0)
    ends = np.array([first, last])
    assert (costs_by_definition(POISSON, 20.0, 20.0**0.5, ends) > 50.0).all()
