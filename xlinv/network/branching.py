"""Branch and bound on ranges of service times, for what message passing and local search leave open.

A node is the problem with every variable confined to a range of its values. Its bound comes from message
passing that starts from the messages of its parent; values that would cost more than the best plan known are
cut off at both ends of each range; and the variable whose halves raise the bound most is split.
"""

import heapq
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from xlinv.kernels.compilation import kernel
from xlinv.network.message_passing import MessagePassing
from xlinv.network.service_times import Problem
from xlinv.network.topology import Integers, starts_of

_MOST_SWEEPS: Final = 10
_PATIENCE: Final = 6
_TRIED: Final = 3
_TRIAL_SWEEPS: Final = 3
_NEAR: Final = 0.05


class Node(NamedTuple):
    """A confined problem with the messages it was bounded by."""

    bound: float
    number: int
    passing: MessagePassing


class BranchAndBound:
    """The open nodes of a problem; `step` bounds and splits the one with the least bound.

    `offer` is told of each choice met on the way and returns the cost of the best plan known.
    """

    def __init__(self, root: MessagePassing, offer: Callable[[Problem, Integers, float], float]) -> None:
        self.offer = offer
        self.open = [Node(-np.inf, 0, root)]
        self.count = 1

    @property
    def bound(self) -> float:
        """What no choice in any open node can undercut; infinite where none is open."""
        return self.open[0].bound if self.open else np.inf

    def step(self, best: float, allowed: float, go_on: Callable[[], bool]) -> float:
        """Split the node with the least bound, unless no choice in it is better than `best - allowed`."""
        node = heapq.heappop(self.open)
        if node.bound >= best - allowed:
            return best
        bound, best = self._bounded(node.passing, node.bound, best, allowed, go_on)
        passing = confined_by_cost(node.passing, best)
        if bound >= best - allowed or passing is None:
            return best
        for half in self._split(passing, bound, best):
            self._push(max(bound, half.bound), half)
        return best

    def _push(self, bound: float, passing: MessagePassing) -> None:
        heapq.heappush(self.open, Node(bound, self.count, passing))
        self.count += 1

    def _bounded(
        self,
        passing: MessagePassing,
        bound: float,
        best: float,
        allowed: float,
        go_on: Callable[[], bool],
    ) -> tuple[float, float]:
        """The bound after as many sweeps as pay, and the cost of the best plan known by then."""
        progress = [bound]
        for sweep in range(_MOST_SWEEPS):
            bound = max(bound, passing.sweep())
            best = min(best, self.offer(passing.problem, passing.choice, passing.cost))
            progress.append(bound)
            stalled = sweep >= _PATIENCE and bound - progress[-_PATIENCE] < 0.02 * (best - bound)
            if bound >= best - allowed or stalled or not go_on():
                break
        return bound, best

    def _split(self, passing: MessagePassing, bound: float, best: float) -> list[MessagePassing]:
        """The halves, of those of a few torn variables, whose bounds have risen most after some sweeps."""
        score, chosen = -1.0, []
        for v, split in undecided(passing, best - bound)[:_TRIED]:
            tried = [half for half in halves(passing, v, split) if half is not None]
            gains = [max(half.sweep() for _ in range(_TRIAL_SWEEPS)) - bound for half in tried]
            here = np.inf if len(tried) < 2 else min(gains) + 1e-3 * max(gains)
            if here > score:
                score, chosen = here, tried
        return chosen


def undecided(passing: MessagePassing, open_gap: float) -> list[tuple[int, int]]:
    """Variables with more than one value, the most torn first, each with the last value of its lower half.

    Torn is a variable for which values far apart are nearly as good, at a stage where that costs much.
    """
    p = passing.problem
    torn = []
    for v in np.flatnonzero(np.diff(p.start) > 1).tolist():
        near = np.flatnonzero(passing.marginal[p.start[v] : p.start[v + 1]] <= _NEAR * open_gap)
        first, last = (int(near[0]), int(near[-1])) if len(near) else (0, 0)
        far = p.value[p.start[v] + last] - p.value[p.start[v] + first]
        middle = (first + last) // 2 if last > first else int(p.start[v + 1] - p.start[v] - 2) // 2
        torn.append((-float(p.weight[v] * np.sqrt(far)), v, middle))
    return [(v, middle) for _, v, middle in sorted(torn)]


