"""Constraints on a plan as a whole: a cap on cash, and which constraints hold a plan back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from xlinv.cells import Floats
from xlinv.network.limits import SolverLimits
from xlinv.network.plan import InfeasibleError, Plan
from xlinv.network.service_times import ServiceTimes, StageCosts

if TYPE_CHECKING:
    from xlinv.network.guaranteed import Case

_BISECTIONS: Final = 24
_CLOSE: Final = 1e-9

Solve = Callable[["Case", StageCosts, SolverLimits], tuple[ServiceTimes, float]]


def within_cash(
    case: "Case", cash_cap: float, limits: SolverLimits, solve: Solve
) -> tuple[ServiceTimes, float]:
    """Service times of least cost whose stock is worth no more than the cap, and a bound on that cost.

    Where the cheapest plan ties up too much, cash is charged at a growing rate until it fits (Lagrange).
    Raises InfeasibleError where not even the plan of least cash fits.
    """
    need = case.need
    room = cash_cap - float((need.unit_value * _cycle_stock(case)).sum())
    chosen, bound = solve(case, case.costs, limits)
    if _cash(case, chosen) <= room * (1.0 + _CLOSE):
        return chosen, bound
    thrifty, least = solve(case, case.stock.costs(need.unit_value), limits)
    if _cash(case, thrifty) > room * (1.0 + _CLOSE):
        raise InfeasibleError(*_too_little_cash(case, cash_cap, room, least))
    best, low, high = thrifty, 0.0, 1.0
    for _ in range(_BISECTIONS):
        rate = high if low == 0.0 and high < 1e12 else (low + high) / 2.0
        chosen, priced = solve(case, case.stock.costs(need.holding_cost + rate * need.unit_value), limits)
        bound = max(bound, priced - rate * room)
        if _cash(case, chosen) <= room * (1.0 + _CLOSE):
            best = min(best, chosen, key=lambda times: _cost(case, times))
            high = rate
            if low == 0.0:
                low = rate / 2.0
        else:
            low, high = rate, high if high > rate else rate * 4.0
    return best, min(bound, _cost(case, best))


def _cycle_stock(case: "Case") -> Floats:
    return np.nan_to_num(case.network.arrays.batch_size) / 2.0


def _stock(case: "Case", chosen: ServiceTimes) -> Floats:
    net = np.maximum(chosen.inbound + case.times.lead_time - chosen.outbound, 0)
    safety, early = case.stock.at(net)
    return safety + early


def _cash(case: "Case", chosen: ServiceTimes) -> float:
    return float((case.need.unit_value * _stock(case, chosen)).sum())


def _cost(case: "Case", chosen: ServiceTimes) -> float:
    return float((case.need.holding_cost * _stock(case, chosen)).sum())


def _too_little_cash(case: "Case", cash_cap: float, room: float, least: float) -> tuple[str, tuple[str, ...]]:
    """What to say where the cap cannot be kept, and what stands against it."""
    needed = cash_cap - room + least
    promised = ~np.isnan(case.network.arrays.service_time)
    names = [case.network.stages[i].name for i in np.flatnonzero(promised)[:5].tolist()]
    return (
        f"cash_cap {cash_cap:g} is too little: keeping every promised service time ties up {needed:g}",
        ("cash_cap", *(f"service_time of {name}" for name in names)),
    )


def binding_constraints(plan: Plan) -> tuple[str, ...]:
    """The given limits that a plan runs into: promises, frozen times, least and most stock, the cash cap."""
    if plan.method == "stochastic":
        return ()
    data, columns = plan.network.arrays, plan.columns
    outbound, net = columns["outbound_service_time"], columns["net_replenishment_time"]
    safety = columns["safety_stock"]
    with np.errstate(invalid="ignore"):
        least = np.fmax(data.min_stock, data.min_stock_days * columns["demand_mean"])
        most = np.fmin(data.max_stock, data.max_stock_days * columns["demand_mean"])
        met = {
            "service_time": (outbound >= data.service_time - _CLOSE) & (net > _CLOSE),
            "frozen_service_time": ~np.isnan(data.frozen_service_time),
            "min_stock": (least > 0.0) & (safety <= least * (1.0 + _CLOSE)),
            "max_stock": safety >= most * (1.0 - _CLOSE),
        }
    found = [
        f"{name} of {plan.network.stages[i].name}"
        for name, where in met.items()
        for i in np.flatnonzero(where).tolist()
    ]
    stock = safety + columns["early_arrival_stock"] + columns["cycle_stock"]
    if plan.cash_cap is not None and (columns["unit_value"] * stock).sum() >= plan.cash_cap * 0.999:
        found.append("cash_cap")
    return tuple(found)
