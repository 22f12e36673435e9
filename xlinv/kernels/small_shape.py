"""The gamma distribution where its shape is so small that nearly all of it lies at 0.

There 1 − P keeps none of the digits of the other tail, which is a small multiple of the shape.
"""

import math

from xlinv.kernels.compilation import kernel

# Euler's constant and ζ(k)/k for k = 2 … 6: log Γ(1 + a) = −γ·a + ζ(2)/2·a² − ζ(3)/3·a³ + …
_LOG_GAMMA = (
    0.5772156649015329,
    0.8224670334241132,
    0.40068563438653143,
    0.27058080842778454,
    0.20738555102867398,
    0.16955717699740818,
)


@kernel()
def tails(shape: float, x: float) -> tuple[float, float]:
    """P(a, x) and Q(a, x) for a shape a below 0.001 and 0 < x < 1.1, both to the last few digits.

    P = x^a/Γ(a + 1)·(1 − a·Σ (−x)ⁿ⁻¹·x/((a + n)·n!)), n from 1 on.
    """
    exponent = shape * math.log(x) - _log_gamma(shape)
    power = math.exp(exponent)
    total = 0.0
    term = 1.0
    for n in range(1, 40):
        term *= -x / n
        total -= term / (shape + n)
        if abs(term) <= 1e-17 * abs(total):
            break
    lost = power * shape * total
    return power - lost, lost - math.expm1(exponent)


@kernel()
def _log_gamma(a: float) -> float:
    """log Γ(1 + a) for a below 0.001, to the last digit however small a is."""
    total = 0.0
    for coefficient in _LOG_GAMMA[::-1]:
        total = coefficient - a * total
    return -a * total
