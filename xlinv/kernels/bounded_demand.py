"""Demand cut down to what a plan has promised to cover."""

from typing import NamedTuple

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.network_flow import FlowNetwork, Integers


class Windows(NamedTuple):
    """Per stage, in the numbering of the flow network: over how many periods demand is bounded, by what.

    `ring_start` marks where the last periods of each stage begin in `ring`; `inside` is their sum.
    """

    length: Integers
    bound: Floats
    ring_start: Integers
    ring: Floats
    inside: Floats


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
        _pass_upstream(kept[period], network, reaching)
        for i in range(stages):
            factor[i] = 1.0
            for a in range(network.supplier_start[i], network.supplier_start[i + 1]):
                factor[i] = min(factor[i], factor[network.supplier[a]])
            if windows.length[i] > 0:
                slot = windows.ring_start[i] + (first_period + period) % windows.length[i]
                windows.inside[i] -= windows.ring[slot]
                left = max(windows.bound[i] - windows.inside[i], 0.0)
                if reaching[i] > left:
                    factor[i] = min(factor[i], left / reaching[i])
            column = network.demand_column[i]
            if column >= 0:
                kept[period, column] *= factor[i]
        _pass_upstream(kept[period], network, reaching)
        for i in range(stages):
            if windows.length[i] > 0:
                slot = windows.ring_start[i] + (first_period + period) % windows.length[i]
                windows.ring[slot] = reaching[i]
                windows.inside[i] += reaching[i]
    return kept


@kernel()
def _pass_upstream(own: Floats, network: FlowNetwork, reaching: Floats) -> None:
    """Fill `reaching` with the demand of one period that each stage must serve in the end."""
    for i in range(len(reaching) - 1, -1, -1):
        column = network.demand_column[i]
        reaching[i] = own[column] if column >= 0 else 0.0
        for a in range(network.customer_start[i], network.customer_start[i + 1]):
            reaching[i] += network.quantity[network.customer_arc[a]] * reaching[network.customer[a]]
