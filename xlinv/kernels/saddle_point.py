"""Terms of Poisson and binomial probabilities by Loader's saddle-point expansion, exact to rounding.

Source: Loader (2000), Fast and accurate computation of binomial probabilities. Logarithms of gamma
functions would lose as many digits as the parameters have.
"""

import math

from xlinv.kernels.compilation import kernel

_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


@kernel()
def stirling_error(x: float) -> float:
    """log Γ(x + 1) minus Stirling's formula for it, x > 0."""
    if x < 16.0:
        return math.lgamma(x + 1.0) - (x + 0.5) * math.log(x) + x - _HALF_LOG_2PI
    y = 1.0 / (x * x)
    series = 1 / 1260.0 - y * (1 / 1680.0 - y * (1 / 1188.0 - y * (691 / 360360.0 - y / 156.0)))
    return (1 / 12.0 - y * (1 / 360.0 - y * series)) / x


@kernel()
def deviance(x: float, mean: float) -> float:
    """x·log(x/mean) + mean − x, without cancellation where x is near the mean; x, mean > 0."""
    difference = x - mean
    if abs(difference) >= 0.1 * (x + mean):
        return x * math.log(x / mean) + mean - x
    v = difference / (x + mean)
    total = difference * v
    term = 2.0 * x * v
    v *= v
    for j in range(1, 1000):
        term *= v
        following = total + term / (2 * j + 1)
        if following == total:
            break
        total = following
    return total


@kernel()
def poisson_term(x: float, mean: float) -> float:
    """mean^x·e^(−mean)/Γ(x + 1) for any x ≥ 0, mean > 0."""
    if x == 0.0:
        return math.exp(-mean)
    if x < 1e-290 * mean:
        return math.exp(-mean)
    return math.exp(-stirling_error(x) - deviance(x, mean)) / math.sqrt(2.0 * math.pi * x)


@kernel()
def binomial_term(x: float, n: float, p: float, q: float) -> float:
    """Γ(n+1)/(Γ(x+1)Γ(n−x+1))·p^x·q^(n−x) for 0 ≤ x ≤ n that need not be whole, with q = 1 − p."""
    if x <= 0.0:
        return math.exp(n * math.log(q) if p > 0.1 else n * math.log1p(-p))
    if x >= n:
        return math.exp(n * math.log(p) if q > 0.1 else n * math.log1p(-q))
    errors = stirling_error(n) - stirling_error(x) - stirling_error(n - x)
    exponent = errors - deviance(x, n * p) - deviance(n - x, n * q)
    return math.exp(exponent) * math.sqrt(n / (2.0 * math.pi * x * (n - x)))
