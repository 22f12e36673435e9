"""Forecast accuracy: error, bias, and what they cost in standard deviation."""

from typing import Annotated, Final

import numpy as np

from xlinv.catalogue import Argument, Column, Example, Ge, Option, Refusal, Result, Value, Whole, function
from xlinv.cells import CellError, Floats
from xlinv.functions.arguments import Actual, Forecast
from xlinv.kernels.segmentation import SD_PER_MAD

FAMILY: Final = "Demand and forecasting"


def _ratio(numerator: float, denominator: float, why: str) -> float:
    if denominator == 0:
        raise Refusal(CellError.DIV0, why)
    return numerator / denominator


def _weighted_error(actual: Floats, forecast: Floats) -> float:
    return _ratio(
        float(np.abs(forecast - actual).sum()), float(np.abs(actual).sum()), "the actual demand adds up to 0"
    )


@function(
    "FORECASTSIGMA",
    family=FAMILY,
    formula="rmse: √(Σ(forecast − actual)²/n); mad: 1.25·Σ|forecast − actual|/n",
    source="Silver, Pyke & Thomas (2017), ch. 3; Brown (1963)",
    serves=("R083", "R084"),
    examples=[
        Example("=FORECASTSIGMA({100;120;90}, {110;110;100})", 10.0, "every error is 10"),
        Example('=FORECASTSIGMA({100;120;90}, {110;110;100}, "mad")', 12.5, "1.25 × 10"),
        Example("=FORECASTSIGMA({100;120}, {110;110;100})", CellError.NA, "columns of different length"),
    ],
)
def forecast_sigma(
    actual: Actual,
    forecast: Forecast,
    method: Annotated[
        Option,
        Argument(
            "",
            "rmse, which counts bias as error, or mad, less swayed by single large errors.",
            default="rmse",
            options=("rmse", "mad"),
        ),
    ],
) -> Annotated[Value, Result("units/period", "What SAFETYSTOCK takes as demand_sd.")]:
    """Standard deviation of the forecast error, the one that safety stock has to cover."""
    errors = forecast - actual
    if method == "mad":
        return SD_PER_MAD * float(np.abs(errors).mean())
    largest = float(np.abs(errors).max())
    return largest * float(np.sqrt(np.mean((errors / largest) ** 2))) if largest else 0.0


@function(
    "WMAPE",
    family=FAMILY,
    formula="Σ|forecast − actual| / Σ|actual|",
    source="Kolassa & Schütz (2007), Foresight 6; also MAD/mean ratio",
    serves=("R081",),
    examples=[
        Example("=WMAPE({1000;10}, {950;25})", 65 / 1010, "Forecast Studio's example"),
        Example("=WMAPE({0;0}, {1;2})", CellError.DIV0, "no demand to compare with"),
    ],
)
def wmape(actual: Actual, forecast: Forecast) -> Annotated[Value, Result("fraction")]:
    """Absolute forecast error as a share of demand, so that large items count more."""
    return _weighted_error(actual, forecast)


@function(
    "FORECASTBIAS",
    family=FAMILY,
    formula="Σ(forecast − actual) / Σactual",
    source="Silver, Pyke & Thomas (2017), ch. 3",
    serves=("R081",),
    examples=[
        Example("=FORECASTBIAS({100;120;80}, {110;130;90})", 0.1, "forecast 10 % too high"),
        Example("=FORECASTBIAS({0;0}, {1;2})", CellError.DIV0, "no demand to compare with"),
    ],
)
def forecast_bias(
    actual: Actual, forecast: Forecast
) -> Annotated[Value, Result("fraction", "Positive where the forecast was too high.")]:
    """Forecast error with its sign as a share of demand: positive for too high a forecast."""
    return _ratio(float((forecast - actual).sum()), float(actual.sum()), "the actual demand adds up to 0")


@function(
    "MAPE",
    family=FAMILY,
    formula="mean of |forecast − actual| / |actual|",
    source="Hyndman & Koehler (2006), IJF 22(4); it favours forecasts that are too low: see WMAPE",
    serves=("R081",),
    examples=[
        Example("=MAPE({1000;10}, {950;25})", 0.775, "Forecast Studio's example"),
        Example("=MAPE({1000;0}, {950;25})", CellError.DIV0, "not defined where a period had no demand"),
    ],
)
def mape(actual: Actual, forecast: Forecast) -> Annotated[Value, Result("fraction")]:
    """Mean absolute percentage error, as a fraction; every period counts alike."""
    if not actual.all():
        raise Refusal(CellError.DIV0, "a period without demand has no percentage error; WMAPE has")
    return float(np.mean(np.abs((forecast - actual) / actual)))


