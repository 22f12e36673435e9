"""Policies tried out: the service that a policy gives, by simulation."""

import math
from typing import Annotated, Any, Final, TypeAlias

import numpy as np

from xlinv.catalogue import Argument, Example, Ge, Option, Refusal, Result, Row, Value, Whole, function
from xlinv.cells import CellError, Floats
from xlinv.functions.arguments import DemandDistribution
from xlinv.functions.refusals import refuse
from xlinv.kernels import policy_simulation
from xlinv.kernels.demand_distribution import CODES, misfit

_MOST_PERIODS: Final = 5_000_000
# A standard deviation smaller than this against the mean is lost in the sixteenth digit.
_VISIBLE: Final = 1e-15
_MEASURES: Final = {
    "cycle service": "fraction",
    "fill rate": "fraction",
    "ready rate": "fraction",
    "mean on hand": "units",
    "orders": "orders/period",
}
_PARTS: Final = tuple(part for measure in _MEASURES for part in (measure, f"{measure} ±"))
_UNITS: Final = ", ".join(part for unit in _MEASURES.values() for part in (unit, unit))
Sd: TypeAlias = Annotated[
    Value,
    Argument(
        "units/period",
        "Standard deviation of demand per period; poisson ignores it.",
        Ge(0),
        keep_blanks=True,
    ),
]


@function(
    "SIMPOLICY",
    family="Policies",
    formula="per period: receive, meet demand, review; ± is Student's 95 % half-width over the replications",
    source="Law (2015), Simulation Modeling and Analysis, ch. 9, replication and deletion",
    serves=("R127", "R133"),
    examples=[
        Example(
            '=SIMPOLICY("RS", 0, 200, 50, 0, 3)',
            [[1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]],
            "known demand: 200 cover four periods to the unit",
        ),
        Example('=SIMPOLICY("sS", 60, 40, 50, 10, 3)', CellError.NUM, "S below s"),
        Example('=SIMPOLICY("kanban", 60, 40, 50, 10, 3)', CellError.VALUE, "unknown policy"),
    ],
)
def sim_policy(
    policy: Annotated[
        Option,
        Argument(
            "",
            "rQ, sQ: at or below s order lots of Q; sS: order up to S there; RS: every review order up to S.",
            options=("rQ", "sQ", "sS", "RS"),
        ),
    ],
    s: Annotated[Value, Argument("units", "Reorder point; RS ignores it.", keep_blanks=True)],
    s_or_q: Annotated[Value, Argument("units", "Order-up-to level S, or quantity Q.")],
    demand_mean: Annotated[Value, Argument("units/period", "Mean demand per period.", Ge(0))],
    demand_sd: Sd,
    lead_time: Annotated[
        Value, Argument("periods", "Mean lead time; those drawn are rounded to whole periods.", Ge(0))
    ],
    lead_time_sd: Annotated[
        Value,
        Argument(
            "periods",
            "Standard deviation of gamma lead times; orders may cross.",
            Ge(0),
            default=0,
        ),
    ],
    review_period: Annotated[
        Value, Argument("periods", "Periods between reviews.", Ge(1), Whole(), default=1)
    ],
    periods: Annotated[
        Value, Argument("periods", "Periods counted, after the warm-up.", Ge(1), Whole(), default=1000)
    ],
    replications: Annotated[Value, Argument("count", "Independent runs.", Ge(2), Whole(), default=20)],
    seed: Annotated[
        Value,
        Argument("", "The same seed gives the same result.", Ge(0), Whole(), default=1),
    ],
    distribution: DemandDistribution,
    unmet: Annotated[
        Option,
        Argument(
            "",
            "What becomes of unmet demand: backorder, it waits for a receipt; lost, it goes elsewhere.",
            default="backorder",
            options=("backorder", "lost"),
        ),
    ],
) -> Annotated[
    Row,
    Result(
        _UNITS,
        "Each followed by its 95 % confidence half-width. Confirms REORDERPOINT, ORDERUPTO and EXPECTEDFILL "
        "where they are exact, and shows what they leave out: undershoot, order crossover, skew, lost sales. "
        "Of 2,160 policies of known service the interval held that service for 95.5 % (cycles) and 94.8 % "
        "(fill). With 200 periods and 10 replications a fill rate of 99 % was held for 85 %: too few "
        "shortages to judge by, so give it more periods.",
        parts=_PARTS,
    ),
]:
    """Service, stock and orders that a policy gives, simulated with a seed and confidence half-widths."""
    code = policy_simulation.CODES[policy]
    _check(code, s, s_or_q)
    refuse(misfit(CODES[distribution], demand_mean, demand_sd))
    warm_up = 50 + math.ceil(3.0 * (lead_time + 3.0 * lead_time_sd + review_period))
    shape = (int(replications), int(periods) + warm_up)
    if shape[0] * shape[1] > _MOST_PERIODS:
        told = f"replications × (periods + warm-up of {warm_up}) must not exceed {_MOST_PERIODS:,}"
        raise Refusal(CellError.NUM, told)
    random = np.random.Generator(np.random.PCG64(int(seed)))
    demand = _demand(random, distribution, demand_mean, demand_sd, shape)
    _must_stay_in_range(demand, s_or_q if s != s else abs(s) + abs(s_or_q))
    lead_times = np.full(shape, lead_time)
    if lead_time_sd > _VISIBLE * lead_time > 0.0:
        ratio = lead_time / lead_time_sd
        lead_times = random.gamma(ratio * ratio, lead_time_sd / ratio, shape)
    found = policy_simulation.measures(
        code, s, s_or_q, int(review_period), unmet == "lost", demand, np.rint(lead_times), warm_up
    )
    return _with_half_widths(found)


