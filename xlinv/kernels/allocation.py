"""Who gets how much where supply is short."""

import numpy as np

from xlinv.cells import Floats


def fair_share(supply: float, demands: Floats) -> Floats:
    """The same share of every demand, all of it where supply suffices."""
    wanted = float(demands.sum())
    shares: Floats = demands.copy() if wanted <= supply else demands * (supply / wanted)
    return shares


def by_priority(supply: float, demands: Floats, priorities: Floats) -> Floats:
    """Demands served in order of priority, the lowest number first; equal priorities share alike."""
    allocated = np.zeros(len(demands))
    rest = supply
    for priority in np.unique(priorities):
        rank = priorities == priority
        allocated[rank] = fair_share(rest, demands[rank])
        rest = max(0.0, rest - float(demands[rank].sum()))
        if rest == 0.0:
            break
    return allocated
