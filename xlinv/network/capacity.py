"""Safety stock where a stage cannot make more than its capacity in a period.

Schoenmeyr & Graves (2016), Strategic safety stocks in supply chains with capacity constraints: orders above
the capacity C of a stage wait, so that what it asks of its suppliers over t periods exceeds the mean by
(C - mu) t at most (censored orders), while its own stock must outlast the backlog. Their figures are of
stages in a line.

Ours is what a stage is asked for that has several customers, or demand of its own: what one of them had to
postpone may come on top of the peak that all of them together are bounded by. So nothing pools but demand.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.model import Network
from xlinv.network.requirements import Requirements, passed_upstream
from xlinv.network.topology import Integers

# So many moments are looked at after the longest net replenishment time, where there are more. Spread over a
# million times its length, they miss less than a millionth of the greatest backlog.
_LATER_MOMENTS: Final = 10_000

Stock = Callable[[Floats], Floats]


def stock_under_capacity(
    network: Network, need: Requirements, limited: Integers, longest: float, tick: float
) -> dict[int, Stock]:
    """For each stage marked as limited: safety stock in units at net replenishment times in periods.

    `limited` is not 0 for stages with a capacity and for all before them; `longest`, the greatest net
    replenishment time, and `tick`, of which service times are multiples, are in periods. Raises InputError
    where a capacity (units per period) is not above the mean demand mu.

    Over t periods the orders of stage j exceed their mean by o_j(t) at most, and the demand that they serve
    by r_j(t), what was postponed before. With q_ij units of i in one of j:

        r_i'(t) = sum of q_ij r_j(t)                        postponed by its customers
        e_i(t)  = min(k sigma root t + r_i'(t), own k sigma root t + sum of q_ij o_j(t))
        b_i     = greatest of e_i(t) - (C - mu) t           backlog, 0 without capacity
        o_i(t)  = min(e_i(t), (C - mu) t)                   e_i(t) without capacity
        r_i(t)  = min(r_i'(t) + b_i, o_i(t))

    Its stock over tau is the greatest of e_i(t) - (C - mu)(t - tau) over t >= tau; e_i(tau) without capacity.
    Time goes by in ticks, or in periods where these are shorter, as in a simulation: what is demanded within
    one is demanded at once.
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
    # All that is asked for lies under a root; from where the last of them crosses, no backlog grows.
    unpooled = passed_upstream(data, need.own_safety, 1.0)
    end = max((unpooled[i] / slack[i]) ** 2 for i in stages if slack[i] > 0.0)
    time = _moments(longest, float(end), min(tick, 1.0))
    root = np.sqrt(time)
    ordered: dict[int, Floats] = {}
    postponed: dict[int, Floats] = {}
    stock: dict[int, Stock] = {}
    for i in stages:
        late, apart = np.zeros(len(time)), need.own_safety[i] * root
        customers, arcs = data.downstream.neighbours(i), data.downstream.arcs(i)
        for j, quantity in zip(customers.tolist(), data.arc_quantity[arcs].tolist(), strict=True):
            apart += quantity * (ordered[j] if limited[j] else need.safety[j] * root)
            if limited[j]:
                late += quantity * postponed[j]
        asked = np.minimum(need.safety[i] * root + late, apart)
        if slack[i] > 0.0:
            backlog = asked - slack[i] * time
            late += backlog.max()
            ordered[i] = np.minimum(asked, slack[i] * time)
            stock[i] = _outlasting(time, asked, backlog, slack[i])
        else:
            ordered[i] = asked
            stock[i] = _between(time, asked)
        postponed[i] = np.minimum(late, ordered[i])
    return stock


def _moments(longest: float, end: float, step: float) -> Floats:
    """All multiples of a step up to the longest time, and later ones, less and less dense, to the end."""
    near = np.arange(np.ceil(longest / step) + 2.0)
    far = np.geomspace(near[-1], max(np.ceil(end / step), near[-1]) + 1.0, _LATER_MOMENTS)
    return np.asarray(step * np.union1d(near, np.rint(far)), np.float64)


def _between(time: Floats, asked: Floats) -> Stock:
    """What is asked for at any moment: a root's square lies on a straight line."""
    square = asked**2

    def at(moments: Floats) -> Floats:
        return np.sqrt(np.interp(moments, time, square))

    return at


def _outlasting(time: Floats, asked: Floats, backlog: Floats, slack: float) -> Stock:
    """The stock that outlasts the greatest backlog from any moment on."""
    now = _between(time, asked)
    greatest_from_here = np.maximum.accumulate(backlog[::-1])[::-1]

    def at(moments: Floats) -> Floats:
        later = greatest_from_here[np.searchsorted(time, moments)] + slack * moments
        return np.asarray(np.fmax(now(moments), later), np.float64)

    return at
