"""Economic order quantities, their rounding and their discounts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.naive import lots as naive
from xlinv.kernels import economic_order
from xlinv.kernels.quantity_discounts import best_purchase


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


@given(
    demand=st.integers(1, 5000),
    order_cost=st.integers(1, 200),
    moq=st.integers(0, 400),
    multiple=st.sampled_from([0.0, 0.1, 0.3, 1.0, 7.0, 50.0]),
)
def test_no_feasible_quantity_is_cheaper(demand: int, order_cost: int, moq: int, multiple: float) -> None:
    ideal = economic_order.order_quantity(one(demand), one(order_cost), one(0.5))
    quantity = economic_order.feasible_quantity(ideal, one(moq), one(multiple))[0]
    assert quantity >= moq * (1 - 1e-9)
    cost = naive.eoq_cost(quantity, demand, order_cost, 0.5)
    if multiple == 0:
        others = [max(moq, quantity * 0.99), quantity * 1.01]
    else:
        assert quantity / multiple == pytest.approx(round(quantity / multiple), rel=1e-9)
        others = [q for q in (quantity - multiple, quantity + multiple) if q >= max(moq, multiple)]
    assert all(cost <= naive.eoq_cost(other, demand, order_cost, 0.5) * (1 + 1e-12) for other in others)


def test_a_whole_number_of_packs_stays_what_it_is() -> None:
    assert economic_order.smallest_multiple(one(0.9), one(0.3))[0] == pytest.approx(0.9)
    assert economic_order.smallest_multiple(one(0.91), one(0.3))[0] == pytest.approx(1.2)
    assert economic_order.smallest_multiple(one(0.91), one(0.0))[0] == 0.91


@given(
    demand=st.integers(0, 2000),
    order_cost=st.integers(0, 300),
    steps=st.lists(st.tuples(st.integers(1, 400), st.integers(0, 20)), max_size=3),
    incremental=st.booleans(),
)
def test_no_quantity_on_a_fine_grid_is_cheaper(
    demand: int, order_cost: int, steps: list[tuple[int, int]], incremental: bool
) -> None:
    breaks = np.cumsum([0.0] + [float(step) for step, _ in steps])
    prices = 100.0 - np.cumsum([0.0] + [float(cut) for _, cut in steps])
    best = best_purchase(demand, order_cost, 0.2, breaks, prices, incremental)
    grid = np.append(np.arange(1.0, 3000.0), best.quantity) if best.quantity else np.arange(1.0, 3000.0)
    index = np.searchsorted(breaks, grid, side="right") - 1
    surcharge = np.append(0.0, np.cumsum((prices[:-1] - prices[1:]) * breaks[1:])) * incremental
    purchase = prices[index] + surcharge[index] / grid
    cost = purchase * demand + order_cost * demand / grid + 0.2 * purchase * grid / 2
    assert best.cost <= cost.min() * (1 + 1e-12)
    if best.quantity:
        assert best.cost == pytest.approx(cost[-1])
