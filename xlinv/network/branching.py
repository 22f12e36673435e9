"""Branch and bound on ranges of service times, for what message passing and local search leave open.

A node is the problem with every variable held to a range of its values; its bound comes from message passing
that starts from the messages of its parent. A node is split where both halves are expected to rise most. The
bound mixes the values of a variable that cost it nothing: the split parts those, and how much that raises
the bound, for the width of what is parted, is tried at the root and remembered from node to node
(pseudo-costs, as in mixed-integer programming: Achterberg, Koch & Martin, 2005, Operations Research Letters
33(1)). Nodes are explored a few at a time, in as many threads as there are processors; how many is fixed, so
that the answer does not depend on the machine.
"""

import heapq
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.network.confinement import confined, confined_by_cost, support
from xlinv.network.limits import SolverLimits
from xlinv.network.message_passing import MessagePassing
from xlinv.network.service_times import Problem, places_of
from xlinv.network.topology import Integers

_AT_ONCE: Final = 4
_SWEEPS: Final = 16
# At the root so many variables are split on trial, again where the first time shows to be better.
_ROUNDS_OF_TRIALS: Final = 2
_MOST_TRIED: Final = 60
_FEWEST_TRIED: Final = 8
_VALUES_TRIED: Final = 2_000_000
# A value costs the bound nothing where its marginal is at most this part of what is left of the gap.
_NOTHING: Final = 2e-3
# Where a first split parts the values that cost nothing; how far the next moves per factor between the gains
# of the halves, about half of what would make them alike, and how far at most.
_FIRST_PART: Final = 0.4
_STEP: Final = 0.08
_FURTHEST: Final = 0.1
# Gains below this part of the other half's, and below this at all, count as that much.
_LITTLE: Final = 1e-3
_LEAST: Final = 1e-30
# By how much more is expected of a variable split once than it gained; of others by the root of how often.
_HOPE: Final = 0.4
# Weight of the latest gain in what is remembered of a variable.
_LATEST: Final = 0.3
_MOST_BYTES_KEPT: Final = 600_000_000
# What is left of the messages kept once those of the least promising nodes are forgotten.
_LEFT: Final = 0.75
_SECONDS_BETWEEN_WORDS: Final = 0.2

Word = Callable[[], object]
# Any messages give a true bound: those of open nodes are kept in half the precision.
Messages = NDArray[np.float32] | Floats


class Node(NamedTuple):
    """A range of values for each variable, by first and last value, and backward messages.

    A sweep begins forward, from backward messages alone; None stands for the root's.
    """

    bound: float
    number: int
    first: Integers
    last: Integers
    messages: Messages | None


class Parting(NamedTuple):
    """A variable, the number of the value after which to split it, and how many values that parts."""

    variable: int
    place: int
    width: int


@dataclass(frozen=True, slots=True)
class Split:
    """A parting done: its halves where any value is left, and how far each raised the bound.

    `gains` are those of the lower and the upper half, `closed` whether one of them reached the ceiling.
    `cost` is that of the cheaper `choice` of the two after their last sweeps, in `problem`.
    """

    parting: Parting
    halves: list[MessagePassing]
    gains: tuple[float, float]
    closed: bool
    cost: float
    problem: Problem | None
    choice: Integers | None


