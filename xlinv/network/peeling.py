"""Parts of a network without loops, solved exactly by dynamic programming before anything else is tried.

Variables with one neighbour left are taken off one after the other, each leaving behind what its part costs
(Graves & Willems, 2000, section 5). Of a tree nothing remains; of a real supply chain often little does.
"""

import math
from dataclasses import dataclass

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import least_over_edge
from xlinv.network.service_times import Problem, edges_at
from xlinv.network.topology import Integers, indices, starts_of


@dataclass(frozen=True, slots=True)
class Peeled:
    """A problem taken apart: `core` is over `core_variables` alone, in their order in the whole problem.

    `order` and `parent_edge` list the variables taken off and the edge each hung on, -1 where a whole tree
    ended; `belief` holds the costs gathered in each variable; `constant` is the cost of whole trees.
    """

    whole: Problem
    core: Problem
    core_variables: Integers
    order: Integers
    parent_edge: Integers
    belief: Floats
    constant: float

    def completed(self, core_values: Integers) -> Integers:
        """The value number of every variable, best after the values chosen for those of the core."""
        p = self.whole
        choice = np.zeros(len(p.start) - 1, np.int64)
        choose_outwards(
            self.belief, choice, self.order, self.parent_edge, self.core_variables, core_values, p.start,
            p.value, p.tail, p.head, p.stage, p.lead_time, p.coefficient, p.table_start, p.table, p.longest,
        )  # fmt: skip
        return choice


def peeled(p: Problem) -> Peeled:
    """The problem without its loop-free parts; what they cost is gathered in place, in its own costs."""
    order, parent_edge = order_of_peeling(
        p.tail, p.head, p.inward_start, p.inward, p.outward_start, p.outward
    )
    belief = p.unary
    largest = int((p.start[1:] - p.start[:-1]).max(initial=0))
    constant = gather_inwards(
        belief, order, parent_edge, largest, p.start, p.value, p.tail, p.head, p.stage, p.lead_time,
        p.coefficient, p.table_start, p.table, p.longest,
    )  # fmt: skip
    left = np.ones(len(p.start) - 1, np.bool_)
    left[order] = False
    core = indices(left)
    return Peeled(p, _restricted(p, belief, core), core, order, parent_edge, belief, constant)


def _restricted(p: Problem, belief: Floats, kept: Integers) -> Problem:
    """The problem over some variables, with the costs gathered in them."""
    if not len(kept):
        none, nowhere = kept[:0], np.zeros(1, np.int64)
        return p._replace(
            start=nowhere, value=none, unary=belief[:0], weight=belief[:0], tail=none, head=none, stage=none,
            inward_start=nowhere, inward=none, outward_start=nowhere, outward=none,
        )  # fmt: skip
    number = np.full(len(p.start) - 1, -1, np.int64)
    number[kept] = np.arange(len(kept))
    edges = np.flatnonzero((number[p.tail] >= 0) & (number[p.head] >= 0))
    sizes = np.diff(p.start)[kept]
    start = starts_of(sizes)
    values = np.arange(start[-1]) + np.repeat(p.start[kept] - start[:-1], sizes)
    tail, head = number[p.tail[edges]], number[p.head[edges]]
    inward_start, inward = edges_at(head, len(kept))
    outward_start, outward = edges_at(tail, len(kept))
    return p._replace(
        start=start, value=p.value[values], unary=belief[values], weight=p.weight[kept], tail=tail, head=head,
        stage=p.stage[edges], inward_start=inward_start, inward=inward, outward_start=outward_start,
        outward=outward,
    )  # fmt: skip


