"""Order, neighbours and cycles of a directed network given by arrays of arc ends."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class Adjacency(NamedTuple):
    """Per stage its neighbours on one side: those of stage i are `stage[start[i]:start[i + 1]]`.

    `arc` holds, in the same places, the number of the arc that joins them.
    """

    start: Integers
    stage: Integers
    arc: Integers

    def neighbours(self, i: int) -> Integers:
        return self.stage[self.start[i] : self.start[i + 1]]

    def arcs(self, i: int) -> Integers:
        return self.arc[self.start[i] : self.start[i + 1]]


def indices(mask: NDArray[np.bool_]) -> Integers:
    """Where the mask is true: `np.flatnonzero`, which takes five times as long for a few."""
    return mask.nonzero()[0]


def starts_of(sizes: Integers) -> Integers:
    """Where pieces of these sizes begin when laid end to end, and where the last one ends."""
    start = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=start[1:])
    return start


def adjacency(count: int, here: Integers, there: Integers) -> Adjacency:
    """The neighbours `there` of each of `count` stages, over arcs with ends `here` and `there`."""
    arc = np.argsort(here, kind="stable").astype(np.int64)
    return Adjacency(starts_of(np.bincount(here, minlength=count)), there[arc], arc)


def topological_order(upstream: Adjacency, downstream: Adjacency) -> Integers:
    """The stages so that suppliers come before those they supply; stages on or after a cycle are left out."""
    waiting = np.diff(upstream.start).tolist()
    start, stage = downstream.start.tolist(), downstream.stage.tolist()
    order = [i for i, suppliers in enumerate(waiting) if suppliers == 0]
    for i in order:
        for j in stage[start[i] : start[i + 1]]:
            waiting[j] -= 1
            if waiting[j] == 0:
                order.append(j)
    return np.array(order, np.int64)


def neighbourly_order(upstream: Adjacency, downstream: Adjacency) -> Integers:
    """All stages of an acyclic network, suppliers first, each as close to its neighbours as that allows.

    What is near in the network is then near in memory, which counts from some ten thousand stages.
    """
    count = len(upstream.start) - 1
    up_start, suppliers = upstream.start.tolist(), upstream.stage.tolist()
    down_start, customers = downstream.start.tolist(), downstream.stage.tolist()
    placed = [False] * count
    order = []
    for first in range(count):
        to_visit = [first]
        while to_visit:
            i = to_visit[-1]
            missing = (
                () if placed[i] else [j for j in suppliers[up_start[i] : up_start[i + 1]] if not placed[j]]
            )
            if missing:
                to_visit.extend(missing)
                continue
            to_visit.pop()
            if not placed[i]:
                placed[i] = True
                order.append(i)
                to_visit.extend(j for j in customers[down_start[i] : down_start[i + 1]] if not placed[j])
    return np.array(order, np.int64)


def cycle(downstream: Adjacency, order: Integers) -> list[int]:
    """The stages of one cycle, given the incomplete order of a network that has one."""
    left = np.ones(len(downstream.start) - 1, bool)
    left[order] = False
    # A stage left over may merely follow a cycle: walking upstream, among those left over, must meet one.
    supplier = {
        j: i for i in np.flatnonzero(left).tolist() for j in downstream.neighbours(i).tolist() if left[j]
    }
    walked: list[int] = []
    here = next(iter(supplier))
    while here not in walked:
        walked.append(here)
        here = supplier[here]
    return walked[walked.index(here) :][::-1]


def is_forest(count: int, source: Integers, destination: Integers) -> bool:
    """Whether the arcs, directions ignored, close no loop."""
    leader = list(range(count))
    for a, b in zip(source.tolist(), destination.tolist(), strict=True):
        a, b = _leader(leader, a), _leader(leader, b)
        if a == b:
            return False
        leader[a] = b
    return True


def _leader(leader: list[int], i: int) -> int:
    while leader[i] != i:
        leader[i] = leader[leader[i]]
        i = leader[i]
    return i