class BranchAndBound:
    """The open nodes of a problem; `step` explores those with the least bounds.

    `offer` is told of each choice met on the way and returns the cost of the best plan known.
    """

    def __init__(
        self,
        root: MessagePassing,
        offer: Callable[[Problem, Integers, float], float],
        limits: SolverLimits,
    ) -> None:
        self.root, self.offer, self.limits = root, offer, limits
        self.open: list[Node] = []
        self.count = 0
        self._bytes_kept = 0
        self._gains = Gains(root.problem)
        self._threads = ThreadPoolExecutor(os.cpu_count())
        self._push(root, root.bound)

    def __enter__(self) -> "BranchAndBound":
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()

    @property
    def bound(self) -> float:
        """What no choice in any open node can undercut; infinite where none is open."""
        return self.open[0].bound if self.open else np.inf

    def step(self, best: float, allowed: float, meanwhile: Callable[[], None], word: Word) -> None:
        """Split the nodes with the least bounds, unless no choice in them is better than `best - allowed`.

        `meanwhile` runs beside them in a thread; `word` is called now and then in this one.
        """
        ceiling = best - allowed
        if not self._gains.known:
            self._try_root(ceiling, word)
        nodes = [heapq.heappop(self.open) for _ in range(min(_AT_ONCE, len(self.open)))]
        nodes = [node for node in nodes if node.bound < ceiling]
        self._bytes_kept -= sum(node.messages.nbytes for node in nodes if node.messages is not None)
        aside = self._threads.submit(meanwhile)
        tasks = [
            self._threads.submit(explored, self._restored(node), self._gains, ceiling, self.limits)
            for node in nodes
        ]
        self._wait([aside, *tasks], word)
        aside.result()
        for node, task in zip(nodes, tasks, strict=True):
            split = task.result()
            if split is None:
                heapq.heappush(self.open, node)
                continue
            self._gains.remember(split)
            if split.problem is not None and split.choice is not None:
                best = self.offer(split.problem, split.choice, split.cost)
            for half in split.halves:
                left = confined_by_cost(half, best) if half.bound < best - allowed else None
                if left is not None:
                    self._push(left, max(node.bound, left.bound))

    def _try_root(self, ceiling: float, word: Word) -> None:
        """Learn at the root which variables to split, and where."""
        most = int(np.clip(_VALUES_TRIED // self.root.problem.start[-1], _FEWEST_TRIED, _MOST_TRIED))
        for _ in range(_ROUNDS_OF_TRIALS):
            tasks = [
                self._threads.submit(split_at, self.root, parting, ceiling, self.limits)
                for parting in self._gains.favourites(self.root, ceiling, most)
            ]
            self._wait(tasks, word)
            for task in tasks:
                split = task.result()
                if split is not None:
                    self._gains.remember(split)
        self._gains.known = True

    def _wait(self, tasks: list["Future[Any]"], word: Word) -> None:
        while wait(tasks, _SECONDS_BETWEEN_WORDS).not_done:
            word()

    def _push(self, passing: MessagePassing, bound: float) -> None:
        """Keep a node with its messages; where memory is short, nodes of the highest bounds lose theirs."""
        p = passing.problem
        messages: Messages = passing.backward.astype(np.float32)
        if not np.isfinite(messages).all():
            messages = passing.backward
        self._bytes_kept += messages.nbytes
        node = Node(bound, self.count, p.value[p.start[:-1]], p.value[p.start[1:] - 1], messages)
        heapq.heappush(self.open, node)
        self.count += 1
        if self._bytes_kept > _MOST_BYTES_KEPT:
            self._forget()

    def _forget(self) -> None:
        self.open.sort()
        for place in range(len(self.open) - 1, -1, -1):
            node = self.open[place]
            if self._bytes_kept <= _LEFT * _MOST_BYTES_KEPT:
                break
            if node.messages is not None:
                self._bytes_kept -= node.messages.nbytes
                self.open[place] = node._replace(messages=None)

    def _restored(self, node: Node) -> MessagePassing:
        """The problem of a node, with its messages or, where they were not kept, the root's."""
        p = self.root.problem
        passing = confined(self.root, places_of(p, node.first), places_of(p, node.last))
        assert passing is not None
        if node.messages is not None:
            passing.backward = node.messages.astype(np.float64)
        passing.bound = node.bound
        return passing


class Gains:
    """How far the split of a variable has raised the bound so far, and where it has to part its values.

    The geometric mean of the two halves' gains grows as the root of the width that is parted. Of a variable
    not tried yet no more is known than that it may move far and costs much.
    """

    def __init__(self, problem: Problem) -> None:
        self.known = False
        self._weight = problem.weight
        self._rate = np.full(len(problem.weight), np.nan)
        self._part = np.full(len(problem.weight), _FIRST_PART)
        self._splits = np.zeros(len(problem.weight))

    def favourites(self, passing: MessagePassing, ceiling: float, most: int) -> list[Parting]:
        """Partings of the variables with more than one value left, those expected to raise both halves most
        first.
        """
        last = np.diff(passing.problem.start) - 1
        low, high = support(passing, _NOTHING * (ceiling - passing.bound))
        tried = ~np.isnan(self._rate) & (self._weight > 0.0)
        usual = float(np.median(self._rate[tried] / self._weight[tried])) if tried.any() else 1.0
        rate = np.where(np.isnan(self._rate), usual * self._weight, self._rate)
        rate = rate * (1.0 + _HOPE / np.sqrt(np.maximum(self._splits, 1.0)))
        width = np.maximum(high - low, 0)
        place = np.clip(low + (self._part * width).astype(np.int64), 0, last - 1)
        left = np.flatnonzero(last > 0)
        order = left[np.lexsort((-rate[left], -(rate * np.sqrt(width))[left]))]
        return [Parting(int(v), int(place[v]), int(width[v])) for v in order[:most]]

    def remember(self, split: Split) -> None:
        """Mind the gain, and next time split nearer to where both halves rise alike."""
        v, _, width = split.parting
        if width == 0:
            return
        # A half that gains nothing counts, and moves the next split, as one that gains very little.
        lower, upper = np.maximum(split.gains, max(_LITTLE * max(split.gains), _LEAST))
        rate = np.sqrt(lower * upper / width)
        self._splits[v] += 1.0
        new = np.isnan(self._rate[v])
        if new or not split.closed:
            self._rate[v] = rate if new else (1.0 - _LATEST) * self._rate[v] + _LATEST * rate
        step = np.clip(_STEP * np.log(lower / upper), -_FURTHEST, _FURTHEST)
        self._part[v] = np.clip(self._part[v] + step, 0.0, 1.0)


def explored(start: MessagePassing, gains: Gains, ceiling: float, limits: SolverLimits) -> Split | None:
    """A node split at its favourite variable; None where time ran out.

    Where every variable has one value left, no half remains.
    """
    start.sweep()
    favourites = gains.favourites(start, ceiling, 1)
    if not favourites:
        return Split(Parting(0, 0, 0), [], (0.0, 0.0), True, start.cost, start.problem, start.choice)
    return split_at(start, favourites[0], ceiling, limits)


def split_at(start: MessagePassing, parting: Parting, ceiling: float, limits: SolverLimits) -> Split | None:
    """A problem split, both halves swept until they reach the ceiling; None where time ran out."""
    gains: list[float] = []
    left: list[MessagePassing] = []
    cost, problem, choice = np.inf, None, None
    for half in halves(start, parting.variable, parting.place):
        if half is None:
            gains.append(ceiling - start.bound)
            continue
        for left_over in range(_SWEEPS - 1, -1, -1):
            if limits.over:
                return None
            if half.sweep(choosing=left_over == 0) >= ceiling:
                break
        if half.cost < cost:
            cost, problem, choice = half.cost, half.problem, half.choice
        gains.append(min(half.bound, ceiling) - start.bound)
        left.append(half)
    closed = max(gains) >= ceiling - start.bound
    return Split(parting, left, (gains[0], gains[1]), closed, cost, problem, choice)


def halves(passing: MessagePassing, v: int, split: int) -> list[MessagePassing | None]:
    """The problem with variable v up to value number `split`, and from the next on; None where empty."""
    low = np.zeros(len(passing.choice), np.int64)
    high = np.diff(passing.problem.start) - 1
    above, below = low.copy(), high.copy()
    below[v], above[v] = split, split + 1
    return [confined(passing, low, below), confined(passing, above, high)]
