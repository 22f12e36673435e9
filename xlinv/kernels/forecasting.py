"""Forecasts by named method, their weights fitted, and the choice between the methods."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.demand_pattern import INTERVAL_CUT
from xlinv.kernels.intermittent import croston, tsb
from xlinv.kernels.seasonality import without_season
from xlinv.kernels.smoothing import seasonal, seasonal_start, simple, theta, trended

METHODS = ("naive", "snaive", "mean", "ses", "holt", "hw-add", "hw-mul", "theta", "croston", "sba", "tsb")
NAIVE, SNAIVE, MEAN, SES, HOLT, HW_ADD, HW_MUL, THETA, CROSTON, SBA, TSB = range(11)
AUTO = -1

# What auto chooses from. For intermittent demand, methods that can forecast nothing, or that never forget,
# are no candidates: WMAPE alone favours a forecast of 0 wherever most periods are without demand.
_STEADY_CANDIDATES = np.array([SES, THETA, HOLT, HW_ADD, HW_MUL])
_INTERMITTENT_CANDIDATES = np.array([SES, THETA, TSB])
_FEWEST_FOR_A_CHOICE = 6
# A handful of origins does not tell methods apart whose errors are this near the least: the mean of their
# forecasts is taken, seldom worse than the better of them (Clemen 1989).
_NEARLY_LEAST = 1.1
# A trend that goes on for the whole horizon costs dearly where it does not last (Gardner & McKenzie 1985):
# it has to make this much less error than the others.
_TREND_HAS_TO_EARN = 2.0

# The weight of Croston (1972) and Syntetos & Boylan (2005).
_CROSTON_WEIGHT = 0.1
_UNUSED = np.array([_CROSTON_WEIGHT])
_LEVEL_WEIGHTS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
_TREND_WEIGHTS = np.array([0.02, 0.05, 0.1, 0.2, 0.4, 0.7])
_OCCURRENCE_WEIGHTS = np.array([0.05, 0.1, 0.2, 0.3])
_WINTERS_LEVEL_WEIGHTS = np.array([0.01, 0.1, 0.2, 0.4, 0.7])
_WINTERS_TREND_WEIGHTS = np.array([0.01, 0.1, 0.3])
_WINTERS_SEASON_WEIGHTS = np.array([0.01, 0.1, 0.3])


@kernel()
def can_forecast(method: int, demand: Floats, end: int, season: int) -> bool:
    """Whether the history up to `end` is long enough, and positive where it has to be, for the method."""
    if method == SNAIVE:
        return season >= 2 and end >= season
    if method in (HW_ADD, HW_MUL):
        if season < 2 or end < season + 2:
            return False
        if method == HW_MUL:
            for period in range(end):
                if demand[period] <= 0.0:
                    return False
    return True


@kernel()
def one_step_error(method: int, demand: Floats, end: int, start: Floats, weights: Floats) -> float:
    """Sum of the squared one-step errors of a method; `start` is that of the methods with a season."""
    nothing = np.empty(0)
    if method == HOLT:
        return trended(demand, end, weights[0], weights[1], nothing)
    if method == TSB:
        return tsb(demand, end, weights[0], weights[1])[1]
    if method in (HW_ADD, HW_MUL):
        return seasonal(demand, end, method == HW_MUL, start, weights, nothing)
    return simple(demand, end, weights[0], nothing)


@kernel()
def fitted_weights(method: int, demand: Floats, end: int, season: int) -> Floats:
    """The weights (3,) of a grid with the least squared one-step error up to `end`; the first of equals."""
    first, second, third = _UNUSED, _UNUSED, _UNUSED
    history = demand
    start = np.empty(0)
    if method == SES:
        first = _LEVEL_WEIGHTS
    elif method == THETA:
        first = _LEVEL_WEIGHTS
        history = without_season(demand, end, season)[0]
    elif method == HOLT:
        first, second = _LEVEL_WEIGHTS, _TREND_WEIGHTS
    elif method == TSB:
        first = _OCCURRENCE_WEIGHTS
    elif method in (HW_ADD, HW_MUL):
        first, second, third = _WINTERS_LEVEL_WEIGHTS, _WINTERS_TREND_WEIGHTS, _WINTERS_SEASON_WEIGHTS
        start = seasonal_start(demand, end, season, method == HW_MUL)
    best = np.array([first[0], second[0], third[0]])
    if len(first) == 1:
        return best
    tried = best.copy()
    least = math.inf
    for one in first:
        for two in second:
            for three in third:
                tried[0], tried[1], tried[2] = one, two, three
                squares = one_step_error(method, history, end, start, tried)
                if squares < least:
                    least = squares
                    best[:] = tried
    return best


@kernel()
def flat_level(method: int, demand: Floats, end: int, weights: Floats) -> float:
    """What a method that knows neither trend nor season expects of every period after `end`."""
    if method == NAIVE:
        return float(demand[end - 1])
    if method == CROSTON:
        return croston(demand, end, weights[0])
    if method == SBA:
        return float((1.0 - weights[0] / 2.0) * croston(demand, end, weights[0]))
    if method == TSB:
        return tsb(demand, end, weights[0], weights[1])[0]
    total = 0.0
    for period in range(end):
        total += demand[period]
    return float(total / end)


@kernel()
def write_forecast(
    method: int, demand: Floats, end: int, season: int, weights: Floats, forecast: Floats
) -> None:
    """Fill `forecast` (horizon,) with what the method expects after the first `end` periods."""
    if method == SES:
        simple(demand, end, weights[0], forecast)
    elif method == HOLT:
        trended(demand, end, weights[0], weights[1], forecast)
    elif method == THETA:
        adjusted, indices = without_season(demand, end, season)
        theta(adjusted, end, weights[0], forecast)
        for step in range(len(forecast)):
            forecast[step] *= indices[(end + step) % len(indices)]
    elif method in (HW_ADD, HW_MUL):
        start = seasonal_start(demand, end, season, method == HW_MUL)
        seasonal(demand, end, method == HW_MUL, start, weights, forecast)
    elif method == SNAIVE:
        for step in range(len(forecast)):
            forecast[step] = demand[end - season + step % season]
    else:
        forecast[:] = flat_level(method, demand, end, weights)


@kernel()
def rolling_error(
    method: int, demand: Floats, end: int, season: int, first_origin: int, forecast: Floats
) -> float:
    """Sum of absolute errors over all origins from `first_origin` on, each as far as `forecast` reaches.

    The weights are fitted to what was known at the first origin. `forecast` (horizon,) is overwritten.
    """
    weights = fitted_weights(method, demand, first_origin, season)
    error = 0.0
    for origin in range(first_origin, end):
        write_forecast(method, demand, origin, season, weights, forecast)
        for step in range(min(len(forecast), end - origin)):
            error += abs(forecast[step] - demand[origin + step])
    return error


@kernel()
def is_steady(demand: Floats, end: int) -> bool:
    """Whether demand up to `end` occurs so often that it is not intermittent."""
    occurred = 0
    for period in range(end):
        if demand[period] > 0.0:
            occurred += 1
    return end < INTERVAL_CUT * occurred


@kernel()
def yet_to_learn(end: int, season: int, first_origin: int) -> float:
    """Error to expect of a method with a season at `end`, over that at the origins it was judged from.

    A place of the season that is the mean of k years adds 1/k to the variance of the error.
    """
    judged = (first_origin + end - 1) / 2.0
    return math.sqrt((1.0 + season / end) / (1.0 + season / judged))


@kernel()
def candidate_errors(demand: Floats, end: int, season: int, steady: bool, forecast: Floats) -> Floats:
    """Error of each of METHODS over rolling origins in the last third; infinite where it is no candidate.

    All candidates are judged on the same periods, so that sums of absolute errors compare as WMAPE does.
    Holt's trend has to halve them. Where the origins do not reach the horizon, theta, with half the trend,
    takes the place of no trend at all. `forecast` (horizon,) is overwritten.
    """
    errors = np.full(len(METHODS), math.inf)
    first_origin = end - end // 3
    if season + 2 <= end - 2:
        first_origin = max(first_origin, season + 2)  # so that the methods with a season can be judged
    for method in _STEADY_CANDIDATES if steady else _INTERMITTENT_CANDIDATES:
        if can_forecast(method, demand, first_origin, season) and can_forecast(method, demand, end, season):
            errors[method] = rolling_error(method, demand, end, season, first_origin, forecast)
    errors[HOLT] *= _TREND_HAS_TO_EARN
    errors[HW_ADD] *= yet_to_learn(end, season, first_origin)
    errors[HW_MUL] *= yet_to_learn(end, season, first_origin)
    if steady and end - first_origin < len(forecast):
        errors[THETA] = min(errors[THETA], errors[SES])
        errors[SES] = math.inf
    return errors


@kernel()
def chosen_methods(demand: Floats, end: int, season: int, forecast: Floats) -> NDArray[np.bool_]:
    """Which of METHODS auto takes, shape (methods,): those of nearly the least error, at least one.

    Of intermittent demand only the one with the least: most periods are without demand, so that a mean of
    forecasts, higher than the lowest, gained nothing there. `forecast` (horizon,) is overwritten.
    """
    chosen = np.zeros(len(METHODS), np.bool_)
    if end < _FEWEST_FOR_A_CHOICE:
        chosen[SES] = True
        return chosen
    steady = is_steady(demand, end)
    errors = candidate_errors(demand, end, season, steady, forecast)
    if steady:
        chosen[:] = errors <= _NEARLY_LEAST * errors.min()
    else:
        chosen[errors.argmin()] = True
    return chosen


@kernel()
def write_auto_forecast(demand: Floats, end: int, season: int, forecast: Floats) -> None:
    """Fill `forecast` (horizon,) with the mean of the forecasts of the methods that auto takes."""
    chosen = chosen_methods(demand, end, season, forecast)
    one = np.empty(len(forecast))
    forecast[:] = 0.0
    for method in range(len(chosen)):
        if chosen[method]:
            weights = fitted_weights(method, demand, end, season)
            write_forecast(method, demand, end, season, weights, one)
            forecast += one
    forecast /= chosen.sum()


@kernel()
def forecast_rows(history: Floats, method: int, season: int, horizon: int) -> Floats:
    """Forecast of each row of `history` (items, periods), shape (items, horizon).

    Missing periods (NaN) before the first and after the last observed one are passed over; a row with
    others, with none observed, or that the method cannot forecast, is NaN.
    """
    result = np.full((history.shape[0], horizon), math.nan)
    for item in range(history.shape[0]):
        start = 0
        stop = history.shape[1]
        while start < stop and history[item, start] != history[item, start]:
            start += 1
        while stop > start and history[item, stop - 1] != history[item, stop - 1]:
            stop -= 1
        demand = history[item, start:stop]
        if start == stop or demand.sum() != demand.sum():
            continue
        end = stop - start
        if method == AUTO:
            write_auto_forecast(demand, end, season, result[item])
        elif can_forecast(method, demand, end, season):
            weights = fitted_weights(method, demand, end, season)
            write_forecast(method, demand, end, season, weights, result[item])
    return result


@kernel()
def relative_forecast_errors(history: Floats) -> Floats:
    """Root mean square one-step error of fitted simple smoothing over the mean, per row of `history`.

    `history` (items, periods); missing periods (NaN) are left out. NaN where the mean is 0 or fewer than
    two periods were observed.
    """
    result = np.full(history.shape[0], math.nan)
    demand = np.empty(history.shape[1])
    for item in range(history.shape[0]):
        end = 0
        total = 0.0
        for period in range(history.shape[1]):
            if history[item, period] == history[item, period]:
                demand[end] = history[item, period]
                total += demand[end]
                end += 1
        mean = total / end if end > 1 else 0.0
        if mean > 0.0:
            weights = fitted_weights(SES, demand, end, 1)
            squares = one_step_error(SES, demand, end, np.empty(0), weights)
            result[item] = math.sqrt(squares / end) / mean
    return result


def forecasts(history: Floats, horizon: int, method: int = AUTO, season: int = 0) -> Floats:
    """Forecast of each row of `history` (items, periods), shape (items, horizon), on all processors.

    `method` is a position in METHODS, or AUTO. The items are independent, so neither the number of
    processors nor the order of the work changes a digit.
    """
    workers = os.cpu_count() or 1
    if history.size < 2048 * workers:
        return forecast_rows(history, method, season, horizon)
    forecast_rows.compiled()
    bounds = np.linspace(0, len(history), 4 * workers + 1).astype(int).tolist()
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(
            lambda rows: forecast_rows(history[rows[0] : rows[1]], method, season, horizon), pairwise(bounds)
        )
        return np.concatenate(list(parts))
