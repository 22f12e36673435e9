"""Forecasts: exact where theory says so, equal to obvious twins, the same on every path."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive import forecasting as naive
from xlinv.cells import CellError, InputError
from xlinv.functions import demand_sense, forecast_series, promo_lift, season_index
from xlinv.kernels import forecasting, intermittent, smoothing

SHAPE = np.array([0.7, 0.8, 1.0, 1.2, 1.1, 1.2])
sporadic = st.lists(st.integers(0, 4), min_size=3, max_size=40).filter(any)
histories = st.lists(st.integers(0, 50), min_size=1, max_size=40)
methods = st.sampled_from(["auto", "naive", "mean", "ses", "holt", "theta", "croston", "sba", "tsb"])


@given(sporadic, st.sampled_from([0.1, 0.3, 1.0]))
@settings(max_examples=60, deadline=None)
def test_smoothing_is_its_obvious_twin(demand: list[int], weight: float) -> None:
    array = np.array(demand, float)
    forecast = np.empty(1)
    smoothing.simple(array, len(array), weight, forecast)
    start = smoothing.start_level(array, len(array))
    assert forecast[0] == pytest.approx(naive.simple_level(demand, weight, start))
    assert intermittent.croston(array, len(array), weight) == pytest.approx(
        naive.croston_rate(demand, weight)
    )
    rate, _ = intermittent.tsb(array, len(array), weight, 0.1)
    assert rate == pytest.approx(naive.tsb_rate(demand, weight, 0.1))


def test_a_line_goes_on() -> None:
    line = 5.0 + 3.0 * np.arange(20)
    for method in ("holt", "auto"):
        np.testing.assert_allclose(forecast_series(line, 4, method), 5.0 + 3.0 * np.arange(20, 24))


@pytest.mark.parametrize("method", ["hw-add", "auto"])
def test_a_season_on_a_line_goes_on(method: str) -> None:
    time = np.arange(30)
    demand = 100.0 + 2.0 * time + 40.0 * (SHAPE[time % 6] - 1)
    future = np.arange(24, 30)
    np.testing.assert_allclose(forecast_series(demand[:24], 6, method, 6), demand[future], rtol=1e-9)


@pytest.mark.parametrize("end", [8, 12, 15, 24, 29])
@pytest.mark.parametrize("multiplicative", [False, True])
def test_a_season_starts_from_all_its_years(end: int, multiplicative: bool) -> None:
    time = np.arange(29)
    demand = 100.0 * SHAPE[time % 6] + (0.0 if multiplicative or end < 12 else 2.0) * time
    start = smoothing.seasonal_start(demand, end, 6, multiplicative)
    weights = np.array([0.1, 0.1, 0.1])
    assert smoothing.seasonal(demand, end, multiplicative, start, weights, np.empty(0)) < 1e-18


@given(st.lists(st.integers(1, 50), min_size=7, max_size=30), st.integers(2, 5))
@settings(max_examples=60, deadline=None)
def test_a_season_starts_from_least_squares(demand: list[int], season: int) -> None:
    trend, fitted = naive.line_and_season(demand, season)
    start = smoothing.seasonal_start(np.array(demand, float), len(demand), season, False)
    time = np.arange(len(demand))
    assert start[1] == pytest.approx(trend, abs=1e-9)
    assert start[2:].sum() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(start[0] + start[1] * (time + 1) + start[2 + time % season], fitted, atol=1e-9)


def test_a_trend_is_free_of_the_season_in_an_incomplete_year() -> None:
    time = np.arange(9)
    demand = 50.0 + 3.0 * time + 40.0 * SHAPE[time % 6]
    assert smoothing.season_trend(demand, 9, 6) == pytest.approx(3.0)
    assert smoothing.season_trend(demand, 6, 6) == 0.0  # one year tells no trend from a season


def test_theta_knows_a_season_from_two_of_them() -> None:
    demand = np.full(24, 90.0)
    demand[[3, 15]] = 210.0
    np.testing.assert_allclose(forecast_series(demand, 12, "theta", 12), demand[:12], rtol=0.1)
    assert np.ptp(forecast_series(demand[:23], 12, "theta", 12)) < 10


def test_a_growing_season_on_a_level_goes_on() -> None:
    demand = 100.0 * SHAPE[np.arange(24) % 6]
    np.testing.assert_allclose(forecast_series(demand[:18], 6, "hw-mul", 6), demand[18:], rtol=1e-9)
    np.testing.assert_allclose(season_index(demand, 6), SHAPE, rtol=1e-12)
    np.testing.assert_allclose(season_index(demand[3:], 6), SHAPE[(np.arange(6) + 3) % 6], rtol=1e-12)


def test_theta_is_smoothing_with_half_the_slope() -> None:
    """Hyndman & Billah (2003): SES plus half the regression slope, which starts a period of growth ahead."""
    demand = np.array([12.0, 15, 11, 18, 16, 21, 19, 24])
    weight = forecasting.fitted_weights(forecasting.THETA, demand, 8, 1)[0]
    level = naive.simple_level(demand.tolist(), weight, float(demand[:6].mean()))
    slope = np.polyfit(np.arange(8), demand, 1)[0]
    wanted = [level + slope / 2 * (h + (1 - (1 - weight) ** 8) / weight) for h in range(3)]
    np.testing.assert_allclose(forecast_series(demand, 3, "theta"), wanted)


@given(histories, methods)
@settings(max_examples=60, deadline=None)
def test_forecasts_are_never_negative_and_scale_with_the_unit(demand: list[int], method: str) -> None:
    forecast = forecast_series(demand, 3, method)
    assert (forecast >= 0).all()
    assert forecast_series([4 * d for d in demand], 3, method).tolist() == (4 * forecast).tolist()


def test_both_paths_and_all_numbers_of_processors_give_the_same_bits() -> None:
    draw = np.random.default_rng(7)
    history = np.round(draw.gamma(2, 20, (60, 40)) * (draw.random((60, 40)) < draw.random((60, 1))))
    history[3] *= 1 + 0.5 * np.sin(np.arange(40) / 6 * np.pi)
    history[5, :9] = np.nan
    plain = forecasting.forecast_rows.py_func(history, forecasting.AUTO, 12, 6)
    compiled = forecasting.forecast_rows.compiled()(history, forecasting.AUTO, 12, 6)
    assert plain.tobytes() == compiled.tobytes() == forecasting.forecasts(history, 6, season=12).tobytes()
    tiled = forecasting.forecasts(np.tile(history, (30, 1)), 6, season=12)
    assert tiled.tobytes() == np.tile(compiled, (30, 1)).tobytes()


@given(st.lists(st.integers(1, 50), min_size=6, max_size=30), st.integers(1, 4), st.sampled_from([1, 3, 4]))
@settings(max_examples=20, deadline=None)
def test_auto_is_the_mean_of_the_methods_with_nearly_the_least_error(
    demand: list[int], horizon: int, season: int
) -> None:
    array, end = np.array(demand, float), len(demand)
    errors = forecasting.candidate_errors(array, end, season, True, np.empty(horizon))
    chosen = forecasting.chosen_methods(array, end, season, np.empty(horizon))
    assert chosen.tolist() == [error <= 1.1 * min(errors) for error in errors]
    named = [name for name, taken in zip(forecasting.METHODS, chosen, strict=True) if taken]
    alone = [forecast_series(demand, horizon, name, season) for name in named]
    np.testing.assert_allclose(forecast_series(demand, horizon, "auto", season), np.mean(alone, axis=0))


@given(st.lists(st.integers(1, 50), min_size=9, max_size=24), st.sampled_from(["ses", "theta", "hw-add"]))
@settings(max_examples=20, deadline=None)
def test_methods_are_judged_by_what_they_would_have_forecast(demand: list[int], name: str) -> None:
    """The sum over the origins of the last third, with the weights of the first of them."""
    array, end, method = np.array(demand, float), len(demand), forecasting.METHODS.index(name)
    first = end - end // 3
    weights = forecasting.fitted_weights(method, array, first, 3)
    told = np.empty((end - first, 2))
    for origin in range(first, end):
        forecasting.write_forecast(method, array, origin, 3, weights, told[origin - first])
    expected = naive.absolute_errors(told.tolist(), demand, first)
    if name == "hw-add":
        expected *= forecasting.yet_to_learn(end, 3, first)
    errors = forecasting.candidate_errors(array, end, 3, True, np.empty(2))
    assert errors[method] == pytest.approx(expected)


def test_what_a_season_has_yet_to_teach() -> None:
    """At 24 months each place is the mean of 2 years; at the origins 16 to 23, of 19.5 / 12 on average."""
    assert forecasting.yet_to_learn(24, 12, 16) == pytest.approx(((1 + 1 / 2) / (1 + 12 / 19.5)) ** 0.5)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any), st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_auto_names_the_methods_whose_mean_it_takes(demand: list[int], horizon: int) -> None:
    named = str(forecast_series(demand, horizon, "auto", 4, "method")[0]).split(", ")
    alone = [forecast_series(demand, horizon, name, 4) for name in named]
    np.testing.assert_allclose(forecast_series(demand, horizon, "auto", 4), np.mean(alone, axis=0))


def test_a_named_method_names_itself_and_errors_come_first() -> None:
    assert forecast_series.evaluate([4, 6], 3, "Naive", 0, "method").cells == [["naive"]]
    assert forecast_series.evaluate([4, 6], 3, "hw-add", 4, "method").cells == [[CellError.NA]]
    assert forecast_series.evaluate([4, 6], 3, "auto", 0, "why").cells == [[CellError.VALUE]]


def test_auto_takes_one_method_where_demand_is_intermittent() -> None:
    draw = np.random.default_rng(3)
    for _ in range(20):
        demand = np.where(draw.random(36) < 0.4, draw.integers(1, 9, 36), 0).astype(float)
        chosen = forecasting.chosen_methods(demand, 36, 12, np.empty(3))
        assert chosen.sum() == 1


def test_auto_trusts_no_level_further_ahead_than_it_could_judge() -> None:
    demand = [8, 9, 10, 13, 12, 14, 12, 12, 12, 12, 12, 12]
    assert forecast_series(demand, 2).tolist() == forecast_series(demand, 2, "ses").tolist()
    assert forecast_series(demand, 12).tolist() == forecast_series(demand, 12, "theta").tolist()


def test_auto_never_forecasts_nothing_while_there_is_demand() -> None:
    demand = np.zeros(48)
    demand[2::4] = 6
    assert forecast_series(demand, 1)[0] == pytest.approx(1.5, abs=0.4)


def test_blanks_at_the_ends_are_passed_over_but_not_between() -> None:
    assert forecast_series.evaluate([[None], [4], [6], [None]], 1, "naive").cells == [[6.0]]
    assert forecast_series.evaluate([[4], [None], [6]], 1).cells == [[CellError.NA]]
    with pytest.raises(InputError, match="must not be blank between numbers"):
        forecast_series([4, None, 6], 1)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (([[4], [6]], 0), CellError.NUM),
        (([[4], [6]], 1.5), CellError.NUM),
        (([[4], [6]], 1, "arima"), CellError.VALUE),
        (([[4], [6], [5]], 1, "hw-add", 4), CellError.NA),  # shorter than a season
        (([[4], [0], [5], [4]], 1, "hw-mul", 2), CellError.NUM),  # zero demand
        (([[4], [-6]], 1), CellError.NUM),
        (([[4, 5], [6, 7]], 1), CellError.VALUE),  # one series at a time
    ],
)
def test_what_cannot_be_forecast(arguments: tuple, error: CellError) -> None:
    assert forecast_series.evaluate(*arguments).cells == [[error]]


def test_promotion_flags_and_sensing() -> None:
    assert promo_lift([10, 20, 30, None], [False, True, 1, 1]) == pytest.approx(2.5)
    np.testing.assert_allclose(demand_sense([50, 150], [80], 1.0, 0.1), [45, 135])
