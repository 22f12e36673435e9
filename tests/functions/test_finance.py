"""Finance and inventory quality: published examples, exact sums and what must hold between the metrics."""

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlinv.cells import CellError
from xlinv.functions import (
    benchmark_quartile,
    dio_forward,
    dso_count_back,
    inventory_components,
    on_time_in_full,
    score,
    supply_chain_finance_benefit,
)
from xlinv.workbook.evaluate import evaluate

ORDERS = {
    # RightChain's example: 170 of 200 units, 4 of 6 lines, 0 of 2 orders.
    "shipped": [20, 40, 25, 50, 15, 20],
    "ordered": [20, 40, 40, 50, 30, 20],
    "ids": ["A", "A", "A", "B", "B", "B"],
}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=DIO({40000;60000}, 300000)", 60.8333),
        ("=DIO({40000,60000}, 300000, 365)", 60.8333),
        ("=GMROIITURN(0.6, 2.5)", 3.75),
        ("=GMROIITURN(0.4, 7)", 4.6667),
        ("=FILLRATE(shipped, ordered)", 0.85),
        ('=FILLRATE(shipped, ordered, "line")', 0.6667),
        ('=FILLRATE(shipped, ordered, "order", ids)', 0.0),
        # Servigistics: stock 7 against an order of 10.
        ("=FILLRATE(7, 10)", 0.7),
        ('=FILLRATE(7, 10, "line")', 0.0),
        ("=WMAPE({1000;10}, {950;25})", 0.064356),
        ("=DIO({40000;60000}, 300000)*TURNS(300000, 50000)", 365.0),
        # Hackett, 2021 data: the top performers' parts do not add up to their published cycle of 15.8 days.
        ("=CASHCYCLE(28.1, 27.8, 76.6)", -20.7),
    ],
)
def test_what_every_engine_must_reproduce(formula: str, expected: float) -> None:
    assert evaluate(formula, **ORDERS) == pytest.approx(expected, abs=1e-4)


amounts = st.floats(0, 1e9, allow_nan=False)


@given(amounts, amounts, amounts, amounts, amounts, st.none() | amounts)
@settings(max_examples=300, deadline=None)
def test_components_sum_exactly_to_the_stock(
    on_hand: float, safety: float, cycle: float, pipeline: float, prebuild: float, demand: float | None
) -> None:
    parts = inventory_components(on_hand, safety, cycle, pipeline, prebuild, demand)
    assert sum(parts) == on_hand + pipeline
    assert all(part >= 0 for part in parts)


lines = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(0, 3)), min_size=1, max_size=6)


@given(lines, st.sampled_from([0.25, 8.0]), st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_neither_units_nor_the_order_of_rows_matter(
    rows: list[tuple[int, int, int]], scale: float, shuffle: random.Random
) -> None:
    other = shuffle.sample(rows, len(rows))
    for formula in (
        "=FILLRATE(x*s, y*s)",
        '=FILLRATE(x*s, y*s, "order", z)',
        "=SSCOMPLIANCE(x*s, y*s)",
        "=OTIF(z, z+1, y*s, x*s, 0, 1)",
        '=INVQUALITY(y*s, IF(x>z, "active", "slow"))',
        '=SCORE(x*s, y*s, z+1, IF(x>z, "higher", "lower"))',
        "=DIO(y*s, SUM(y*s))",
        "=GMROII(SUM(x*s), SUM(y*s))",
    ):
        first, second = (
            evaluate(formula, x=[r[0] for r in own], y=[r[1] for r in own], z=[r[2] for r in own], s=unit)
            for own, unit in ((rows, 1.0), (other, scale))
        )
        assert first == pytest.approx(second), formula


@given(
    st.integers(0, 400), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 4)), min_size=1, max_size=5)
)
@settings(max_examples=30, deadline=None)
def test_days_forward_are_those_counted_day_by_day(balance: int, periods: list[tuple[int, int]]) -> None:
    """A hundred moments a day, each using up its share of the period's flow."""
    rest, days = float(balance), 0.0
    for flow, length in periods:
        for _ in range(100 * length):
            if rest > 1e-9:
                rest -= flow / (100 * length)
                days += 0.01
    flows, lengths = map(list, zip(*periods, strict=True))
    got = evaluate("=DIOFORWARD(b, f, d)", b=balance, f=flows, d=lengths)
    assert got is CellError.NUM if rest > 1e-6 else got == pytest.approx(days, abs=0.011)


