"""The regularised incomplete beta function, both tails.

Source: DiDonato & Morris (1992), ACM TOMS 18(3), eq. 9; Gauss-Legendre quadrature for large parameters.
"""

import math

from xlinv.kernels.compilation import kernel
from xlinv.kernels.quadrature import gauss_legendre
from xlinv.kernels.saddle_point import binomial_term, deviance

# Beyond this the continued fraction takes thousands of terms, and the integrand is all but a normal curve.
_LARGE = 20_000.0
_NODES, _WEIGHTS = gauss_legendre(40)
_REACH = 9.0
_SMALL = 0.7
_EPSILON = 1e-14


@kernel()
def tails(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """I_x(a, b) and 1 − I_x(a, b) for a, b > 0 and 0 < x < 1, where y = 1 − x."""
    if min(a, b) > _LARGE:
        return _large(a, b, x, y)
    # x^a·y^b/B(a, b)
    term = a * b / (a + b) * binomial_term(a, a + b, x, y)
    if b * x <= _SMALL and x <= 0.3:
        below = term * math.exp(-b * math.log1p(-x)) / a * _series(a, b, x)
        return below, 1.0 - below
    if a * y >= b * x:
        below = term / _fraction(a, b, x, y)
        return below, 1.0 - below
    above = term / _fraction(b, a, y, x)
    return 1.0 - above, above


@kernel()
def _series(a: float, b: float, x: float) -> float:
    """a·Σ (1 − b)(2 − b)…(n − b)/n!·xⁿ/(a + n), where b·x is small and the continued fraction slow."""
    total = 1.0
    product = 1.0
    for n in range(1, 1000):
        product *= (n - b) / n * x
        term = a / (a + n) * product
        total += term
        if abs(term) <= 1e-17 * abs(total):
            break
    return total


@kernel()
def _fraction(a: float, b: float, x: float, y: float) -> float:
    """β in I_x(a, b) = x^a·y^b/B(a, b)/β, by Steed's method, for x at most a/(a + b)."""
    # a − (a + b)·x without the cancellation.
    first = a * y - b * x + 1.0
    total = a * first / (a + 1.0)
    change = 0.0
    inverse = 0.0
    reciprocal = 1.0 / (a + 1.0)
    for n in range(1, 100_000):
        weight = n * (b - n) * x * reciprocal
        numerator = (a + n - 1.0) * (a + b + n - 1.0) * reciprocal * weight * x
        reciprocal = 1.0 / (a + 2.0 * n + 1.0)
        denominator = n + weight + (a + n) * (first + n * (1.0 + y)) * reciprocal
        if n == 1:
            inverse = 1.0 / denominator
            change = numerator * inverse
        else:
            inverse = 1.0 / (denominator + numerator * inverse)
            change *= denominator * inverse - 1.0
        total += change
        if abs(change) <= _EPSILON * abs(total):
            break
    return total


@kernel()
def _large(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """Both tails by integrating the density away from the mean, relative to its height at x."""
    n = a + b
    spread = math.sqrt(a / n * (b / n) / n)
    height = a * b / n * binomial_term(a, n, x, y)
    at_x = deviance(a, n * x) + deviance(b, n * y)
    below_mean = x * b <= a * y
    room = x if below_mean else y
    reach = min(_REACH * spread, room)
    total = 0.0
    for i in range(_NODES.size):
        distance = 0.5 * reach * (1.0 + _NODES[i])
        t = x - distance if below_mean else x + distance
        u = y + distance if below_mean else y - distance
        total += _WEIGHTS[i] * math.exp(at_x - deviance(a, n * t) - deviance(b, n * u)) / (t * u)
    tail = min(1.0, 0.5 * reach * height * total)
    return (tail, 1.0 - tail) if below_mean else (1.0 - tail, tail)
