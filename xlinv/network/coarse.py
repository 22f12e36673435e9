"""A plan and a true bound where times are too fine to look at every service time that could be optimal.

The least cost does not fall when a lead time or an external wait grows, or a promise shrinks: a plan for the
longer times, with each promise cut to what the shorter times allow, is a plan for the shorter ones with no
longer net replenishment time anywhere. So times rounded up to a coarse grid give a plan, and times rounded
down a bound.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from xlinv.cells import InputError
from xlinv.network.limits import SolverLimits
from xlinv.network.repair import repaired
from xlinv.network.service_times import UNBOUNDED, ServiceTimes, StageCosts, Times, bounds_of, total_cost
from xlinv.network.topology import Integers

if TYPE_CHECKING:
    from xlinv.network.guaranteed import Case

_VALUES_IN_ALL: Final = 100_000
_MOST_STEPS: Final = 10_000

Solve = Callable[["Case", StageCosts, SolverLimits], tuple[ServiceTimes, float]]


def solved_coarsely(
    case: "Case", costs: StageCosts, limits: SolverLimits, solve: Solve
) -> tuple[ServiceTimes, float]:
    """Service times for the exact times, and a lower bound on what any service times cost."""
    if np.any(case.times.frozen >= 0) or np.any(costs.table_start >= 0):
        raise InputError("round_up", "must be TRUE for lead times of this many decimals", False)
    steps = min(_VALUES_IN_ALL // (2 * len(case.network)) + 500, _MOST_STEPS)
    factor = max(int(case.bounds.outbound_high.max(initial=0)) // steps, 1)
    coarse_costs = costs._replace(coefficient=costs.coefficient * np.sqrt(factor))
    first = SolverLimits((time.perf_counter() + limits.deadline) / 2.0, limits.progress)
    _, bound = solve(_on_grid(case, factor, longer=False), coarse_costs, first)
    chosen, _ = solve(_on_grid(case, factor, longer=True), coarse_costs, limits)
    exact = repaired(case.times, ServiceTimes(chosen.inbound * factor, chosen.outbound * factor))
    return exact, min(bound, total_cost(case.times, costs, exact))


def _on_grid(case: "Case", factor: int, longer: bool) -> "Case":
    """The case in coarser ticks, all times rounded to make it harder, or easier."""

    def slower(times: Integers) -> Integers:
        return -(-times // factor) if longer else times // factor

    def sooner(times: Integers) -> Integers:
        return times // factor if longer else -(-times // factor)

    exact = case.times
    unlimited = exact.promised >= UNBOUNDED // 4
    times: Times = replace(
        exact,
        lead_time=slower(exact.lead_time),
        supplier=slower(exact.supplier),
        promised=np.where(unlimited, exact.promised, sooner(exact.promised)),
    )
    bounds, _ = bounds_of(times, case.costs.longest)
    return replace(case, times=times, bounds=bounds)
