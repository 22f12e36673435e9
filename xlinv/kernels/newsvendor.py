"""Stock for one period's demand that balances having too little against having too much."""

import math

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.demand_distribution import FITS, leftover, loss_and_tail, misfit, no_quantile, quantile


@kernel()
def quantiles(
    distribution: int, probability: Floats, mean: Floats, sd: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """The least demand not exceeded with each probability, and why there is none."""
    result = np.zeros(mean.size)
    reason = np.zeros(mean.size, np.int8)
    for i in range(mean.size):
        reason[i] = no_quantile(distribution, probability[i], mean[i], sd[i])
        if reason[i] == FITS:
            result[i] = quantile(distribution, probability[i], mean[i], sd[i])
    return result, reason


@kernel()
def losses(distribution: int, stock: Floats, mean: Floats, sd: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Expected demand beyond each stock, and why there is no answer."""
    result = np.zeros(mean.size)
    reason = np.zeros(mean.size, np.int8)
    for i in range(mean.size):
        reason[i] = misfit(distribution, mean[i], sd[i])
        if reason[i] == FITS:
            result[i], _ = loss_and_tail(distribution, stock[i], mean[i], sd[i])
    return result, reason


@kernel()
def leftovers(distribution: int, stock: Floats, mean: Floats, sd: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Expected part of each stock beyond the demand, and why there is no answer."""
    result = np.zeros(mean.size)
    reason = np.zeros(mean.size, np.int8)
    for i in range(mean.size):
        reason[i] = misfit(distribution, mean[i], sd[i])
        if reason[i] == FITS:
            result[i] = leftover(distribution, stock[i], mean[i], sd[i])
    return result, reason


def disruption_cover(risk: float, disruption: float, recovery: float) -> tuple[float, float, float]:
    """Periods of supply to hold against disruptions; mean periods of it left over, and mean periods short.

    Enough that the supply stays down for longer with probability `risk` at most.
    The supply has been down for more than n periods with probability α/(α + β)·(1 − β)ⁿ.
    """
    if risk <= 0.0:
        return math.inf, math.inf, 0.0
    down = disruption / (disruption + recovery)
    survival = 1.0 - recovery
    periods = 0.0
    if down > risk and survival > 0.0:
        periods = max(0.0, math.ceil((math.log(risk) - math.log(down)) / math.log1p(-recovery) - 1e-9))
    elif down > risk:
        periods = 1.0
    short = down * survival**periods / recovery
    return periods, periods - down / recovery + short, short
