"""Demand over an interval as one of five distributions, given by mean and standard deviation."""

import math
from typing import Final

from xlinv.kernels.compilation import kernel
from xlinv.kernels.counts import leftover as count_leftover
from xlinv.kernels.counts import loss_and_tail as count_loss_and_tail
from xlinv.kernels.counts import quantile as count_quantile
from xlinv.kernels.incomplete_gamma import quantile as gamma_quantile
from xlinv.kernels.incomplete_gamma import tails_and_term
from xlinv.kernels.lognormal import leftover as lognormal_leftover
from xlinv.kernels.lognormal import loss_and_tail as lognormal_loss_and_tail
from xlinv.kernels.lognormal import quantile as lognormal_quantile
from xlinv.kernels.normal import loss as normal_loss
from xlinv.kernels.normal import quantile as normal_quantile
from xlinv.kernels.normal import upper_tail as normal_upper_tail
from xlinv.kernels.saddle_point import stirling_error

NORMAL: Final = 0
GAMMA: Final = 1
POISSON: Final = 2
NEGBIN: Final = 3
LOGNORMAL: Final = 4
CODES: Final = {
    "normal": NORMAL,
    "gamma": GAMMA,
    "poisson": POISSON,
    "negbin": NEGBIN,
    "lognormal": LOGNORMAL,
}

# Why a distribution cannot have the mean and standard deviation asked for; FITS where it can.
FITS: Final = 0
SD_MISSING: Final = 1
MEAN_NOT_POSITIVE: Final = 2
VARIANCE_NOT_ABOVE_MEAN: Final = 3
TOO_ERRATIC: Final = 4
TOO_LARGE: Final = 5
CERTAIN: Final = 6
BEYOND_NUMBERS: Final = 7

_ERRATIC = 1000.0
_LARGEST_COUNT = 1e15
_LARGE_SHAPE = 1e12


@kernel()
def misfit(distribution: int, mean: float, sd: float) -> int:
    """Whether the distribution can have this mean and standard deviation, and if not, why."""
    if distribution == POISSON:
        if mean < 0.0:
            return MEAN_NOT_POSITIVE
        return TOO_LARGE if mean > _LARGEST_COUNT else FITS
    if sd != sd:
        return SD_MISSING
    if mean + sd == math.inf:
        return BEYOND_NUMBERS
    if distribution == NORMAL or (sd == 0.0 and (mean == 0.0 or distribution != NEGBIN)):
        return FITS
    if mean <= 0.0:
        return MEAN_NOT_POSITIVE
    if distribution == NEGBIN:
        if sd * sd <= mean:
            return VARIANCE_NOT_ABOVE_MEAN
        if mean + 10.0 * sd > _LARGEST_COUNT:
            return TOO_LARGE
    return TOO_ERRATIC if sd > _ERRATIC * mean else FITS


@kernel()
def no_quantile(distribution: int, p: float, mean: float, sd: float) -> int:
    """Why the distribution has no demand that is not exceeded with probability p; FITS where it has."""
    return misfit(distribution, mean, sd) if 0.0 < p < 1.0 else CERTAIN


@kernel()
def quantile(distribution: int, p: float, mean: float, sd: float) -> float:
    """The least demand not exceeded with probability p; whole for poisson and negbin."""
    if distribution == POISSON:
        return count_quantile(p, 1.0 - p, mean, mean) if mean > 0.0 else 0.0
    if sd == 0.0:
        return mean
    if distribution == NORMAL:
        return mean + sd * normal_quantile(p)
    if distribution == GAMMA:
        root = mean / sd
        shape = root * root
        if shape > _LARGE_SHAPE:
            z = normal_quantile(p)
            return mean + sd * (z + (z * z - 1.0) / (3.0 * root))
        return gamma_quantile(shape, p, 1.0 - p) * (sd / root)
    if distribution == NEGBIN:
        return count_quantile(p, 1.0 - p, mean, sd * sd)
    return lognormal_quantile(p, mean, sd)


@kernel()
def loss_and_tail(distribution: int, x: float, mean: float, sd: float) -> tuple[float, float]:
    """E[(D − x)⁺], the demand that a stock of x leaves short, and P(D > x)."""
    if distribution == POISSON:
        if mean > 0.0:
            return count_loss_and_tail(x, mean, mean)
        return max(-x, 0.0), 1.0 if x < 0.0 else 0.0
    if sd == 0.0:
        return max(mean - x, 0.0), 1.0 if x < mean else 0.0
    if distribution == NORMAL:
        z = (x - mean) / sd
        return sd * normal_loss(z), normal_upper_tail(z)
    if distribution == GAMMA:
        return gamma_loss_and_tail(x, mean, sd)
    if distribution == NEGBIN:
        return count_loss_and_tail(x, mean, sd * sd)
    return lognormal_loss_and_tail(x, mean, sd)


@kernel()
def gamma_loss_and_tail(x: float, mean: float, sd: float) -> tuple[float, float]:
    """E[(D − x)⁺] and P(D > x) of gamma demand; mean, sd > 0."""
    if x <= 0.0:
        return mean - x, 1.0
    root = mean / sd
    shape = root * root
    scale = sd / root
    if shape > _LARGE_SHAPE:
        z = (x - mean) / sd
        return sd * normal_loss(z), normal_upper_tail(z)
    _, above, term = tails_and_term(shape, x / scale, stirling_error(shape))
    # E[D; D > x] = mean·(Q(a, x/θ) + term): the difference cancels far out, where it must not turn negative.
    return max((mean - x) * above + mean * term, 0.0), above


@kernel()
def leftover(distribution: int, x: float, mean: float, sd: float) -> float:
    """E[(x − D)⁺], what a stock of x has left when the demand is met."""
    if distribution == POISSON:
        return count_leftover(x, mean, mean) if mean > 0.0 else max(x, 0.0)
    if sd == 0.0:
        return max(x - mean, 0.0)
    if distribution == NORMAL:
        return sd * normal_loss((mean - x) / sd)
    if distribution == GAMMA:
        return gamma_leftover(x, mean, sd)
    if distribution == NEGBIN:
        return count_leftover(x, mean, sd * sd)
    return max(lognormal_leftover(x, mean, sd), 0.0)


@kernel()
def gamma_leftover(x: float, mean: float, sd: float) -> float:
    """E[(x − D)⁺] of gamma demand; mean, sd > 0."""
    if x <= 0.0:
        return 0.0
    root = mean / sd
    shape = root * root
    if shape > _LARGE_SHAPE:
        return sd * normal_loss((mean - x) / sd)
    below, _, term = tails_and_term(shape, x / (sd / root), stirling_error(shape))
    return max((x - mean) * below + mean * term, 0.0)
