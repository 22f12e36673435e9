"""Random demand and lead times, each stage from its own stream, the same whatever else is simulated.

A draw depends on the seed, the replication, the name of the stage and the period alone: two plans, or a plan
with and without a disruption, meet the same demand (common random numbers), on any number of threads.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats
from xlinv.kernels.network_flow import Integers, stream_keys, uniform_draws
from xlinv.network.demand import Demand

Quantiles = tuple[Floats, Floats]
DEMAND_STREAMS: Final = 1
LEAD_TIME_STREAMS: Final = 2
_NORMAL_SCORES: Final = np.linspace(-8.3, 8.3, 2049)


def stream_numbers(names: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each name, the same in every table and on every machine."""
    digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    return np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws from one distribution per column: normal, or by a table of its quantiles."""

    streams: NDArray[np.uint64]
    purpose: int
    mean: Floats
    sd: Floats
    steps: tuple[tuple[int, Quantiles], ...]
    curves: tuple[tuple[int, Floats], ...]

    def draw(self, seed: int, replication: int, first: int, periods: int) -> Floats:
        """Values of `periods` periods from `first` on, shaped (periods, columns)."""
        from scipy.special import ndtri

        keys = stream_keys(seed, replication, self.purpose, self.streams)
        uniform = uniform_draws(keys, first, periods)
        stepped = [values[np.searchsorted(upto, uniform[:, column])] for column, (upto, values) in self.steps]
        drawn: Floats = ndtri(uniform, out=uniform)
        curved = [np.interp(drawn[:, column], _NORMAL_SCORES, curve) for column, curve in self.curves]
        drawn *= self.sd
        drawn += self.mean
        for (column, _), values in zip(self.steps, stepped, strict=True):
            drawn[:, column] = values
        for (column, _), values in zip(self.curves, curved, strict=True):
            drawn[:, column] = values
        return drawn


def demand_sampler(names: Sequence[str], demands: Sequence[Demand]) -> Sampler:
    """Draws of the demand of one period, a column per demand stage."""
    steps, curves = [], []
    for column, demand in enumerate(demands):
        if demand.variance == 0:
            continue
        if demand.discrete:
            masses = demand.masses(1.0)
            steps.append(
                (column, _steps(masses.first + np.arange(len(masses.probability)), masses.probability))
            )
        elif demand.family == "gamma":
            curves.append((column, _gamma_curve(demand.mean, demand.sd)))
    return Sampler(
        stream_numbers(names),
        DEMAND_STREAMS,
        np.array([demand.mean for demand in demands]),
        np.array([demand.sd for demand in demands]),
        tuple(steps),
        tuple(curves),
    )


def lead_time_sampler(
    names: Sequence[str], means: Floats, sds: Floats, scenarios: Sequence[Sequence[tuple[float, float]]]
) -> tuple[Sampler, Integers]:
    """Draws of lead times and, per column, the longest one: by scenarios (time, probability) where there are
    any, from a gamma distribution of the given mean and standard deviation elsewhere."""
    steps, curves, longest = [], [], []
    for column, pairs in enumerate(scenarios):
        if pairs:
            times, probabilities = np.array(sorted(pairs)).T
            steps.append((column, _steps(times, probabilities)))
            longest.append(times[-1])
        else:
            curve = _gamma_curve(float(means[column]), float(sds[column]))
            curves.append((column, curve))
            longest.append(curve[-1])
    sampler = Sampler(
        stream_numbers(names), LEAD_TIME_STREAMS, means, np.zeros(len(means)), tuple(steps), tuple(curves)
    )
    return sampler, np.rint(longest).astype(np.int64)


def _steps(values: NDArray[np.generic], probabilities: Floats) -> Quantiles:
    upto = np.cumsum(probabilities)
    upto[-1] = 1.0
    return upto, np.asarray(values, np.float64)


def _gamma_curve(mean: float, sd: float) -> Floats:
    """Quantiles of the gamma distribution at the normal scores of `_NORMAL_SCORES`."""
    from scipy.special import gammainccinv, gammaincinv, ndtr

    shape, scale = (mean / sd) ** 2, sd**2 / mean
    lower = gammaincinv(shape, ndtr(_NORMAL_SCORES)) * scale
    upper = gammainccinv(shape, ndtr(-_NORMAL_SCORES)) * scale
    return np.where(_NORMAL_SCORES < 0, lower, upper)
