"""Make a choice of service times consistent, and as generous as its inbound times allow."""

import numpy as np

from xlinv.kernels.compilation import kernel
from xlinv.network.service_times import ServiceTimes, Times
from xlinv.network.topology import Integers


def repaired(times: Times, chosen: ServiceTimes) -> ServiceTimes:
    """Each stage promises the longest that its customers accept, and waits no longer than it must.

    Cheaper or equal where cost rises with the net replenishment time.
    """
    inbound, outbound = chosen.inbound.copy(), chosen.outbound.copy()
    generous(
        inbound, outbound, times.order, times.upstream.start, times.upstream.stage, times.downstream.start,
        times.downstream.stage, times.lead_time, times.supplier, times.promised, times.frozen,
    )  # fmt: skip
    return ServiceTimes(inbound, outbound)


@kernel(compile_from=500_000, exact=True)
def generous(
    inbound: Integers,
    outbound: Integers,
    order: Integers,
    up_start: Integers,
    up_stage: Integers,
    down_start: Integers,
    down_stage: Integers,
    lead_time: Integers,
    supplier: Integers,
    promised: Integers,
    frozen: Integers,
) -> None:
    """Raise outbound times to what inbound times allow, lower inbound times to what is promised, in place."""
    changed = True
    while changed:
        changed = False
        for k in order:
            wait = supplier[k]
            for q in range(up_start[k], up_start[k + 1]):
                wait = max(wait, outbound[up_stage[q]])
            if wait != inbound[k]:
                inbound[k] = wait
                changed = True
            promise = frozen[k]
            if promise < 0:
                promise = min(promised[k], wait + lead_time[k])
                for q in range(down_start[k], down_start[k + 1]):
                    promise = min(promise, inbound[down_stage[q]])
            if promise != outbound[k]:
                outbound[k] = promise
                changed = True


def kept(times: Times, chosen: ServiceTimes) -> bool:
    """Whether no stage gets its supplies later than it waits, nor promises what it cannot deliver."""
    net = chosen.inbound + times.lead_time - chosen.outbound
    in_time = chosen.outbound[times.source] <= chosen.inbound[times.destination]
    return bool(in_time.all() and np.all((net >= 0) | (times.frozen >= 0)))
