"""The choice of service times as a pairwise problem: one variable per inbound and outbound time.

A stage k waits at most SI for its suppliers, takes T, and promises S to its customers. Its cost depends on
its net replenishment time SI + T - S alone. Variables stand in topological order, SI of a stage before S.
Graves & Willems (2000), M&SOM 2(1); as a pairwise problem it lends itself to message passing.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import IMPOSSIBLE
from xlinv.network.topology import Adjacency, Integers, indices, starts_of

UNBOUNDED: Final = 2**62


class StageCosts(NamedTuple):
    """What each stage costs at a net replenishment time of t ticks.

    `coefficient` times the root of t, or, where `table_start` is not negative, `table[table_start + t]` for
    t up to `longest`; a longer net replenishment time is not allowed.
    """

    coefficient: Floats
    table_start: Integers
    table: Floats
    longest: Integers


class ServiceTimes(NamedTuple):
    """Inbound and outbound service times per stage, in ticks."""

    inbound: Integers
    outbound: Integers


@dataclass(frozen=True, slots=True)
class Times:
    """The data of a network in ticks; `frozen` is -1 where a stage may choose its outbound time."""

    order: Integers
    source: Integers
    destination: Integers
    upstream: Adjacency
    downstream: Adjacency
    has_suppliers: NDArray[np.bool_]
    has_customers: NDArray[np.bool_]
    lead_time: Integers
    supplier: Integers
    promised: Integers
    frozen: Integers


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and greatest inbound and outbound service times per stage, in ticks."""

    inbound_low: Integers
    inbound_high: Integers
    outbound_low: Integers
    outbound_high: Integers


class Problem(NamedTuple):
    """A pairwise problem over variables with explicit values; the solvers see nothing else.

    The values of variable v and their own costs are at `start[v]` to `start[v + 1]` of `value` and `unary`;
    `weight[v]` is the cost coefficient of its stage.
    Edge e joins variable `tail[e]` to the later `head[e]`: within stage `stage[e]`, or over an arc where
    that is -1; stages are numbered in topological order here. `inward` and `outward` list the edges that end
    and start at a variable.
    """

    start: Integers
    value: Integers
    unary: Floats
    weight: Floats
    tail: Integers
    head: Integers
    stage: Integers
    inward_start: Integers
    inward: Integers
    outward_start: Integers
    outward: Integers
    lead_time: Integers
    coefficient: Floats
    table_start: Integers
    table: Floats
    longest: Integers


@dataclass(frozen=True, slots=True)
class Layout:
    """Which variable of the problem is the inbound and outbound time of a stage, -1 where it has none."""

    inbound: Integers
    outbound: Integers
    constant: float


def costs_at(costs: StageCosts, stages: Integers, time: Integers) -> Floats:
    """Costs of stages at net replenishment times, element by element; IMPOSSIBLE where not allowed."""
    allowed = (time >= 0) & (time <= costs.longest[stages])
    cost = costs.coefficient[stages] * np.sqrt(np.maximum(time, 0))
    if len(costs.table):
        tabulated = (costs.table_start[stages] >= 0) & allowed
        cost[tabulated] = costs.table[costs.table_start[stages[tabulated]] + time[tabulated]]
    return np.where(allowed, cost, IMPOSSIBLE)


def total_cost(times: Times, costs: StageCosts, chosen: ServiceTimes) -> float:
    """Cost of a complete choice of service times."""
    net = np.maximum(chosen.inbound + times.lead_time - chosen.outbound, 0)
    if not len(costs.table):
        return float((costs.coefficient * np.sqrt(net)).sum())
    return float(costs_at(costs, np.arange(len(net)), net).sum())


def places_of(problem: Problem, values: Integers) -> Integers:
    """The numbers that the values chosen, one per variable, have among those of their variables."""
    variables = np.arange(len(values))
    stride = problem.value.max(initial=0) + 1
    every = problem.value + stride * np.repeat(variables, np.diff(problem.start))
    places: Integers = np.searchsorted(every, values + stride * variables) - problem.start[:-1]
    return places


