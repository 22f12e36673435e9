"""Demand: its pattern, its variability, and what history says of it."""

from typing import Annotated, Final

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Gt,
    Items,
    Option,
    Refusal,
    Result,
    Row,
    Series,
    Table,
    Value,
    Whole,
    answers,
    function,
)
from xlinv.cells import CellError, Floats
from xlinv.functions.arguments import DemandHistory
from xlinv.kernels.demand_pattern import intervals_and_variations, patterns
from xlinv.kernels.outliers import fence_outliers, hampel_outliers

FAMILY: Final = "Demand and forecasting"

_NO_DEMAND: Final = "there was no demand in any period"
_SBC: Final = "Syntetos, Boylan & Croston (2005), JORS 56(5), 495–503"


@function(
    "DEMANDPATTERN",
    family=FAMILY,
    formula="interval = DEMANDINTERVAL, variation = DEMANDCV; smooth: interval < 1.32 and variation < 0.49; "
    "erratic: interval < 1.32 only; intermittent: variation < 0.49 only; lumpy: neither",
    source=_SBC,
    serves=("R055",),
    examples=[
        Example("=DEMANDPATTERN({0,0,5,0,0,4,0,6,0,0,0,5})", "intermittent", "interval 3, variation 0.027"),
        Example(
            "=DEMANDPATTERN({3,40,2,0,18,1,55,7,2,30,1,9;9,11,10,0,10,12,8,10,9,11,10,10})",
            [["erratic"], ["smooth"]],
            "one item per row",
        ),
        Example("=DEMANDPATTERN({0,0,0,0})", CellError.DIV0, "no demand, no interval"),
    ],
)
def demand_pattern(
    history: DemandHistory,
) -> Annotated[Items, Result("class", "smooth, erratic, intermittent or lumpy per item.")]:
    """Pattern of demand by how often it occurs and how much its size varies."""
    measures = intervals_and_variations(history)
    names = np.array(["smooth", "erratic", "intermittent", "lumpy"], object)
    missing = np.isnan(measures[:, 0])
    return answers(names[patterns(measures)], (missing, CellError.DIV0, _NO_DEMAND))


@function(
    "DEMANDINTERVAL",
    family=FAMILY,
    formula="periods observed / periods with demand",
    source=_SBC,
    serves=("R055", "R084"),
    examples=[
        Example("=DEMANDINTERVAL({0,0,5,0,0,4,0,6,0,0,0,5})", 3.0, "demand in 4 of 12 periods"),
        Example("=DEMANDINTERVAL({0;0;0})", CellError.DIV0, "no demand"),
    ],
)
def demand_interval(
    history: DemandHistory,
) -> Annotated[Items, Result("periods", "One interval per item; the pattern's cut-off is 1.32.")]:
    """Mean interval between periods with demand (ADI)."""
    intervals = intervals_and_variations(history)[:, 0]
    return answers(intervals, (np.isnan(intervals), CellError.DIV0, _NO_DEMAND))


@function(
    "DEMANDCV",
    family=FAMILY,
    formula="CV² = (sample standard deviation / mean)² of the demand in periods with demand; n − 1 in the "
    "variance; 0 where only one period had demand",
    source=_SBC,
    serves=("R055", "R084"),
    examples=[
        Example("=DEMANDCV({0,0,5,0,0,4,0,6,0,0,0,5})", 0.0266666666666667, "sizes 5, 4, 6 and 5"),
        Example("=DEMANDCV({0;0;0})", CellError.DIV0, "no demand"),
    ],
)
def demand_cv(
    history: DemandHistory,
) -> Annotated[Items, Result("ratio", "One CV², squared, per item; the pattern's cut-off is 0.49.")]:
    """Squared coefficient of variation of the demand sizes (CV²)."""
    variations = intervals_and_variations(history)[:, 1]
    return answers(variations, (np.isnan(variations), CellError.DIV0, _NO_DEMAND))


