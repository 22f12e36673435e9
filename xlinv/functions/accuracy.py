"""Forecast accuracy: error, bias, and what they cost in standard deviation."""

from typing import Annotated, Final

import numpy as np

from xlinv.catalogue import Argument, Example, Option, Refusal, Result, Value, function
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
    source="Silver, Pyke & Thomas (2017), §3.6; Brown (1963)",
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
    source="Silver, Pyke & Thomas (2017), §3.6",
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