@kernel(compile_from=500_000, exact=True)
def order_of_peeling(
    tail: Integers,
    head: Integers,
    inward_start: Integers,
    inward: Integers,
    outward_start: Integers,
    outward: Integers,
) -> tuple[Integers, Integers]:
    """The variables that can be taken off, leaves first, and the edge each hangs on, -1 at a tree's end."""
    count = len(inward_start) - 1
    order = np.empty(count, np.int64)
    edges = np.full(count, -1, np.int64)
    left = np.empty(count, np.int64)
    gone = np.zeros(count, np.bool_)
    for v in range(count):
        left[v] = inward_start[v + 1] - inward_start[v] + outward_start[v + 1] - outward_start[v]
    taken = 0
    for first in range(count):
        v = first
        # Go on with what has become a leaf: its costs are at hand, which counts in a network of many stages.
        while left[v] <= 1 and not gone[v]:
            gone[v] = True
            order[taken] = v
            for q in range(inward_start[v], inward_start[v + 1]):
                if not gone[tail[inward[q]]]:
                    edges[taken] = inward[q]
            for q in range(outward_start[v], outward_start[v + 1]):
                if not gone[head[outward[q]]]:
                    edges[taken] = outward[q]
            e = edges[taken]
            taken += 1
            if e >= 0:
                v = head[e] if tail[e] == v else tail[e]
                left[v] -= 1
    return order[:taken].copy(), edges[:taken].copy()


@kernel(compile_from=1_000_000, exact=True)
def gather_inwards(
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
) -> float:
    """Gather in `belief` the least cost of what was taken off behind each value; the cost of whole trees."""
    message = np.empty(largest)
    leaders = np.empty((3, largest + 1))
    constant = 0.0
    for place in range(len(order)):
        v, e = order[place], parent_edge[place]
        cost = belief[start[v] : start[v + 1]]
        if e < 0:
            constant += cost.min()
            continue
        is_tail = tail[e] == v
        parent = head[e] if is_tail else tail[e]
        receiver = value[start[parent] : start[parent + 1]]
        least_over_edge(
            cost, value[start[v] : start[v + 1]], receiver, stage[e], -1 if is_tail else 1, lead_time,
            coefficient, table_start, table, longest, message, leaders,
        )  # fmt: skip
        for x in range(len(receiver)):
            belief[start[parent] + x] += message[x]
    return constant


@kernel(compile_from=1_000_000, exact=True)
def choose_outwards(
    belief: Floats,
    choice: Integers,
    order: Integers,
    parent_edge: Integers,
    core_variables: Integers,
    core_values: Integers,
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
) -> None:
    """Choose in place: the core by its values, then each variable taken off, the last one first."""
    for place in range(len(core_variables)):
        v = core_variables[place]
        choice[v] = np.searchsorted(value[start[v] : start[v + 1]], core_values[place])
    for place in range(len(order) - 1, -1, -1):
        v, e = order[place], parent_edge[place]
        values, costs = value[start[v] : start[v + 1]], belief[start[v] : start[v + 1]]
        if e < 0:
            choice[v] = np.argmin(costs)
            continue
        is_tail = tail[e] == v
        parent = head[e] if is_tail else tail[e]
        choice[v] = best_after(
            values, costs, value[start[parent] + choice[parent]], stage[e], is_tail, lead_time, coefficient,
            table_start, table, longest,
        )  # fmt: skip


@kernel(exact=True)
def best_after(
    values: Integers,
    costs: Floats,
    chosen: int,
    stage: int,
    is_tail: bool,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> int:
    """The number of the best value at one end of an edge, after the value chosen at the other."""
    if stage < 0:
        first = 0 if is_tail else np.searchsorted(values, chosen)
        last = np.searchsorted(values, chosen, "right") if is_tail else len(values)
        return int(first + np.argmin(costs[first:last])) if first < last else 0
    shortest = chosen - lead_time[stage] if is_tail else chosen + lead_time[stage] - longest[stage]
    first = np.searchsorted(values, shortest)
    last = np.searchsorted(values, shortest + longest[stage], "right")
    best, least = 0, np.inf
    for x in range(first, last):
        time = lead_time[stage] + (values[x] - chosen if is_tail else chosen - values[x])
        if table_start[stage] < 0:
            cost = costs[x] + coefficient[stage] * math.sqrt(time)
        else:
            cost = costs[x] + table[table_start[stage] + time]
        if cost < least:
            least = cost
            best = x
    return int(best)
