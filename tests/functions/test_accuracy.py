"""Forecast accuracy, against published figures and plain numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlinv.cells import CellError
from xlinv.functions import forecast_bias, forecast_sigma, wmape

pairs = st.lists(st.tuples(st.floats(1, 100), st.floats(0, 100)), min_size=1, max_size=20)


def test_forecast_studio_example() -> None:
    """Actual and forecast (1000, 950) and (10, 25): WMAPE 6.44 % (forecaststudio)."""
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


def test_pairs_with_a_blank_are_left_out_and_text_is_an_error() -> None:
    assert wmape.evaluate([[100], [None], [50]], [[90], [80], [None]]).cells == [[0.1]]
    assert wmape.evaluate([[100], ["x"]], [[90], [80]]).cells == [[CellError.VALUE]]
    assert wmape.evaluate([[None]], [[90]]).cells == [[CellError.NA]]
