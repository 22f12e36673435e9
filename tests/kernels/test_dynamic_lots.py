"""Dynamic lot sizes against their slow twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive import lots as naive
from xlinv.kernels import dynamic_lots

WHOLE = st.integers(0, 40).map(float)


def per_period(periods: int, values: st.SearchStrategy[float]) -> st.SearchStrategy[list[float]]:
    return st.lists(values, min_size=periods, max_size=periods)


@given(data=st.data(), periods=st.integers(1, 8))
@settings(max_examples=150, deadline=None)
def test_no_choice_of_order_periods_is_cheaper(data: st.DataObject, periods: int) -> None:
    demand, order, holding, unit = (data.draw(per_period(periods, WHOLE)) for _ in range(4))
    arrays = [np.array(column) for column in (demand, order, holding, unit)]
    plan = dynamic_lots.cheapest_lots(*arrays)
    least = naive.cheapest_plan_cost(demand, order, holding, unit)
    assert naive.plan_cost(plan.tolist(), demand, order, holding, unit) == pytest.approx(least, abs=1e-9)
    stock = dynamic_lots.closing_stock(plan, arrays[0])
    assert dynamic_lots.plan_cost(plan, stock, *arrays[1:]) == pytest.approx(least, abs=1e-9)


@given(data=st.data(), periods=st.integers(1, 12), order=WHOLE, holding=st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_silver_meal_follows_its_rule(data: st.DataObject, periods: int, order: float, holding: int) -> None:
    demand = data.draw(per_period(periods, WHOLE))
    got = dynamic_lots.silver_meal_lots(
        np.array(demand), np.full(periods, order), np.full(periods, float(holding)), np.zeros(periods)
    )
    assert got.tolist() == naive.silver_meal(demand, order, holding)


@given(data=st.data(), periods=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_a_price_that_never_changes_changes_no_lot(data: st.DataObject, periods: int) -> None:
    demand = np.array(data.draw(per_period(periods, WHOLE)))
    order, holding = np.full(periods, 90.0), np.full(periods, 2.0)
    for lots in (dynamic_lots.cheapest_lots, dynamic_lots.silver_meal_lots, dynamic_lots.part_period_lots):
        free = lots(demand, order, holding, np.zeros(periods))
        assert lots(demand, order, holding, np.full(periods, 8.0)).tolist() == free.tolist()
        assert free.sum() == demand.sum()


@pytest.mark.parametrize("name", ["cheapest_lots", "silver_meal_lots", "part_period_lots"])
def test_compiled_and_plain_agree(name: str) -> None:
    kernel = getattr(dynamic_lots, name)
    demand = np.random.default_rng(3).integers(0, 90, 200).astype(float)
    order, holding, unit = np.full(200, 300.0), np.full(200, 2.0), np.zeros(200)
    plain = kernel.py_func(demand, order, holding, unit)
    np.testing.assert_array_equal(kernel.compiled()(demand, order, holding, unit), plain)
