"""Serial systems the slow way: the recursion as defined, one sum at a time, and search over all levels."""

import math
from functools import cache
from itertools import product


def poisson(rate: float, cover: int = 60) -> list[float]:
    return [
        math.exp(-rate + k * math.log(rate) - math.lgamma(k + 1)) if rate else float(k == 0)
        for k in range(cover)
    ]


def cost(h: list[float], lead_time: list[float], p: float, rate: float, level: list[int]) -> float:
    """Expected cost per period of echelon base stock levels under Poisson demand."""
    masses = [poisson(rate * span) for span in lead_time]

    @cache
    def within(j: int, x: int) -> float:
        if j < 0:
            return (p + sum(h)) * max(-x, 0)
        y = min(level[j], x)
        return sum(w * (h[j] * (y - d) + within(j - 1, y - d)) for d, w in enumerate(masses[j]))

    return within(len(h) - 1, level[-1])


def best(
    h: list[float], lead_time: list[float], p: float, rate: float, most: int
) -> tuple[float, tuple[int, ...]]:
    """The least cost over all combinations of levels from 0 to `most`."""
    return min(
        (cost(h, lead_time, p, rate, list(level)), level) for level in product(range(most + 1), repeat=len(h))
    )
