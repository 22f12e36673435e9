"""Forecasting: what history says of the demand to come."""

from typing import Annotated, Final, TypeAlias

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Gt,
    Labels,
    Le,
    Option,
    Refusal,
    Result,
    Series,
    Value,
    Whole,
    function,
)
from xlinv.cells import CellError, Floats, InputError
from xlinv.kernels import forecasting
from xlinv.kernels.seasonality import season_indices

FAMILY: Final = "Demand and forecasting"
_MONTHS: Final = 12

PastDemand: TypeAlias = Annotated[
    Series,
    Argument(
        "units/period",
        "Demand, first period first; blanks before the first and after the last number are passed over.",
        Ge(0),
        keep_blanks=True,
    ),
]


def _observed(history: Floats) -> Floats:
    """The history from its first to its last observed period."""
    seen = np.flatnonzero(~np.isnan(history))
    if not len(seen):
        raise Refusal(CellError.NA, "'history' must hold at least one number")
    return history[seen[0] : seen[-1] + 1]


@function(
    "FORECASTSERIES",
    family=FAMILY,
    formula="auto: of ses, theta, holt, hw-add and hw-mul the mean of those whose WMAPE, over rolling "
    "origins in the last third of the history and at the horizon asked for, is at most 1.1 times the "
    "least; where demand is intermittent (DEMANDINTERVAL ≥ 1.32), of ses, theta and tsb the one with the "
    "least. holt has to halve it; hw-add and hw-mul are credited with the years they have yet to see, √((1 "
    "+ 1/years now)/(1 + 1/years then)); theta replaces ses where the history is too short to judge that "
    "far ahead. hw-add and hw-mul start from least squares on trend and season. Weights have the least "
    "squared one-step error of a fixed grid; croston and sba use 0.1. Forecasts below 0 are 0. The same "
    "input gives the same digits everywhere",
    source="Brown (1959) ses; Holt (1957), Winters (1960); Assimakopoulos & Nikolopoulos (2000), Hyndman & "
    "Billah (2003), Fiorucci et al. (2016) theta; Croston (1972); Syntetos & Boylan (2005) sba; Teunter, "
    "Syntetos & Babai (2011) tsb; Tashman (2000) rolling origins; Clemen (1989) means of forecasts; Gardner "
    "& McKenzie (1985) on trends that do not last",
    version="1.2",
    changes=(
        "1.1: hw-add and hw-mul start from least squares; theta knows a season from two of them on; auto "
        "takes the mean of methods that did nearly equally well",
        '1.2: output "method" names what was taken; the numbers are those of 1.1',
    ),
    serves=("R078",),
    examples=[
        Example("=FORECASTSERIES({10;20;30;40;50;60;70}, 2)", [[80.0], [90.0]], "a straight line goes on"),
        Example('=FORECASTSERIES({8;4;8;4;8;4}, 3, "snaive", 2)', [[8.0], [4.0], [8.0]], "as a season ago"),
        Example('=FORECASTSERIES({0;0;6;0;0;6}, 2, "sba")', [[1.9], [1.9]], "6 every 3 periods, less 5 %"),
        Example('=FORECASTSERIES({6;4;10;3;9;9;12;3;10}, 2, , , "method")', "ses, theta", "auto took both"),
        Example('=FORECASTSERIES({8;4;8;4}, 3, "snaive")', CellError.NUM, "a season is needed"),
    ],
)
def forecast_series(
    history: PastDemand,
    horizon: Annotated[Value, Argument("periods", "Periods to forecast.", Whole(), Ge(1), Le(1000))],
    method: Annotated[
        Option,
        Argument(
            "",
            "auto: by the rule below; naive: the last value; snaive: that of a season ago; mean: of all "
            "values; ses: exponential smoothing; holt: with a trend; hw-add, hw-mul: with trend and season; "
            "theta: half the trend; croston, sba, tsb: for intermittent demand.",
            default="auto",
            options=("auto", *forecasting.METHODS),
        ),
    ],
    season: Annotated[
        Value,
        Argument(
            "periods",
            "Periods per season, 12 for months; 1 for none; 0 lets auto try 12 and the others go without.",
            Whole(),
            Ge(0),
            Le(1000),
            default=0,
        ),
    ],
    output: Annotated[
        Option,
        Argument(
            "",
            "forecast: the numbers; method: in one cell the method behind them, under auto all those whose "
            "mean they are.",
            default="forecast",
            options=("forecast", "method"),
        ),
    ],
) -> Annotated[
    Series, Result("units/period", 'One number per period of the horizon; one text for output "method".')
]:
    """Forecast of the periods after a history, by a named method or those that did best so far."""
    demand = _observed(history)
    if np.isnan(demand).any():
        row = int(np.flatnonzero(np.isnan(demand))[0]) + 1
        raise InputError(
            "history", "must not be blank between numbers, because its order matters", None, f"period {row}"
        )
    length = int(season)
    if method == "auto":
        code, length = forecasting.AUTO, length or _MONTHS
    else:
        code = forecasting.METHODS.index(method)
        _check_method(method, code, demand, length)
    if output == "method":
        return np.array([_taken(demand, length, int(horizon)) if method == "auto" else method])
    forecast: Floats = forecasting.forecast_rows(demand.reshape(1, -1), code, length, int(horizon))[0]
    return forecast