def test_a_season_moves_the_ratio_but_not_the_count_back() -> None:
    """December's sales are all still owed: 31 days, whatever the rest of the year sold."""
    days = [30, 31, 30, 31]
    assert dso_count_back(500, [100, 100, 100, 500], days) == pytest.approx(31)
    assert evaluate("=DSO(500, 800, 122)") == pytest.approx(76.25)


@given(amounts, st.lists(st.tuples(amounts, st.integers(28, 31)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_count_back_is_count_forward_in_a_mirror(balance: float, periods: list[tuple[float, int]]) -> None:
    flow, days = map(list, zip(*periods, strict=True))
    answers: list[Any] = []
    for count, order in ((dio_forward, 1), (dso_count_back, -1)):
        try:
            answers.append(count(balance, flow[::order], days[::order]))
        except ValueError as error:
            answers.append(type(error))
    assert answers[0] == answers[1]


def test_quartiles_may_be_given_from_either_end() -> None:
    for value in (20, 30, 35, 45, 55):
        rising = benchmark_quartile(value, 30, 40, 50, False)
        assert rising == benchmark_quartile(value, 50, 40, 30, False)
        assert benchmark_quartile(-value, -30, -40, -50) == rising
    assert evaluate("=BENCHQUARTILE({28.1;67.7;90;91}, 28.1, 67.7, 90)") == [[1.0], [2.0], [3.0], [4.0]]


def test_what_is_not_delivered_is_neither_on_time_nor_in_full() -> None:
    assert on_time_in_full([1, 1], [1, None], [5, 5], [5, None]) == 0.5
    assert evaluate("=OTIF({1;1}, d, {5;5}, s)", d=[1, 1], s=[5, None]) is CellError.NA
    assert evaluate("=OTIF({1;1}, {1;1}, {0;0}, {0;0})") is CellError.DIV0


@pytest.mark.parametrize(("early", "late", "expected"), [(0, 0, 0.2), (1, 0, 0.4), (0, 1, 0.4), (2, 2, 1.0)])
def test_the_delivery_window_has_two_ends(early: int, late: int, expected: float) -> None:
    delivered = [8, 9, 10, 11, 12]
    assert on_time_in_full([10] * 5, delivered, [1] * 5, [1] * 5, early, late) == pytest.approx(expected)


def test_the_tolerance_is_a_share_of_the_line() -> None:
    for ordered, tolerance in itertools.product((3, 7, 10, 30, 100), (0.1, 0.3, 0.7)):
        least = ordered * (1 - tolerance)
        assert on_time_in_full([1], [1], [ordered], [least], 0, 0, tolerance) == 1.0
        assert on_time_in_full([1], [1], [ordered], [least - 0.001], 0, 0, tolerance) == 0.0


def test_the_breakeven_fee_leaves_the_supplier_nothing() -> None:
    _, _, breakeven = supply_chain_finance_benefit(1e6, 30, 0.03, 0.08, 0.01)
    assert supply_chain_finance_benefit(1e6, 30, 0.03, 0.08, breakeven)[1] == pytest.approx(0)


@given(st.lists(st.tuples(*[st.floats(-100, 100, allow_nan=False)] * 2), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_score_is_100_where_all_is_met_and_keeps_to_its_scale(
    metrics: list[tuple[float, float]],
) -> None:
    actual, target = map(list, zip(*metrics, strict=True))
    count = len(metrics)
    for direction in ("higher", "lower"):
        assert 0 <= score(actual, target, [1] * count, [direction] * count) <= 100
        assert score(actual, actual, [1] * count, [direction] * count) == 100


def test_directions_are_words_or_signs_and_weights_count() -> None:
    assert evaluate('=SCORE({45;6}, {50;5}, {1;1}, {"Higher ";"LOWER"})') == pytest.approx(
        evaluate("=SCORE({45;6}, {50;5}, {1;1}, {1;-1})")
    )
    assert evaluate("=SCORE({45;6}, {50;5}, {0;0}, {1;-1})") is CellError.DIV0
    assert evaluate("=SCORE({45;6}, {50;5}, {0;1}, {1;1})") == 100.0
