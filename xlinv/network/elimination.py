"""Exact choice of values where few of them hang together: eliminate one variable after the other.

Eliminating a variable replaces the tables it stands in by one over its neighbours that holds, per choice of
their values, its best cost (nonserial dynamic programming: Bertele & Brioschi, 1972). What is small but
tangled is done in milliseconds, where message passing would leave a gap.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.network.messages import IMPOSSIBLE
from xlinv.network.service_times import Problem, StageCosts, costs_at
from xlinv.network.topology import Integers

_MOST_VARIABLES: Final = 200
_MOST_ENTRIES: Final = 12_000_000

Variables = tuple[int, ...]
Table = tuple[Variables, Floats]


def optimal_choice(p: Problem) -> tuple[Integers, float] | None:
    """The value number of every variable at the least cost, and that cost; None if tables grow too big."""
    order = order_of_elimination(p)
    if order is None:
        return None
    tables: list[Table] = [((v,), p.unary[p.start[v] : p.start[v + 1]]) for v in range(len(p.start) - 1)]
    tables += [_table_of(p, e) for e in range(len(p.tail))]
    decided: list[tuple[int, Variables, NDArray[np.intp]]] = []
    least = 0.0
    for v in order:
        here = [table for table in tables if v in table[0]]
        tables = [table for table in tables if v not in table[0]]
        others = tuple(sorted({u for variables, _ in here for u in variables} - {v}))
        joined = _sum_of(here, (*others, v))
        decided.append((v, others, joined.argmin(axis=-1)))
        left = joined.min(axis=-1)
        if others:
            tables.append((others, left))
        else:
            least += float(left)
    choice = np.zeros(len(p.start) - 1, np.int64)
    for v, others, best in reversed(decided):
        choice[v] = best[tuple(choice[u] for u in others)]
    return choice, least


def order_of_elimination(p: Problem) -> list[int] | None:
    """All variables, each time one that leaves the smallest table; None where even that is too large."""
    count = len(p.start) - 1
    if count > _MOST_VARIABLES:
        return None
    size = np.diff(p.start).tolist()
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for u, v in zip(p.tail.tolist(), p.head.tolist(), strict=True):
        neighbours[u].add(v)
        neighbours[v].add(u)
    left = set(range(count))
    order: list[int] = []
    entries = 0
    while left:
        made, v = min((math.prod(size[u] for u in (v, *neighbours[v])), v) for v in left)
        entries += made
        if entries > _MOST_ENTRIES:
            return None
        left.remove(v)
        order.append(v)
        for u in neighbours[v]:
            neighbours[u] |= neighbours[v] - {u}
            neighbours[u].discard(v)
    return order


def _table_of(p: Problem, e: int) -> Table:
    """What each pair of values of an edge costs."""
    u, v, k = int(p.tail[e]), int(p.head[e]), p.stage[e]
    net = p.value[p.start[u] : p.start[u + 1], None] - p.value[None, p.start[v] : p.start[v + 1]]
    if k < 0:
        return (u, v), np.where(net > 0, IMPOSSIBLE, 0.0)
    costs = StageCosts(p.coefficient, p.table_start, p.table, p.longest)
    return (u, v), costs_at(costs, np.full(net.shape, k), net + p.lead_time[k])


def _sum_of(tables: list[Table], axes: Variables) -> Floats:
    """The tables added up, over axes in this order."""
    total: Floats = np.zeros(())
    for variables, table in tables:
        standing = [u for u in axes if u in variables]
        turned = table.transpose([variables.index(u) for u in standing])
        total = total + turned[tuple(slice(None) if u in variables else None for u in axes)]
    return total
