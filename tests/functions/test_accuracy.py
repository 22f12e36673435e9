"""Forecast accuracy, against published figures and plain numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlinv.cells import CellError
from xlinv.functions import (
    forecast_bias,
    forecast_sigma,
    forecast_va,
    mape,
    mase,
    smape,
    tracking_signal,
    wmape,
)

pairs = st.lists(st.tuples(st.floats(1, 100), st.floats(0, 100)), min_size=1, max_size=20)


def test_forecast_studio_example() -> None:
    """Actual and forecast (1000, 950) and (10, 25): MAPE 77.5 %, WMAPE 6.44 % (forecaststudio)."""
    assert mape([1000, 10], [950, 25]) == pytest.approx(0.775)
    assert wmape([1000, 10], [950, 25]) == pytest.approx(0.064356, abs=1e-6)


@given(pairs)
@settings(max_examples=40, deadline=None)
def test_accuracy_is_what_numpy_says(rows: list[tuple[float, float]]) -> None:
    actual, forecast = np.array(rows).T
    error = forecast - actual
    assert wmape(actual, forecast) == pytest.approx(np.abs(error).sum() / actual.sum())
    assert forecast_bias(actual, forecast) == pytest.approx(error.sum() / actual.sum(), abs=1e-12)
    assert forecast_sigma(actual, forecast) == pytest.approx(np.sqrt((error**2).mean()))
    assert forecast_sigma(actual, forecast, "mad") == pytest.approx(1.25 * np.abs(error).mean())
    assert mape(actual, forecast) == pytest.approx(np.mean(np.abs(error) / actual))
    assert smape(actual, forecast) == pytest.approx(np.mean(2 * np.abs(error) / (actual + forecast)))
    assert forecast_va(actual, forecast, forecast) == 0
    if error.any():
        assert tracking_signal(actual, forecast) == pytest.approx(
            error.sum() / np.abs(error).mean(), abs=1e-9
        )


def test_mase_of_a_seasonal_history() -> None:
    history = [10, 20, 12, 24, 11, 25]
    assert mase([14, 26], [12, 22], history, 2) == pytest.approx(3.0 / 2.0)
    assert mase.evaluate([[14]], [[12]], [[10], [20]], 2).cells == [[CellError.NA]]


def test_pairs_with_a_blank_are_left_out_and_text_is_an_error() -> None:
    assert wmape.evaluate([[100], [None], [50]], [[90], [80], [None]]).cells == [[0.1]]
    assert wmape.evaluate([[100], ["x"]], [[90], [80]]).cells == [[CellError.VALUE]]
    assert wmape.evaluate([[None]], [[90]]).cells == [[CellError.NA]]
