"""A problem and its messages with every variable held to a range of its values."""

import numpy as np

from xlinv.kernels.compilation import kernel
from xlinv.network.message_passing import MessagePassing
from xlinv.network.topology import Integers, starts_of


def confined_by_cost(passing: MessagePassing, best: float) -> MessagePassing | None:
    """The problem without the end values that cost more than the best plan known; None where none is left.

    A value costs at least its marginal more than the bound of the forward sweep.
    """
    low, high = support(passing, best - passing.bound_forward + 1e-9 * abs(best))
    return None if np.any(low > high) else confined(passing, low, high)


def support(passing: MessagePassing, most: float) -> tuple[Integers, Integers]:
    """Per variable the numbers of the first and last value of a marginal of at most `most`."""
    p = passing.problem
    fits = passing.marginal <= most
    position = np.arange(len(fits)) - np.repeat(p.start[:-1], np.diff(p.start))
    low = np.minimum.reduceat(np.where(fits, position, len(fits)), p.start[:-1])
    high = np.maximum.reduceat(np.where(fits, position, -1), p.start[:-1])
    return low, high


def confined(passing: MessagePassing, low: Integers, high: Integers) -> MessagePassing | None:
    """The problem and messages with the values of each variable from number `low` to `high` alone."""
    p = passing.problem
    low, high = low.copy(), high.copy()
    if not trim(low, high, p.start, p.value, p.tail, p.head, p.stage, p.lead_time, p.longest):
        return None
    sizes = high - low + 1
    kept = _ranges(p.start[:-1] + low, sizes)
    smaller = p._replace(start=starts_of(sizes), value=p.value[kept], unary=p.unary[kept])
    half = MessagePassing(smaller)
    half.backward = passing.backward[_ranges(passing.backward_start[:-1] + low[p.tail], sizes[p.tail])]
    half.marginal = passing.marginal[kept]
    half.bound, half.bound_forward = passing.bound, passing.bound_forward
    return half


def _ranges(first: Integers, sizes: Integers) -> Integers:
    """The numbers from each first on, so many each, laid end to end."""
    start = starts_of(sizes)
    return np.arange(start[-1]) + np.repeat(first - start[:-1], sizes)


@kernel()
def trim(
    low: Integers,
    high: Integers,
    start: Integers,
    value: Integers,
    tail: Integers,
    head: Integers,
    stage: Integers,
    lead_time: Integers,
    longest: Integers,
) -> bool:
    """Narrow ranges in place until their ends fit those of their neighbours; whether any value is left."""
    changed = True
    while changed:
        changed = False
        for e in range(len(tail)):
            u, v, k = tail[e], head[e], stage[e]
            # The tail may exceed the head by at most `most`, and must by at least `least`.
            least = -lead_time[k] if k >= 0 else -(2**60)
            most = longest[k] - lead_time[k] if k >= 0 else 0
            while low[u] <= high[u] and value[start[u] + high[u]] - value[start[v] + high[v]] > most:
                high[u] -= 1
                changed = True
            while low[u] <= high[u] and value[start[u] + low[u]] - value[start[v] + low[v]] < least:
                low[u] += 1
                changed = True
            if low[u] > high[u]:
                return False
            while low[v] <= high[v] and value[start[u] + low[u]] - value[start[v] + low[v]] > most:
                low[v] += 1
                changed = True
            while low[v] <= high[v] and value[start[u] + high[u]] - value[start[v] + high[v]] < least:
                high[v] -= 1
                changed = True
            if low[v] > high[v]:
                return False
    return True
