"""Poisson and negative binomial demand: probabilities, quantile to the integer, and loss.

Both have p(n + 1)/p(n) = (A + B·n)/(n + 1) with B = 1 − mean/variance and A = mean·(1 − B) (Panjer 1981),
so one set of formulas serves both: variance = mean is Poisson, variance > mean negative binomial.
"""

import math

from xlinv.kernels.compilation import kernel
from xlinv.kernels.incomplete_beta import tails as beta_tails
from xlinv.kernels.incomplete_gamma import quantile_guess, tails_and_term
from xlinv.kernels.saddle_point import binomial_term, stirling_error

_FEW = 200.0
# Where the difference of two terms is this small a part of them, it has lost too many digits.
_CANCELLED = 1e-4
_MOST_STEPS = 60


@kernel()
def tails(n: float, mean: float, variance: float) -> tuple[float, float, float]:
    """P(N ≤ n), P(N > n) and P(N = n) for a whole n ≥ 0 and mean > 0."""
    if variance <= mean:
        if n == 0.0:
            none = math.exp(-mean)
            return none, -math.expm1(-mean), none
        above, below, next_term = tails_and_term(n + 1.0, mean, stirling_error(n + 1.0))
        return below, above, next_term * (n + 1.0) / mean
    spread = 1.0 - mean / variance
    size = mean * (mean / (variance - mean))
    term = size / (size + n) * binomial_term(size, size + n, mean / variance, spread)
    below, above = beta_tails(size, n + 1.0, mean / variance, spread)
    return below, above, term


@kernel()
def quantile(p: float, q: float, mean: float, variance: float) -> float:
    """The smallest n with P(N ≤ n) ≥ p, where q = 1 − p and mean > 0."""
    b = max(0.0, 1.0 - mean / variance)
    a = mean * (1.0 - b)
    if p < 0.9999 and mean + 5.0 * math.sqrt(variance) < _FEW:
        return _by_summation(p, mean, a, b)
    n = _quantile_start(p, mean, variance)
    low, high = -1.0, math.inf
    for _ in range(200):
        below, above, term = tails(n, mean, variance)
        enough = below >= p if p <= 0.5 else above <= q
        if enough:
            high = n
        else:
            low = n
        if high - low <= 1.0:
            return high
        missing = p - below if p <= 0.5 else above - q
        if abs(missing) <= 0.4 * _MOST_STEPS * term:
            return _by_steps(n, missing, term, a, b)
        if term > 0.0 and below > 0.0 and above > 0.0:
            steps = below / term * math.log(p / below) if p <= 0.5 else above / term * math.log(above / q)
            following = float(math.floor(n + steps))
        else:
            following = math.inf
        if not low < following < high:
            following = math.floor(0.5 * (low + high)) if high < math.inf else 2.0 * n + 1.0
        if following == n:
            return high
        n = following
    return high


@kernel()
def _quantile_start(p: float, mean: float, variance: float) -> float:
    """A first guess: the quantile of a shifted gamma distribution with the same first three moments."""
    sd = math.sqrt(variance)
    root = 2.0 * sd / (2.0 * variance / mean - 1.0)
    shape = root * root
    x = mean + sd * (quantile_guess(shape, p) - shape) / root
    return float(math.floor(max(0.0, x)))


@kernel()
def _by_summation(p: float, mean: float, a: float, b: float) -> float:
    """The quantile by adding probabilities from 0 on."""
    term = math.exp(-mean) if b <= 0.0 else math.exp(a / b * math.log1p(-b))
    total = term
    n = 0.0
    while total < p and n < 100_000.0:
        term *= (a + b * n) / (n + 1.0)
        n += 1.0
        total += term
    return n


@kernel()
def _by_steps(n: float, missing: float, term: float, a: float, b: float) -> float:
    """The quantile from a near n on: `missing` is what P(N ≤ n) lacks, `term` is P(N = n)."""
    for _ in range(_MOST_STEPS):
        if missing <= 0.0:
            break
        term *= (a + b * n) / (n + 1.0)
        n += 1.0
        missing -= term
    for _ in range(_MOST_STEPS):
        if n <= 0.0 or missing + term > 0.0:
            break
        missing += term
        term *= n / (a + b * (n - 1.0))
        n -= 1.0
    return n


@kernel()
def loss_and_tail(x: float, mean: float, variance: float) -> tuple[float, float]:
    """E[(N − x)⁺] and P(N > x) for any x, whole or not, and mean > 0."""
    if x < 0.0:
        return mean - x, 1.0
    n = math.floor(x)
    _, above, term = tails(n, mean, variance)
    b = max(0.0, 1.0 - mean / variance)
    a = mean * (1.0 - b)
    loss = (mean - n) * above + (a + b * n) / (1.0 - b) * term
    if n > mean and loss < _CANCELLED * (n - mean) * above:
        loss = _loss_by_summation(n, term, a, b)
    return loss - (x - n) * above, above


@kernel()
def leftover(x: float, mean: float, variance: float) -> float:
    """E[(x − N)⁺] for any x, whole or not, and mean > 0."""
    if x < 0.0:
        return 0.0
    n = math.floor(x)
    below, _, term = tails(n, mean, variance)
    b = max(0.0, 1.0 - mean / variance)
    a = mean * (1.0 - b)
    left = (n - mean) * below + (a + b * n) / (1.0 - b) * term
    if n < mean and left < _CANCELLED * (mean - n) * below:
        left = _leftover_by_summation(n, term, a, b)
    return left + (x - n) * below


@kernel()
def _leftover_by_summation(n: float, term: float, a: float, b: float) -> float:
    """E[(n − N)⁺] far below the mean, where the closed form cancels."""
    total = 0.0
    for j in range(1, int(n) + 1):
        term *= (n - j + 1.0) / (a + b * (n - j))
        total += j * term
        if j * term <= 1e-17 * total:
            break
    return total


@kernel()
def _loss_by_summation(n: float, term: float, a: float, b: float) -> float:
    """E[(N − n)⁺] far in the tail, where the closed form cancels."""
    total = 0.0
    for j in range(1, 1_000_000):
        term *= (a + b * (n + j - 1.0)) / (n + j)
        total += j * term
        if j * term <= 1e-17 * total:
            break
    return total
