"""Service times in a general acyclic network: a plan and a bound that are driven together."""

from typing import Final

import numpy as np

from xlinv.network.branching import BranchAndBound
from xlinv.network.elimination import optimal_choice
from xlinv.network.limits import SolverLimits
from xlinv.network.message_passing import MessagePassing
from xlinv.network.peeling import Peeled, peeled
from xlinv.network.plan import OPTIMAL_GAP
from xlinv.network.plan_search import PlanSearch
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
_SWEEPS_BEFORE_TABLES: Final = 10
_SEARCH_EVERY: Final = 60
_OFFER_EVERY: Final = 10
_ROUNDS_BETWEEN_SWEEPS: Final = 8
_ROUNDS_WHILE_BETTER: Final = 20
_ROUNDS_LATER: Final = 2
_STALLED: Final = 0.02
# Nodes this close to the plan are not worth opening; together they keep the gap below OPTIMAL_GAP.
_PRUNED_GAP: Final = 0.4 * OPTIMAL_GAP
_CLOSED_GAP: Final = 0.5 * OPTIMAL_GAP


def solve_general(
    times: Times, costs: StageCosts, problem: Problem, layout: Layout, limits: SolverLimits
) -> tuple[ServiceTimes, float]:
    """Service times and a lower bound on the cost of any.

    What hangs on the network without closing a loop is solved first, then the rest by message passing. Where
    that does not close soon, a small rest is solved exactly; on a larger one better plans are searched for
    while branching raises the bound.
    """
    parts = peeled(problem)
    plans = _Plans(times, costs, layout, parts)
    if not len(parts.core_variables):
        plans.offer(parts.core, np.zeros(0, np.int64), 0.0)
        return plans.answer(np.inf)
    passing = MessagePassing(parts.core)
    checkpoint = -np.inf
    search: PlanSearch | None = None
    for sweep in range(1, _MOST_SWEEPS + 1):
        bound = passing.sweep()
        plans.offer(parts.core, passing.choice, passing.cost, even_if_worse=sweep % _OFFER_EVERY == 1)
        if plans.met(bound) or not limits.told(plans.cost, plans.whole(bound)):
            return plans.answer(bound)
        exact = optimal_choice(parts.core) if sweep == _SWEEPS_BEFORE_TABLES else None
        if exact is not None:
            plans.offer(parts.core, *exact)
            return plans.answer(exact[1])
        if sweep % _SEARCH_EVERY == 0:
            search = search or PlanSearch(passing)
            search.go_on(_ROUNDS_BETWEEN_SWEEPS, lambda: limits.over)
            plans.offer(parts.core, search.choice, search.cost)
            if plans.met(bound) or bound - checkpoint < _STALLED * (plans.best - bound):
                break
            checkpoint = bound
    return _branched(plans, passing, search or PlanSearch(passing), bound, limits)


def _branched(
    plans: "_Plans", passing: MessagePassing, search: PlanSearch, bound: float, limits: SolverLimits
) -> tuple[ServiceTimes, float]:
    """Branch and bound, with local search beside it, until bound and plan meet or time is up."""

    def told() -> bool:
        return limits.told(plans.cost, plans.whole(bound))

    def searched() -> None:
        rounds = _ROUNDS_WHILE_BETTER if search.is_getting_better else _ROUNDS_LATER
        search.go_on(rounds, lambda: limits.over)

    with BranchAndBound(passing, plans.offer, limits) as tree:
        while not plans.met(bound) and told():
            allowed = _PRUNED_GAP * plans.cost
            search.adopt(plans.values, plans.offered)
            tree.step(plans.best, allowed, searched, told)
            plans.offer(search.problem, search.choice, search.cost)
            bound = max(bound, min(tree.bound, plans.best - allowed))
    return plans.answer(bound)


class _Plans:
    """The best service times found so far; `best` and bounds leave out what lies outside the core."""

    def __init__(self, times: Times, costs: StageCosts, layout: Layout, parts: Peeled) -> None:
        self.times, self.costs, self.layout, self.parts = times, costs, layout, parts
        self.outside = layout.constant + parts.constant
        self.cost = np.inf
        self.chosen: ServiceTimes | None = None
        # The values of the cheapest choice offered, in the core, before any repair.
        self.offered = np.inf
        self.values = np.zeros(0, np.int64)
        # Only a root is sure to fall as promises lengthen: elsewhere a repaired choice may cost more.
        self._bent = bool(len(costs.table))

    @property
    def best(self) -> float:
        return self.cost - self.outside

    def whole(self, bound: float) -> float:
        return bound + self.outside

    def offer(self, core: Problem, choice: Integers, cost: float, even_if_worse: bool = False) -> float:
        """Consider a choice of values in the core, of that cost: the cost of the best one so far."""
        if cost < self.offered or even_if_worse:
            values = core.value[core.start[:-1] + choice]
            if cost < self.offered:
                self.offered, self.values = cost, values
            everything = self.parts.completed(values)
            self._consider(chosen_times(self.times, self.parts.whole, self.layout, everything))
        return self.best

    def _consider(self, chosen: ServiceTimes) -> None:
        considered = [repaired(self.times, chosen)]
        if self._bent and kept(self.times, chosen):
            considered.append(chosen)
        for times in considered:
            cost = total_cost(self.times, self.costs, times)
            if cost < self.cost:
                self.cost, self.chosen = cost, times

    def met(self, bound: float) -> bool:
        return self.best - bound <= _CLOSED_GAP * self.cost

    def answer(self, bound: float) -> tuple[ServiceTimes, float]:
        assert self.chosen is not None
        return self.chosen, min(self.whole(bound), self.cost)
