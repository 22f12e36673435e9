"""Safety stock by definition: scipy's distributions, losses by integration or summation, bisection."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import integrate, optimize, stats


def demand(distribution: str, mean: float, sd: float) -> Any:
    variance = sd * sd
    if distribution == "normal":
        return stats.norm(mean, sd)
    if distribution == "gamma":
        return stats.gamma(mean * mean / variance, scale=variance / mean)
    if distribution == "poisson":
        return stats.poisson(mean)
    if distribution == "negbin":
        return stats.nbinom(mean * mean / (variance - mean), mean / variance)
    spread = math.sqrt(math.log1p(variance / mean**2))
    return stats.lognorm(spread, scale=mean * math.exp(-spread * spread / 2))


def loss(distribution: str, x: float, mean: float, sd: float) -> float:
    """E[(D − x)⁺] as the integral, or the sum, of P(D > ·) beyond x."""
    d = demand(distribution, mean, sd)
    if distribution in ("poisson", "negbin"):
        n = math.floor(x)
        far = int(d.ppf(1 - 1e-15)) + 50
        beyond = float(d.sf(np.arange(n, max(n, far))).sum())
        return beyond - (x - n) * float(d.sf(n))
    start = x if distribution == "normal" else max(x, 0.0)
    edges = [start, *[e for e in d.ppf([0.5, 0.9, 0.999, 1 - 1e-9]) if e > start], math.inf]
    parts = [integrate.quad(d.sf, a, b, epsabs=0, epsrel=1e-10)[0] for a, b in pairwise(edges)]
    return math.fsum(parts) + (start - x)


def fill_stock(
    distribution: str, shortage: float, mean: float, sd: float, start: tuple[float, float] | None
) -> float:
    """Least stock whose shortage, less that at the start of the cycle, is at most `shortage`."""

    def short(x: float) -> float:
        return loss(distribution, x, mean, sd) - (loss(distribution, x, *start) if start else 0.0)

    if distribution in ("poisson", "negbin"):
        n = math.floor(mean - shortage) - 1
        while short(n) > shortage:
            n += 1
        return n
    low = start[0] if start else mean - 10 * sd - shortage
    return float(optimize.brentq(lambda x: short(x) - shortage, low, mean + 40 * sd, rtol=1e-12))
