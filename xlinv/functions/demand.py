"""Demand: its pattern, its variability, and what history says of it."""

from typing import Annotated, Final

import numpy as np

from xlinv.catalogue import Example, Items, Result, answers, function
from xlinv.cells import CellError
from xlinv.functions.arguments import DemandHistory
from xlinv.kernels.demand_pattern import intervals_and_variations, patterns

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