def _taken(demand: Floats, season: int, horizon: int) -> str:
    """The methods whose mean auto takes."""
    chosen = forecasting.chosen_methods(demand, len(demand), season, np.empty(horizon))
    return ", ".join(name for name, taken in zip(forecasting.METHODS, chosen, strict=True) if taken)


def _check_method(method: str, code: int, demand: Floats, season: int) -> None:
    if code in (forecasting.SNAIVE, forecasting.HW_ADD, forecasting.HW_MUL) and season < 2:
        raise InputError("season", f"must be >= 2 for {method}", season)
    if code == forecasting.HW_MUL and demand.min() <= 0:
        raise InputError("history", "must be > 0 for hw-mul", float(demand.min()))
    if not forecasting.can_forecast(code, demand, len(demand), season):
        raise Refusal(CellError.NA, f"'history' is too short for {method} with a season of {season}")


@function(
    "SEASONINDEX",
    family=FAMILY,
    formula="mean per place in the season of demand / centred moving average over a season, scaled to mean 1",
    source="Macaulay (1931), The Smoothing of Time Series; Makridakis, Wheelwright & Hyndman (1998), ch. 3",
    serves=("R079",),
    examples=[
        Example("=SEASONINDEX({90;110;90;110;90;110}, 2)", [[0.9], [1.1]], "a low and a high half-year"),
        Example("=SEASONINDEX({90;110;90}, 2)", CellError.NA, "less than two seasons"),
    ],
)
def season_index(
    history: PastDemand,
    season: Annotated[Value, Argument("periods", "Periods per season.", Whole(), Ge(2), Le(1000))],
) -> Annotated[
    Series, Result("ratio", "One index per place; the first belongs to the first period observed.")
]:
    """Season's index per place in the season: demand there relative to the level of the year."""
    demand = _observed(history)
    length = int(season)
    if len(demand) < 2 * length:
        raise Refusal(CellError.NA, f"'history' must hold at least two seasons, {2 * length} periods")
    indices = season_indices(demand, len(demand), length)
    if np.isnan(indices).any():
        raise Refusal(CellError.NA, "a place in the season has no demand level to compare with")
    return indices


@function(
    "PROMOLIFT",
    family=FAMILY,
    formula="AVERAGE(demand with promotion) / AVERAGE(demand without)",
    source="Blattberg & Neslin (1990), Sales Promotion, ch. 2",
    serves=("R079", "R049"),
    examples=[
        Example("=PROMOLIFT({100;100;150;100}, {0;0;1;0})", 1.5, "half as much again"),
        Example("=PROMOLIFT({100;100}, {0;0})", CellError.DIV0, "no period with a promotion"),
        Example('=PROMOLIFT({100;100}, {0;"yes"})', CellError.VALUE, "a flag is 1 or 0, TRUE or FALSE"),
    ],
)
def promo_lift(
    history: Annotated[Column, Argument("units/period", "Demand per period.", Ge(0))],
    flags: Annotated[
        Labels, Argument("", "1 or TRUE where the period had a promotion, else 0, FALSE or blank.")
    ],
) -> Annotated[Value, Result("ratio", "1 where promotions change nothing.")]:
    """Factor by which promotions lift demand."""
    unknown = [flag for flag in flags if flag is not None and flag not in (0, 1)]
    if unknown:
        raise Refusal(CellError.VALUE, f"'flags' must be 1 or 0, TRUE or FALSE: {unknown[0]!r}")
    promoted = np.array([bool(flag) for flag in flags], np.bool_)
    if promoted.all() or not promoted.any():
        raise Refusal(CellError.DIV0, "periods with and without promotion are needed")
    base = float(history[~promoted].mean())
    if base == 0:
        raise Refusal(CellError.DIV0, "there was no demand without promotion")
    return float(history[promoted].mean()) / base


@function(
    "DEMANDSENSE",
    family=FAMILY,
    formula="baseline·(1 + c), c = alpha·(AVERAGE(recent)/AVERAGE(baseline) − 1), held within −cap and cap",
    source="exponential smoothing of the level, Brown (1959), with a bound on the correction",
    serves=("R080",),
    examples=[
        Example("=DEMANDSENSE({100;110;90}, {120;120})", [[110.0], [121.0], [99.0]], "half of 20 % more"),
        Example("=DEMANDSENSE({100;100}, {300;300})", [[130.0], [130.0]], "not more than the cap"),
        Example("=DEMANDSENSE({0;0}, {5;5})", CellError.DIV0, "no baseline to compare with"),
    ],
)
def demand_sense(
    baseline: Annotated[
        Column,
        Argument("units/period", "Forecast of the next periods; blanks are left out.", Ge(0), alone=True),
    ],
    recent: Annotated[
        Column,
        Argument("units/period", "What was sold of late, per period of the same length.", Ge(0), alone=True),
    ],
    alpha: Annotated[
        Value, Argument("fraction", "Share of the deviation that is believed.", Gt(0), Le(1), default=0.5)
    ],
    cap: Annotated[Value, Argument("fraction", "Largest correction, up or down.", Ge(0), default=0.3)],
) -> Annotated[Series, Result("units/period", "One number per period of the baseline.")]:
    """Baseline forecast corrected towards what was sold of late, within bounds."""
    level = float(baseline.mean())
    if level == 0:
        raise Refusal(CellError.DIV0, "the baseline adds up to 0")
    change = alpha * (float(recent.mean()) / level - 1.0)
    corrected: Floats = np.maximum(0.0, baseline * (1.0 + min(max(change, -cap), cap)))
    return corrected
