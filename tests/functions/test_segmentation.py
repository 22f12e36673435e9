"""Segmentation, against obvious twins, published figures and pandas on real demand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive import segmentation as naive
from xlinv.cells import CellError, InputError
from xlinv.functions import (
    abc_class,
    abc_xyz,
    demand_cv,
    demand_interval,
    demand_pattern,
    pareto,
    seg_cash,
    xyz_class,
)

PATTERNS = json.loads((Path(__file__).parents[1] / "vectors" / "demand_pattern.json").read_text())
values = st.lists(st.integers(0, 20), min_size=1, max_size=12).filter(any)
histories = st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any), min_size=2, max_size=6)


@pytest.mark.parametrize("case", PATTERNS, ids=lambda case: case["id"])
def test_published_pattern(case: dict) -> None:
    series = [case["series"]]
    assert demand_interval(series)[0] == pytest.approx(case["adi"], abs=1e-9)
    assert demand_cv(series)[0] == pytest.approx(case["cv2"], abs=1e-9)
    assert demand_pattern(series)[0] == case["class"]


@given(values)
@settings(max_examples=60, deadline=None)
def test_abc_is_excel_s_sumif_whatever_the_order(column: list[int]) -> None:
    got = abc_class(column)
    assert list(got) == [naive.abc_class(column, row, 0.8, 0.95) for row in range(len(column))]
    assert list(abc_class(column[::-1])) == list(got)[::-1]
    assert all(len({c for c, v in zip(got, column, strict=True) if v == own}) == 1 for own in column)


@given(values, st.sampled_from([0.5, 4.0, 1024.0]))
@settings(max_examples=30, deadline=None)
def test_abc_does_not_depend_on_the_currency(column: list[int], rate: float) -> None:
    assert list(abc_class(column)) == list(abc_class([rate * v for v in column]))


@given(histories)
@settings(max_examples=60, deadline=None)
def test_xyz_and_pattern_are_their_obvious_twins(history: list[list[int]]) -> None:
    variations = [naive.variation(row) for row in history]
    clear = [min(abs(v - 0.5), abs(v - 1)) > 1e-9 for v in variations]
    wanted = ["X" if v <= 0.5 else "Y" if v <= 1 else "Z" for v in variations]
    got = list(xyz_class(history))
    assert [g for g, c in zip(got, clear, strict=True) if c] == [
        w for w, c in zip(wanted, clear, strict=True) if c
    ]
    assert list(demand_pattern(history)) == [naive.demand_pattern(row) for row in history]


def test_other_measures_of_variability() -> None:
    history = [[10.0, 14, 10, 14, 10, 14, 10, 14]]
    assert xyz_class(history, 0.17, 0.2, "mad").tolist() == ["Z"]  # 1.25 × 2/12 = 0.208
    assert xyz_class(history, 0.17, 0.2, "cv").tolist() == ["Y"]  # 0.178
    assert xyz_class(history, 0.17, 0.2, "error").tolist() == ["X"]  # 0.168: 2/12 and a little for smoothing


def test_a_column_is_one_item_and_blanks_are_not_observed() -> None:
    series = [0, 0, 5, 0, 0, 4, 0, 6, 0, 0, 0, 5]
    assert demand_pattern.evaluate([[d] for d in series]).cells == [["intermittent"]]
    assert demand_interval.evaluate([[*series, None, None]]).cells == [[3.0]]
    assert xyz_class.evaluate([[10, 12, None], [None, None, None], [10, "x", 3], [1, -1, 2]]).cells == [
        ["X"],
        [CellError.NA],
        [CellError.VALUE],
        [CellError.NUM],
    ]


def test_all_zero_values_have_no_class() -> None:
    assert abc_class.evaluate([[0], [0]]).cells == [[CellError.DIV0], [CellError.DIV0]]
    with pytest.raises(ValueError, match="total of 0"):
        abc_class([0, 0])
    with pytest.raises(InputError, match=r"'values' must be >= 0: -1\.0 \(row 2\)"):
        abc_class([1, -1])


def test_pareto_keeps_row_numbers_as_keys_and_leaves_blanks_out() -> None:
    table = pareto([5, None, 15])
    assert table["key"].tolist() == [3, 1]
    assert table["cumulative share"].tolist() == [0.75, 1.0]


def test_segcash_adds_up() -> None:
    table = seg_cash([1, 2, 3, 4], ["b", None, "a", "b"])
    assert table["segment"].tolist() == ["b", "a", "(blank)"]
    assert table["share"].sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def carparts(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "demand" / "carparts.csv", index_col="Part")


def test_carparts_patterns_equal_pandas(carparts: pd.DataFrame) -> None:
    sizes = carparts.where(carparts > 0)
    interval = carparts.count(axis=1) / sizes.count(axis=1)
    variation = ((sizes.std(axis=1) / sizes.mean(axis=1)) ** 2).fillna(0)
    wanted = np.select(
        [(interval < 1.32) & (variation < 0.49), interval < 1.32, variation < 0.49],
        ["smooth", "erratic", "intermittent"],
        "lumpy",
    )
    assert demand_pattern(carparts).tolist() == wanted.tolist()
    np.testing.assert_allclose(demand_interval(carparts), interval, rtol=1e-12)
    np.testing.assert_allclose(demand_cv(carparts), variation, rtol=1e-9, atol=1e-12)


def test_carparts_classes_equal_pandas(carparts: pd.DataFrame) -> None:
    value = carparts.sum(axis=1)
    ranked = value.sort_values(ascending=False).cumsum() / value.sum()
    share = ranked.groupby(value).min().reindex(value).to_numpy()
    by_value = np.where(share <= 0.8 + 1e-12, "A", np.where(share <= 0.95 + 1e-12, "B", "C"))
    variation = (carparts.std(axis=1) / carparts.mean(axis=1)).to_numpy()
    by_variation = np.where(variation <= 0.5, "X", np.where(variation <= 1, "Y", "Z"))
    assert abc_class(value).tolist() == by_value.tolist()
    assert xyz_class(carparts).tolist() == by_variation.tolist()
    assert abc_xyz(value, carparts).tolist() == [a + x for a, x in zip(by_value, by_variation, strict=True)]
