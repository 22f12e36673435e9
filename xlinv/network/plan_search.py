"""The search for a better plan: from many starting points, the best of them followed on."""

from collections.abc import Callable, Iterator
from typing import Final

from xlinv.network.diving import Dive
from xlinv.network.local_search import WALK, LocalSearch
from xlinv.network.message_passing import MessagePassing
from xlinv.network.messages import IMPOSSIBLE
from xlinv.network.service_times import Problem, places_of
from xlinv.network.topology import Integers

_SHARES: Final = (0.3, 0.1, 0.5)
_WALKS_FROM_A_DIVE: Final = 2
_PATIENCE: Final = 16


class PlanSearch:
    """Local search from the best choice known, in turns with local search from where a dive ends.

    `choice` and `cost` are of the best choice found. The same calls give the same answer.
    """

    def __init__(self, passing: MessagePassing) -> None:
        self.passing = passing
        self._best = LocalSearch(passing.problem, passing.choice)
        self._turns = self._turn_of_best = 0
        self._work = self._turn_by_turn()

    @property
    def problem(self) -> Problem:
        return self.passing.problem

    @property
    def choice(self) -> Integers:
        return self._best.choice

    @property
    def cost(self) -> float:
        return self._best.cost

    @property
    def is_getting_better(self) -> bool:
        """Whether the best choice is young, in turns of the search."""
        return self._turns < self._turn_of_best + _PATIENCE

    def adopt(self, values: Integers, cost: float) -> None:
        """Go on from a choice found elsewhere, given by its values, where it is cheaper than the best one."""
        if cost < self.cost:
            self._best = LocalSearch(self.problem, places_of(self.problem, values), self._turns)
            self._turn_of_best = self._turns

    def go_on(self, rounds: int, over: Callable[[], bool]) -> None:
        """So many rounds of local search or steps of a dive more, unless it is over before."""
        for _ in range(rounds):
            if over():
                return
            next(self._work)

    def _turn_by_turn(self) -> Iterator[None]:
        while True:
            cost = self.cost
            dive = Dive(self.passing, _SHARES[self._turns % len(_SHARES)], self._turns)
            while dive.step():
                yield
            if dive.cost < IMPOSSIBLE:
                other = LocalSearch(self.problem, places_of(self.problem, dive.values), self._turns)
                for _ in range(_WALKS_FROM_A_DIVE * WALK):
                    other.round()
                    if other.cost < self.cost:
                        self._best = other
                    yield
            for _ in range(WALK):
                self._best.round()
                yield
            self._turns += 1
            if self.cost < cost:
                self._turn_of_best = self._turns
