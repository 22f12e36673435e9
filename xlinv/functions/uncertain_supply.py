"""Economic order quantities under a supply that cannot be relied on."""

from typing import Annotated, Final

from xlinv.catalogue import Argument, Example, Ge, Gt, Option, Refusal, Result, Row, Value, function
from xlinv.cells import CellError
from xlinv.functions.arguments import OneDemand, OneHoldingCost, OneOrderCost
from xlinv.kernels import uncertain_supply

_PARTS: Final = ("quantity", "cost")


@function(
    "EOQDISRUPTION",
    family="Lot sizing",
    formula="least (K + h·Q²/(2·D) + p·D·ψ/μ)/(Q/D + ψ/μ), ψ = λ/(λ + μ)·(1 − e^(−(λ + μ)·Q/D))",
    source="Parlar & Berkin (1991), Naval Research Logistics 38(1), corrected by Berk & Arreola-Risa (1994); "
    "Snyder & Shen (2019), eq. 9.5",
    serves=("R101", "R102"),
    examples=[
        Example(
            "=EOQDISRUPTION(1300, 8, 0.225, 5, 1.5, 14)",
            [[772.8110739983106, 173.95000257319708]],
            "Snyder & Shen (2019), example 9.1: twice the EOQ of 304",
            1e-7,
        ),
        Example("=EOQDISRUPTION(1300, 8, 0.225, 5, 1.5, 0)", CellError.NUM, "a supplier that never recovers"),
    ],
)
def eoq_disruption(
    demand: OneDemand,
    order_cost: OneOrderCost,
    holding_cost: OneHoldingCost,
    stockout_cost: Annotated[Value, Argument("money/unit", "Cost of one unit of demand lost.", Ge(0))],
    disruption_rate: Annotated[
        Value, Argument("1/period", "Disruptions per period while the supplier is up.", Ge(0))
    ],
    recovery_rate: Annotated[Value, Argument("1/period", "1 over the mean duration of a disruption.", Gt(0))],
) -> Annotated[Row, Result("units, money/period", "Demand during a disruption is lost.", _PARTS)]:
    """Order quantity and cost where the supplier is disrupted at times."""
    return uncertain_supply.disruption_quantity(
        demand, order_cost, holding_cost, stockout_cost, disruption_rate, recovery_rate
    )


@function(
    "EOQYIELD",
    family="Lot sizing",
    formula="multiplicative: √(2·K·D/(h·(σ² + μ²))); additive: √(2·K·D/h + σ²) − μ",
    source="Silver (1976), INFOR 14(1); Snyder & Shen (2019), eq. 9.22 to 9.25",
    serves=("R102",),
    examples=[
        Example(
            "=EOQYIELD(75000, 18500, 0.06, 5/6, 0.14085904245475275)",
            [[254460.21299998942, 13086.525239999457]],
            "Snyder & Shen (2019), example 9.5",
        ),
        Example(
            '=EOQYIELD(75000, 18500, 0.06, -15000, 9000, "additive")',
            [[230246.37046881882, 12914.78222812913]],
            "Snyder & Shen (2019), example 9.4: 15,000 units of each delivery are lost",
        ),
        Example("=EOQYIELD(75000, 18500, 0.06, 0, 0.1)", CellError.NUM, "nothing arrives"),
    ],
)
def eoq_yield(
    demand: OneDemand,
    order_cost: OneOrderCost,
    holding_cost: OneHoldingCost,
    yield_mean: Annotated[
        Value,
        Argument(
            "fraction or units",
            "Mean usable share of an order, above 0; additive: mean units beyond those ordered, below 0 "
            "where units are lost.",
        ),
    ],
    yield_sd: Annotated[
        Value, Argument("fraction or units", "Standard deviation of that share or of those units.", Ge(0))
    ],
    type: Annotated[
        Option,
        Argument(
            "",
            "multiplicative: an order of Q brings Q times the yield; additive: Q plus the yield.",
            default="multiplicative",
            options=("multiplicative", "additive"),
        ),
    ],
) -> Annotated[Row, Result("units, money/period", "The quantity is the one to order.", _PARTS)]:
    """Order quantity and cost where deliveries differ from what was ordered."""
    if type == "additive":
        quantity, cost = uncertain_supply.additive_yield_quantity(
            demand, order_cost, holding_cost, yield_mean, yield_sd
        )
        if quantity < 0.0:
            told = f"a yield of {yield_mean:g} units is more than is worth ordering: no order is needed"
            raise Refusal(CellError.NUM, told)
        return quantity, cost
    if yield_mean <= 0.0:
        raise Refusal(CellError.NUM, f"a multiplicative 'yield_mean' must be > 0: {yield_mean:g}")
    return uncertain_supply.multiplicative_yield_quantity(
        demand, order_cost, holding_cost, yield_mean, yield_sd
    )
