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
    relative = (x - mean) / mean
    logarithm = math.log1p(relative) if abs(relative) < 0.5 else math.log(x) - math.log(mean)
    z = logarithm / spread + 0.5 * spread
    if spread > _NARROW:
        return mean * cumulative(spread - z) - x * upper_tail(z), upper_tail(z)
    # Below the median the stock left over is the small quantity, above it the shortage; both have this form.
    centre = z - 0.5 * spread if z >= 0.0 else 0.5 * spread - z
    total = 0.0
    for i in range(_NODES.size):
        total += _WEIGHTS[i] * loss_over_density(centre + 0.5 * spread * _NODES[i])
    small = x * density(z) * 0.5 * spread * total
    return small if z >= 0.0 else mean - x + small, upper_tail(z)
