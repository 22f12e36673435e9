"""Demand as a process: its distribution over any span of time, as masses on a grid and as quantiles."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels.demand_distribution import CODES, quantile

Tails: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]
Family = Literal["normal", "gamma", "poisson", "negbin"]
_NEGLIGIBLE: Final = 1e-16


class Masses(NamedTuple):
    """Probabilities of `first`, `first + 1`, ... steps of a grid."""

    first: int
    probability: Floats


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand per period: `mean` and `sd` in units, independent over time, of one family at every span.

    All four families stay in the family when spans are added, so that demand over L periods has mean
    `mean * L` and variance `sd ** 2 * L` exactly. A Poisson demand has its variance from its mean; a
    negative binomial one needs a variance above the mean. Raises InputError for what does not fit.
    """

    mean: float
    sd: float = 0.0
    family: Family = "normal"

    def __post_init__(self) -> None:
        if self.family not in get_args(Family):
            raise InputError("family", f"must be one of {', '.join(get_args(Family))}", self.family)
        if not (self.mean >= 0 and math.isfinite(self.mean)):
            raise InputError("demand_mean", "must be >= 0 and finite", self.mean)
        if not (self.sd >= 0 and math.isfinite(self.sd)):
            raise InputError("demand_sd", "must be >= 0 and finite", self.sd)
        if self.family == "negbin" and not self.sd**2 > self.mean > 0:
            raise InputError("demand_sd", "must exceed the square root of demand_mean > 0", self.sd)
        if self.family == "gamma" and not self.mean > 0:
            raise InputError("demand_mean", "must be > 0 for gamma demand", self.mean)

    @property
    def discrete(self) -> bool:
        """Whether demand comes in whole units."""
        return self.family in ("poisson", "negbin")

    @property
    def variance(self) -> float:
        """Variance per period."""
        return self.mean if self.family == "poisson" else self.sd**2

    def over_varying(self, span: float, sd: float) -> "Demand":
        """The demand that has over `span` periods the variance it has where the span varies by `sd`.

        Variance of demand over a random time that does not depend on it: sigma^2 E[L] + mu^2 Var[L]; its
        family is kept as an approximation, Poisson becoming negative binomial.
        """
        if sd == 0 or self.mean == 0:
            return self
        deviation = math.sqrt(self.variance + self.mean**2 * sd**2 / span)
        return Demand(self.mean, deviation, "negbin" if self.family == "poisson" else self.family)

    def tail(self, span: float) -> Tails:
        """The function that gives P(D <= x) and P(D > x) of demand D over `span` periods."""
        mean, variance = self.mean * span, self.variance * span
        if variance == 0:
            return lambda x: ((x >= mean).astype(np.float64), (x < mean).astype(np.float64))
        special = _special()

        if self.family == "normal":
            return lambda x: (
                special.ndtr((x - mean) / variance**0.5),
                special.ndtr((mean - x) / variance**0.5),
            )
        if self.family == "gamma":
            shape, scale = mean**2 / variance, variance / mean
            return lambda x: (
                special.gammainc(shape, np.maximum(x, 0) / scale),
                special.gammaincc(shape, np.maximum(x, 0) / scale),
            )
        if self.family == "poisson":
            return lambda x: _on_whole_units(x, lambda k: (special.pdtr(k, mean), special.pdtrc(k, mean)))
        size, success = mean**2 / (variance - mean), mean / variance
        return lambda x: _on_whole_units(
            x,
            lambda k: (
                special.betainc(size, k + 1, success),
                special.betainc(k + 1, size, 1 - success),
            ),
        )

    def quantile(self, probability: float, span: float) -> float:
        """The least stock that covers demand over `span` periods with `probability` in (0, 1)."""
        if not 0 < probability < 1:
            raise InputError("probability", "must be in (0, 1)", probability)
        deviation = math.sqrt(self.variance * span)
        return float(quantile(CODES[self.family], probability, self.mean * span, deviation))

    def reach(self, span: float, step: float = 1.0) -> tuple[int, int]:
        """The first and last step of a grid between which all demand over `span` periods lies, but 1e-16."""
        mean, sd = self.mean * span, (self.variance * span) ** 0.5
        if sd == 0:
            return round(mean / step), round(mean / step)
        tail = self.tail(span)
        below = above = 8.0
        while tail(np.array([mean - below * sd]))[0][0] > _NEGLIGIBLE:
            below += 0.5
        while tail(np.array([mean + above * sd]))[1][0] > _NEGLIGIBLE:
            above *= 1.1
        first, last = math.floor((mean - below * sd) / step), math.ceil((mean + above * sd) / step)
        return (first if self.family == "normal" else max(first, 0)), last

    def masses(self, span: float, step: float = 1.0) -> Masses:
        """Demand over `span` periods on multiples of `step`, each with the mass of the values nearest to it.

        A step of 1 is exact for the families in whole units.
        """
        first, last = self.reach(span, step)
        if self.variance * span == 0:
            return Masses(first, np.ones(1))
        edges = np.arange(first - 1, last + 1, dtype=np.float64) + (0.0 if self.discrete else 0.5)
        below, above = self.tail(span)(edges * step)
        probability = np.where(below[1:] < 0.5, np.diff(below), -np.diff(above))
        return Masses(first, np.asarray(probability / probability.sum(), np.float64))


def _special() -> Any:
    """scipy.special, untyped: its stubs allow for single precision, which never occurs here."""
    from scipy import special

    return special


def _on_whole_units(x: Floats, tails: Tails) -> tuple[Floats, Floats]:
    """Distribution functions of whole units, which scipy takes only from 0 on."""
    k = np.floor(x)
    below, above = tails(np.maximum(k, 0))
    return np.where(k < 0, 0.0, below), np.where(k < 0, 1.0, above)
