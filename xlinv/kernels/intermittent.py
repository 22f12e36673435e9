"""Forecasts of intermittent demand: how often it occurs and how large it is, smoothed apart.

Every pass takes `demand` (periods,), of which it uses the first `end`, and returns the demand per period
to expect from then on.
"""

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel


@kernel()
def croston(demand: Floats, end: int, weight: float) -> float:
    """Size over interval, each smoothed when demand occurs (Croston 1972)."""
    size = 0.0
    interval = 0.0
    waited = 0
    for period in range(end):
        waited += 1
        if demand[period] > 0.0:
            if interval == 0.0:
                size = demand[period]
                interval = float(waited)
            else:
                size += weight * (demand[period] - size)
                interval += weight * (waited - interval)
            waited = 0
    return size / interval if interval > 0.0 else 0.0


@kernel()
def tsb(demand: Floats, end: int, occurrence_weight: float, size_weight: float) -> tuple[float, float]:
    """Probability times size, the probability smoothed in every period, so that it fades where demand does.

    Teunter, Syntetos & Babai (2011). Also returns the sum of the squared one-step errors.
    """
    probability = 0.0
    size = 0.0
    count = min(end, 6)
    for period in range(count):
        if demand[period] > 0.0:
            probability += 1.0 / count
    for period in range(end):
        if demand[period] > 0.0:
            size = demand[period]
            break
    squares = 0.0
    for period in range(end):
        error = demand[period] - probability * size
        squares += error * error
        if demand[period] > 0.0:
            probability += occurrence_weight * (1.0 - probability)
            size += size_weight * (demand[period] - size)
        else:
            probability -= occurrence_weight * probability
    return probability * size, squares
