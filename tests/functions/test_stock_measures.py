"""What is said of a stock, its cover, components, classes and service, against slow and obvious twins."""

import functools
import json
import operator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlinv
from tests.naive import stock as naive
from xlinv.cells import CellError
from xlinv.functions import CATALOGUE, dio, fill_rate, inventory_components, periods_of_supply
from xlinv.version import __version__

PUBLISHED = json.loads((Path(__file__).parents[1] / "vectors" / "finance.json").read_text())
FEW = settings(max_examples=200, deadline=None)
units = st.floats(0, 1e9, allow_subnormal=False)


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_published_figures(case: dict[str, object]) -> None:
    assert xlinv.evaluate(case["formula"]) == pytest.approx(case["expected"], abs=case["tolerance"])


def test_balances_may_come_by_name_and_a_blank_one_is_left_out() -> None:
    assert xlinv.evaluate("=DIO(stock, cogs)", stock=[40000, 60000], cogs=300000) == pytest.approx(
        60.8333, abs=5e-5
    )
    assert (
        dio.evaluate([[40000], [None], [60000]], 300000).cells == dio.evaluate([[40000, 60000]], 300000).cells
    )
    assert dio.evaluate([[None], [None]], 300000).cells == [[CellError.NA]]


def test_averaged_balances_meet_each_of_several_flows() -> None:
    assert dio.evaluate([[40000, 60000]], [[365000], [182500]], 365).cells == [[50.0], [100.0]]


def test_what_one_line_got_too_much_fills_no_other() -> None:
    assert fill_rate([120, 80], [100, 100]) == pytest.approx(0.9)
    assert fill_rate([0, 5], [0, 5], "line") == 1
    assert fill_rate.evaluate([0], [0]).cells == [[CellError.DIV0]]
    assert fill_rate.evaluate([5, 5], [5, 5], "order", ["A", None]).cells == [[CellError.NA]]


@given(
    lines=st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 4), st.sampled_from("ABC")), min_size=1, max_size=8
    )
)
@FEW
def test_fill_rates_equal_their_definition(lines: list[tuple[int, int, str]]) -> None:
    shipped, ordered, orders = map(list, zip(*lines, strict=True))
    for level in ("unit", "line", "order"):
        assert fill_rate(shipped, ordered, level, orders) == pytest.approx(naive.fill_rate(lines, level))


@given(on_hand=units, safety=units, cycle=units, pipeline=units, prebuild=units, demand=st.none() | units)
@FEW
def test_components_sum_to_the_stock_to_the_last_bit(
    on_hand: float, safety: float, cycle: float, pipeline: float, prebuild: float, demand: float | None
) -> None:
    parts = inventory_components(on_hand, safety, cycle, pipeline, prebuild, demand)
    total = on_hand + pipeline
    assert functools.reduce(operator.add, parts) == total
    assert min(parts) >= 0
    want = naive.components(*map(Fraction, (on_hand, safety, cycle, pipeline, prebuild)), demand)
    assert parts == pytest.approx([float(part) for part in want], rel=1e-12, abs=1e-12 * total)


@given(ending=st.integers(0, 40), demand=st.lists(st.integers(0, 9), min_size=1, max_size=8))
@FEW
def test_periods_of_supply_count_out_unit_by_unit(ending: int, demand: list[int]) -> None:
    cells = periods_of_supply.evaluate(ending, demand).cells
    want = naive.periods_of_supply(ending, demand)
    assert cells == [[CellError.NUM]] if want is None else cells[0][0] == pytest.approx(want)


def test_a_period_whose_demand_is_unknown_is_not_skipped() -> None:
    assert periods_of_supply.evaluate(150, [100, None, 100]).cells == [[CellError.NA]]
    assert "outlasts" in periods_of_supply.evaluate(400, [100, 100]).problems[0].sentence


@pytest.mark.parametrize(
    ("on_hand", "days", "demand", "want"),
    [
        (100, 0, 100, "active"),  # all of it will be used
        (101, 0, 100, "excess"),  # one unit will not
        (100, 179, 100, "active"),
        (100, 180, 100, "slow"),  # at the limit
        (500, 180, 100, "slow"),  # unused tells more than too much
        (100, 400, 1, "slow"),  # old, but there is a demand
        (100, 364, 0, "slow"),
        (100, 365, 0, "obsolete"),
        (0, 0, 0, "active"),  # nothing there, nothing too much
    ],
)
def test_classes_at_their_limits(on_hand: float, days: float, demand: float, want: str) -> None:
    assert CATALOGUE["SLOBCLASS"](on_hand, days, demand) == want


def test_the_engine_tells_of_every_function_under_every_spelling() -> None:
    assert xlinv.evaluate("=XLINVVERSION()") == __version__
    for name, declared in CATALOGUE.items():
        assert CATALOGUE["FUNCTIONVERSION"](name) == declared.version
        assert declared.source.rstrip(".") in CATALOGUE["METHODINFO"](f"xlinv.{name.lower()}")
    several = CATALOGUE["FUNCTIONVERSION"].evaluate([["EOQ"], ["NOSUCH"], [None]]).cells
    assert several == [[CATALOGUE["EOQ"].version], [CellError.NA], [CellError.NA]]
