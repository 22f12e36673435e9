"""Service times in a general acyclic network: a plan and a bound that are driven together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from xlinv.network.message_passing import MessagePassing
from xlinv.network.plan import OPTIMAL_GAP
from xlinv.network.repair import repaired
from xlinv.network.service_times import (
    Layout,
    Problem,
    ServiceTimes,
    StageCosts,
    Times,
    chosen_times,
    total_cost,
)

_ENOUGH_SWEEPS: Final = 300


@dataclass(slots=True)
class SolverLimits:
    """Until when a solver may run, and whom it tells: progress(seconds, cost, bound), False to stop it."""

    deadline: float
    progress: Callable[[float, float, float], bool | None] | None = None
    started: float = field(default_factory=time.perf_counter)
    cancelled: bool = False

    def told(self, cost: float, bound: float) -> bool:
        """Tell of the state; whether to go on."""
        now = time.perf_counter()
        if self.progress is not None and self.progress(now - self.started, cost, bound) is False:
            self.cancelled = True
        return not self.cancelled and now < self.deadline


def solve_general(
    times: Times, costs: StageCosts, problem: Problem, layout: Layout, limits: SolverLimits
) -> tuple[ServiceTimes, float]:
    """Service times and a lower bound on the cost of any."""
    passing = MessagePassing(problem)
    bound, cost, best = -np.inf, np.inf, None
    for _ in range(_ENOUGH_SWEEPS):
        bound = max(bound, passing.sweep() + layout.constant)
        chosen = repaired(times, chosen_times(times, problem, layout, passing.choice))
        chosen_cost = total_cost(times, costs, chosen)
        if chosen_cost < cost:
            cost, best = chosen_cost, chosen
        if cost - bound <= OPTIMAL_GAP * cost or not limits.told(cost, bound):
            break
    assert best is not None
    return best, min(bound, cost)