@function(
    "CLEANHISTORY",
    family=FAMILY,
    formula="hampel: an outlier is more than k·1.4826·MAD from the median of its window and becomes it; "
    "iqr: more than k·(Q3 − Q1)/2 beyond the quartiles of the whole history, and becomes the limit it passes",
    source="Hampel (1974), JASA 69; Pearson (2002); Tukey (1977) for iqr, whose usual fence is k = 3",
    serves=("R085",),
    examples=[
        Example(
            "=CLEANHISTORY({10;12;11;90;10;12;11})",
            [
                ["original", "cleaned", "flag"],
                [10.0, 10.0, 0],
                [12.0, 12.0, 0],
                [11.0, 11.0, 0],
                [90.0, 11.0, 1],
                [10.0, 10.0, 0],
                [12.0, 12.0, 0],
                [11.0, 11.0, 0],
            ],
            "the peak becomes the median of its neighbours",
        ),
        Example('=CLEANHISTORY({10;12;11}, "hampel", 0)', CellError.NUM, "a window of no periods"),
    ],
)
def clean_history(
    history: Annotated[
        Series,
        Argument("units/period", "Demand, first period first; a blank stays blank.", keep_blanks=True),
    ],
    method: Annotated[
        Option,
        Argument(
            "",
            "hampel compares with the neighbours, iqr with the whole history. Neither flags anything where "
            "their median is 0: peaks of intermittent demand are no outliers.",
            default="hampel",
            options=("hampel", "iqr"),
        ),
    ],
    window: Annotated[
        Value,
        Argument("periods", "Width of the window, its own period in the middle.", Whole(), Ge(1), default=7),
    ],
    k: Annotated[
        Value, Argument("standard deviations", "How far off an outlier is, at least.", Gt(0), default=3)
    ],
) -> Annotated[Table, Result("units/period, units/period, 1 or 0", parts=("original", "cleaned", "flag"))]:
    """History beside its cleaned form, outliers replaced and flagged; nothing is overwritten."""
    if np.isnan(history).all():
        raise Refusal(CellError.NA, "'history' must hold at least one number")
    cleaned = hampel_outliers(history, int(window), k) if method == "hampel" else fence_outliers(history, k)
    rows = [
        [None, None, 0] if before != before else [before, after, int(before != after)]
        for before, after in zip(history.tolist(), cleaned.tolist(), strict=True)
    ]
    return [["original", "cleaned", "flag"], *rows]


@function(
    "LEADTIMESTATS",
    family=FAMILY,
    formula="over received − ordered: mean, STDEV.S, PERCENTILE.INC at 0.5 and 0.95, count",
    source="Silver, Pyke & Thomas (2017), ch. 6; Hyndman & Fan (1996), type 7 percentiles",
    serves=("R086", "R084"),
    examples=[
        Example("=LEADTIMESTATS({1;2;3}, {11;14;17})", [[12.0, 2.0, 12.0, 13.8, 3]], "10, 12 and 14 days"),
        Example("=LEADTIMESTATS({1;2}, {11;1})", CellError.NUM, "received before it was ordered"),
    ],
)
def lead_time_stats(
    ordered: Annotated[Column, Argument("date", "Date of each order.")],
    received: Annotated[
        Column, Argument("date", "Date of each receipt; orders not yet received are left out.")
    ],
) -> Annotated[Row, Result("days, days, days, days, count", parts=("mean", "sd", "p50", "p95", "n"))]:
    """Mean, standard deviation and percentiles of the lead time in days."""
    days = received - ordered
    if (days < 0).any():
        raise Refusal(CellError.NUM, f"'received' must not lie before 'ordered': {days.min():g} days")
    spread = float(days.std(ddof=1)) if len(days) > 1 else CellError.DIV0
    middle, late = np.percentile(days, [50, 95]).tolist()
    return float(days.mean()), spread, middle, late, len(days)


def _variance(values: Floats, name: str) -> float:
    if len(values) < 2:
        raise Refusal(CellError.DIV0, f"'{name}' must hold at least two periods")
    return float(values.var(ddof=1))


@function(
    "BULLWHIP",
    family=FAMILY,
    formula="variance: VAR.S(orders)/VAR.S(demand); cv: (STDEV.S/AVERAGE of orders)/(the same of demand)",
    source="Lee, Padmanabhan & Whang (1997), Management Science 43(4); Fransoo & Wouters (2000) for cv",
    serves=("R043",),
    examples=[
        Example("=BULLWHIP({80;120;100}, {90;110;100})", 4.0, "orders swing twice as far as demand"),
        Example('=BULLWHIP({80;120;100}, {90;110;100}, "cv")', 2.0, "by coefficient of variation"),
        Example("=BULLWHIP({80;120}, {100;100})", CellError.DIV0, "steady demand"),
    ],
)
def bullwhip(
    orders: Annotated[Column, Argument("units/period", "Orders placed per period.", alone=True)],
    demand: Annotated[Column, Argument("units/period", "Demand received per period.", alone=True)],
    method: Annotated[
        Option,
        Argument(
            "",
            "variance: ratio of the variances; cv: ratio of the coefficients of variation.",
            default="variance",
            options=("variance", "cv"),
        ),
    ],
) -> Annotated[Value, Result("ratio", "Above 1 where the stage amplifies demand.")]:
    """How much a stage amplifies the variability of demand in its orders."""
    above, below = _variance(orders, "orders"), _variance(demand, "demand")
    if method == "cv":
        above, below = above**0.5 * abs(float(demand.mean())), below**0.5 * abs(float(orders.mean()))
    if below == 0:
        raise Refusal(CellError.DIV0, "demand does not vary, or nothing is ordered")
    return above / below
