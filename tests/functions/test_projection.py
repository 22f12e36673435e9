"""Projection, requirements, promises and allocation, against obvious twins."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive import projection as naive
from xlinv.cells import CellError
from xlinv.functions import (
    allocate,
    available_to_promise,
    drp,
    future_breach,
    project_inventory,
)
from xlinv.kernels import projection as kernels
from xlinv.kernels.distribution_requirements import in_lots, planned_distribution
from xlinv.workbook.evaluate import evaluate

periods = st.lists(st.tuples(*[st.integers(0, 30)] * 2), min_size=1, max_size=8)


def spilled(formula: str, **names: Any) -> list[list[Any]]:
    value = evaluate(formula, **names)
    assert isinstance(value, list)
    return value


@given(st.integers(-20, 60), periods)
@settings(max_examples=60, deadline=None)
def test_projection_is_its_obvious_twin(opening: int, plan: list[tuple[int, int]]) -> None:
    receipts, demand = map(list, zip(*plan, strict=True))
    assert project_inventory(opening, receipts, demand).tolist() == naive.projected_stock(
        opening, receipts, demand
    )


@given(periods, st.integers(0, 60), st.integers(0, 20), st.integers(0, 9), st.integers(1, 12))
@settings(max_examples=80, deadline=None)
def test_requirements_are_their_obvious_twin(
    plan: list[tuple[int, int]], on_hand: int, safety_stock: int, lead_time: int, lot: int
) -> None:
    gross, scheduled = map(list, zip(*plan, strict=True))
    table = drp(gross, on_hand, scheduled, safety_stock, lead_time, lot)
    got = table[["planned receipt", "projected", "planned shipment", "overdue"]].to_numpy().tolist()
    wanted = naive.planned_distribution(gross, on_hand, scheduled, safety_stock, lead_time, lot)
    assert got == [list(row) for row in wanted]
    assert table["planned receipt"].sum() == (table["planned shipment"] + table["overdue"]).sum()
    assert (table["projected"] >= safety_stock).all()


@pytest.mark.parametrize(("quantity", "lots"), [(0.3, 3), (0.30000000000000004, 3), (0.31, 4)])
def test_rounding_asks_for_no_lot_more(quantity: float, lots: int) -> None:
    assert in_lots(quantity, 0.1) == pytest.approx(0.1 * lots)


@given(st.integers(-10, 40), periods)
@settings(max_examples=60, deadline=None)
def test_promises_add_up_to_the_most_that_can_be_promised(on_hand: int, plan: list[tuple[int, int]]) -> None:
    receipts, orders = map(list, zip(*plan, strict=True))
    running = np.cumsum(available_to_promise(on_hand, receipts, orders)).tolist()
    assert running == [
        naive.most_that_can_be_promised(on_hand, receipts, orders, t) for t in range(len(orders))
    ]


@given(st.integers(0, 60), st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_allocation_is_its_obvious_twin(supply: int, asked: list[tuple[int, int]]) -> None:
    demands, priorities = map(list, zip(*asked, strict=True))
    got = allocate(supply, demands, priorities)
    wanted = naive.by_priority(supply, demands, priorities)
    assert got.tolist() == pytest.approx([float(share) for share in wanted])
    assert got.sum() == pytest.approx(min(supply, sum(demands)))
    assert allocate(supply, demands[::-1], priorities[::-1]).tolist() == got.tolist()[::-1]
    fair = allocate(supply, demands, priorities, "fairshare")
    assert (fair <= np.array(demands, float)).all()
    assert fair.sum() == pytest.approx(min(supply, sum(demands)))


def test_a_row_without_a_priority_gets_an_error_and_leaves_the_others_theirs() -> None:
    asked = {"d": [60, 50, "x"], "p": [1, None, 1]}
    assert spilled("=ALLOCATE(100, d, p)", **asked) == [[60.0], [CellError.NA], [CellError.VALUE]]
    assert spilled('=ALLOCATE(55, d, p, "fairshare")', **asked) == [[30.0], [25.0], [CellError.VALUE]]


def test_the_first_breach_is_told_on_either_side() -> None:
    assert spilled("=FUTUREBREACH({5;5;5}, {0;6;0}, 9)") == [[2.0, "short", 1.0]]
    assert spilled("=FUTUREBREACH({5;12;-5}, 0, 9)") == [[2.0, "excess", 3.0]]
    assert future_breach([5, 9, 0], 0, 9) == (0.0, "ok", 0.0)


def test_a_long_horizon_is_compiled_to_the_same_numbers() -> None:
    rng = np.random.default_rng(7)
    gross, scheduled = rng.integers(0, 30, (2, 3000)).astype(float)
    for plain, compiled in zip(
        planned_distribution.py_func(gross, 50.0, scheduled, 10.0, 4, 25.0),
        planned_distribution.compiled()(gross, 50.0, scheduled, 10.0, 4, 25.0),
        strict=True,
    ):
        np.testing.assert_array_equal(plain, compiled)
    for kernel in (kernels.projected_stock, kernels.available_to_promise):
        np.testing.assert_array_equal(
            kernel.py_func(50.0, scheduled, gross), kernel.compiled()(50.0, scheduled, gross)
        )
