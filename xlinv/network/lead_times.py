"""Variable lead times: how long they reach, and what is left of them after a time is taken off."""

import math
from typing import Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.model import Network, Stage
from xlinv.network.scenarios import mean_and_deviation
from xlinv.network.ticks import ROUNDING

# A lead time known by mean and standard deviation alone is taken as normal and this long at most.
_DEVIATIONS: Final = 3.0


def longest_lead_time(stage: Stage) -> float:
    """The longest lead time of a stage that counts, in periods."""
    if stage.lead_time_distribution:
        return max(time for time, probability in stage.lead_time_distribution if probability > 0.0)
    return stage.lead_time + _DEVIATIONS * stage.lead_time_sd


def positive_part(stage: Stage, ahead: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean and variance of max(ahead + T, 0), and the mean of max(-ahead - max(T, 0), 0), for lead time T."""
    if stage.lead_time_distribution:
        time, probability = np.array(stage.lead_time_distribution).T
        left = ahead[:, None] + time
        positive = np.maximum(left, 0.0)
        mean = positive @ probability
        return (
            mean,
            np.maximum(positive**2 @ probability - mean**2, 0.0),
            np.maximum(-left, 0.0) @ probability,
        )
    from scipy.special import ndtr

    centre, sd = ahead + stage.lead_time, stage.lead_time_sd
    density = np.exp(-0.5 * (centre / sd) ** 2) / np.sqrt(2.0 * np.pi)
    mean = centre * ndtr(centre / sd) + sd * density
    square = (centre**2 + sd**2) * ndtr(centre / sd) + centre * sd * density
    # Nothing arrives before it was ordered, though a normal lead time may fall below 0.
    below_zero = sd * np.exp(-0.5 * (stage.lead_time / sd) ** 2) / np.sqrt(2.0 * np.pi)
    below_zero -= stage.lead_time * ndtr(-stage.lead_time / sd)
    early = np.where(ahead < 0.0, mean - centre - below_zero, 0.0)
    return mean, np.maximum(square - mean**2, 0.0), np.maximum(early, 0.0)


def in_whole_periods(network: Network, tail: float = 0.05) -> Network:
    """The network with fixed lead times rounded up to whole periods, and those known by mean and deviation
    alone cut to them: normal, from the period at or below their quantile of `tail` to the one at or above
    that of 1 - `tail`, with what is beyond on the first and last of them.

    Stock is less so than for whole tails. That Humair & Willems (2011), Operations Research 59(3), cut lead
    times in this way is inferred, not read there: the optimal costs of the six real chains with variable lead
    times at hand come out as published to all 3 digits, and did so in none of some hundred other ways.
    """
    if not 0.0 < tail < 0.5:
        raise InputError("tail", "must be in (0, 0.5)", tail)
    stages = [stage if stage.lead_time_distribution else _whole(stage, tail) for stage in network.stages]
    return network.model_copy(update={"stages": tuple(stages)})


def _whole(stage: Stage, tail: float) -> Stage:
    from scipy.special import ndtr, ndtri

    if not stage.lead_time_sd:
        return stage.model_copy(update={"lead_time": math.ceil(stage.lead_time - ROUNDING) + 0.0})
    reach = float(ndtri(1.0 - tail)) * stage.lead_time_sd
    first, last = max(math.floor(stage.lead_time - reach), 0), math.ceil(stage.lead_time + reach)
    times = np.arange(first, last + 1, dtype=np.float64)
    upto = ndtr((times + 0.5 - stage.lead_time) / stage.lead_time_sd)
    upto[-1] = 1.0
    share = np.diff(upto, prepend=0.0)
    possible = share > 0.0
    scenarios = tuple(zip(times[possible].tolist(), share[possible].tolist(), strict=True))
    mean, deviation = mean_and_deviation(scenarios)
    return stage.model_copy(
        update={"lead_time": mean, "lead_time_sd": deviation, "lead_time_distribution": scenarios}
    )
