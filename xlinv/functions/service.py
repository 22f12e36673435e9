"""Service measured, converted and priced."""

from typing import Annotated

from xlinv.catalogue import Argument, Example, Result, Values, function
from xlinv.cells import CellError
from xlinv.functions.arguments import DemandMean, Distribution, LeadTime, LeadTimeSd, OrderQuantity, SdOrBlank
from xlinv.functions.refusals import refused
from xlinv.kernels import normal, protection
from xlinv.kernels.demand_distribution import CODES


@function(
    "UNITLOSS",
    family="Safety stock and service",
    formula="G(k) = φ(k) − k·(1 − Φ(k))",
    source="Silver, Pyke & Thomas (2017), appendix II; Brown (1967)",
    serves=("R098",),
    examples=[
        Example("=UNITLOSS(1)", 0.08331547058768629, "one standard deviation of stock leaves 0.083 short"),
        Example("=UNITLOSS(-3)", 3.0003821543170477, "a negative k is as good"),
        Example('=UNITLOSS("one")', CellError.VALUE, "text is not a number"),
    ],
)
def unit_loss(
    k: Annotated[Values, Argument("standard deviations", "Safety factor.")],
) -> Annotated[Values, Result("standard deviations")]:
    """Expected shortage of standard normal demand beyond a stock of k: the unit normal loss."""
    return normal.losses(k)


@function(
    "EXPECTEDFILL",
    family="Safety stock and service",
    formula="1 − (E[(D − s)⁺] − E[(D − s − Q)⁺])/Q, D demand over the lead time",
    source="Hadley & Whitin (1963), ch. 4; Silver, Pyke & Thomas (2017), sec. 6.7",
    serves=("R098", "R127"),
    examples=[
        Example(
            "=EXPECTEDFILL(56.5628728026412, 200, 50, 11.4, 1)",
            0.99,
            "the reorder point that REORDERPOINT gives for 0.99",
            1e-7,
        ),
        Example('=EXPECTEDFILL(10, 5, 3, , 2, , "poisson")', 0.9846861565576068, "counted demand"),
        Example("=EXPECTEDFILL(10, 0, 3, 1, 2)", CellError.NUM, "an order of nothing fills nothing"),
    ],
)
def expected_fill(
    reorder_point: Annotated[Values, Argument("units", "Inventory position at which an order is placed.")],
    order_quantity: OrderQuantity,
    demand_mean: DemandMean,
    demand_sd: SdOrBlank,
    lead_time: LeadTime,
    lead_time_sd: LeadTimeSd,
    distribution: Distribution,
) -> Annotated[
    Values,
    Result(
        "fraction", "At least what REORDERPOINT aimed at, which counts the shortage at one end of a cycle."
    ),
]:
    """Share of units delivered from stock under an (r,Q) policy with backorders."""
    fill, reason = protection.fill_rates(
        CODES[distribution], reorder_point, order_quantity, demand_mean, demand_sd, lead_time, lead_time_sd
    )
    return refused(fill, reason)  # type: ignore[return-value]
