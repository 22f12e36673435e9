"""The only service times that can be optimal, where whole ticks are too many to look at all.

At an optimum with costs that are concave in the net replenishment time, every service time hangs on a fixed
one (0, a promise, a frozen time, an external supplier's time) by a chain of equalities: an outbound time
equals the inbound time of a customer, or the stage's own inbound time plus its lead time. So it is that fixed
time plus and minus lead times along a path.
"""

import numpy as np

from xlinv.network.service_times import Bounds, Times
from xlinv.network.topology import Integers

Candidates = tuple[list[Integers], list[Integers]]
# Which service time, and what is added on the way to it.
_Link = tuple[int, int]


def candidate_times(times: Times, bounds: Bounds, most: int) -> Candidates | None:
    """Candidate inbound and outbound times per stage, ascending; None where there are more than `most`
    in all."""
    count = len(times.lead_time)
    low = np.concatenate([bounds.inbound_low, bounds.outbound_low]).tolist()
    high = np.concatenate([bounds.inbound_high, bounds.outbound_high]).tolist()
    links = _links(times)
    found: list[set[int]] = [{first, last} for first, last in zip(low, high, strict=True)]
    new = [set(values) for values in found]
    forth = [v for k in times.order.tolist() for v in (k, count + k)]
    there_and_back = (*forth, *reversed(forth))
    total, before = sum(map(len, found)), -1
    # Each time is passed on once only, together with the others that came since.
    while before < total <= most:
        before = total
        for v in there_and_back:
            if passed_on := new[v]:
                new[v] = set()
                for u, added in links[v]:
                    first, last = low[u], high[u]
                    fresh = {t for s in passed_on if first <= (t := s + added) <= last} - found[u]
                    new[u] |= fresh
                    found[u] |= fresh
                    total += len(fresh)
    if total > most:
        return None
    ascending = [np.array(sorted(values), np.int64) for values in found]
    return ascending[:count], ascending[count:]


def _links(times: Times) -> list[list[_Link]]:
    """For each service time, inbound ones first, which others may equal it, and how much is added."""
    count = len(times.lead_time)
    links: list[list[_Link]] = [[] for _ in range(2 * count)]
    for k, time in enumerate(times.lead_time.tolist()):
        links[k].append((count + k, time))
        links[count + k].append((k, -time))
    for i, j in zip(times.source.tolist(), times.destination.tolist(), strict=True):
        links[count + i].append((j, 0))
        links[j].append((count + i, 0))
    return links
