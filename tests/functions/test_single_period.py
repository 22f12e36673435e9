"""Stock for one period and the levels that repeat it: no other stock costs less, by plain enumeration."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlinv.functions import CATALOGUE

FEW = settings(max_examples=40, deadline=None)
COST = st.floats(0.1, 50.0)


def row(name: str, *args: Any) -> list[Any]:
    return CATALOGUE[name].evaluate(*args).cells[0]


@pytest.mark.parametrize("distribution", ["normal", "gamma", "poisson", "negbin", "lognormal"])
def test_cost_is_convex_in_the_stock_and_least_at_the_newsvendor_s(distribution: str) -> None:
    costs = [row("NEWSVENDORCOST", stock, 7, 2, 60, 25, distribution)[0] for stock in range(250)]
    rises = [after - before for before, after in pairwise(costs)]
    assert all(later >= earlier - 1e-11 for earlier, later in pairwise(rises))
    cheapest = min(range(250), key=costs.__getitem__)
    assert abs(cheapest - row("NEWSVENDOR", 7, 2, 60, 25, distribution)[0]) < 1


@given(
    st.dictionaries(st.integers(0, 40), st.integers(1, 9), min_size=1, max_size=7),
    COST,
    COST,
    st.randoms(use_true_random=False),
)
@FEW
def test_no_stock_for_a_list_of_demands_costs_less(counts, underage, overage, random) -> None:
    demands = list(counts)
    random.shuffle(demands)
    weights = [counts[demand] / sum(counts.values()) for demand in demands]

    def cost(stock: float) -> float:
        return sum(
            weight * (overage * max(stock - demand, 0) + underage * max(demand - stock, 0))
            for demand, weight in zip(demands, weights, strict=True)
        )

    stock, told = row("NEWSVENDORPMF", demands, weights, underage, overage)
    assert told == pytest.approx(cost(stock), rel=1e-12, abs=1e-12)
    assert told <= min(map(cost, demands)) * (1 + 1e-9) + 1e-12


@given(COST, COST, st.floats(0.001, 0.6), st.floats(0.05, 1.0))
@FEW
def test_no_level_against_a_supply_that_breaks_down_costs_less(holding, stockout, breaks, recovers) -> None:
    down = breaks / (breaks + recovers)
    lasting = [1 - down, *(down * recovers * (1 - recovers) ** n for n in range(700))]

    def cost(periods: int) -> float:
        return sum(
            chance * (holding * max(periods - n - 1, 0) + stockout * max(n + 1 - periods, 0))
            for n, chance in enumerate(lasting)
        )

    level, told = row("BASESTOCKDISRUPTION", holding, stockout, 1, breaks, recovers)
    assert told == pytest.approx(cost(round(level)), rel=1e-9, abs=1e-12)
    assert told <= min(cost(n) for n in range(1, 130)) * (1 + 1e-9)


@given(COST, COST, st.floats(1.0, 300.0), st.integers(0, 6))
@FEW
def test_a_base_stock_is_a_newsvendor_over_lead_time_and_review(holding, stockout, mean, lead_time) -> None:
    for distribution in ("normal", "poisson", "gamma"):
        level, cost = row("BASESTOCK", holding, stockout, mean, mean / 3, lead_time, distribution)
        long = mean * (lead_time + 1), mean / 3 * (lead_time + 1) ** 0.5, distribution
        assert level == pytest.approx(row("NEWSVENDOR", stockout, holding, *long)[0], rel=1e-12)
        assert cost == pytest.approx(row("NEWSVENDORCOST", level, stockout, holding, *long)[0], rel=1e-11)
