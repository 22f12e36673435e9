"""Stock that keeps a service promise over the interval it has to protect.

Continuous review protects the lead time L, periodic review L + R. Cycle service: no stockout in a cycle.
Fill rate under (r,Q): expected shortage per cycle at most (1 − β)·Q. Under (R,S): shortage at the end of
a cycle less the shortage it began with at most (1 − β)·μ·R.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel
from xlinv.kernels.demand_distribution import (
    FITS,
    NEGBIN,
    NORMAL,
    POISSON,
    loss_and_tail,
    misfit,
    quantile,
)
from xlinv.kernels.normal import loss_quantile
from xlinv.kernels.normal import quantile as normal_quantile

# Why there is no answer, beyond the reasons of demand_distribution.
LEAD_TIME_VARIES: Final = 11
NO_CYCLE: Final = 12
NO_DEMAND: Final = 13
# A promised shortage smaller than this many standard deviations underflows.
_NEGLIGIBLE: Final = 1e-300


@kernel()
def protected_sd(sd: float, mean: float, interval: float, lead_time_sd: float) -> float:
    """Standard deviation of demand over an interval whose length varies (Hadley & Whitin 1963)."""
    along = mean * lead_time_sd
    return math.sqrt(interval * sd * sd + along * along)


@kernel()
def normal_safety_stocks(
    service: Floats, sd: Floats, lead_time: Floats, lead_time_sd: Floats, mean: Floats, review: Floats
) -> Floats:
    """Safety stock for a cycle service under normal demand."""
    result = np.empty(service.size)
    for i in range(service.size):
        spread = protected_sd(sd[i], mean[i], lead_time[i] + review[i], lead_time_sd[i])
        result[i] = normal_quantile(service[i]) * spread
    return result


@kernel()
def stocks(
    distribution: int,
    fill: bool,
    service: Floats,
    sd: Floats,
    lead_time: Floats,
    lead_time_sd: Floats,
    mean: Floats,
    review: Floats,
    quantity: Floats,
    above_mean: bool,
) -> tuple[Floats, NDArray[np.int8]]:
    """Reorder point or order-up-to level, or `above_mean` the safety stock in it; and why there is none."""
    result = np.zeros(service.size)
    reason = np.zeros(service.size, np.int8)
    for i in range(service.size):
        interval = lead_time[i] + review[i]
        centre = mean[i] * interval
        spread = protected_sd(sd[i], mean[i], interval, lead_time_sd[i])
        both_ends = fill and quantity[i] != quantity[i]
        why = misfit(distribution, centre, spread)
        start = 0.0
        start_sd = 0.0
        if why == FITS and both_ends:
            start = mean[i] * lead_time[i]
            start_sd = protected_sd(sd[i], mean[i], lead_time[i], lead_time_sd[i])
            why = _no_cycle(distribution, mean[i], review[i], start, start_sd)
        if why == FITS and distribution == POISSON and lead_time_sd[i] > 0.0:
            why = LEAD_TIME_VARIES
        reason[i] = why
        if why != FITS:
            continue
        # Normal demand has the same shape around any mean: about 0 no digits are lost to a large one.
        origin = centre if distribution == NORMAL else 0.0
        centre -= origin
        if both_ends:
            target = (1.0 - service[i]) * mean[i] * review[i]
            level = stock_for_net_shortage(
                distribution, target, centre, spread, True, start - origin, start_sd
            )
        elif fill:
            level = stock_for_shortage(distribution, (1.0 - service[i]) * quantity[i], centre, spread)
        else:
            level = quantile(distribution, service[i], centre, spread)
        result[i] = level - centre if above_mean else level + origin
    return result, reason


@kernel()
def _no_cycle(distribution: int, mean: float, review: float, start: float, start_sd: float) -> int:
    """Why there is no fill rate of (R,S), or FITS."""
    if review <= 0.0:
        return NO_CYCLE
    return misfit(distribution, start, start_sd) if mean > 0.0 else NO_DEMAND


@kernel()
def stock_for_shortage(distribution: int, shortage: float, mean: float, sd: float) -> float:
    """The least stock that leaves at most `shortage` > 0 short; whole for poisson and negbin."""
    if distribution == NORMAL and shortage > _NEGLIGIBLE * sd > 0.0:
        return mean + sd * loss_quantile(shortage / sd)
    if mean <= shortage or (sd == 0.0 and distribution != POISSON):
        level = mean - shortage
        return math.ceil(level) if distribution in (POISSON, NEGBIN) else level
    return stock_for_net_shortage(distribution, shortage, mean, sd, False, 0.0, 0.0)


@kernel()
def stock_for_net_shortage(
    distribution: int,
    shortage: float,
    mean: float,
    sd: float,
    deduct: bool,
    start_mean: float,
    start_sd: float,
) -> float:
    """The least stock short of at most `shortage` at the end of a cycle, less what it began with if `deduct`.

    Newton's method in logs, kept between brackets.
    """
    whole = distribution in (POISSON, NEGBIN)
    if sd == 0.0 and distribution != POISSON:
        return mean - shortage
    spread = math.sqrt(mean) if distribution == POISSON else sd
    if shortage <= _NEGLIGIBLE * spread:
        return math.inf
    x = mean + spread * loss_quantile(shortage / spread)
    low, high = -math.inf, math.inf
    if distribution != NORMAL:
        low = 0.0
        x = max(x, 1e-3 * mean)
    if whole:
        x = max(math.ceil(x), 1.0)
    for _ in range(200):
        short, tail = loss_and_tail(distribution, x, mean, sd)
        if deduct:
            start_short, start_tail = loss_and_tail(distribution, x, start_mean, start_sd)
            short -= start_short
            tail -= start_tail
        if short <= shortage:
            high = x
        else:
            low = x
        if whole and high - low <= 1.0:
            return high
        following = x + short / tail * math.log(short / shortage) if short > 0.0 and tail > 0.0 else math.nan
        if not whole and abs(following - x) <= 1e-13 * (abs(x - mean) + spread):
            return following
        if not low < following < high:
            following = _between(low, high, x, spread)
        x = max(math.floor(following), low + 1.0) if whole else following
    return x


@kernel()
def _between(low: float, high: float, x: float, spread: float) -> float:
    """A point inside the bracket, or beyond its open end."""
    if high == math.inf:
        return x + 2.0 * max(spread, 1.0)
    if low == -math.inf:
        return x - 2.0 * spread
    return 0.5 * (low + high)


@kernel()
def fill_rates(
    distribution: int,
    reorder_point: Floats,
    quantity: Floats,
    mean: Floats,
    sd: Floats,
    lead_time: Floats,
    lead_time_sd: Floats,
) -> tuple[Floats, NDArray[np.int8]]:
    """Fill rate under (r,Q): the shortage a cycle ends with less the one it began with, per unit ordered."""
    result = np.zeros(mean.size)
    reason = np.zeros(mean.size, np.int8)
    for i in range(mean.size):
        centre = mean[i] * lead_time[i]
        spread = protected_sd(sd[i], mean[i], lead_time[i], lead_time_sd[i])
        reason[i] = misfit(distribution, centre, spread)
        if reason[i] == FITS and distribution == POISSON and lead_time_sd[i] > 0.0:
            reason[i] = LEAD_TIME_VARIES
        if reason[i] != FITS:
            continue
        short, _ = loss_and_tail(distribution, reorder_point[i], centre, spread)
        start_short, _ = loss_and_tail(distribution, reorder_point[i] + quantity[i], centre, spread)
        # Between 0 and 1 but for rounding, which shows where a shortage dwarfs the quantity.
        result[i] = min(max(1.0 - (short - start_short) / quantity[i], 0.0), 1.0)
    return result, reason


def protected_sds(sd: Floats, mean: Floats, interval: Floats, lead_time_sd: Floats) -> Floats:
    """`protected_sd` of many items."""
    along = mean * lead_time_sd
    result: Floats = np.sqrt(interval * sd * sd + along * along)
    return result
