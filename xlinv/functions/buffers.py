"""Buffers by period, by cause and against what is rare: drivers, triggers, spares, resilience."""

import math
from typing import Annotated, Any, TypeAlias

import numpy as np

from xlinv.catalogue import (
    Argument,
    Classes,
    Divisor,
    Example,
    Ge,
    Gt,
    Lt,
    Option,
    PerPeriod,
    Refusal,
    Result,
    Row,
    Series,
    Value,
    Values,
    function,
)
from xlinv.cells import CellError, Floats
from xlinv.functions.arguments import DemandMean, LeadTime
from xlinv.functions.refusals import refused
from xlinv.kernels import newsvendor, normal, protection
from xlinv.kernels.demand_distribution import CODES
from xlinv.kernels.stock_components import summing_to

OneService: TypeAlias = Annotated[Value, Argument("fraction", "Cycle service level promised.", Gt(0), Lt(1))]
OneLeadTime: TypeAlias = Annotated[Value, Argument("periods", "Replenishment lead time.", Ge(0))]
OneReviewPeriod: TypeAlias = Annotated[
    Value, Argument("periods", "Time between reviews; 0 for continuous review.", Ge(0), default=0)
]
Forecast: TypeAlias = Annotated[
    Series, Argument("units/period", "Forecast of demand, first period first.", Ge(0))
]
ErrorSd: TypeAlias = Annotated[
    PerPeriod,
    Argument("units/period", "Standard deviation of the forecast error, one or one per period.", Ge(0)),
]
_TIME_PHASED = (
    "Silver, Pyke & Thomas (2017), ch. 6 with the errors of the periods protected; Neale & Willems (2009)"
)


@function(
    "AVERAGEMAX",
    family="Safety stock and service",
    formula="greatest demand · longest lead time − μ·L",
    source="Practitioners' rule, without a probability behind it; criticised in King (2011), APICS",
    serves=("R041", "R089"),
    examples=[
        Example("=AVERAGEMAX(40, 9, 25, 6)", 210.0, "360 in the worst case, 150 on average"),
        Example("=AVERAGEMAX(-40, 9, 25, 6)", CellError.NUM, "demand is never negative"),
    ],
)
def average_max(
    max_demand: Annotated[Values, Argument("units/period", "Greatest demand seen in a period.", Ge(0))],
    max_lead_time: Annotated[Values, Argument("periods", "Longest lead time seen.", Ge(0))],
    demand_mean: DemandMean,
    lead_time: LeadTime,
) -> Annotated[Values, Result("units", "Says nothing of the service it gives: compare SAFETYSTOCK.")]:
    """Safety stock by the average-max rule: the worst demand over the worst lead time, less the usual."""
    return max_demand * max_lead_time - demand_mean * lead_time


@function(
    "SAFETYSTOCKTP",
    family="Safety stock and service",
    formula="z·√(Σ σ_j²), the sum over the periods t … t + L + R − 1",
    source=_TIME_PHASED,
    serves=("R093",),
    examples=[
        Example(
            "=SAFETYSTOCKTP({100;120;140}, {10;20;20}, 2, 0.95)",
            [[36.78004522900572], [46.52348614706693], [46.52348614706693]],
            "the last period goes on beyond the horizon",
        ),
        Example("=SAFETYSTOCKTP({100;120}, {10;-20}, 2, 0.95)", CellError.NUM, "a negative deviation"),
    ],
)
def safety_stock_tp(
    forecast: Forecast,
    error_sd: ErrorSd,
    lead_time: OneLeadTime,
    service: OneService,
    review_period: OneReviewPeriod,
) -> Annotated[Series, Result("units", "Protects from the period's order until the next.")]:
    """Safety stock of each period, from the forecast errors of the periods that it protects."""
    return normal.quantile(service) * np.sqrt(_ahead(error_sd * error_sd, lead_time + review_period))


@function(
    "REORDERPOINTTP",
    family="Safety stock and service",
    formula="Σ forecast + z·√(Σ σ_j²), both over the periods t … t + L + R − 1",
    source=_TIME_PHASED,
    serves=("R093", "R097"),
    examples=[
        Example(
            "=REORDERPOINTTP({100;120;140}, 10, 2, 0.95)",
            [[243.26174307353347], [283.26174307353347], [303.26174307353347]],
            "demand of the two periods ahead, and its error",
        ),
        Example("=REORDERPOINTTP({100;120}, 10, 2, 1)", CellError.NUM, "no stock covers every demand"),
    ],
)
def reorder_point_tp(
    forecast: Forecast,
    error_sd: ErrorSd,
    lead_time: OneLeadTime,
    service: OneService,
    review_period: OneReviewPeriod,
) -> Annotated[Series, Result("units")]:
    """Reorder point of each period, from the forecast and its errors over the periods that it protects."""
    interval = lead_time + review_period
    buffer = normal.quantile(service) * np.sqrt(_ahead(error_sd * error_sd, interval))
    return _ahead(forecast, interval) + buffer


