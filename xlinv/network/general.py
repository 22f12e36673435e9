"""Service times in a general acyclic network: a plan and a bound that are driven together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from xlinv.network.branching import BranchAndBound
from xlinv.network.local_search import LocalSearch
from xlinv.network.message_passing import MessagePassing
from xlinv.network.plan import OPTIMAL_GAP
from xlinv.network.repair import kept, repaired
from xlinv.network.service_times import (
    Layout,
    Problem,
    ServiceTimes,
    StageCosts,
    Times,
    chosen_times,
    total_cost,
)
from xlinv.network.topology import Integers

_MOST_SWEEPS: Final = 2000
_SEARCH_EVERY: Final = 40
_ROUNDS_AT_ONCE: Final = 20
_STALLED: Final = 0.02
# Nodes this close to the plan are not worth opening; together they keep the gap below OPTIMAL_GAP.
_PRUNED_GAP: Final = 0.4 * OPTIMAL_GAP
_CLOSED_GAP: Final = 0.5 * OPTIMAL_GAP


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
    """Service times and a lower bound on the cost of any.

    Message passing first; local search where the plan lags behind; branching where the bound does.
    """
    solver = _Search(times, costs, layout)
    passing = MessagePassing(problem)
    bound = -np.inf
    search: LocalSearch | None = None
    checkpoint = -np.inf
    for sweep in range(1, _MOST_SWEEPS + 1):
        bound = max(bound, passing.sweep())
        solver.offer(problem, passing.choice)
        if solver.met(bound) or not limits.told(solver.cost, bound + layout.constant):
            return solver.answer(bound)
        if sweep % _SEARCH_EVERY == 0:
            search = search or LocalSearch(problem, passing.choice)
            until = time.perf_counter() + (time.perf_counter() - limits.started) / 2.0
            for _ in range(_ROUNDS_AT_ONCE):
                search.round()
                if time.perf_counter() > until:
                    break
            solver.offer(problem, search.choice)
            if solver.met(bound) or bound - checkpoint < _STALLED * (solver.cost - layout.constant - bound):
                break
            checkpoint = bound
    return _branched(solver, passing, search or LocalSearch(problem, passing.choice), bound, limits)


def _branched(
    solver: "_Search", passing: MessagePassing, search: LocalSearch, bound: float, limits: SolverLimits
) -> tuple[ServiceTimes, float]:
    """Branch and bound with local search in between, until bound and plan meet or time is up."""
    tree = BranchAndBound(passing, solver.offer)

    def go_on(best: float) -> bool:
        return limits.told(best + solver.layout.constant, bound + solver.layout.constant)

    best = solver.cost - solver.layout.constant
    while not solver.met(bound) and go_on(best):
        allowed = _PRUNED_GAP * solver.cost
        best = tree.step(best, allowed, go_on)
        bound = max(bound, min(tree.bound, best - allowed))
        search.round()
        best = min(best, solver.offer(search.problem, search.choice))
    return solver.answer(bound)


class _Search:
    """The best service times found so far; costs and bounds of the problem leave out its constant."""

    def __init__(self, times: Times, costs: StageCosts, layout: Layout) -> None:
        self.times, self.costs, self.layout = times, costs, layout
        self.cost = np.inf
        self.best: ServiceTimes | None = None
        # Only a root is sure to fall as promises lengthen: elsewhere a repaired choice may cost more.
        self.bent = bool((costs.table_start >= 0).any())

    def offer(self, problem: Problem, choice: Integers) -> float:
        """Consider a choice of values: the cost of the best one so far, without the constant."""
        chosen = chosen_times(self.times, problem, self.layout, choice)
        considered = [repaired(self.times, chosen)]
        if self.bent and kept(self.times, chosen):
            considered.append(chosen)
        for times in considered:
            cost = total_cost(self.times, self.costs, times)
            if cost < self.cost:
                self.cost, self.best = cost, times
        return self.cost - self.layout.constant

    def met(self, bound: float) -> bool:
        return self.cost - self.layout.constant - bound <= _CLOSED_GAP * self.cost

    def answer(self, bound: float) -> tuple[ServiceTimes, float]:
        assert self.best is not None
        return self.best, min(bound + self.layout.constant, self.cost)
