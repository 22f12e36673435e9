"""One stock decision for one period's demand, and the base-stock levels that repeat it."""

from typing import Annotated, TypeAlias

from xlinv.catalogue import Argument, Example, Ge, Gt, Result, Values, function
from xlinv.cells import CellError
from xlinv.functions.arguments import Distribution
from xlinv.functions.refusals import refused
from xlinv.kernels import newsvendor as kernels
from xlinv.kernels.demand_distribution import CODES

Underage: TypeAlias = Annotated[
    Values, Argument("money/unit", "Cost of being one unit short: margin and penalty lost.", Gt(0))
]
Overage: TypeAlias = Annotated[
    Values, Argument("money/unit", "Cost of one unit left over: cost less salvage, or holding.", Gt(0))
]
Mean: TypeAlias = Annotated[Values, Argument("units", "Mean of the demand itself.", Ge(0))]
Sd: TypeAlias = Annotated[
    Values,
    Argument(
        "units", "Standard deviation of the demand itself; poisson ignores it.", Ge(0), keep_blanks=True
    ),
]


@function(
    "NEWSVENDOR",
    family="Policies",
    formula="F⁻¹(c_u/(c_u + c_o)); for poisson and negbin the smallest integer that reaches the ratio",
    source="Arrow, Harris & Marschak (1951), Econometrica 19(3); Snyder & Shen (2019), eq. 4.17",
    serves=("R092",),
    examples=[
        Example("=NEWSVENDOR(0.7, 0.18, 50, 8)", 56.60395592743389, "Snyder & Shen (2019), example 4.3"),
        Example('=NEWSVENDOR(4, 1, 6, , "poisson")', 8.0, "Snyder & Shen (2019), example 4.7"),
        Example("=NEWSVENDOR(0.7, 0, 50, 8)", CellError.NUM, "free leftovers: there is no best stock"),
    ],
)
def newsvendor(
    underage: Underage, overage: Overage, demand_mean: Mean, demand_sd: Sd, distribution: Distribution
) -> Annotated[Values, Result("units")]:
    """Stock for one selling period that costs least in expectation."""
    levels, reason = kernels.quantiles(
        CODES[distribution], underage / (underage + overage), demand_mean, demand_sd
    )
    return refused(levels, reason)  # type: ignore[return-value]