def _ahead(values: Floats, interval: float) -> Floats:
    """The sum over the interval that begins with each period; the last value goes on beyond the horizon."""
    count = len(values)
    edges = np.arange(count + 1.0)
    reached = np.concatenate(([0.0], np.cumsum(values)))
    end = edges[:-1] + interval
    beyond = np.maximum(end - count, 0.0) * values[-1]
    result: Floats = np.interp(end, edges, reached) + beyond - reached[:-1]
    return np.maximum(result, 0.0)


@function(
    "SSDRIVERS",
    family="Safety stock and service",
    formula="z·σ_total shared in proportion to variance: L·(σ² − b²), μ²·σ_L², R·(σ² − b²), (L + R)·b²",
    source="King (2011), APICS; variance decomposition",
    serves=("R038", "R084"),
    examples=[
        Example(
            "=SSDRIVERS(0.95, 50, 5, 6, 2)",
            [[2.448981445400502, 163.26542969336683, 0.0, 0.0]],
            "nearly all of 165.71 is owed to the supplier",
        ),
        Example("=SSDRIVERS(0.95, 50, 5, 6, 2, 0, 7)", CellError.NUM, "more bias than error"),
    ],
)
def ss_drivers(
    service: OneService,
    demand_mean: Annotated[Value, Argument("units/period", "Mean demand per period.", Ge(0))],
    demand_sd: Annotated[Value, Argument("units/period", "Root mean square of the forecast error.", Ge(0))],
    lead_time: OneLeadTime,
    lead_time_sd: Annotated[Value, Argument("periods", "Standard deviation of the lead time.", Ge(0))],
    review_period: OneReviewPeriod,
    bias: Annotated[
        Value,
        Argument(
            "units/period", "Mean forecast error per period, part of demand_sd; sign ignored.", default=0
        ),
    ],
) -> Annotated[
    Row,
    Result("units", "They add up to SAFETYSTOCK.", parts=("demand", "lead time", "review period", "bias")),
]:
    """What safety stock is owed to: demand, lead time, review period and forecast bias."""
    if abs(bias) > demand_sd:
        raise Refusal(
            CellError.NUM, "'bias' must not exceed 'demand_sd', which holds the whole forecast error"
        )
    noise = (demand_sd - bias) * (demand_sd + bias)
    along = demand_mean * lead_time_sd
    variances = [
        lead_time * noise,
        along * along,
        review_period * noise,
        (lead_time + review_period) * bias * bias,
    ]
    interval = lead_time + review_period
    total = normal.quantile(service) * protection.protected_sd(demand_sd, demand_mean, interval, lead_time_sd)
    whole = math.fsum(variances)
    if whole == 0.0:
        return 0.0, 0.0, 0.0, 0.0
    size = abs(total)
    if not math.isfinite(size + whole):
        raise OverflowError
    shares = summing_to(size, [size * (variance / whole) for variance in variances])
    return tuple(math.copysign(share, total) if share else 0.0 for share in shares)


@function(
    "RECALTRIGGER",
    family="Safety stock and service",
    formula="ratio: current/baseline or its inverse ≥ threshold; cusum: |current| > threshold·baseline; "
    "ftest: (current/baseline)² or its inverse > threshold",
    source="Page (1954), Biometrika 41, for cusum; Snedecor & Cochran (1989), Statistical Methods, for F",
    serves=("R094",),
    examples=[
        Example("=RECALTRIGGER(26, 20, 0.25)", True, "30 % more than when the policy was set"),
        Example("=RECALTRIGGER(26, 20, 1.4)", False, "a ratio of 1.3 is below 1.4"),
        Example('=RECALTRIGGER(-60, 10, 5, "cusum")', True, "errors have drifted six deviations"),
        Example('=RECALTRIGGER(30, 20, 2.1, "ftest")', True, "F = 2.25"),
        Example("=RECALTRIGGER(26, 0, 0.25)", CellError.DIV0, "nothing to compare with"),
    ],
)
def recal_trigger(
    current: Annotated[
        Values,
        Argument(
            "any",
            "Today's value; cusum: the sum of forecast errors so far; ftest: a standard deviation.",
        ),
    ],
    baseline: Annotated[
        Values,
        Argument(
            "as current",
            "Value when the policy was set; for cusum the standard deviation of one error.",
            Ge(0),
            Divisor(),
        ),
    ],
    threshold: Annotated[
        Values,
        Argument(
            "ratio",
            "ratio: a relative change up to 1 (0.25 for a quarter) or a ratio above 1 (1.25); cusum: "
            "standard deviations, usually 4 or 5; ftest: critical F ratio.",
            Gt(0),
        ),
    ],
    test: Annotated[
        Option,
        Argument(
            "",
            "ratio: of the values; cusum: of accumulated errors; ftest: of two variances.",
            default="ratio",
            options=("ratio", "cusum", "ftest"),
        ),
    ],
) -> Annotated[Classes, Result("TRUE or FALSE")]:
    """Whether demand, lead time or error has moved so far that the policy must be reviewed."""
    ratio = current / baseline
    if test == "cusum":
        fired = np.abs(ratio) > threshold
    elif test == "ftest":
        square = ratio * ratio
        fired = (square > threshold) | (square * threshold < 1.0)
    else:
        change = np.abs(ratio - 1.0) >= threshold
        far = (ratio >= threshold) | (ratio * threshold <= 1.0)
        fired = np.where(threshold > 1.0, far, change)
    return _truths(fired)


