"""Stock for one period's demand that balances having too little against having too much."""

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.demand_distribution import FITS, loss_and_tail, misfit, no_quantile, quantile


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