@function(
    "SMAPE",
    family=FAMILY,
    formula="mean of 2·|forecast − actual| / (|actual| + |forecast|); 0 where both are 0",
    source="Makridakis (1993), IJF 9(4)",
    serves=("R081",),
    examples=[
        Example("=SMAPE({100;50}, {110;50})", 10 / 210, "one error of 10 on 105"),
        Example("=SMAPE({0;0}, {0;5})", 1.0, "periods of 0 and of 2"),
        Example('=SMAPE({100;"x"}, {110;50})', CellError.VALUE, "text in the actuals"),
    ],
)
def smape(actual: Actual, forecast: Forecast) -> Annotated[Value, Result("fraction", "From 0 to 2.")]:
    """Symmetric mean absolute percentage error, as a fraction."""
    scale = np.abs(actual) + np.abs(forecast)
    ratios = np.divide(2 * np.abs(forecast - actual), scale, out=np.zeros(len(scale)), where=scale > 0)
    return float(ratios.mean())


@function(
    "TRACKINGSIGNAL",
    family=FAMILY,
    formula="Σ(forecast − actual) / mean |forecast − actual|",
    source="Brown (1959); Trigg (1964), Operational Research Quarterly 15(3); sign as in FORECASTBIAS",
    serves=("R081",),
    examples=[
        Example("=TRACKINGSIGNAL({100;120;80}, {110;130;90})", 3.0, "three errors of +10"),
        Example("=TRACKINGSIGNAL({100;120}, {110;110})", 0.0, "errors that cancel out"),
        Example("=TRACKINGSIGNAL({100;120}, {100;120})", CellError.DIV0, "no error at all"),
    ],
)
def tracking_signal(
    actual: Actual, forecast: Forecast
) -> Annotated[
    Value, Result("mean absolute deviations", "Positive for too high a forecast; watch beyond ±4.")
]:
    """Accumulated forecast error in mean absolute deviations: far from 0 where the forecast is biased."""
    errors = forecast - actual
    return _ratio(float(errors.sum()), float(np.abs(errors).mean()), "the forecast has no error at all")


@function(
    "MASE",
    family=FAMILY,
    formula="mean |forecast − actual| / mean |history(t) − history(t − season)|",
    source="Hyndman & Koehler (2006), IJF 22(4)",
    serves=("R081",),
    examples=[
        Example(
            "=MASE({12;14}, {11;16}, {8;10;9;12})", 0.75, "mean error 1.5 against 2 of the naive forecast"
        ),
        Example("=MASE({12;14}, {11;16}, {8;8;8})", CellError.DIV0, "the naive forecast made no error"),
    ],
)
def mase(
    actual: Actual,
    forecast: Forecast,
    history: Annotated[
        Column, Argument("units/period", "Demand before the periods that were forecast.", alone=True)
    ],
    season: Annotated[
        Value, Argument("periods", "Periods per season; 1 for none.", Whole(), Ge(1), default=1)
    ],
) -> Annotated[Value, Result("ratio", "Below 1 where the forecast beats the naive one.")]:
    """Forecast error in units of the naive forecast's error on the history."""
    lag = int(season)
    if len(history) <= lag:
        raise Refusal(CellError.NA, f"'history' must hold more than {lag} periods")
    naive_error = float(np.abs(history[lag:] - history[:-lag]).mean())
    return _ratio(float(np.abs(forecast - actual).mean()), naive_error, "the naive forecast made no error")


@function(
    "FORECASTVA",
    family=FAMILY,
    formula="WMAPE(actual, naive) − WMAPE(actual, forecast)",
    source="Gilliland (2010), The Business Forecasting Deal",
    serves=("R081", "R088"),
    examples=[
        Example("=FORECASTVA({100;120}, {105;115}, {90;100})", 20 / 220, "10 instead of 30 wrong of 220"),
        Example("=FORECASTVA({0;0}, {1;2}, {1;1})", CellError.DIV0, "no demand to compare with"),
    ],
)
def forecast_va(
    actual: Actual,
    forecast: Forecast,
    naive: Annotated[Column, Argument("units/period", "Forecast that costs nothing, of the same periods.")],
) -> Annotated[Value, Result("fraction", "Positive where the forecast is better than the naive one.")]:
    """Value that a forecast adds over a naive one, in points of WMAPE."""
    return _weighted_error(actual, naive) - _weighted_error(actual, forecast)
