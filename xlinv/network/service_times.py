"""The choice of service times as a pairwise problem: one variable per inbound and outbound time.

A stage k waits at most SI for its suppliers, takes T, and promises S to its customers. Its cost depends on
its net replenishment time SI + T - S alone. Variables stand in topological order, SI of a stage before S.
Graves & Willems (2000), M&SOM 2(1); as a pairwise problem it lends itself to message passing.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.network.messages import IMPOSSIBLE
from xlinv.network.topology import Adjacency, Integers, adjacency, starts_of

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
    that is -1. `inward` and `outward` list the edges that end and start at a variable.
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
    tabulated = (costs.table_start[stages] >= 0) & allowed
    cost[tabulated] = costs.table[costs.table_start[stages[tabulated]] + time[tabulated]]
    return np.where(allowed, cost, IMPOSSIBLE)


def total_cost(times: Times, costs: StageCosts, chosen: ServiceTimes) -> float:
    """Cost of a complete choice of service times."""
    stages = np.arange(len(times.lead_time))
    net = np.maximum(chosen.inbound + times.lead_time - chosen.outbound, 0)
    return float(costs_at(costs, stages, net).sum())


@kernel(compile_from=1536)
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
    """Narrow the bounds in place until they fit their neighbours'; the stage left without any time, or -1."""
    changed = True
    while changed:
        changed = False
        for k in order:
            low, high = inbound_low[k], 0 if up_start[k] < up_start[k + 1] else inbound_high[k]
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
        inbound_high=np.where(np.diff(times.upstream.start) > 0, UNBOUNDED // 4, times.supplier),
        outbound_low=np.where(is_frozen, times.frozen, 0),
        outbound_high=np.where(is_frozen, times.frozen, np.minimum(times.promised, UNBOUNDED // 4)),
    )
    empty = tighten(
        times.order, times.upstream.start, times.upstream.stage, times.downstream.start,
        times.downstream.stage, times.lead_time, times.frozen, np.minimum(longest, UNBOUNDED // 4),
        bounds.inbound_low, bounds.inbound_high, bounds.outbound_low, bounds.outbound_high,
    )  # fmt: skip
    return bounds, empty


def pairwise(
    times: Times,
    costs: StageCosts,
    bounds: Bounds,
    candidates: "tuple[list[Integers], list[Integers]] | None",
) -> tuple[Problem, Layout]:
    """The pairwise problem within bounds, over all whole ticks or, per stage, over candidate times."""
    has_in = np.diff(times.upstream.start) > 0
    # A tabulated stage may promise less than it may even if nobody asks: early arrivals cost.
    has_out = (np.diff(times.downstream.start) > 0) | ((costs.table_start >= 0) & (times.frozen < 0))
    inbound, outbound, variables = _variables(times.order, has_in, has_out)
    stages = np.empty(variables, np.int64)
    stages[inbound[has_in]] = np.flatnonzero(has_in)
    stages[outbound[has_out]] = np.flatnonzero(has_out)
    is_inbound = np.zeros(variables, bool)
    is_inbound[inbound[has_in]] = True
    if candidates is None:
        low = np.where(is_inbound, bounds.inbound_low[stages], bounds.outbound_low[stages])
        high = np.where(is_inbound, bounds.inbound_high[stages], bounds.outbound_high[stages])
        start = starts_of(high - low + 1)
        value = np.arange(start[-1], dtype=np.int64) + np.repeat(low - start[:-1], high - low + 1)
    else:
        sets = [candidates[0 if first else 1][k] for k, first in zip(stages, is_inbound, strict=True)]
        start = starts_of(np.array([len(values) for values in sets], np.int64))
        value = np.concatenate(sets) if sets else np.zeros(0, np.int64)
    unary, constant = _own_costs(times, costs, start, value, stages, is_inbound, has_in, has_out)
    within = np.flatnonzero(has_in & has_out & (times.frozen < 0))
    tail = np.concatenate([inbound[within], outbound[times.source]])
    head = np.concatenate([outbound[within], inbound[times.destination]])
    stage = np.concatenate([within, np.full(len(times.source), -1, np.int64)])
    inward, outward = adjacency(variables, head, tail), adjacency(variables, tail, head)
    problem = Problem(
        start, value, unary, costs.coefficient[stages], tail, head, stage, inward.start, inward.arc,
        outward.start, outward.arc, times.lead_time, costs.coefficient, costs.table_start, costs.table,
        costs.longest,
    )  # fmt: skip
    return problem, Layout(inbound, outbound, constant)


def _variables(order: Integers, has_in: Any, has_out: Any) -> tuple[Integers, Integers, int]:
    """The variables of each stage, numbered in topological order."""
    first = starts_of(has_in[order].astype(np.int64) + has_out[order])
    inbound = np.full(len(order), -1, np.int64)
    outbound = np.full(len(order), -1, np.int64)
    inbound[order] = np.where(has_in[order], first[:-1], -1)
    outbound[order] = np.where(has_out[order], first[:-1] + has_in[order], -1)
    return inbound, outbound, int(first[-1])


def _own_costs(
    times: Times,
    costs: StageCosts,
    start: Integers,
    value: Integers,
    stages: Integers,
    is_inbound: Any,
    has_in: Any,
    has_out: Any,
) -> tuple[Floats, float]:
    """Costs that depend on one variable alone, and those that depend on none."""
    last = np.where(times.frozen >= 0, times.frozen, times.promised)
    decided = (times.frozen >= 0) | ~has_out
    unary = np.zeros(len(value))
    of_inbound = is_inbound & decided[stages]
    of_outbound = ~is_inbound & ~has_in[stages] & (times.frozen[stages] < 0)
    chosen = np.repeat(of_inbound | of_outbound, np.diff(start))
    stage = np.repeat(stages, np.diff(start))[chosen]
    mine = value[chosen]
    inbound = np.repeat(is_inbound, np.diff(start))[chosen]
    net = np.where(
        inbound,
        mine + times.lead_time[stage] - last[stage],
        times.supplier[stage] + times.lead_time[stage] - mine,
    )
    unary[chosen] = costs_at(costs, stage, np.where(inbound, np.maximum(net, 0), net))
    alone = np.flatnonzero(~has_in & decided)
    net = np.maximum(times.supplier[alone] + times.lead_time[alone] - last[alone], 0)
    return unary, float(costs_at(costs, alone, net).sum())


def chosen_times(times: Times, problem: Problem, layout: Layout, choice: Integers) -> ServiceTimes:
    """Service times per stage from the value number chosen for each variable.

    A stage that nobody takes from promises the longest it may and needs.
    """
    picked = problem.value[problem.start[:-1] + choice]
    inbound = (
        np.where(layout.inbound >= 0, picked[layout.inbound], times.supplier)
        if len(picked)
        else times.supplier.copy()
    )
    outbound = np.minimum(times.promised, inbound + times.lead_time)
    if len(picked):
        outbound = np.where(layout.outbound >= 0, picked[layout.outbound], outbound)
    return ServiceTimes(inbound, np.where(times.frozen >= 0, times.frozen, outbound))
