"""The search for a better plan: a few plans from many starting points, crossed with each other.

Two plans are crossed by a dive through the service times that lie between theirs, or a little beyond: what
they agree on stays about as it is, what they differ in is chosen anew by message passing (after Rothberg,
2007, An evolutionary algorithm for polishing mixed integer programming solutions, INFORMS Journal on
Computing 19(4)).
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np

from xlinv.network.confinement import confined
from xlinv.network.diving import Dive
from xlinv.network.local_search import WALK, LocalSearch
from xlinv.network.message_passing import MessagePassing
from xlinv.network.messages import IMPOSSIBLE
from xlinv.network.service_times import places_of
from xlinv.network.topology import Integers

_PLANS: Final = 6
_SHARES: Final = (0.3, 0.1, 0.5)
_WALKS_FROM_A_DIVE: Final = 2
_SHARE_BETWEEN: Final = 0.1
_SWEEPS_BETWEEN: Final = 20
# How many values beyond those of two plans may be chosen where they are crossed.
_BEYOND: Final = (2, 5, 10)
# After so many crossings in turn without a new plan, all but the best make way for others.
_BARREN: Final = 20
_PATIENCE: Final = 40


class _Plan(NamedTuple):
    cost: float
    values: Integers


class PlanSearch:
    """Plans from dives and local search, crossed again and again; the same calls give the same answer.

    `choice` and `cost` are of the best choice found.
    """

    def __init__(self, passing: MessagePassing) -> None:
        self.passing, self.problem = passing, passing.problem
        self._walk = LocalSearch(self.problem, passing.choice)
        self._best = self._plan()
        self._plans = [self._best]
        self._turns = self._turn_of_best = self._barren = 0
        self._chance = np.random.default_rng(0)
        self._work = self._turn_by_turn()

    @property
    def choice(self) -> Integers:
        return places_of(self.problem, self._best.values)

    @property
    def cost(self) -> float:
        return self._best.cost

    @property
    def is_getting_better(self) -> bool:
        """Whether the best choice is young, in turns of the search."""
        return self._turns < self._turn_of_best + _PATIENCE

    def adopt(self, values: Integers, cost: float) -> None:
        """Count a choice found elsewhere, given by its values, among the plans where it is the cheapest."""
        if cost < self.cost:
            self._found(_Plan(cost, values))
            self._plans = [self._best, *self._plans[: _PLANS - 1]]

    def go_on(self, rounds: int, over: Callable[[], bool]) -> None:
        """So many rounds of local search or steps of a dive more, unless it is over before."""
        for _ in range(rounds):
            if over():
                return
            next(self._work)

    def _turn_by_turn(self) -> Iterator[None]:
        yield from self._walked(_WALKS_FROM_A_DIVE)
        self._plans = [self._plan()]
        while True:
            if len(self._plans) < _PLANS:
                yield from self._dived()
            else:
                yield from self._crossed()
            self._turns += 1
            self._plans.sort(key=lambda plan: plan.cost)
            if self._barren == _BARREN:
                self._plans, self._barren = self._plans[:1], 0

    def _dived(self) -> Iterator[None]:
        """One plan more, from a dive through the whole problem."""
        dive = Dive(self.passing, _SHARES[self._turns % len(_SHARES)], self._turns)
        while dive.step():
            yield
        if dive.cost < IMPOSSIBLE:
            yield from self._improved(dive.values, _WALKS_FROM_A_DIVE)
            self._plans.append(self._plan())

    def _crossed(self) -> Iterator[None]:
        """Two plans crossed: what comes of it takes the place of the dearer one where it is cheaper."""
        dearer = max(pair := self._chance.choice(_PLANS, 2, replace=False).tolist())
        places = [places_of(self.problem, self._plans[number].values) for number in pair]
        beyond = _BEYOND[self._turns % len(_BEYOND)]
        low = np.maximum(np.minimum(*places) - beyond, 0)
        high = np.minimum(np.maximum(*places) + beyond, np.diff(self.problem.start) - 1)
        between = confined(self.passing, low, high)
        assert between is not None
        for _ in range(_SWEEPS_BETWEEN):
            between.sweep(choosing=False)
        yield
        dive = Dive(between, _SHARE_BETWEEN, self._turns)
        while dive.step():
            yield
        self._barren += 1
        if dive.cost < IMPOSSIBLE:
            yield from self._improved(dive.values, 1)
            plan = self._plan()
            is_new = all(abs(plan.cost - other.cost) > 1e-9 * abs(plan.cost) for other in self._plans)
            if is_new and plan.cost < self._plans[dearer].cost:
                self._plans[dearer], self._barren = plan, 0

    def _improved(self, values: Integers, walks: int) -> Iterator[None]:
        """Local search from a choice, given by its values."""
        self._walk = LocalSearch(self.problem, places_of(self.problem, values), self._turns)
        yield from self._walked(walks)

    def _walked(self, walks: int) -> Iterator[None]:
        for _ in range(walks * WALK):
            self._walk.round()
            if self._walk.cost < self.cost:
                self._found(self._plan())
            yield

    def _plan(self) -> _Plan:
        """Where local search stands."""
        p = self.problem
        return _Plan(self._walk.cost, p.value[p.start[:-1] + self._walk.choice])

    def _found(self, plan: _Plan) -> None:
        self._best, self._turn_of_best = plan, self._turns