@kernel(compile_from=500_000, exact=True)
def tighten(
    order: Integers,
    up_start: Integers,
    up_stage: Integers,
    down_start: Integers,
    down_stage: Integers,
    lead_time: Integers,
    frozen: Integers,
    longest: Integers,
    inbound_low: Integers,
    inbound_high: Integers,
    outbound_low: Integers,
    outbound_high: Integers,
) -> int:
    """Narrow the bounds in place until they fit their neighbours'; the stage left without any time, or -1.

    By turns down and up the network: what follows from a promise travels either way.
    """
    changed, step = True, -1
    while changed:
        changed, step = False, -step
        for k in order[::step]:
            low, high = inbound_low[k], 0 if up_start[k] < up_start[k + 1] else inbound_high[k]
            if frozen[k] < 0:
                low = max(low, outbound_low[k] - lead_time[k])
            for q in range(up_start[k], up_start[k + 1]):
                low = max(low, outbound_low[up_stage[q]])
                high = max(high, outbound_high[up_stage[q]])
            high = min(inbound_high[k], max(high, low), longest[k] - lead_time[k] + outbound_high[k])
            out_low, out_high = outbound_low[k], outbound_high[k]
            if frozen[k] < 0:
                out_low = max(out_low, low + lead_time[k] - longest[k])
                out_high = min(out_high, high + lead_time[k])
            for q in range(down_start[k], down_start[k + 1]):
                out_high = min(out_high, inbound_high[down_stage[q]])
            changed = changed or low != inbound_low[k] or high != inbound_high[k]
            changed = changed or out_low != outbound_low[k] or out_high != outbound_high[k]
            inbound_low[k], inbound_high[k] = low, high
            outbound_low[k], outbound_high[k] = out_low, out_high
            if low > high or out_low > out_high:
                return int(k)
    return -1


