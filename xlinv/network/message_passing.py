"""Bound and plan for service times in any acyclic network, by sequential tree-reweighted message passing.

Kolmogorov (2006), IEEE PAMI 28(10), TRW-S: a forward and a backward sweep in topological order, weight
1 / max(inward, outward edges) per variable. Each backward sweep yields a lower bound, each forward sweep a
choice of values, from which the caller makes a plan. Between sweeps the messages keep their momentum, with
the weights of Nesterov (1983), Soviet Mathematics Doklady 27(2): any messages give a true bound, and these
rise sooner and higher than where the sweeps alone come to rest.
"""

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import (
    IMPOSSIBLE,
    cost_of_edge,
    least_at_or_above,
    least_at_or_below,
    least_through_root,
    least_through_table,
)
from xlinv.network.service_times import Problem
from xlinv.network.topology import Integers, starts_of


class MessagePassing:
    """The state of message passing on one problem; `sweep` continues it."""

    def __init__(self, problem: Problem) -> None:
        sizes = np.diff(problem.start)
        self.problem = problem
        self.forward_start = starts_of(sizes[problem.head])
        self.backward_start = starts_of(sizes[problem.tail])
        self.forward = np.zeros(self.forward_start[-1])
        self.backward = np.zeros(self.backward_start[-1])
        self.choice = np.zeros(len(sizes), np.int64)
        self.marginal = np.zeros(problem.start[-1])
        self.bound = self.bound_forward = -np.inf
        self.cost = np.inf
        self._sweeps = 0
        self._sent = self.backward

    def sweep(self, choosing: bool = True) -> float:
        """One forward and one backward sweep: the best bound so far.

        `choosing`, it leaves the values chosen forward in `choice`, and what they cost in `cost`.
        The messages then go on a little the way that they have come from the sweep before.
        """
        p = self.problem
        bound, self.bound_forward, self.cost = both_sweeps(
            choosing, self.marginal, p.unary, self.forward, self.backward, self.forward_start,
            self.backward_start, self.choice, p.start, p.value, p.tail, p.head, p.stage, p.inward_start,
            p.inward, p.outward_start, p.outward, p.lead_time, p.coefficient, p.table_start, p.table,
            p.longest,
        )  # fmt: skip
        self.bound = max(self.bound, bound)
        sent = self.backward
        if self._sweeps > 0:
            self.backward = sent + self._sweeps / (self._sweeps + 3.0) * (sent - self._sent)
        self._sent = sent
        self._sweeps += 1
        return self.bound


@kernel(compile_from=60_000, exact=True)
def both_sweeps(
    choosing: bool,
    marginal: Floats,
    unary: Floats,
    forward: Floats,
    backward: Floats,
    forward_start: Integers,
    backward_start: Integers,
    choice: Integers,
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
) -> tuple[float, float, float]:
    """A forward and a backward sweep over all variables, in place; the lower bound after each (backward,
    forward), the cost of the choice.

    `marginal` ends as the cost above the forward bound that each value of a variable bears at least.
    """
    variables = len(start) - 1
    largest = 0
    for v in range(variables):
        largest = max(largest, start[v + 1] - start[v])
    cost = np.empty(largest)
    message = np.empty(largest)
    leaders = np.empty((3, largest + 1))
    bound = bound_forward = 0.0
    for pass_number in range(2):
        downstream = pass_number == 0
        bound_forward, bound = bound, 0.0
        for count in range(variables):
            v = count if downstream else variables - 1 - count
            first, last = start[v], start[v + 1]
            size = last - first
            theta = marginal[first:last]
            own_cost = unary[first:last]
            for x in range(size):
                theta[x] = own_cost[x]
            for q in range(outward_start[v], outward_start[v + 1]):
                e = outward[q]
                heard = backward[backward_start[e] : backward_start[e] + size]
                for x in range(size):
                    theta[x] += heard[x]
            if downstream and choosing:
                choice[v] = _chosen(
                    v, theta, choice, start, value, tail, stage, inward_start, inward, lead_time, coefficient,
                    table_start, table, longest,
                )  # fmt: skip
            for q in range(inward_start[v], inward_start[v + 1]):
                e = inward[q]
                heard = forward[forward_start[e] : forward_start[e] + size]
                for x in range(size):
                    theta[x] += heard[x]
            edges_in = inward_start[v + 1] - inward_start[v]
            edges_out = outward_start[v + 1] - outward_start[v]
            share = 1.0 / max(1, edges_in, edges_out)
            least = np.inf
            for x in range(size):
                least = theta[x] if theta[x] < least else least
            bound += least
            for x in range(size):
                theta[x] -= least
            sender = value[first:last]
            for q in range(edges_out if downstream else edges_in):
                e = outward[outward_start[v] + q] if downstream else inward[inward_start[v] + q]
                other = head[e] if downstream else tail[e]
                receiver = value[start[other] : start[other + 1]]
                if downstream:
                    own = backward[backward_start[e] : backward_start[e] + size]
                    sent = forward[forward_start[e] : forward_start[e] + len(receiver)]
                else:
                    own = forward[forward_start[e] : forward_start[e] + size]
                    sent = backward[backward_start[e] : backward_start[e] + len(receiver)]
                for x in range(size):
                    cost[x] = share * theta[x] - own[x]
                # As `least_over_edge`, whose call costs as much as the work.
                k = stage[e]
                direction = -1 if downstream else 1
                if k < 0 and downstream:
                    least = least_at_or_below(cost, sender, receiver, message)
                elif k < 0:
                    least = least_at_or_above(cost, sender, receiver, message)
                elif table_start[k] < 0:
                    least = least_through_root(
                        cost, sender, receiver, direction, lead_time[k], coefficient[k], message, leaders
                    )
                else:
                    costs = table[table_start[k] : table_start[k] + longest[k] + 1]
                    least = least_through_table(
                        cost, sender, receiver, direction, lead_time[k], costs, message
                    )
                for y in range(len(receiver)):
                    sent[y] = message[y] - least
                bound += least
    if not choosing:
        return bound, bound_forward, np.inf
    total = 0.0
    for v in range(variables):
        total += unary[start[v] + choice[v]]
    for e in range(len(tail)):
        net = value[start[tail[e]] + choice[tail[e]]] - value[start[head[e]] + choice[head[e]]]
        if stage[e] >= 0:
            total += cost_of_edge(stage[e], net, lead_time, coefficient, table_start, table, longest)
        elif net > 0:
            total += IMPOSSIBLE
    return bound, bound_forward, total


@kernel(exact=True)
def _chosen(
    v: int,
    onward: Floats,
    choice: Integers,
    start: Integers,
    value: Integers,
    tail: Integers,
    stage: Integers,
    inward_start: Integers,
    inward: Integers,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> int:
    """The value of a variable that is best after those chosen upstream; `onward` is its cost from here on."""
    soonest = -IMPOSSIBLE
    within = -1
    for q in range(inward_start[v], inward_start[v + 1]):
        e = inward[q]
        if stage[e] >= 0:
            within = e
        else:
            soonest = max(soonest, value[start[tail[e]] + choice[tail[e]]])
    least = np.inf
    best = 0
    for x in range(len(onward)):
        here = value[start[v] + x]
        cost = onward[x]
        if here < soonest or cost >= least:
            continue
        if within >= 0:
            net = value[start[tail[within]] + choice[tail[within]]] - here
            cost += cost_of_edge(stage[within], net, lead_time, coefficient, table_start, table, longest)
        if cost < least:
            least = cost
            best = x
    return best
