"""Parts of a network without loops, solved exactly by dynamic programming before anything else is tried.

Variables with one neighbour left are taken off one after the other, each leaving behind what its part costs
(Graves & Willems, 2000, section 5). Of a tree nothing remains; of a real supply chain often little does.
"""

from dataclasses import dataclass

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import cost_of_edge, least_over_edge
from xlinv.network.service_times import Problem
from xlinv.network.topology import Integers, adjacency, starts_of


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
    """The problem without its loop-free parts."""
    order, parent_edge = order_of_peeling(
        p.tail, p.head, p.inward_start, p.inward, p.outward_start, p.outward
    )
    belief = p.unary.copy()
    largest = int(np.diff(p.start).max(initial=0))
    constant = gather_inwards(
        belief, order, parent_edge, largest, p.start, p.value, p.tail, p.head, p.stage, p.lead_time,
        p.coefficient, p.table_start, p.table, p.longest,
    )  # fmt: skip
    core = np.delete(np.arange(len(p.start) - 1), order)
    return Peeled(p, _restricted(p, belief, core), core, order, parent_edge, belief, constant)


def _restricted(p: Problem, belief: Floats, kept: Integers) -> Problem:
    """The problem over some variables, with the costs gathered in them."""
    number = np.full(len(p.start) - 1, -1, np.int64)
    number[kept] = np.arange(len(kept))
    edges = np.flatnonzero((number[p.tail] >= 0) & (number[p.head] >= 0))
    sizes = np.diff(p.start)[kept]
    start = starts_of(sizes)
    values = np.arange(start[-1]) + np.repeat(p.start[kept] - start[:-1], sizes)
    tail, head = number[p.tail[edges]], number[p.head[edges]]
    inward, outward = adjacency(len(kept), head, tail), adjacency(len(kept), tail, head)
    return p._replace(
        start=start, value=p.value[values], unary=belief[values], weight=p.weight[kept], tail=tail, head=head,
        stage=p.stage[edges], inward_start=inward.start, inward=inward.arc, outward_start=outward.start,
        outward=outward.arc,
    )  # fmt: skip


@kernel(compile_from=1024)
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
    edges = np.empty(count, np.int64)
    left = np.empty(count, np.int64)
    gone = np.zeros(count, np.bool_)
    waiting = 0
    for v in range(count):
        left[v] = inward_start[v + 1] - inward_start[v] + outward_start[v + 1] - outward_start[v]
        if left[v] <= 1:
            order[waiting] = v
            waiting += 1
    here = 0
    while here < waiting:
        v = order[here]
        gone[v] = True
        edges[here] = -1
        if left[v] == 1:
            for q in range(inward_start[v], inward_start[v + 1]):
                if not gone[tail[inward[q]]]:
                    edges[here] = inward[q]
            for q in range(outward_start[v], outward_start[v + 1]):
                if not gone[head[outward[q]]]:
                    edges[here] = outward[q]
            e = edges[here]
            other = head[e] if tail[e] == v else tail[e]
            left[other] -= 1
            if left[other] == 1:
                order[waiting] = other
                waiting += 1
        here += 1
    return order[:waiting].copy(), edges[:waiting].copy()


@kernel(compile_from=4096)
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
    candidate = np.empty(largest, np.int64)
    overtaken_at = np.empty(largest)
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
            coefficient, table_start, table, longest, message, candidate, overtaken_at,
        )  # fmt: skip
        for x in range(len(receiver)):
            belief[start[parent] + x] += message[x]
    return constant


@kernel(compile_from=4096)
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
        least = np.inf
        for x in range(start[v + 1] - start[v]):
            cost = belief[start[v] + x]
            if e >= 0:
                if tail[e] == v:
                    net = value[start[v] + x] - value[start[head[e]] + choice[head[e]]]
                else:
                    net = value[start[tail[e]] + choice[tail[e]]] - value[start[v] + x]
                cost += cost_of_edge(stage[e], net, lead_time, coefficient, table_start, table, longest)
            if cost < least:
                least = cost
                choice[v] = x