def bounds_of(times: Times, longest: Integers) -> tuple[Bounds, int]:
    """The bounds of all service times, and the stage for which none is left, or -1."""
    is_frozen = times.frozen >= 0
    bounds = Bounds(
        inbound_low=times.supplier.copy(),
        inbound_high=np.where(times.has_suppliers, UNBOUNDED // 4, times.supplier),
        outbound_low=np.where(is_frozen, times.frozen, 0),
        outbound_high=np.where(is_frozen, times.frozen, times.promised),
    )
    empty = narrow(times, longest, bounds)
    return bounds, empty


def narrow(times: Times, longest: Integers, bounds: Bounds) -> int:
    """Narrow bounds in place until they fit each other; the stage left without any time, or -1."""
    return tighten(
        times.order, times.upstream.start, times.upstream.stage, times.downstream.start,
        times.downstream.stage, times.lead_time, times.frozen, longest,
        bounds.inbound_low, bounds.inbound_high, bounds.outbound_low, bounds.outbound_high,
    )  # fmt: skip


def pairwise(
    times: Times,
    costs: StageCosts,
    bounds: Bounds,
    candidates: "tuple[list[Integers], list[Integers]] | None",
) -> tuple[Problem, Layout]:
    """The pairwise problem within bounds, over all whole ticks or, per stage, over candidate times."""
    has_in, is_frozen = times.has_suppliers, times.frozen >= 0
    # A tabulated stage may promise less than it may even if nobody asks: early arrivals cost.
    has_out = times.has_customers | ((costs.table_start >= 0) & ~is_frozen)
    decided = is_frozen | ~has_out
    order = times.order
    inbound, outbound, stages, is_inbound, tail, head, stage = variables_and_edges(
        order, has_in, has_out, decided, times.downstream.start, times.downstream.stage
    )
    if candidates is None:
        start, value = values_within(
            stages,
            is_inbound,
            bounds.inbound_low,
            bounds.inbound_high,
            bounds.outbound_low,
            bounds.outbound_high,
        )
    else:
        sets = [candidates[0 if first else 1][k] for k, first in zip(stages, is_inbound, strict=True)]
        start = starts_of(np.array([len(values) for values in sets], np.int64))
        value = np.concatenate(sets) if sets else np.zeros(0, np.int64)
    last = np.where(is_frozen, times.frozen, times.promised)
    unary = np.zeros(len(value))
    fill_in_own_costs(
        unary,
        start,
        value,
        stages,
        is_inbound,
        has_in,
        decided,
        times.supplier,
        last,
        times.lead_time,
        *costs,
    )
    alone = indices(decided & ~has_in)
    net = np.maximum(times.supplier[alone] + times.lead_time[alone] - last[alone], 0)
    constant = float(costs_at(costs, alone, net).sum()) if len(alone) else 0.0
    problem = Problem(
        start, value, unary, costs.coefficient[stages], tail, head, stage, *edges_at(head, len(stages)),
        *edges_at(tail, len(stages)), times.lead_time[order], costs.coefficient[order],
        costs.table_start[order], costs.table, costs.longest[order],
    )  # fmt: skip
    return problem, Layout(inbound, outbound, constant)


@kernel(compile_from=500_000, exact=True)
def variables_and_edges(
    order: Integers,
    has_in: NDArray[np.bool_],
    has_out: NDArray[np.bool_],
    decided: NDArray[np.bool_],
    down_start: Integers,
    down_stage: Integers,
) -> tuple[Integers, Integers, Integers, NDArray[np.bool_], Integers, Integers, Integers]:
    """The inbound and outbound variable of each stage, -1 where it has none, in topological order; per
    variable its stage and whether it is inbound; per edge its tail, its head and, within a stage, the place
    of the stage in that order, -1 else.
    """
    inbound = np.full(len(order), -1, np.int64)
    outbound = np.full(len(order), -1, np.int64)
    variables, edges = 0, 0
    for k in order:
        if has_in[k]:
            inbound[k] = variables
            variables += 1
        if has_out[k]:
            outbound[k] = variables
            variables += 1
            edges += has_in[k] and not decided[k]
    stages = np.empty(variables, np.int64)
    is_inbound = np.zeros(variables, np.bool_)
    tail = np.empty(edges + len(down_stage), np.int64)
    head = np.empty(edges + len(down_stage), np.int64)
    stage = np.full(edges + len(down_stage), -1, np.int64)
    e = 0
    for place in range(len(order)):
        k = order[place]
        if has_in[k]:
            stages[inbound[k]] = k
            is_inbound[inbound[k]] = True
        if has_out[k]:
            stages[outbound[k]] = k
        if has_in[k] and not decided[k]:
            tail[e], head[e], stage[e] = inbound[k], outbound[k], place
            e += 1
        for q in range(down_start[k], down_start[k + 1]):
            tail[e], head[e] = outbound[k], inbound[down_stage[q]]
            e += 1
    return inbound, outbound, stages, is_inbound, tail, head, stage


@kernel(compile_from=500_000, exact=True)
def values_within(
    stages: Integers,
    is_inbound: NDArray[np.bool_],
    inbound_low: Integers,
    inbound_high: Integers,
    outbound_low: Integers,
    outbound_high: Integers,
) -> tuple[Integers, Integers]:
    """All whole ticks within the bounds of each variable, laid end to end, and where those of each start."""
    start = np.zeros(len(stages) + 1, np.int64)
    for v in range(len(stages)):
        k = stages[v]
        most = inbound_high[k] - inbound_low[k] if is_inbound[v] else outbound_high[k] - outbound_low[k]
        start[v + 1] = start[v] + most + 1
    value = np.empty(start[-1], np.int64)
    for v in range(len(stages)):
        least = inbound_low[stages[v]] if is_inbound[v] else outbound_low[stages[v]]
        for x in range(start[v], start[v + 1]):
            value[x] = least + x - start[v]
    return start, value


@kernel(compile_from=500_000, exact=True)
def edges_at(end: Integers, variables: int) -> tuple[Integers, Integers]:
    """The edges listed by the variable at one end: those of v are from `start[v]` to `start[v + 1]`."""
    start = np.zeros(variables + 1, np.int64)
    for v in end:
        start[v + 1] += 1
    for v in range(variables):
        start[v + 1] += start[v]
    edges = np.empty(len(end), np.int64)
    place = start.copy()
    for e in range(len(end)):
        edges[place[end[e]]] = e
        place[end[e]] += 1
    return start, edges


@kernel(compile_from=1_000_000, exact=True)
def fill_in_own_costs(
    unary: Floats,
    start: Integers,
    value: Integers,
    stages: Integers,
    is_inbound: NDArray[np.bool_],
    has_in: NDArray[np.bool_],
    decided: NDArray[np.bool_],
    supplier: Integers,
    last: Integers,
    lead_time: Integers,
    coefficient: Floats,
    table_start: Integers,
    table: Floats,
    longest: Integers,
) -> None:
    """Fill in costs that depend on one variable alone: where a stage's other time is `decided`, or given."""
    for v in range(len(stages)):
        k = stages[v]
        if is_inbound[v] != decided[k] or (has_in[k] and not is_inbound[v]):
            continue
        for x in range(start[v], start[v + 1]):
            if is_inbound[v]:
                time = max(value[x] + lead_time[k] - last[k], 0)
            else:
                time = supplier[k] + lead_time[k] - value[x]
            if time < 0 or time > longest[k]:
                unary[x] = IMPOSSIBLE
            elif table_start[k] < 0:
                unary[x] = coefficient[k] * math.sqrt(time)
            else:
                unary[x] = table[table_start[k] + time]


def chosen_times(times: Times, problem: Problem, layout: Layout, choice: Integers) -> ServiceTimes:
    """Service times per stage from the value number chosen for each variable.

    A stage that nobody takes from promises the longest it may and needs.
    """
    inbound, outbound = times.supplier.copy(), times.promised
    picked = problem.value[problem.start[:-1] + choice]
    if len(picked):
        inbound = np.where(layout.inbound >= 0, picked[layout.inbound], inbound)
    outbound = np.minimum(outbound, inbound + times.lead_time)
    if len(picked):
        outbound = np.where(layout.outbound >= 0, picked[layout.outbound], outbound)
    return ServiceTimes(inbound, np.where(times.frozen >= 0, times.frozen, outbound))
