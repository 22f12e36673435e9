"""Demand cut down to what a plan has promised to cover."""

from typing import NamedTuple

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.network_flow import FlowNetwork, Integers


class Windows(NamedTuple):
    """Per stage, in the numbering of the flow network: over how many periods demand is bounded, by what.

    Stage i has the windows `start[i]` to `start[i + 1]`. `ring` holds, from `ring_start[i]` on, the stage's
    demand from the first period up to each of the last periods, one more than its longest window; `so_far`
    its demand up to now.
    """

    start: Integers
    length: Integers
    bound: Floats
    ring_start: Integers
    ring: Floats
    so_far: Floats


@kernel(compile_from=0)
def within_bounds(demand: Floats, network: FlowNetwork, windows: Windows, first_period: int) -> Floats:
    """Demand (periods, demand stages), never negative, so that no stage's window exceeds its bound.

    Where the demand that reaches a stage would exceed what its window has left, all demands behind it are
    cut in that period by the same factor.
    """
    stages = len(network.lead_time)
    reaching = np.zeros(stages)
    factor = np.ones(stages)
    kept = np.maximum(demand, 0.0)
    for period in range(len(demand)):
        now = first_period + period
        _pass_upstream(kept[period], network, reaching)
        for i in range(stages):
            factor[i] = 1.0
            for a in range(network.supplier_start[i], network.supplier_start[i + 1]):
                factor[i] = min(factor[i], factor[network.supplier[a]])
            ring = windows.ring_start[i]
            size = windows.ring_start[i + 1] - ring
            for w in range(windows.start[i], windows.start[i + 1]):
                before = windows.ring[ring + (now - windows.length[w]) % size]
                left = max(windows.bound[w] - (windows.so_far[i] - before), 0.0)
                if reaching[i] > left:
                    factor[i] = min(factor[i], left / reaching[i])
            column = network.demand_column[i]
            if column >= 0:
                kept[period, column] *= factor[i]
        _pass_upstream(kept[period], network, reaching)
        for i in range(stages):
            ring = windows.ring_start[i]
            windows.so_far[i] += reaching[i]
            windows.ring[ring + now % (windows.ring_start[i + 1] - ring)] = windows.so_far[i]
    return kept


@kernel()
def _pass_upstream(own: Floats, network: FlowNetwork, reaching: Floats) -> None:
    """Fill `reaching` with the demand of one period that each stage must serve in the end."""
    for i in range(len(reaching) - 1, -1, -1):
        column = network.demand_column[i]
        reaching[i] = own[column] if column >= 0 else 0.0
        for a in range(network.customer_start[i], network.customer_start[i + 1]):
            reaching[i] += network.quantity[network.customer_arc[a]] * reaching[network.customer[a]]
