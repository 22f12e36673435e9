"""Plans from message passing by decimation: what is most decided is decided, and the messages told so."""

from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.confinement import confined
from xlinv.network.message_passing import MessagePassing
from xlinv.network.topology import Integers

_SWEEPS: Final = 2
# Deviation of the logarithm by which chance changes what counts as most decided: dives are to end apart.
_NOISE: Final = 1.0


class Dive:
    """A way down from message passing to one value for each variable; `step` decides some more.

    A step takes the worse half of the values from a share of the variables that still have a choice: from
    those whose halves differ most in marginal cost (decimation, as in Montanari, Ricci-Tersenghi & Semerjian,
    2007). `cost` and `values` are of the cheapest choice met so far.
    """

    def __init__(self, start: MessagePassing, share: float, seed: int) -> None:
        self.share, self.chance = share, np.random.default_rng(seed)
        self.cost, self.values = np.inf, np.zeros(0, np.int64)
        self._here = MessagePassing(start.problem)
        self._here.backward = start.backward.copy()
        self._sweep()

    def step(self) -> bool:
        """Decide some more; whether there was anything left to decide."""
        start = self._here.problem.start
        undecided = np.flatnonzero(np.diff(start) > 1)
        if not len(undecided):
            return False
        margin, low, high = decisions(self._here.marginal, start)
        urgency = margin[undecided] * np.exp(self.chance.normal(0.0, _NOISE, len(undecided)))
        most = undecided[np.argsort(-urgency, kind="stable")]
        count = max(1, int(self.share * len(undecided)))
        deeper = _decided(self._here, most[:count], low, high)
        # Halves chosen each for itself may not fit together.
        while deeper is None and count > 1:
            count //= 2
            deeper = _decided(self._here, most[:count], low, high)
        if deeper is None:
            return False
        self._here = deeper
        for _ in range(_SWEEPS):
            self._sweep()
        return True

    def _sweep(self) -> None:
        here = self._here
        here.sweep()
        if here.cost < self.cost:
            self.cost, self.values = here.cost, here.problem.value[here.problem.start[:-1] + here.choice]


def _decided(
    here: MessagePassing, variables: Integers, low: Integers, high: Integers
) -> MessagePassing | None:
    first, last = np.zeros(len(low), np.int64), np.diff(here.problem.start) - 1
    first[variables], last[variables] = low[variables], high[variables]
    return confined(here, first, last)


@kernel(compile_from=2_000, exact=True)
def decisions(marginal: Floats, start: Integers) -> tuple[Floats, Integers, Integers]:
    """Per variable the split whose halves differ most in least marginal cost: by how much; the better half.

    The half is given by the numbers of its first and last value.
    """
    variables = len(start) - 1
    margin, low, high = np.full(variables, -1.0), np.zeros(variables, np.int64), np.zeros(variables, np.int64)
    for v in range(variables):
        cost = marginal[start[v] : start[v + 1]]
        size = len(cost)
        above = np.empty(size)
        least = np.inf
        for x in range(size - 1, 0, -1):
            least = min(least, cost[x])
            above[x] = least
        high[v] = size - 1
        below = np.inf
        for x in range(size - 1):
            below = min(below, cost[x])
            if abs(above[x + 1] - below) > margin[v]:
                margin[v] = abs(above[x + 1] - below)
                if below < above[x + 1]:
                    low[v], high[v] = 0, x
                else:
                    low[v], high[v] = x + 1, size - 1
    return margin, low, high
