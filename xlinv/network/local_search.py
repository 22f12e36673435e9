"""Better choices of service times: optimise exactly over random loop-free parts, the rest held fixed.

A random induced forest of the variables is solved by dynamic programming while all other variables keep
their values: a neighbourhood of exponential size, searched in the time of half a message-passing sweep.
"""

from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import bear_with, cost_of_edge, least_over_edge
from xlinv.network.service_times import Problem
from xlinv.network.topology import Integers

_SHAKE: Final = (0.1, 1.2)
WALK: Final = 125
_DEARER: Final = 0.006
_SHAKEN_ROUNDS: Final = 2
_SETTLING_ROUNDS: Final = 6


class LocalSearch:
    """Iterated local search from a feasible choice; the same seed gives the same answer.

    It walks: a choice a little dearer than the one before is followed too, less and less so in the course of
    a walk, and each walk starts from the best choice (threshold accepting: Dueck & Scheuer, 1990, Journal of
    Computational Physics 90(1)).
    """

    def __init__(self, problem: Problem, choice: Integers, seed: int = 1) -> None:
        self.problem = problem
        self.random = np.random.default_rng(seed)
        self.choice = choice.copy()
        self.rounds = 0
        self.cost = self._descended(self.choice, problem, _SETTLING_ROUNDS)
        self._here, self._cost_here = self.choice, self.cost

    def round(self) -> None:
        """Shake the choice at hand, let it settle again, and follow it where it is not much dearer."""
        p = self.problem
        into_walk = self.rounds % WALK
        if into_walk == 0:
            self._here, self._cost_here = self.choice, self.cost
        self.rounds += 1
        trial = self._here.copy()
        shake = self.random.uniform(*_SHAKE)
        noise = np.exp(self.random.normal(0.0, shake, len(p.coefficient)))
        own = np.exp(self.random.normal(0.0, shake, len(p.start) - 1))
        shaken = p._replace(
            coefficient=p.coefficient * noise, unary=p.unary * np.repeat(own, np.diff(p.start))
        )
        self._descended(trial, shaken, _SHAKEN_ROUNDS)
        cost = self._descended(trial, p, _SETTLING_ROUNDS)
        if cost <= self._cost_here * (1.0 + _DEARER * (1.0 - into_walk / WALK)):
            self._here, self._cost_here = trial, cost
        if cost < self.cost:
            self.choice, self.cost = trial, cost

    def _descended(self, choice: Integers, p: Problem, rounds: int) -> float:
        cost = np.inf
        for _ in range(rounds):
            cost = optimise_random_forest(
                p.unary, choice, self.random.permutation(len(choice)), p.start, p.value, p.tail, p.head,
                p.stage, p.inward_start, p.inward, p.outward_start, p.outward, p.lead_time, p.coefficient,
                p.table_start, p.table, p.longest,
            )  # fmt: skip
        return cost


# Where local search is called for, many rounds follow.
@kernel(compile_from=4_000, exact=True)
def optimise_random_forest(
    unary: Floats,
    choice: Integers,
    priority: Integers,
    start: Integers,
    value: Integers,
    tail: Integers,
    head: Integers,
    stage: Integers,
    inward_start: Integers,
    inward: Integers,
    outward_start: Integers,
    outward: Integers,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> float:
    """Optimise in place over a forest grown in order of priority; the cost of all variables afterwards."""
    variables = len(priority)
    joined = np.full(variables, -1, np.int64)
    touched = np.empty(variables, np.int64)
    for v in priority:
        count = 0
        clash = False
        for q in range(inward_start[v + 1] - inward_start[v] + outward_start[v + 1] - outward_start[v]):
            edges_in = inward_start[v + 1] - inward_start[v]
            if q < edges_in:
                root = tail[inward[inward_start[v] + q]]
            else:
                root = head[outward[outward_start[v] + q - edges_in]]
            if joined[root] < 0:
                continue
            while joined[root] != root:
                joined[root] = joined[joined[root]]
                root = joined[root]
            for t in range(count):
                clash = clash or touched[t] == root
            touched[count] = root
            count += 1
        if not clash:
            joined[v] = v
            for t in range(count):
                joined[touched[t]] = v
    order = np.empty(variables, np.int64)
    parent_edge = np.full(variables, -1, np.int64)
    reached = np.zeros(variables, np.bool_)
    filled = 0
    largest = 0
    for first in range(variables):
        largest = max(largest, start[first + 1] - start[first])
        if joined[first] < 0 or reached[first]:
            continue
        reached[first] = True
        order[filled] = first
        here = filled
        filled += 1
        while here < filled:
            v = order[here]
            here += 1
            edges_in = inward_start[v + 1] - inward_start[v]
            for q in range(edges_in + outward_start[v + 1] - outward_start[v]):
                if q < edges_in:
                    e = inward[inward_start[v] + q]
                    other = tail[e]
                else:
                    e = outward[outward_start[v] + q - edges_in]
                    other = head[e]
                if joined[other] >= 0 and not reached[other]:
                    reached[other] = True
                    parent_edge[other] = e
                    order[filled] = other
                    filled += 1
    belief = unary.copy()
    message = np.empty(largest)
    leaders = np.empty((3, largest + 1))
    for e in range(len(tail)):
        u, v = tail[e], head[e]
        if joined[u] >= 0 and joined[v] < 0:
            fixed, free, direction = v, u, 1
        elif joined[u] < 0 and joined[v] >= 0:
            fixed, free, direction = u, v, -1
        else:
            continue
        bear_with(
            belief[start[free] : start[free + 1]], value[start[free] : start[free + 1]],
            value[start[fixed] + choice[fixed]], stage[e], direction, lead_time, coefficient, table_start,
            table, longest,
        )  # fmt: skip
    for place in range(filled - 1, -1, -1):
        v = order[place]
        e = parent_edge[v]
        if e < 0:
            continue
        is_tail = tail[e] == v
        parent = head[e] if is_tail else tail[e]
        told = belief[start[parent] : start[parent + 1]]
        least_over_edge(
            belief[start[v] : start[v + 1]], value[start[v] : start[v + 1]],
            value[start[parent] : start[parent + 1]], stage[e], -1 if is_tail else 1, lead_time, coefficient,
            table_start, table, longest, message, leaders,
        )  # fmt: skip
        for x in range(len(told)):
            told[x] += message[x]
    for place in range(filled):
        v = order[place]
        e = parent_edge[v]
        own = belief[start[v] : start[v + 1]]
        if e >= 0:
            is_tail = tail[e] == v
            parent = head[e] if is_tail else tail[e]
            bear_with(
                own, value[start[v] : start[v + 1]], value[start[parent] + choice[parent]], stage[e],
                1 if is_tail else -1, lead_time, coefficient, table_start, table, longest,
            )  # fmt: skip
        least = np.inf
        for x in range(len(own)):
            if own[x] < least:
                least = own[x]
                choice[v] = x
    total = 0.0
    for v in range(variables):
        total += unary[start[v] + choice[v]]
    for e in range(len(tail)):
        net = value[start[tail[e]] + choice[tail[e]]] - value[start[head[e]] + choice[head[e]]]
        total += cost_of_edge(stage[e], net, lead_time, coefficient, table_start, table, longest)
    return total