def halves(passing: MessagePassing, v: int, split: int) -> list[MessagePassing | None]:
    """The problem with variable v up to value number `split`, and from the next on; None where empty."""
    low = np.zeros(len(passing.choice), np.int64)
    high = np.diff(passing.problem.start) - 1
    above, below = low.copy(), high.copy()
    below[v], above[v] = split, split + 1
    return [confined(passing, low, below), confined(passing, above, high)]


def confined_by_cost(passing: MessagePassing, best: float) -> MessagePassing | None:
    """The problem without the end values that cost more than the best plan known; None where none is left.

    A value costs at least the bound of the sweep before plus its marginal.
    """
    p = passing.problem
    fits = passing.marginal <= best - passing.bound_before + 1e-9 * abs(best)
    position = np.arange(len(fits)) - np.repeat(p.start[:-1], np.diff(p.start))
    low = np.minimum.reduceat(np.where(fits, position, len(fits)), p.start[:-1])
    high = np.maximum.reduceat(np.where(fits, position, -1), p.start[:-1])
    return None if np.any(low > high) else confined(passing, low, high)


def confined(passing: MessagePassing, low: Integers, high: Integers) -> MessagePassing | None:
    """The problem and messages with the values of each variable from number `low` to `high` alone."""
    p = passing.problem
    low, high = low.copy(), high.copy()
    if not trim(low, high, p.start, p.value, p.tail, p.head, p.stage, p.lead_time, p.longest):
        return None
    sizes = high - low + 1
    kept = _ranges(p.start[:-1] + low, sizes)
    smaller = p._replace(start=starts_of(sizes), value=p.value[kept], unary=p.unary[kept])
    half = MessagePassing(smaller)
    half.forward = passing.forward[_ranges(passing.forward_start[:-1] + low[p.head], sizes[p.head])]
    half.backward = passing.backward[_ranges(passing.backward_start[:-1] + low[p.tail], sizes[p.tail])]
    half.marginal = passing.marginal[kept]
    half.bound, half.bound_before = passing.bound, passing.bound_before
    return half


def _ranges(first: Integers, sizes: Integers) -> Integers:
    """The numbers from each first on, so many each, laid end to end."""
    start = starts_of(sizes)
    return np.arange(start[-1]) + np.repeat(first - start[:-1], sizes)


@kernel()
def trim(
    low: Integers,
    high: Integers,
    start: Integers,
    value: Integers,
    tail: Integers,
    head: Integers,
    stage: Integers,
    lead_time: Integers,
    longest: Integers,
) -> bool:
    """Narrow ranges in place until their ends fit those of their neighbours; whether any value is left."""
    changed = True
    while changed:
        changed = False
        for e in range(len(tail)):
            u, v, k = tail[e], head[e], stage[e]
            # The tail may exceed the head by at most `most`, and must by at least `least`.
            least = -lead_time[k] if k >= 0 else -(2**60)
            most = longest[k] - lead_time[k] if k >= 0 else 0
            while low[u] <= high[u] and value[start[u] + high[u]] - value[start[v] + high[v]] > most:
                high[u] -= 1
                changed = True
            while low[u] <= high[u] and value[start[u] + low[u]] - value[start[v] + low[v]] < least:
                low[u] += 1
                changed = True
            if low[u] > high[u]:
                return False
            while low[v] <= high[v] and value[start[u] + low[u]] - value[start[v] + low[v]] > most:
                low[v] += 1
                changed = True
            while low[v] <= high[v] and value[start[u] + high[u]] - value[start[v] + high[v]] < least:
                high[v] -= 1
                changed = True
            if low[v] > high[v]:
                return False
    return True