def _check(code: int, s: float, s_or_q: float) -> None:
    if code != policy_simulation.ORDER_UP_TO and s != s:
        raise Refusal(CellError.NA, "'s' is required and must not be blank")
    if code == policy_simulation.REORDER_QUANTITY and s_or_q <= 0.0:
        raise Refusal(CellError.NUM, f"the quantity Q must be > 0: {s_or_q:g}")
    if code == policy_simulation.REORDER_UP_TO and s_or_q <= s:
        raise Refusal(CellError.NUM, f"S must be above s: {s_or_q:g} against {s:g}")


def _must_stay_in_range(demand: Floats, levels: float) -> None:
    """Raise OverflowError where all demand of a run and the levels together leave the range of numbers."""
    largest = max(float(demand.max()), -float(demand.min()))
    if not math.isfinite(largest * demand.shape[1] + levels):
        raise OverflowError


def _demand(random: Any, distribution: str, mean: float, sd: float, shape: tuple[int, int]) -> Floats:
    """Independent demands of all replications and periods."""
    drawn: Floats
    if distribution == "poisson":
        drawn = random.poisson(mean, shape).astype(np.float64)
    elif sd <= _VISIBLE * mean:
        drawn = np.full(shape, mean)
    elif distribution == "normal":
        drawn = random.normal(mean, sd, shape)
    elif distribution == "gamma":
        ratio = mean / sd
        drawn = random.gamma(ratio * ratio, sd / ratio, shape)
    elif distribution == "negbin":
        variance = sd * sd
        drawn = random.negative_binomial(mean * mean / (variance - mean), mean / variance, shape).astype(
            np.float64
        )
    else:
        spread = math.sqrt(math.log1p((sd / mean) ** 2))
        drawn = random.lognormal(math.log(mean) - 0.5 * spread * spread, spread, shape)
    return drawn


def _with_half_widths(found: Floats) -> tuple[float, ...]:
    """Mean and 95 % half-width of each measure over the replications."""
    from scipy.special import stdtrit

    count = len(found)
    half_widths = stdtrit(count - 1, 0.975) * found.std(axis=0, ddof=1) / math.sqrt(count)
    return tuple(float(value) for pair in zip(found.mean(axis=0), half_widths, strict=True) for value in pair)
