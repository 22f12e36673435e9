"""Cleaning, lead time statistics and bullwhip, against plain numpy and pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlinv.cells import CellError
from xlinv.functions import bullwhip, clean_history, lead_time_stats

histories = st.lists(st.integers(1, 60), min_size=1, max_size=25)


@given(histories, st.sampled_from([3, 5, 7]))
@settings(max_examples=40, deadline=None)
def test_hampel_is_the_rolling_median_of_pandas(history: list[int], window: int) -> None:
    series = pd.Series(history, dtype=float)
    cleaned = clean_history(history, "hampel", window)["cleaned"]
    median = series.rolling(window, center=True, min_periods=1).median()
    deviation = [
        np.median(np.abs(series[max(0, t - window // 2) : t + window // 2 + 1] - median[t]))
        for t in range(len(history))
    ]
    outlier = (series - median).abs() > 3 * 1.4826 * np.array(deviation)
    assert cleaned.tolist() == series.where(~outlier, median).tolist()


def test_peaks_of_intermittent_demand_are_no_outliers() -> None:
    history = [0, 0, 5, 0, 0, 4, 0, 60, 0, 0]
    for method in ("hampel", "iqr"):
        assert clean_history(history, method)["flag"].sum() == 0


def test_a_blank_stays_blank() -> None:
    rows = clean_history.evaluate([[10], [None], [11]]).cells
    assert rows[2] == [None, None, 0]


def test_tukey_s_fence() -> None:
    table = clean_history([10, 11, 12, 13, 100], "iqr")
    assert table["cleaned"].tolist() == [10, 11, 12, 13, 16]
    assert table["flag"].tolist() == [0, 0, 0, 0, 1]


def test_lead_times_are_what_numpy_says() -> None:
    days = np.array([7.0, 12, 9, 30, 8])
    stats = lead_time_stats(np.zeros(5), days)
    assert stats == pytest.approx((days.mean(), days.std(ddof=1), 9.0, np.percentile(days, 95), 5))


def test_one_receipt_has_no_standard_deviation() -> None:
    assert lead_time_stats.evaluate([[1]], [[11]]).cells == [[10.0, CellError.DIV0, 10.0, 10.0, 1]]
    assert lead_time_stats.evaluate([[1], [2]], [[11], [None]]).cells[0][4] == 1


def test_bullwhip_takes_columns_of_different_length() -> None:
    assert bullwhip([1, 3, 5, 3], [2, 3, 4]) == pytest.approx(np.var([1, 3, 5, 3], ddof=1))
    assert bullwhip.evaluate([[1]], [[2], [3]]).cells == [[CellError.DIV0]]
