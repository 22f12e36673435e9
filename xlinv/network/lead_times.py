"""Variable lead times: how long they reach, and what is left of them after a time is taken off."""

from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.network.model import Stage

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
