"""The only service times that can be optimal, where whole ticks are too many to look at all.

At an optimum with costs that are concave in the net replenishment time, every service time hangs on a fixed
one (0, a promise, a frozen time, an external supplier's time) by a chain of equalities: an outbound time
equals the inbound time of a customer, or the stage's own inbound time plus its lead time. So it is that fixed
time plus and minus lead times along a path.
"""

from typing import Final

import numpy as np

from xlinv.network.service_times import Bounds, Times
from xlinv.network.topology import Integers

_MOST_PER_STAGE: Final = 300
_MOST_IN_ALL: Final = 20_000

Candidates = tuple[list[Integers], list[Integers]]


def candidate_times(times: Times, bounds: Bounds) -> Candidates | None:
    """Candidate inbound and outbound times per stage, ascending; None where there are too many of them."""
    count = len(times.lead_time)
    low_in, high_in = bounds.inbound_low.tolist(), bounds.inbound_high.tolist()
    low_out, high_out = bounds.outbound_low.tolist(), bounds.outbound_high.tolist()
    lead_time = times.lead_time.tolist()
    upstream = [times.upstream.neighbours(k).tolist() for k in range(count)]
    downstream = [times.downstream.neighbours(k).tolist() for k in range(count)]
    inbound = [{low_in[k], high_in[k]} for k in range(count)]
    outbound = [{low_out[k], high_out[k]} for k in range(count)]
    order = times.order.tolist()
    before = -1
    while before < (total := sum(map(len, inbound)) + sum(map(len, outbound))) <= _MOST_IN_ALL:
        before = total
        for k in (*order, *reversed(order)):
            arriving = set().union(
                *(outbound[i] for i in upstream[k]), (s - lead_time[k] for s in outbound[k])
            )
            inbound[k] |= {t for t in arriving if low_in[k] <= t <= high_in[k]}
            leaving = set().union(
                *(inbound[j] for j in downstream[k]), (t + lead_time[k] for t in inbound[k])
            )
            outbound[k] |= {s for s in leaving if low_out[k] <= s <= high_out[k]}
            if max(len(inbound[k]), len(outbound[k])) > _MOST_PER_STAGE:
                return None
    if total > _MOST_IN_ALL:
        return None
    return [_ascending(values) for values in inbound], [_ascending(values) for values in outbound]


def _ascending(values: set[int]) -> Integers:
    return np.array(sorted(values), np.int64)
