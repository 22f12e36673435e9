"""Cost functions of a serial system's echelons, exact by convolution with lead-time demand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlinv.cells import Floats

_DIRECT_PRODUCTS = 200_000


class EchelonCosts(NamedTuple):
    """Echelon base stock levels, in steps of the grid, and the expected cost per period of holding them."""

    level: Floats
    cost: float


def echelon_costs(
    holding_cost: Floats,
    stockout_cost: float,
    first: Sequence[int],
    probability: Sequence[Floats],
    level: Floats,
    smooth: bool,
) -> EchelonCosts:
    """The recursion of Clark & Scarf (1960), customer-facing echelon first, everything in grid steps.

    `first` and `probability` are the lead-time demands; where `level` is NaN the best one is found, between
    grid points if `smooth` and some demand so far varies: before, the cost has a corner at its least.
    C_j(y) = E[h_j (y - D_j) + C_{j-1}(min(S_{j-1}, y - D_j))] with C_0(x) = (p + sum h) max(-x, 0)
    (Snyder & Shen 2019, eq. 6.20 to 6.23).
    """
    levels = np.empty(len(holding_cost))
    penalty = stockout_cost + float(holding_cost.sum())
    low, high = -1, 1
    inner = np.array([penalty, 0.0, 0.0])
    left_slope = -penalty
    cost, varies = 0.0, False
    for j, h in enumerate(holding_cost.tolist()):
        weights = probability[j]
        varies = varies or len(weights) > 1
        least, most = first[j], first[j] + len(weights) - 1
        domain = np.arange(low, high + 1) + 0.0
        known = h * domain + inner
        left_slope += h
        next_low, next_high = low + least, high + most
        if not np.isnan(level[j]):
            next_low, next_high = min(next_low, int(level[j]) - 2), max(next_high, int(level[j]) + 2)
        before, after = low - (next_low - most), (next_high - least) - high
        padded = np.concatenate(
            [
                known[0] - left_slope * np.arange(before, 0, -1),
                known,
                known[-1] + h * np.arange(1, after + 1),
            ]
        )
        curve = expected_over(padded, weights)
        low, high = next_low, next_high
        levels[j], cost = _kept_level(curve, low, level[j], h, smooth and varies)
        inner = np.where(np.arange(low, high + 1) < levels[j], curve, cost)
    return EchelonCosts(levels, cost)


def expected_over(curve: Floats, weights: Floats) -> Floats:
    """sum_k weights[k] * curve[i + len(weights) - 1 - k] for every i where all terms exist."""
    if len(weights) == 1:
        return np.asarray(curve * weights[0])
    if len(curve) * len(weights) <= _DIRECT_PRODUCTS:
        return np.convolve(curve, weights, "valid")
    # The circle of the transform may be as short as the curve: only what is cut off wraps round.
    size = 1 << (len(curve) - 1).bit_length()
    transform = np.fft.rfft(curve, size) * np.fft.rfft(weights, size)
    return np.fft.irfft(transform, size)[len(weights) - 1 : len(curve)]


def _kept_level(
    curve: Floats, low: int, given: float, holding_cost: float, smooth: bool
) -> tuple[float, float]:
    """The level of an echelon, given or best, and its cost."""
    if not np.isnan(given):
        position = given - low
        i = min(max(round(position), 1), len(curve) - 2)
        return given, _parabola(curve, i, position - i)
    if holding_cost == 0:
        return float(low + len(curve) - 1), float(curve[-1])
    i = int(np.argmin(curve))
    if smooth and 0 < i < len(curve) - 1:
        bend = curve[i - 1] - 2 * curve[i] + curve[i + 1]
        if bend > 0:
            offset = 0.5 * (curve[i - 1] - curve[i + 1]) / bend
            return low + i + float(offset), _parabola(curve, i, float(offset))
    return float(low + i), float(curve[i])


def _parabola(curve: Floats, i: int, offset: float) -> float:
    """The value `offset` steps from point `i` of the parabola through it and its neighbours."""
    slope, bend = 0.5 * (curve[i + 1] - curve[i - 1]), curve[i - 1] - 2 * curve[i] + curve[i + 1]
    return float(curve[i] + slope * offset + 0.5 * bend * offset**2)
