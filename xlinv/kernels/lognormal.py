"""Lognormal demand, given by the mean and standard deviation of the demand itself."""

import math

from xlinv.kernels.compilation import kernel
from xlinv.kernels.normal import cumulative, density, loss_over_density, upper_tail
from xlinv.kernels.normal import quantile as normal_quantile
from xlinv.kernels.quadrature import gauss_legendre

# Up to this spread of the logarithm the two terms of the loss cancel, and their difference is integrated.
_NARROW = 0.1
_NODES, _WEIGHTS = gauss_legendre(6)


@kernel()
def log_spread(mean: float, sd: float) -> float:
    """Standard deviation of the logarithm."""
    ratio = sd / mean
    return math.sqrt(math.log1p(ratio * ratio))


@kernel()
def quantile(p: float, mean: float, sd: float) -> float:
    """The demand not exceeded with probability p."""
    spread = log_spread(mean, sd)
    return mean * math.exp(spread * (normal_quantile(p) - 0.5 * spread))


@kernel()
def loss_and_tail(x: float, mean: float, sd: float) -> tuple[float, float]:
    """E[(D − x)⁺] and P(D > x); mean, sd > 0."""
    if x <= 0.0:
        return mean - x, 1.0
    spread = log_spread(mean, sd)
    z = _standardised(x, mean, spread)
    if spread > _NARROW:
        return mean * cumulative(spread - z) - x * upper_tail(z), upper_tail(z)
    smaller = _smaller_side(x, z, spread)
    return smaller if z >= 0.0 else mean - x + smaller, upper_tail(z)


@kernel()
def leftover(x: float, mean: float, sd: float) -> float:
    """E[(x − D)⁺]; mean, sd > 0."""
    if x <= 0.0:
        return 0.0
    spread = log_spread(mean, sd)
    z = _standardised(x, mean, spread)
    if spread > _NARROW:
        return x * cumulative(z) - mean * upper_tail(spread - z)
    smaller = _smaller_side(x, z, spread)
    return smaller if z < 0.0 else x - mean + smaller


@kernel()
def _standardised(x: float, mean: float, spread: float) -> float:
    """The logarithm of x > 0 in deviations from its mean."""
    relative = (x - mean) / mean
    logarithm = math.log1p(relative) if abs(relative) < 0.5 else math.log(x) - math.log(mean)
    return logarithm / spread + 0.5 * spread


@kernel()
def _smaller_side(x: float, z: float, spread: float) -> float:
    """Below the median the stock left over, above it the shortage: the small quantity has the same form."""
    centre = z - 0.5 * spread if z >= 0.0 else 0.5 * spread - z
    total = 0.0
    for i in range(_NODES.size):
        total += _WEIGHTS[i] * loss_over_density(centre + 0.5 * spread * _NODES[i])
    return x * density(z) * 0.5 * spread * total
