"""Exact service times of a network without loops, by dynamic programming from the leaves to a root.

Graves & Willems (2000), section 5, with messages that cost little more than one look per value.
"""

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import cost_of_edge, least_over_edge
from xlinv.network.service_times import Problem
from xlinv.network.topology import Integers


def best_choice_of_tree(problem: Problem) -> Integers:
    """The value number of each variable in a least-cost choice, for a problem whose edges close no loop."""
    order, parent_edge = _leaves_first(
        problem.tail,
        problem.head,
        problem.inward_start,
        problem.inward,
        problem.outward_start,
        problem.outward,
    )
    belief = problem.unary.copy()
    longest = int(np.diff(problem.start).max(initial=0))
    return least_cost_choice(
        belief, order, parent_edge, longest, problem.start, problem.value, problem.tail, problem.head,
        problem.stage, problem.lead_time, problem.coefficient, problem.table_start, problem.table,
        problem.longest,
    )  # fmt: skip


@kernel(compile_from=256)
def _leaves_first(
    tail: Integers,
    head: Integers,
    inward_start: Integers,
    inward: Integers,
    outward_start: Integers,
    outward: Integers,
) -> tuple[Integers, Integers]:
    """The variables so that each comes before its parent, and the edge to the parent, -1 at a root."""
    count = len(inward_start) - 1
    order = np.empty(count, np.int64)
    parent_edge = np.full(count, -1, np.int64)
    reached = np.zeros(count, np.bool_)
    filled = 0
    for root in range(count):
        if reached[root]:
            continue
        reached[root] = True
        order[filled] = root
        here = filled
        filled += 1
        while here < filled:
            v = order[here]
            here += 1
            for q in range(inward_start[v], inward_start[v + 1]):
                e = inward[q]
                if not reached[tail[e]]:
                    reached[tail[e]] = True
                    parent_edge[tail[e]] = e
                    order[filled] = tail[e]
                    filled += 1
            for q in range(outward_start[v], outward_start[v + 1]):
                e = outward[q]
                if not reached[head[e]]:
                    reached[head[e]] = True
                    parent_edge[head[e]] = e
                    order[filled] = head[e]
                    filled += 1
    return order[::-1].copy(), parent_edge


@kernel()
def least_cost_choice(
    belief: Floats,
    order: Integers,
    parent_edge: Integers,
    largest: int,
    start: Integers,
    value: Integers,
    tail: Integers,
    head: Integers,
    stage: Integers,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> Integers:
    """Gather the cost of each subtree in `belief`, then choose from the roots back to the leaves."""
    message = np.empty(largest)
    candidate = np.empty(largest, np.int64)
    overtaken_at = np.empty(largest)
    for v in order:
        e = parent_edge[v]
        if e < 0:
            continue
        is_tail = tail[e] == v
        parent = head[e] if is_tail else tail[e]
        cost = belief[start[v] : start[v + 1]]
        sender = value[start[v] : start[v + 1]]
        receiver = value[start[parent] : start[parent + 1]]
        least_over_edge(
            cost, sender, receiver, stage[e], -1 if is_tail else 1, lead_time, coefficient, table_start,
            table, longest, message, candidate, overtaken_at,
        )  # fmt: skip
        for x in range(len(receiver)):
            belief[start[parent] + x] += message[x]
    choice = np.zeros(len(order), np.int64)
    for v in order[::-1]:
        e = parent_edge[v]
        least = np.inf
        for x in range(start[v + 1] - start[v]):
            cost_here = belief[start[v] + x]
            if e >= 0:
                if tail[e] == v:
                    net = value[start[v] + x] - value[start[head[e]] + choice[head[e]]]
                else:
                    net = value[start[tail[e]] + choice[tail[e]]] - value[start[v] + x]
                cost_here += cost_of_edge(stage[e], net, lead_time, coefficient, table_start, table, longest)
            if cost_here < least:
                least = cost_here
                choice[v] = x
    return choice
