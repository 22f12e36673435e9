"""The standard normal distribution: density, tails, quantile, loss and its inverse, accurate in the tails."""

import math

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.compilation import kernel

_SQRT_HALF = math.sqrt(0.5)
_DENSITY_AT_0 = 1.0 / math.sqrt(2.0 * math.pi)
# From here on φ(k) − k·Q(k) loses digits, and the continued fraction of that difference converges fast.
_FAR = 3.5
_FRACTION_DEPTH = 46
# From here on G(−k) = k to the last digit.
_ALL_SHORT = 8.5

# Coefficients of AS 241, numerator and denominator, highest power first.
_CENTRE = (
    (2509.0809287301226727, 5226.495278852854561),
    (33430.575583588128105, 28729.085735721942674),
    (67265.770927008700853, 39307.89580009271061),
    (45921.953931549871457, 21213.794301586595867),
    (13731.693765509461125, 5394.1960214247511077),
    (1971.5909503065514427, 687.1870074920579083),
    (133.14166789178437745, 42.313330701600911252),
    (3.387132872796366608, 1.0),
)
_SHOULDER = (
    (7.7454501427834140764e-4, 1.05075007164441684324e-9),
    (0.0227238449892691845833, 5.475938084995344946e-4),
    (0.24178072517745061177, 0.0151986665636164571966),
    (1.27045825245236838258, 0.14810397642748007459),
    (3.64784832476320460504, 0.68976733498510000455),
    (5.7694972214606914055, 1.6763848301838038494),
    (4.6303378461565452959, 2.05319162663775882187),
    (1.42343711074968357734, 1.0),
)
_TAIL = (
    (2.01033439929228813265e-7, 2.04426310338993978564e-15),
    (2.71155556874348757815e-5, 1.4215117583164458887e-7),
    (0.0012426609473880784386, 1.8463183175100546818e-5),
    (0.026532189526576123093, 7.868691311456132591e-4),
    (0.29656057182850489123, 0.0148753612908506148525),
    (1.7848265399172913358, 0.1369298809227358053),
    (5.4637849111641143699, 0.59983220655588793769),
    (6.6579046435011037772, 1.0),
)


@kernel()
def density(z: float) -> float:
    """φ(z)."""
    return _DENSITY_AT_0 * math.exp(-0.5 * z * z)


@kernel()
def cumulative(z: float) -> float:
    """Φ(z), the probability of at most z."""
    return 0.5 * math.erfc(-z * _SQRT_HALF)


@kernel()
def upper_tail(z: float) -> float:
    """1 − Φ(z), without the cancellation."""
    return 0.5 * math.erfc(z * _SQRT_HALF)


@kernel()
def quantile(p: float) -> float:
    """Φ⁻¹(p) for 0 < p < 1 (Wichura 1988, Applied Statistics 37(3), algorithm AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _rational(_CENTRE, 0.180625 - q * q)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    z = _rational(_SHOULDER, r - 1.6) if r <= 5.0 else _rational(_TAIL, r - 5.0)
    return z if q > 0.0 else -z


@kernel()
def _rational(coefficients: tuple[tuple[float, float], ...], r: float) -> float:
    """A polynomial over another, the coefficients of both paired from the highest power down."""
    top = 0.0
    bottom = 0.0
    for above, below in coefficients:
        top = top * r + above
        bottom = bottom * r + below
    return top / bottom


@kernel()
def _fraction(k: float) -> float:
    """k + 2/(k + 3/(k + 4/(k + …))): the tail Q(k) over the loss G(k), for k well above 0."""
    value = k
    for numerator in range(_FRACTION_DEPTH, 1, -1):
        value = k + numerator / value
    return value


@kernel()
def loss_over_density(k: float) -> float:
    """G(k)/φ(k), which neither underflows nor cancels for large k."""
    if k >= _FAR:
        return 1.0 / (1.0 + k * _fraction(k))
    return 1.0 - k * upper_tail(k) / density(k)


@kernel()
def loss(k: float) -> float:
    """Unit normal loss G(k) = E[(Z − k)⁺] = φ(k) − k·(1 − Φ(k))."""
    height = density(k)
    if k >= _FAR:
        return height / (1.0 + k * _fraction(k)) if height > 0.0 else 0.0
    return height - k * upper_tail(k)


@kernel()
def loss_quantile(value: float) -> float:
    """The k whose unit normal loss G(k) is `value` > 0.

    log G is concave, so Newton's method in logs converges from any start; Halley's term speeds it up.
    """
    if value >= _ALL_SHORT:
        return -value
    k = _loss_quantile_start(value)
    for _ in range(60):
        if k >= _FAR:
            slope = -_fraction(k)
            ratio = 1.0 - k * slope
            excess = math.log(_DENSITY_AT_0 / ratio) - math.log(value) - 0.5 * k * k
        else:
            height = density(k)
            tail = upper_tail(k)
            current = height - k * tail
            slope = -tail / current
            ratio = height / current
            excess = math.log(current / value)
        curvature = ratio - slope * slope
        step = excess / slope
        correction = 1.0 - 0.5 * step * curvature / slope
        if correction > 0.5:
            step /= correction
        k -= step
        # Halley's method triples the digits: after a step this small the next one changes nothing.
        if abs(step) <= 1e-5 * max(1.0, abs(k)):
            break
    return k


@kernel()
def _loss_quantile_start(value: float) -> float:
    """A first guess (Silver, Pyke & Thomas 2017, appendix III); the asymptote where that is not good."""
    if value >= 4.0:
        return -value
    if value < 1e-12:
        return math.sqrt(-2.0 * math.log(value))
    z = math.sqrt(math.log(25.0 / (value * value)))
    top = ((1.0897299 * z - 3.883683) * z + 5.6211054) * z - 5.3925569
    bottom = (((-0.00329129114 * z + 0.0669136868) * z + 0.507326622) * z - 0.72496485) * z + 1.0
    return top / bottom


@kernel()
def losses(k: Floats) -> Floats:
    """Unit normal loss of each k."""
    result = np.empty(k.size)
    for i in range(k.size):
        result[i] = loss(k[i])
    return result


@kernel()
def quantiles(p: Floats) -> Floats:
    """Standard normal quantile of each p."""
    result = np.empty(p.size)
    for i in range(p.size):
        result[i] = quantile(p[i])
    return result


@kernel()
def cumulatives(z: Floats) -> Floats:
    """Φ of each z."""
    result = np.empty(z.size)
    for i in range(z.size):
        result[i] = cumulative(z[i])
    return result


@kernel()
def loss_quantiles(value: Floats) -> Floats:
    """The k whose unit normal loss is each value; infinite where the value is 0."""
    result = np.empty(value.size)
    for i in range(value.size):
        result[i] = loss_quantile(value[i]) if value[i] > 0.0 else math.inf
    return result
