"""What users rely on when they compare lot sizes, and that the best ones are the best."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive import lots as naive
from xlinv.functions import CATALOGUE

FEW = settings(max_examples=60, deadline=None)
POSITIVE = st.floats(0.01, 1000.0)


def cells(name: str, *args: Any) -> list[list[Any]]:
    return CATALOGUE[name].evaluate(*args).cells


@given(demand=POSITIVE, order=POSITIVE, holding=POSITIVE, freight=POSITIVE, obsolescence=POSITIVE)
@FEW
def test_no_lot_serves_cheaper_than_the_best(demand, order, holding, freight, obsolescence) -> None:
    costs = demand, order, holding, freight, 1.0, obsolescence
    header, *rows = cells("LOTCOMPARE", [1.0, 20.0, 300.0], *costs)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["lot"] for row in table] == ["given"] * 3 + ["EOQ", "least cost to serve"]
    for row in table:
        assert row["total"] == pytest.approx(cells("COSTTOSERVE", row["quantity"], *costs)[0][0], rel=1e-12)
        assert row["above least"] >= -1e-9 * row["total"]
    assert table[-2]["quantity"] == pytest.approx(cells("EOQ", demand, order, holding)[0][0], rel=1e-12)


@given(moq=POSITIVE, demand=POSITIVE, order=POSITIVE, holding=POSITIVE)
@FEW
def test_a_minimum_costs_what_the_two_quantities_differ_by(moq, demand, order, holding) -> None:
    ideal = cells("EOQ", demand, order, holding)[0][0]
    forced = cells("EOQ", demand, order, holding, moq)[0][0]
    [[units, cash, cost]] = cells("MOQIMPACT", moq, demand, order, holding, 3)
    assert units == pytest.approx((forced - ideal) / 2, abs=1e-9)
    assert cash == 3 * units
    more = naive.eoq_cost(forced, demand, order, holding) - naive.eoq_cost(ideal, demand, order, holding)
    assert cost == pytest.approx(more, rel=1e-6, abs=1e-7)


@given(quantity=POSITIVE, shipments=st.integers(2, 20), holding=POSITIVE, demand=POSITIVE)
@FEW
def test_at_the_break_even_cost_splitting_saves_nothing(quantity, shipments, holding, demand) -> None:
    [[_, break_even]] = cells("SPLITSHIP", quantity, shipments, 0, holding, demand)
    [[saving, _]] = cells("SPLITSHIP", quantity, shipments, break_even, holding, demand)
    assert saving == pytest.approx(0, abs=1e-9 * holding * quantity)


def test_a_discount_buy_of_the_eoq_at_the_old_price_gains_nothing() -> None:
    eoq = cells("EOQ", 100, 40, 0.2)[0][0]
    [[benefit, _]] = cells("DISCOUNTBUY", 100, 10, 10, eoq, 0.02, 40)
    assert benefit == pytest.approx(0, abs=1e-9)


@given(
    demand=POSITIVE,
    order=POSITIVE,
    holding=POSITIVE,
    stockout=POSITIVE,
    down=st.floats(0.01, 20.0),
    up=st.floats(0.01, 20.0),
    factor=st.floats(0.05, 20.0),
)
@FEW
def test_no_quantity_stands_disruptions_cheaper(demand, order, holding, stockout, down, up, factor) -> None:
    costs = demand, order, holding, stockout, down, up
    [[quantity, cost]] = cells("EOQDISRUPTION", *costs)
    assert cost == pytest.approx(naive.disruption_cost(quantity, *costs), rel=1e-9)
    assert naive.disruption_cost(quantity * factor, *costs) >= cost * (1 - 1e-9)


def test_without_disruptions_it_is_the_eoq() -> None:
    [[quantity, cost]] = cells("EOQDISRUPTION", 1300, 8, 0.225, 5, 0, 14)
    assert quantity == pytest.approx(cells("EOQ", 1300, 8, 0.225)[0][0], rel=1e-12)
    assert cost == pytest.approx(cells("EOQCOST", quantity, 1300, 8, 0.225)[0][0], rel=1e-12)
    [[quantity, _]] = cells("EOQYIELD", 1300, 8, 0.225, 1, 0)
    assert quantity == pytest.approx(cells("EOQ", 1300, 8, 0.225)[0][0], rel=1e-12)


@given(
    order=POSITIVE,
    holding=POSITIVE,
    mean=POSITIVE,
    sd=st.floats(0, 500),
    lead_time=st.floats(0, 30),
    service=st.floats(0.05, 0.999),
    factor=st.floats(0.05, 20.0),
)
@FEW
def test_no_review_period_costs_less(order, holding, mean, sd, lead_time, service, factor) -> None:
    costs = order, holding, mean, sd, lead_time, service
    [[review, _, cost]] = cells("REVIEWOPT", *costs)
    assert cost == pytest.approx(naive.review_cost(review, *costs), rel=1e-9, abs=1e-9)
    assert naive.review_cost(review * factor, *costs) >= cost - 1e-9 * abs(cost) - 1e-9


def test_reviewing_costs_nothing_so_review_all_the_time() -> None:
    [[review, safety_stock, cost]] = cells("REVIEWOPT", 0, 0.5, 100, 30, 4, 0.95)
    assert review == 0
    assert cost == pytest.approx(0.5 * safety_stock)
    assert safety_stock == pytest.approx(cells("SAFETYSTOCK", 0.95, 30, 4)[0][0])


def test_each_order_reaches_the_level_and_keeps_minimum_and_multiple() -> None:
    positions = [[40], [39.5], [100], [-10], [None]]
    got = cells("ORDERQTY", positions, 40, 100, 61, 4)
    assert got[:4] == [[64.0], [64.0], [0.0], [112.0]]
    assert cells("ORDERQTY", 40, 40, 40) == [[0.0]]


@given(st.lists(st.floats(1.0, 1e4), min_size=2, max_size=2), POSITIVE, POSITIVE, st.floats(0.0, 1.0))
@FEW
def test_cost_is_convex_in_the_quantity(ends, order, holding, weight) -> None:
    between = weight * ends[0] + (1 - weight) * ends[1]
    low, high, middle = (cells("EOQCOST", q, 1300, order, holding)[0][0] for q in (*ends, between))
    assert middle <= (weight * low + (1 - weight) * high) * (1 + 1e-12)
