"""Safety stock where a stage cannot make more than its capacity in a period.

Schoenmeyr & Graves (2016), Coordination of multiechelon supply chains using the guaranteed service framework
with capacity constraints: orders above the capacity C of a stage wait, so that what it asks of its suppliers
over t periods exceeds the mean by (C - mu) t at most, while its own stock must outlast the backlog.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.model import Network
from xlinv.network.requirements import Requirements
from xlinv.network.topology import Integers

_MOST_POINTS: Final = 200_000

Stock = Callable[[Floats], Floats]


def stock_under_capacity(
    network: Network, need: Requirements, limited: Integers, longest: float, tick: float
) -> dict[int, Stock]:
    """For each stage marked as limited: safety stock in units at net replenishment times in periods.

    Demand of stage i over t periods exceeds its mean by e_i(t) at most: k sigma root t, lowered in the
    proportion in which capacities lower its customers' own, pooled as independent. With capacity C its stock
    over tau is the greatest of e_i(t) - (C - mu)(t - tau) over t >= tau, otherwise e_i(tau).
    """
    data = network.arrays
    stages = [i for i in data.order[::-1].tolist() if limited[i]]
    if not stages:
        return {}
    slack = data.capacity - need.mean
    for i in stages:
        if slack[i] <= 0.0:
            rule = f"must be > the mean demand of {need.mean[i]:g}"
            raise InputError("capacity", rule, data.capacity[i], network.stages[i].name)
    turning = max((need.safety[i] / (2.0 * slack[i])) ** 2 for i in stages if slack[i] > 0.0)
    points = min(int(np.ceil((longest + turning) / tick)) + 2, max(_MOST_POINTS, int(longest / tick) + 2))
    time: Floats = np.arange(points, dtype=np.float64) * tick
    passed: dict[int, Floats] = {}
    stock: dict[int, Stock] = {}
    for i in stages:
        excess = _excess(network, need, i, time, passed)
        passed[i] = excess if np.isnan(slack[i]) else np.minimum(excess, slack[i] * time)
        covered = excess if np.isnan(slack[i]) else _outlasting(excess, time, slack[i], need.safety[i])
        stock[i] = _interpolated(time, covered)
    return stock


def _excess(network: Network, need: Requirements, i: int, time: Floats, passed: dict[int, Floats]) -> Floats:
    """Bound on the demand of a stage above its mean, by what its customers pass on."""
    data = network.arrays
    own = need.own_safety[i] ** 2 * time
    lowered, full = own.copy(), own.copy()
    customers, arcs = data.downstream.neighbours(i), data.downstream.arcs(i)
    for j, arc in zip(customers.tolist(), arcs.tolist(), strict=True):
        unlimited = data.arc_quantity[arc] * need.safety[j] * np.sqrt(time)
        full += unlimited**2
        lowered += (data.arc_quantity[arc] * passed[j]) ** 2 if j in passed else unlimited**2
    share = np.sqrt(np.divide(lowered, full, out=np.ones_like(full), where=full > 0.0))
    excess: Floats = need.safety[i] * np.sqrt(time) * share
    return excess


def _outlasting(excess: Floats, time: Floats, slack: float, safety: float) -> Floats:
    """The greatest backlog from each time on, beyond the last point by the unlimited bound."""
    end = max(time[-1], (safety / (2.0 * slack)) ** 2)
    beyond = safety * np.sqrt(end) - slack * end
    backlog = np.append(excess - slack * time, beyond)
    greatest: Floats = np.maximum.accumulate(backlog[::-1])[::-1][:-1] + slack * time
    return greatest


def _interpolated(time: Floats, stock: Floats) -> Stock:
    def at(moments: Floats) -> Floats:
        return np.asarray(np.interp(moments, time, stock), np.float64)

    return at