def _truths(flags: Any) -> Any:
    truths = np.empty(len(flags), object)
    truths[:] = flags.tolist()
    return truths


@function(
    "SPARES",
    family="Safety stock and service",
    formula="least s with P(N ≤ s) ≥ service, N Poisson with mean rate·units·repair time",
    source="Palm (1938); Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2",
    serves=("R100",),
    examples=[
        Example("=SPARES(0.02, 50, 3, 0.95)", 6.0, "three in repair on average"),
        Example("=SPARES(0.02, 50, 3, 1)", CellError.NUM, "no stock covers every failure"),
    ],
)
def spares(
    failure_rate: Annotated[
        Values, Argument("failures/unit/period", "Failures of one unit per period.", Ge(0))
    ],
    units: Annotated[Values, Argument("units", "Units in operation.", Ge(0))],
    repair_time: Annotated[Values, Argument("periods", "Time to repair or replace one.", Ge(0))],
    service: Annotated[
        Values, Argument("fraction", "Probability that no unit waits for a spare.", Gt(0), Lt(1))
    ],
) -> Annotated[Values, Result("units")]:
    """Spare units of a repairable item, from the failures in its repair pipeline."""
    pipeline = failure_rate * units * repair_time
    stock, reason = newsvendor.quantiles(CODES["poisson"], service, pipeline, np.zeros(len(service)))
    return refused(stock, reason)


@function(
    "TIMETOSURVIVE",
    family="Safety stock and service",
    formula="stock/demand",
    source="Simchi-Levi et al. (2014), Harvard Business Review 92(1-2)",
    serves=("R101",),
    examples=[
        Example("=TIMETOSURVIVE(300, 50)", 6.0, "six periods without supply"),
        Example("=TIMETOSURVIVE(300, 0)", CellError.DIV0, "without demand it lasts for ever"),
    ],
)
def time_to_survive(
    stock: Annotated[Values, Argument("units", "Stock at hand downstream of the disruption.", Ge(0))],
    demand: Annotated[Values, Argument("units/period", "Demand per period.", Ge(0), Divisor())],
) -> Annotated[Values, Result("periods")]:
    """Periods for which stock meets demand while supply is down."""
    return stock / demand


@function(
    "RESILIENCEBUFFER",
    family="Safety stock and service",
    formula="max(0, time to recover − time to survive)·demand",
    source="Simchi-Levi et al. (2014), Harvard Business Review 92(1-2)",
    serves=("R101",),
    examples=[
        Example("=RESILIENCEBUFFER(10, 6, 50)", 200.0, "four periods uncovered"),
        Example("=RESILIENCEBUFFER(4, 6, 50)", 0.0, "survival outlasts recovery"),
        Example("=RESILIENCEBUFFER(-1, 6, 50)", CellError.NUM, "time runs forward"),
    ],
)
def resilience_buffer(
    time_to_recover: Annotated[Values, Argument("periods", "Time until supply is back.", Ge(0))],
    time_to_survive: Annotated[Values, Argument("periods", "Time that present stock lasts.", Ge(0))],
    demand: Annotated[Values, Argument("units/period", "Demand per period.", Ge(0))],
) -> Annotated[Values, Result("units", "0 where present stock outlasts the disruption.")]:
    """Stock to add so that demand is met until a disrupted supply is back."""
    return np.maximum(time_to_recover - time_to_survive, 0.0) * demand
