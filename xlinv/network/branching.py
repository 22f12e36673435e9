"""Branch and bound on ranges of service times, for what message passing and local search leave open.

A node is the problem with every variable held to a range of its values; its bound comes from message passing
that starts from the messages of its parent. A node is split where both halves are expected to rise most:
which variables do, and after which value, is tried at the root and remembered from node to node
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
from xlinv.network.confinement import confined, confined_by_cost
from xlinv.network.limits import SolverLimits
from xlinv.network.message_passing import MessagePassing
from xlinv.network.service_times import Problem, places_of
from xlinv.network.topology import Integers

_AT_ONCE: Final = 4
_SWEEPS: Final = 16
# At the root some variables are split on trial, a few times each until both halves rise alike.
_MOST_TRIED: Final = 60
_FEWEST_TRIED: Final = 8
_VALUES_TRIED: Final = 2_000_000
_TRIALS: Final = 5
_TRIAL_SWEEPS: Final = 6
# Halves of which the lesser gain is this part of the greater are balanced enough.
_BALANCED: Final = 0.7
# Where a first split is looked for: good ones lie low.
_FIRST_SPLIT: Final = 0.15
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


@dataclass(frozen=True, slots=True)
class Split:
    """A variable split after a value: its halves where any value is left, and how far each raised the bound.

    `gains` are those of the lower and the upper half. `cost` is that of the cheaper `choice` of the two after
    their last sweeps, in `problem`.
    """

    variable: int
    after: int
    halves: list[MessagePassing]
    gains: tuple[float, float]
    cost: float
    problem: Problem | None
    choice: Integers | None

    @property
    def gain(self) -> float:
        """That of the lesser half; of splits that raise one half alone, the one that raises it most."""
        return min(self.gains) + 1e-3 * max(self.gains)

    @property
    def balanced(self) -> bool:
        return min(self.gains) >= _BALANCED * max(self.gains)


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
        aside = self._threads.submit(meanwhile)
        if not self._gains.known:
            self._try_root(ceiling, word)
        nodes = [heapq.heappop(self.open) for _ in range(min(_AT_ONCE, len(self.open)))]
        nodes = [node for node in nodes if node.bound < ceiling]
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
        tasks = [
            self._threads.submit(balanced_split, self.root, v, ceiling, self.limits)
            for v in self._gains.favourites(self.root.problem, most)
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
            self._bytes_kept -= node.messages.nbytes
        passing.bound = node.bound
        return passing


class Gains:
    """How far the lesser half of a split has raised the bound so far, per variable, and after which value.

    Of a variable not tried yet no more is known than that it may move far and costs much.
    """

    def __init__(self, problem: Problem) -> None:
        spread = problem.value[problem.start[1:] - 1] - problem.value[problem.start[:-1]]
        self.known = False
        self._promise = problem.weight * np.sqrt(spread)
        self._gain = np.full(len(spread), np.nan)
        self._after = problem.value[problem.start[:-1]] + (_FIRST_SPLIT * spread).astype(np.int64)

    def favourites(self, problem: Problem, most: int) -> list[int]:
        """Variables with more than one value left, those expected to raise the bound most first."""
        tried = ~np.isnan(self._gain) & (self._promise > 0.0)
        usual = float(np.median(self._gain[tried] / self._promise[tried])) if tried.any() else 1.0
        expected = np.where(np.isnan(self._gain), usual * self._promise, self._gain)
        left = np.flatnonzero(np.diff(problem.start) > 1)
        return [int(v) for v in left[np.argsort(-expected[left], kind="stable")][:most]]

    def place(self, problem: Problem, v: int) -> int:
        """The number of the value after which to split a variable."""
        values = problem.value[problem.start[v] : problem.start[v + 1]]
        place = int(np.searchsorted(values, self._after[v], side="right")) - 1
        return min(max(place, 0), len(values) - 2)

    def remember(self, split: Split) -> None:
        """Mind the gain, and next time split a little nearer to where both halves rise alike."""
        v = split.variable
        new = np.isnan(self._gain[v])
        self._gain[v] = split.gain if new else (1.0 - _LATEST) * self._gain[v] + _LATEST * split.gain
        self._after[v] = split.after
        if not split.balanced:
            self._after[v] += 1 if split.gains[0] > split.gains[1] else -1


def explored(start: MessagePassing, gains: Gains, ceiling: float, limits: SolverLimits) -> Split | None:
    """A node split at its favourite variable; None where time ran out.

    Where every variable has one value left, the node itself is swept: no half remains.
    """
    favourites = gains.favourites(start.problem, 1)
    if not favourites:
        start.sweep()
        return Split(0, 0, [], (0.0, 0.0), start.cost, start.problem, start.choice)
    v = favourites[0]
    return split_after(start, v, gains.place(start.problem, v), ceiling, _SWEEPS, limits)


def balanced_split(start: MessagePassing, v: int, ceiling: float, limits: SolverLimits) -> Split | None:
    """The split of a variable whose lesser half rises most, of a few tried; None where time ran out.

    The split moves towards the half that rises less, until both rise alike.
    """
    low, high = 0, int(start.problem.start[v + 1] - start.problem.start[v]) - 2
    place = int(_FIRST_SPLIT * high)
    best: Split | None = None
    for _ in range(_TRIALS):
        split = split_after(start, v, place, ceiling, _TRIAL_SWEEPS, limits)
        if split is None:
            return None
        if best is None or split.gain > best.gain:
            best = split
        low, high = (place + 1, high) if split.gains[0] > split.gains[1] else (low, place - 1)
        if split.balanced or low > high:
            break
        place = (low + high) // 2
    return best


def split_after(
    start: MessagePassing, v: int, place: int, ceiling: float, sweeps: int, limits: SolverLimits
) -> Split | None:
    """A variable split after a value, both halves swept until they reach the ceiling; None: time ran out."""
    gains: list[float] = []
    left: list[MessagePassing] = []
    cost, problem, choice = np.inf, None, None
    for half in halves(start, v, place):
        if half is None:
            gains.append(ceiling - start.bound)
            continue
        for left_over in range(sweeps - 1, -1, -1):
            if limits.over:
                return None
            if half.sweep(choosing=left_over == 0) >= ceiling:
                break
        if half.cost < cost:
            cost, problem, choice = half.cost, half.problem, half.choice
        gains.append(min(half.bound, ceiling) - start.bound)
        left.append(half)
    after = int(start.problem.value[start.problem.start[v] + place])
    return Split(v, after, left, (gains[0], gains[1]), cost, problem, choice)


def halves(passing: MessagePassing, v: int, split: int) -> list[MessagePassing | None]:
    """The problem with variable v up to value number `split`, and from the next on; None where empty."""
    low = np.zeros(len(passing.choice), np.int64)
    high = np.diff(passing.problem.start) - 1
    above, below = low.copy(), high.copy()
    below[v], above[v] = split, split + 1
    return [confined(passing, low, below), confined(passing, above, high)]
